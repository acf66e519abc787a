"""Answers by response_url or by a command's acknowledgement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.fault_gate import NoAnswer, through_faults
from sandbox.slack import posting
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Message
from sandbox.slack.posting import Content
from sandbox.slack.response_urls import ReturnAddress
from sandbox.slack.workspace import Workspace

METHOD = "response_url"


def route(workspace: Workspace) -> Route:
    """/slack/response/{id}."""

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        started = workspace.elapsed()
        accepted = False
        answer: Any = {}
        values: Any = None

        async def handle() -> Response:
            nonlocal accepted, answer, values
            try:
                values = _parsed(body)
                respond(workspace, request.path_params["response_id"], values)
            except SlackError as refused:
                answer = refused.as_answer()
                return JSONResponse(answer, status_code=404 if refused.code.endswith("_url") else 400)
            accepted = True
            return PlainTextResponse("ok")

        response = await through_faults(workspace.faults, "slack", METHOD, request, handle)
        workspace.journal.add(
            "slack",
            METHOD,
            status=None if isinstance(response, NoAnswer) else response.status_code,
            ms=round((workspace.elapsed() - started) * 1000, 3),
            accepted=accepted,
            fields={"ok": accepted, **({"error": answer["error"]} if "error" in answer else {})},
            body=values,
        )
        return response

    return Route("/slack/response/{response_id}", endpoint, methods=["POST"])


def respond(workspace: Workspace, response_id: str, values: Mapping[str, Any]) -> None:
    """Carry out one answer. Raises SlackError `expired_url`, `used_url` or what posting refuses."""
    with workspace.lock:
        address = workspace.response_urls.check(response_id)
        _carry_out(workspace, address, values)
        address.uses_left -= 1


def answer_command(workspace: Workspace, address: ReturnAddress, values: Mapping[str, Any]) -> None:
    """Show what a slash command's acknowledgement says. Raises SlackError as posting does."""
    with workspace.lock:
        _carry_out(workspace, address, values)


def _carry_out(workspace: Workspace, address: ReturnAddress, values: Mapping[str, Any]) -> None:
    channel = workspace.channel(address.channel)
    original = _original(workspace, address)
    if values.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found")
        posting.take_back(workspace, channel, original)
        return
    content = posting.checked_content(
        workspace.ids, values.get("text"), values.get("blocks"), values.get("metadata")
    )
    if not (content.text or "").strip() and not content.blocks:
        raise SlackError("no_text")
    if values.get("replace_original") and original is not None:
        # Unlike chat.update this replaces the whole message: what is left out is gone.
        whole = Content(content.text or "", content.blocks or [], content.metadata)
        posting.change(workspace, channel, original, whole)
        return
    thread_ts = values.get("thread_ts") or address.thread_ts
    if values.get("response_type") == "in_channel":
        posting.post(workspace, channel, content, thread_ts=thread_ts)
    else:
        posting.whisper(workspace, channel, address.user, content, thread_ts=thread_ts)


def _original(workspace: Workspace, address: ReturnAddress) -> Message | None:
    if address.message_ts is None:
        return None
    try:
        return workspace.message(address.channel, address.message_ts, address.user)
    except SlackError:
        return None


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        values = json.loads(body)
    except ValueError:
        raise SlackError("invalid_payload") from None
    if not isinstance(values, dict):
        raise SlackError("invalid_payload")
    return values
