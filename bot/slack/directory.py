"""The workspace's people and user groups, as Slack lists them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from html import unescape
from typing import Final

from slack_sdk.web import WebClient

from bot.slack.trouble import ServerTrouble
from bot.slack.wire import Json, objects, read, text_of

EMOJI: Final = re.compile(r":[\w+'-]{1,98}:")


@dataclass(frozen=True, slots=True)
class SlackUser:
    """A member of the workspace. `email` is in lower case; None where Slack does not show it.

    The status as it stands beside the name; `status_until` in epoch seconds, 0: until it is cleared.
    """

    id: str
    team_id: str
    name: str
    email: str | None
    tz: str
    deleted: bool
    is_bot: bool
    status_text: str = ""
    status_emoji: str = ""
    status_until: int = 0


@dataclass(frozen=True, slots=True)
class SlackGroup:
    """A user group: its handle without "@" in lower case, and its members' user ids."""

    handle: str
    disabled: bool
    members: tuple[str, ...]


def user_of(member: Json) -> SlackUser | None:
    """A user object as `users.list` and the events about users carry it; None for what is none."""
    profile = member.get("profile")
    profile = profile if isinstance(profile, dict) else {}
    if not isinstance(member.get("id"), str):
        return None
    email = profile.get("email") or member.get("email")
    shown = (
        profile.get("real_name"),
        member.get("real_name"),
        profile.get("display_name"),
        member.get("name"),
    )
    emoji, until = profile.get("status_emoji"), profile.get("status_expiration")
    return SlackUser(
        id=member["id"],
        team_id=str(member.get("team_id") or ""),
        name=next((str(name) for name in shown if name), member["id"]),
        email=email.strip().lower() if isinstance(email, str) and email.strip() else None,
        tz=str(member.get("tz") or "UTC"),
        deleted=bool(member.get("deleted")),
        is_bot=bool(member.get("is_bot")) or member["id"] == "USLACKBOT",
        status_text=unescape(str(profile.get("status_text") or "")).strip(),
        status_emoji=emoji if isinstance(emoji, str) and EMOJI.fullmatch(emoji) else "",
        status_until=until if type(until) is int and until > 0 else 0,
    )


def groups_called(client: WebClient, handles: Collection[str]) -> list[SlackGroup]:
    """Those of these user groups that there are, the disabled included, which have no members then."""
    answer = read(client, "usergroups.list", include_disabled="true")
    found: list[SlackGroup] = []
    for group in objects(answer, "usergroups"):
        handle = str(group.get("handle") or "").lower()
        if handle in handles:
            disabled = bool(group.get("date_delete"))
            members = () if disabled else _members(client, text_of(group, "id"))
            found.append(SlackGroup(handle, disabled, members))
    return found


def _members(client: WebClient, group_id: str) -> tuple[str, ...]:
    members = read(client, "usergroups.users.list", usergroup=group_id).get("users")
    if not isinstance(members, list):
        raise ServerTrouble("unreadable_answer", "no users")
    return tuple(str(member) for member in members)
