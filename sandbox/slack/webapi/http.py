"""The Web API over HTTP: arguments, authorisation, faults, rate limits, journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.fault_gate import NoAnswer, through_faults
from sandbox.slack.errors import RateLimited, SlackError
from sandbox.slack.model import Json
from sandbox.slack.webapi import assistant, chat, conversations, identity, usergroups, users, views
from sandbox.slack.webapi.call import Call
from sandbox.slack.workspace import Workspace

Method = Callable[[Call], Json]
APP_LEVEL = "apps.connections.open"
BODY_BYTES = 1_000_000


def methods() -> dict[str, Method]:
    """Every method the product calls."""
    return {
        "auth.test": identity.auth_test,
        APP_LEVEL: identity.connections_open,
        "assistant.threads.setSuggestedPrompts": assistant.set_suggested_prompts,
        "chat.postMessage": chat.post_message,
        "chat.postEphemeral": chat.post_ephemeral,
        "chat.update": chat.update,
        "conversations.open": conversations.open_,
        "conversations.info": conversations.info,
        "conversations.history": conversations.history,
        "conversations.replies": conversations.replies,
        "users.info": users.info,
        "users.list": users.list_,
        "users.lookupByEmail": users.lookup_by_email,
        "users.profile.get": users.profile_get,
        "usergroups.list": usergroups.list_,
        "usergroups.users.list": usergroups.users_list,
        "views.open": views.open_,
        "views.push": views.push,
        "views.update": views.update,
        "views.publish": views.publish,
    }


def route(workspace: Workspace) -> Route:
    """/slack/api/{method}, by GET and POST."""
    table = methods()

    async def endpoint(request: Request) -> Response:
        name = request.path_params["method"]
        body = await request.body()
        started = workspace.elapsed()
        answered: list[tuple[Json, Mapping[str, Any]]] = []

        async def handle() -> Response:
            answer, args, status, headers = _answer(workspace, table, name, request, body)
            answered.append((answer, args))
            return JSONResponse(answer, status_code=status, headers=headers)

        response = await through_faults(workspace.faults, "slack", name, request, handle)
        answer, args = answered[0] if answered else ({}, {})
        workspace.journal.add(
            "slack",
            name,
            status=None if isinstance(response, NoAnswer) else response.status_code,
            ms=round((workspace.elapsed() - started) * 1000, 3),
            accepted=bool(answer.get("ok")),
            fields=_fields(answer, args),
            body=dict(args),
        )
        return response

    return Route("/slack/api/{method}", endpoint, methods=["GET", "POST"])


def _answer(
    workspace: Workspace, table: Mapping[str, Method], name: str, request: Request, body: bytes
) -> tuple[Json, Mapping[str, Any], int, dict[str, str]]:
    args: Mapping[str, Any] = {}
    try:
        method = table.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        args = _arguments(request, body)
        with workspace.lock:
            _authorise(workspace, name, request, args)
            workspace.limiter.note_call(name)
            granted = {"x-oauth-scopes": ",".join(sorted(workspace.scopes))}
            return method(Call(workspace, args)), args, 200, {} if name == APP_LEVEL else granted
    except RateLimited as limited:
        return limited.as_answer(), args, 429, {"Retry-After": str(limited.retry_after)}
    except SlackError as refused:
        return refused.as_answer(), args, 200, {}


def _arguments(request: Request, body: bytes) -> Mapping[str, Any]:
    if len(body) > BODY_BYTES:
        raise SlackError("request_too_large")
    args: dict[str, Any] = dict(request.query_params)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return args
    if content_type == "application/json":
        try:
            values = json.loads(body)
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(values, dict):
            raise SlackError("json_not_object")
        return args | values
    if content_type == "application/x-www-form-urlencoded":
        try:
            return args | dict(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError:
            raise SlackError("invalid_charset") from None
    raise SlackError("invalid_post_type")


def _authorise(workspace: Workspace, name: str, request: Request, args: Mapping[str, Any]) -> None:
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" else str(args.get("token") or "")
    if not token:
        raise SlackError("not_authed")
    if token not in (workspace.bot_token, workspace.app_token):
        raise SlackError("invalid_auth")
    if (token == workspace.app_token) is not (name == APP_LEVEL):
        raise SlackError("not_allowed_token_type")
    if token == workspace.bot_token and workspace.token_refusal is not None:
        raise SlackError(workspace.token_refusal)


def _fields(answer: Json, args: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("channel", "user", "users", "user_id", "ts", "thread_ts", "view_id", "trigger_id", "email")
    fields = {key: args[key] for key in keys if args.get(key) not in (None, "")}
    if "ok" in answer:
        fields["ok"] = answer["ok"]
    for key in ("error", "channel", "ts", "message_ts"):
        if isinstance(answer.get(key), str):
            fields[key] = answer[key]
    return fields
