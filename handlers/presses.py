"""What Slack sends, parsed into types: a pressed button, a submitted form, a typed command or message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.services.acts.acting import Click, TouchAt
from bot.services.people.roles import Who
from bot.services.showing.cards import Card
from bot.slack import ids
from bot.slack.payloads import (
    AwayRef,
    ChangeRef,
    FactRef,
    PageRef,
    SaidRef,
    SeveralRef,
    StaleButton,
    TouchRef,
)
from bot.slack.views.blocks import Block
from bot.slack.views.result_modal import NOTHING, Filled
from bot.slack.views.touch_modals import more_modal

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button or a changed input."""

    who: Who
    key: str  # the same for every delivery of this press (FAULTS 1)
    action_id: str
    block_id: str
    value: str
    trigger_id: str
    channel: str | None
    message_ts: str | None
    response_url: str | None
    ephemeral: bool
    view: Body | None  # the open form it stands in
    at_home: bool  # it stands in App Home, from which a form opens as from a message

    @classmethod
    def of(cls, body: Body) -> Press:
        action = body["actions"][0]
        container = body.get("container") or {}
        option = action.get("selected_option") or {}
        at_home = (body.get("view") or {}).get("type") == "home"
        return cls(
            who=_who(body),
            key=f"press:{body.get('trigger_id', '')}:{action.get('action_ts', '')}",
            action_id=str(action.get("action_id", "")),
            block_id=str(action.get("block_id", "")),
            value=str(action.get("value") or option.get("value") or ""),
            trigger_id=str(body.get("trigger_id", "")),
            channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
            message_ts=container.get("message_ts"),
            response_url=body.get("response_url") or None,
            ephemeral=bool(container.get("is_ephemeral")),
            view=None if at_home else body.get("view"),
            at_home=at_home,
        )

    @property
    def click(self) -> Click:
        surface = "form" if self.view else "button"
        place = (self.channel, self.message_ts)
        return Click(self.who, self.key, surface, self.response_url, _message_of(self.value), place)


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted form; a form is filed once, however often Slack delivers it."""

    who: Who
    key: str
    callback_id: str
    view: Body

    @classmethod
    def of(cls, body: Body) -> Submission:
        view = body["view"]
        return cls(_who(body), f"view:{view.get('id', '')}", str(view.get("callback_id", "")), view)

    @property
    def click(self) -> Click:
        return Click(self.who, self.key, "form")

    @property
    def run_id(self) -> int:
        """The run the form is about. Raises StaleButton."""
        metadata = self.view.get("private_metadata")
        if self.callback_id == ids.CHANGE_FORM:
            return ChangeRef.decode(metadata).run_id
        return TouchRef.decode(metadata).run_id

    @property
    def touch_ref(self) -> TouchRef:
        """The touch the form was opened for. Raises StaleButton."""
        return TouchRef.decode(self.view.get("private_metadata"))


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut that was chosen on a message, with what that message says."""

    who: Who
    key: str
    callback_id: str
    trigger_id: str
    channel: str
    message_ts: str
    text: str

    @classmethod
    def of(cls, body: Body) -> Shortcut:
        message = body.get("message") or {}
        return cls(
            who=_who(body),
            key=f"shortcut:{body.get('trigger_id', '')}:{body.get('action_ts', '')}",
            callback_id=str(body.get("callback_id", "")),
            trigger_id=str(body.get("trigger_id", "")),
            channel=str((body.get("channel") or {}).get("id", "")),
            message_ts=str(body.get("message_ts") or message.get("ts") or ""),
            text=_typed(message.get("text")),
        )

    @property
    def click(self) -> Click:
        return Click(self.who, self.key, "shortcut")


@dataclass(frozen=True, slots=True)
class Typed:
    """Words typed behind `/renewal`, or as a message to the assistant."""

    who: Who
    key: str
    text: str
    channel: str
    surface: str  # command | message
    trigger_id: str | None = None  # a message cannot open a form
    thread_ts: str | None = None
    ts: str | None = None  # of the message
    files: tuple[str, ...] = ()  # the names of those it shares
    edited: bool = False

    @classmethod
    def of_command(cls, body: Body) -> Typed:
        return cls(
            who=Who(str(body.get("team_id", "")), str(body.get("user_id", ""))),
            key=f"command:{body.get('trigger_id', '')}",
            text=_typed(body.get("text")),
            channel=str(body.get("channel_id", "")),
            surface="command",
            trigger_id=str(body.get("trigger_id", "")),
        )

    @classmethod
    def of_message(cls, body: Body) -> Typed:
        event = body["event"]
        return cls(
            who=Who(str(body.get("team_id", "")), str(event.get("user", ""))),
            key=f"event:{body.get('event_id', '')}",
            text=_typed(event.get("text")),
            channel=str(event.get("channel", "")),
            surface="message",
            thread_ts=event.get("thread_ts"),
            ts=event.get("ts"),
            files=tuple(str(one.get("name") or "a file") for one in event.get("files") or ()),
        )

    @classmethod
    def of_edit(cls, body: Body, message: Body) -> Typed:
        """A message of a person's as it reads now, or read before it was deleted."""
        return cls(
            who=Who(str(body.get("team_id", "")), str(message.get("user", ""))),
            key=f"event:{body.get('event_id', '')}",
            text=_typed(message.get("text")),
            channel=str(body["event"].get("channel", "")),
            surface="message",
            thread_ts=message.get("thread_ts"),
            ts=message.get("ts"),
            edited=True,
        )

    @property
    def click(self) -> Click:
        return Click(self.who, self.key, self.surface)


@dataclass(frozen=True, slots=True)
class Opened:
    """The app's own space was opened at a tab, `home` or `messages`."""

    who: Who
    key: str
    tab: str
    channel: str

    @classmethod
    def of(cls, body: Body) -> Opened:
        event = body["event"]
        return cls(
            who=Who(str(body.get("team_id", "")), str(event.get("user", ""))),
            key=f"event:{body.get('event_id', '')}",
            tab=str(event.get("tab", "")),
            channel=str(event.get("channel", "")),
        )

    @property
    def click(self) -> Click:
        return Click(self.who, self.key, "home")


def _typed(text: object) -> str:
    """What the person typed: Slack escapes `&`, `<` and `>` on the way, and we escape again when we show it."""
    return unescape(str(text or "")).strip()


def more_form(
    card: Card,
    metadata: str,
    filled: Filled = NOTHING,
    *,
    result: str | None = None,
    drawn: Mapping[int, int] | None = None,
) -> Block:
    """*More…* for an account; HubSpot's own call outcomes are among what can be logged."""
    own = {**card.no_contact, **card.contact}
    return more_modal(
        card.line,
        metadata,
        later=card.later,
        own=own,
        contact=card.contact,
        filled=filled,
        result=result,
        drawn=drawn,
    )


def touch_at(ref: TouchRef) -> TouchAt:
    """The touch as the services name it."""
    return TouchAt(ref.run_id, ref.step, ref.on, ref.message_id)


def _message_of(value: str) -> int | None:
    """The message of ours on which a button of this value stands."""
    for ref in (TouchRef, FactRef, AwayRef, PageRef, SeveralRef, SaidRef):
        try:
            return ref.decode(value).message_id
        except StaleButton:
            continue
    return None


def _who(body: Body) -> Who:
    user, team = body.get("user") or {}, body.get("team") or {}
    return Who(str(user.get("team_id") or team.get("id") or ""), str(user.get("id", "")))
