"""What humans set about themselves in Slack, over HTTP: their status. And which user groups there are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.people import BadRequest, body_of, route
from sandbox.slack import profiles
from sandbox.slack.workspace import Workspace


def routes(workspace: Workspace) -> list[Route]:
    """A person's status, and the user groups."""
    return [
        route(workspace, "POST", "/people/{user}/status", set_status),
        route(workspace, "GET", "/people/groups", groups),
    ]


async def set_status(workspace: Workspace, request: Request) -> Any:
    """Set one's status, or clear it: `{text, emoji, expiration}`, each may be left out."""
    values = await body_of(request)
    text, emoji, expiration = (values.get(key) for key in ("text", "emoji", "expiration"))
    if not all(one is None or isinstance(one, str) for one in (text, emoji)):
        raise BadRequest("'text' and 'emoji' are texts.")
    if expiration is not None and (type(expiration) is not int or expiration < 0):
        raise BadRequest("'expiration' is a whole number of seconds since 1970, or 0 for none.")
    user = request.path_params["user"]
    return asdict(profiles.set_status(workspace, user, text or "", emoji or "", expiration or 0))


async def groups(workspace: Workspace, request: Request) -> Any:  # noqa: ARG001 - every handler's shape
    """The user groups in use, as the page names them."""
    with workspace.lock:
        return [
            {"id": group.id, "handle": group.handle, "name": group.name, "members": list(group.members)}
            for group in workspace.user_groups.values()
            if not group.deleted
        ]
