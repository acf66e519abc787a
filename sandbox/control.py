"""/control: the clock, the faults, the journal, and an admin's hand in the workspace."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.clock import SandboxClock
from sandbox.faults import FaultPlan, FaultRule
from sandbox.journal import Journal
from sandbox.slack import profiles
from sandbox.slack.errors import SlackError
from sandbox.slack.workspace import Workspace

JOURNAL_PAGE = 200
Endpoint = Callable[[Request], Awaitable[Response]]


class BadControl(ValueError):
    """The request cannot be carried out; the message says why."""


def routes(clock: SandboxClock, faults: FaultPlan, journal: Journal, slack: Workspace) -> list[Route]:
    """Everything under /control but the CRM."""

    async def read_clock(request: Request) -> Any:  # noqa: ARG001 - every handler's shape
        return {"now": clock.now().isoformat()}

    async def move_clock(request: Request) -> Any:
        return {"now": _moved(clock, await _body(request)).isoformat()}

    async def add_fault(request: Request) -> Any:
        return {"id": faults.add(FaultRule.from_json(await _body(request)))}

    async def list_faults(request: Request) -> Any:  # noqa: ARG001
        return [{"id": rule_id} | rule.as_json() for rule_id, rule in faults.rules().items()]

    async def clear_faults(request: Request) -> Any:
        rule_id = request.query_params.get("id")
        if rule_id is None:
            faults.clear()
        elif faults.stands(rule_id):
            faults.remove(rule_id)
        return {}

    async def read_journal(request: Request) -> Any:
        query = request.query_params
        entries = journal.entries(
            service=query.get("service"),
            method=query.get("method"),
            kind=query.get("kind"),
            since_seq=_number(query.get("since_seq", "0"), "since_seq"),
            limit=_number(query.get("limit", str(JOURNAL_PAGE)), "limit"),
            reads=query.get("reads") != "no",
        )
        return {"entries": [entry.as_json() for entry in entries]}

    async def clear_journal(request: Request) -> Any:  # noqa: ARG001
        journal.clear()
        return {}

    async def administer(request: Request) -> Any:
        _administer(slack, request.path_params["what"], await _body(request))
        return {}

    return [
        Route("/control/clock", _endpoint(read_clock), methods=["GET"]),
        Route("/control/clock", _endpoint(move_clock), methods=["POST"]),
        Route("/control/faults", _endpoint(list_faults), methods=["GET"]),
        Route("/control/faults", _endpoint(add_fault), methods=["POST"]),
        Route("/control/faults", _endpoint(clear_faults), methods=["DELETE"]),
        Route("/control/journal", _endpoint(read_journal), methods=["GET"]),
        Route("/control/journal", _endpoint(clear_journal), methods=["DELETE"]),
        Route("/control/slack/{what}", _endpoint(administer), methods=["POST"]),
    ]


def _endpoint(handler: Callable[[Request], Awaitable[Any]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await handler(request))
        except SlackError as refused:
            return JSONResponse({"error": refused.code}, status_code=404)
        except ValueError as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=400)

    return endpoint


def _moved(clock: SandboxClock, values: Mapping[str, Any]) -> datetime:
    if set(values) == {"set"}:
        return clock.set(datetime.fromisoformat(str(values["set"])))
    if set(values) == {"advance_seconds"} and isinstance(values["advance_seconds"], int | float):
        return clock.advance(timedelta(seconds=values["advance_seconds"]))
    raise BadControl('The clock takes {"set": an ISO instant with a zone} or {"advance_seconds": a number}.')


def _administer(slack: Workspace, what: str, values: Mapping[str, Any]) -> None:
    target = str(values.get("id") or "")
    acts: dict[str, Callable[[], None]] = {
        "deactivate": lambda: slack.deactivate(target),
        "reactivate": lambda: slack.reactivate(target),
        "archive": lambda: slack.archive(target),
        "unarchive": lambda: slack.unarchive(target),
        "remove_app": lambda: slack.remove_app(target),
        "add_app": lambda: slack.add_app(target),
        "revoke_token": slack.revoke_token,
        "restore_token": slack.restore_token,
        "remove_scope": lambda: slack.remove_scope(target),
        "add_scope": lambda: slack.add_scope(target),
        "disable_group": lambda: profiles.set_disabled(slack, target, disabled=True),
        "enable_group": lambda: profiles.set_disabled(slack, target, disabled=False),
        "set_group_members": lambda: profiles.set_members(slack, target, _texts(values, "members")),
        "disconnect": slack.sockets.request_disconnect,
        "cut": slack.sockets.close_all,
    }
    if what not in acts:
        raise BadControl(f"Unknown act {what!r}; known: {', '.join(sorted(acts))}.")
    acts[what]()


async def _body(request: Request) -> Mapping[str, Any]:
    values = json.loads(await request.body() or b"{}")
    if not isinstance(values, dict):
        raise BadControl("The body is not a JSON object.")
    return values


def _texts(values: Mapping[str, Any], key: str) -> list[str]:
    found = values.get(key)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadControl(f"{key!r} is a list of texts.")
    return found


def _number(text: str, name: str) -> int:
    if not text.isdigit():
        raise BadControl(f"{name!r} is a whole number, not {text!r}.")
    return int(text)
