"""What a workspace is made of: the app, people, channels, messages, views."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
State = dict[str, dict[str, Json]]
"""What was entered, by block id and action id."""
COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "5b89d5", "dd8527", "2b6836", "84b22f")
SLACKBOT_ID = "USLACKBOT"


@dataclass(frozen=True)
class Status:
    """What stands beside a name: a text and an emoji (":palm_tree:"); `expiration` in epoch seconds, 0: none."""

    text: str = ""
    emoji: str = ""
    expiration: int = 0


@dataclass
class Person:
    """A member of the workspace; `tz` is an IANA zone. `roles` are for the sandbox's page only."""

    id: str
    handle: str
    name: str
    email: str
    tz: str
    title: str = ""
    roles: tuple[str, ...] = ()
    color: str = COLORS[0]
    deleted: bool = False
    is_bot: bool = False
    status: Status = Status()

    @property
    def initials(self) -> str:
        """Up to two letters for an avatar."""
        return "".join(part[0] for part in self.name.split()[:2]).upper()


@dataclass(frozen=True)
class Prompt:
    """What an agent offers to be asked: the title is shown, the message is what is said when it is chosen."""

    title: str
    message: str


@dataclass
class Message:
    """One message. `ephemeral_to`: the only person who sees it. `blocks` all carry a block id.

    `entered`: what each person (by id) has chosen in it.
    """

    ts: str
    user: str
    text: str
    bot_id: str | None = None
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    client_msg_id: str | None = None
    ephemeral_to: str | None = None
    reply_ts: list[str] = field(default_factory=list)
    reply_users: list[str] = field(default_factory=list)
    entered: dict[str, State] = field(default_factory=dict)
    files: list[Json] = field(default_factory=list)


@dataclass
class Channel:
    """A channel, or (kind "dm") the conversation of one person with the app."""

    id: str
    kind: Literal["dm", "channel"]
    name: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    archived: bool = False
    created: int = 0
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)
    prompts: list[Prompt] = field(default_factory=list)
    prompts_title: str = ""

    def visible_to(self, user: str) -> Iterable[Message]:
        """All messages `user` sees here, replies and ephemerals included, oldest first."""
        mine = [message for message in self.ephemerals.values() if message.ephemeral_to == user]
        return sorted([*self.messages.values(), *mine], key=lambda message: message.ts)


@dataclass
class UserGroup:
    """Members who are written to by one handle ("customer-care", without "@"); `deleted` is when it was disabled,
    in epoch seconds, 0 while it is in use.
    """

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass
class View:
    """A modal or a Home tab as it is shown to `user`. `content` is what the app sent, ids assigned."""

    id: str
    user: str
    content: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    state: State = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The blocks shown."""
        blocks: list[Json] = self.content["blocks"]
        return blocks


@dataclass(frozen=True)
class AppIdentity:
    """Who the app is here, and what it proves itself with."""

    app_id: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str


@dataclass
class Screens:
    """What the app shows one person beside messages: the open modals, bottom first, and the Home tab."""

    modals: list[View] = field(default_factory=list)
    home: View | None = None
