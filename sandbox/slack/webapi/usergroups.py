"""usergroups.*: handles that stand for several people."""

from __future__ import annotations

from sandbox.slack.errors import SlackError
from sandbox.slack.model import Json
from sandbox.slack.profiles import group_of
from sandbox.slack.webapi.call import Call
from sandbox.slack.wire import group_as_slack


def list_(call: Call) -> Json:
    """usergroups.list: those in use; others too with `include_disabled`."""
    call.require_scope("usergroups:read")
    shown: list[Json] = []
    for group in call.workspace.user_groups.values():
        if group.deleted and not call.flag("include_disabled"):
            continue
        body = group_as_slack(call.workspace, group)
        if call.flag("include_users"):
            body["users"] = list(group.members)
        if call.flag("include_count"):
            body["user_count"] = len(group.members)
        shown.append(body)
    return {"ok": True, "usergroups": shown}


def users_list(call: Call) -> Json:
    """usergroups.users.list: a disabled group is only found with `include_disabled`."""
    call.require_scope("usergroups:read")
    group = group_of(call.workspace, call.text("usergroup"))
    if group.deleted and not call.flag("include_disabled"):
        raise SlackError("no_such_subteam")
    return {"ok": True, "users": list(group.members)}
