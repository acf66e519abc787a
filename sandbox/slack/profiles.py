"""What a person changes about themselves, and what an admin changes about user groups."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.slack import events
from sandbox.slack.errors import SlackError
from sandbox.slack.model import Status, UserGroup
from sandbox.slack.statuses import checked_status, status_of
from sandbox.slack.workspace import Workspace


def set_status(
    workspace: Workspace, user: str, text: str = "", emoji: str = "", expiration: int = 0
) -> Status:
    """The person's status is this from now on, empty for none; the app is told if it listens.

    `expiration` in epoch seconds of business time, 0: until it is cleared. Raises SlackError `user_not_found`,
    `too_long`, `profile_status_set_failed_not_emoji_syntax`.
    """
    status = checked_status(text.strip(), emoji.strip(), expiration)
    with workspace.lock:
        person = workspace.person(user)
        changed, person.status = person.status != status, status
        if changed:
            events.status_changed(workspace, person)
    workspace.changes.tell("people")
    return status


def end_statuses(workspace: Workspace) -> None:
    """Clear the statuses whose time is over, as Slack does by itself."""
    with workspace.lock:
        over = [one for one in workspace.people.values() if one.status != status_of(workspace, one)]
        for person in over:
            person.status = Status()
            events.status_changed(workspace, person)
    if over:
        workspace.changes.tell("people")


def add_user_group(workspace: Workspace, handle: str, name: str, members: Iterable[str]) -> UserGroup:
    """A new user group. Raises SlackError `handle_already_exists`, `user_not_found`."""
    with workspace.lock:
        if any(group.handle == handle for group in workspace.user_groups.values()):
            raise SlackError("handle_already_exists")
        now = int(workspace.clock.now().timestamp())
        group = UserGroup(workspace.ids.draw("S"), handle, name, _checked(workspace, members), now, now)
        workspace.user_groups[group.id] = group
        return group


def set_members(workspace: Workspace, group_id: str, members: Iterable[str]) -> None:
    """These people are in it from now on. Raises SlackError `no_such_subteam`, `user_not_found`."""
    with workspace.lock:
        group = group_of(workspace, group_id)
        group.members = _checked(workspace, members)
        group.updated = int(workspace.clock.now().timestamp())


def set_disabled(workspace: Workspace, group_id: str, *, disabled: bool) -> None:
    """Take a group out of use, or into use again with its members. Raises SlackError `no_such_subteam`."""
    with workspace.lock:
        group = group_of(workspace, group_id)
        group.updated = int(workspace.clock.now().timestamp())
        group.deleted = group.updated if disabled else 0


def group_of(workspace: Workspace, group_id: str) -> UserGroup:
    """The group `group_id`. Raises SlackError `no_such_subteam`."""
    group = workspace.user_groups.get(group_id)
    if group is None:
        raise SlackError("no_such_subteam")
    return group


def _checked(workspace: Workspace, members: Iterable[str]) -> list[str]:
    return [workspace.person(member).id for member in dict.fromkeys(members)]
