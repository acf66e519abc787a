"""The gate each HTTP call to a sandbox service passes: where faults strike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.faults import FaultPlan, FaultRule

POLL_SECONDS = 0.02


class Connections(Protocol):
    """The server's open connections, as far as a fault needs them; found at `app.state.connections`."""

    def abort(self, client: tuple[str, int]) -> None:
        """Close the connection of `client` at once, sending nothing."""


class NoAnswer(Response):
    """Closes the connection without a byte of answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        connections: Connections = scope["app"].state.connections
        connections.abort(tuple(scope["client"]))
        # The server learns of the closed connection on its next turn; only then is returning no error.
        while (await receive())["type"] != "http.disconnect":
            pass


async def through_faults(
    plan: FaultPlan,
    service: str,
    method: str,
    request: Request,
    handle: Callable[[], Awaitable[Response]],
) -> Response:
    """Answer the call by `handle`, unless a fault for (service, method) strikes.

    A canned status replaces `handle`; a dropped answer comes after it. The request's body must have been read
    before, so that closing the connection is not mistaken by the client for a refused upload.
    """
    fault = plan.take(service, method)
    if fault is None:
        return await handle()
    rule_id, rule = fault
    if rule.latency_ms:
        await asyncio.sleep(rule.latency_ms / 1000)
    if rule.silence:
        await _wait_for_release(plan, rule_id, rule, request)
        return NoAnswer()
    if rule.status is not None:
        return canned(rule)
    answer = await handle()
    if rule.silence_after_accept:
        await _wait_for_release(plan, rule_id, rule, request)
        return NoAnswer()
    return NoAnswer() if rule.drop_after_accept else answer


def canned(rule: FaultRule) -> Response:
    """The answer a rule names: text as it is, anything else as JSON."""
    if rule.status is None:
        raise ValueError("A fault rule without a status has no answer of its own.")
    is_text = isinstance(rule.body, str)
    content = rule.body if is_text else json.dumps(rule.body)
    headers = {key.lower(): value for key, value in rule.headers.items()}
    headers.setdefault("content-type", "text/html; charset=utf-8" if is_text else "application/json")
    return Response(content, status_code=rule.status, headers=headers)


async def _wait_for_release(plan: FaultPlan, rule_id: str, rule: FaultRule, request: Request) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + rule.silence_limit_s
    while loop.time() < until and plan.stands(rule_id) and not await request.is_disconnected():
        await asyncio.sleep(POLL_SECONDS)
