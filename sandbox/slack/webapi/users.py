"""users.*: who is in the workspace."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json
from sandbox.slack.webapi.call import Call, page
from sandbox.slack.wire import person_as_slack

MOST = 1000


def info(call: Call) -> Json:
    """users.info."""
    call.require_scope("users:read")
    person = call.workspace.person(call.text("user"))
    return {"ok": True, "user": person_as_slack(call.workspace, person)}


def profile_get(call: Call) -> Json:
    """users.profile.get: of a user, or without one of the app itself."""
    call.require_scope("users.profile:read")
    workspace = call.workspace
    person = workspace.person(call.optional_text("user") or workspace.app.bot_user_id)
    return {"ok": True, "profile": person_as_slack(workspace, person)["profile"]}


def list_(call: Call) -> Json:
    """users.list: everybody, closed accounts and bots included; all at once without a limit."""
    call.require_scope("users:read")
    everyone = list(call.workspace.people.values())
    limit = call.number("limit", default=max(1, len(everyone)), most=MOST)
    people, cursor = page(everyone, call.optional_text("cursor"), limit)
    return {
        "ok": True,
        "members": [person_as_slack(call.workspace, person) for person in people],
        "cache_ts": int(call.workspace.clock.now().timestamp()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> Json:
    """users.lookupByEmail: letter case does not matter; closed accounts are not found."""
    call.require_scope("users:read.email")
    wanted = call.text("email").strip().lower()
    for person in call.workspace.people.values():
        if person.email.lower() == wanted and not person.deleted:
            return {"ok": True, "user": person_as_slack(call.workspace, person)}
    raise SlackError("users_not_found")
