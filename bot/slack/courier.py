"""Carries outbox rows to Slack: posts, redraws of what was posted, and passing notes.

What a message shows is drawn when it is sent, so the newest state wins. A post that may have arrived already
is looked up by its key before it is sent again; redraws can be repeated as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.services.ports import (
    Clock,
    Delivery,
    Halted,
    NotNeeded,
    Parcel,
    Refused,
    Sent,
    TryAgain,
    Unknown,
    too_late,
)
from bot.slack.gateway import Posted, SlackGateway
from bot.slack.trouble import (
    ChannelGone,
    InvalidContent,
    MessageGone,
    NoAnswer,
    NotInChannel,
    RateLimited,
    ServerTrouble,
    SlackTrouble,
    TokenRejected,
    UserGone,
)
from bot.slack.views.blocks import Block
from bot.slack.views.home import home_view
from bot.slack.views.notices import sentence_message

REDRAW: Final = "redraw"
NOTE: Final = "note"
EPHEMERAL: Final = "ephemeral"
# Our clock and Slack's may differ: a look-up starts this long before the row was written.
CLOCK_SKEW: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it looks now: to a `channel`, or to the conversation with a `user`.

    `ts` is where it stands already, for a redraw; None when it was not sent yet. `private`: only `user` is to
    see it in `channel`; such a message can be changed through the address of a press on it alone, the last one
    of which is `last_press`.
    """

    text: str
    blocks: list[Block]
    channel: str | None = None
    user: str | None = None
    message_id: int | None = None
    ts: str | None = None
    thread_ts: str | None = None
    private: bool = False
    last_press: str | None = None
    home: bool = False  # `blocks` are the `user`'s Home tab, and there is no message


Renderer = Callable[[Parcel], Rendered | NotNeeded]


class SlackCourier:
    """The outbox's courier for Slack (`ports.Courier`). `renderer` draws everything but notes."""

    def __init__(self, gateway: SlackGateway, renderer: Renderer, clock: Clock) -> None:
        self._gateway = gateway
        self._renderer = renderer
        self._clock = clock

    def deliver(self, parcel: Parcel) -> Delivery:
        """Send one row; never raises for what Slack does."""
        drawn = _passing(parcel) if parcel.kind in (NOTE, EPHEMERAL) else self._renderer(parcel)
        if isinstance(drawn, NotNeeded):
            return drawn
        if parcel.kind == REDRAW:
            return self._redraw(parcel, drawn)
        if drawn.private or drawn.thread_ts is not None:
            return self._post_once(parcel, drawn)
        return self._post(parcel, drawn)

    def _post(self, parcel: Parcel, drawn: Rendered) -> Delivery:
        key = parcel_key(parcel)
        try:
            channel = drawn.channel or self._gateway.open_dm(drawn.user or "")
            if parcel.unknown:
                found = self._gateway.find_posted(channel, key, parcel.created_at - CLOCK_SKEW)
                if found is not None:
                    return _sent(found, drawn)
        except SlackTrouble as trouble:
            return delivery_of(trouble)
        if self._slept_too_long(parcel):
            return too_late()
        try:
            return _sent(self._gateway.post(channel, drawn.text, drawn.blocks, key), drawn)
        except SlackTrouble as trouble:
            return delivery_of(trouble) if surely_without_effect(trouble) else Unknown(str(trouble))

    def _post_once(self, parcel: Parcel, drawn: Rendered) -> Delivery:
        """An answer that cannot be looked up: better not seen than seen twice."""
        perhaps = NotNeeded("it may have been shown, and cannot be looked up: not repeated")
        if parcel.unknown:
            return perhaps
        if self._slept_too_long(parcel):
            return too_late()
        try:
            if drawn.private:
                channel, user = drawn.channel or "", drawn.user or ""
                posted = self._gateway.whisper(channel, user, drawn.text, drawn.blocks)
            else:
                key, thread_ts = parcel_key(parcel), drawn.thread_ts
                posted = self._gateway.post(drawn.channel or "", drawn.text, drawn.blocks, key, thread_ts)
        except SlackTrouble as trouble:
            return delivery_of(trouble) if surely_without_effect(trouble) else perhaps
        return _sent(posted, drawn)

    def _slept_too_long(self, parcel: Parcel) -> bool:
        """Whether somebody else may have the row by now; asked as late as can be, for a post cannot be fenced."""
        return self._clock.elapsed() >= parcel.lease_until

    def _publish(self, drawn: Rendered) -> Delivery:
        try:
            self._gateway.publish_home(drawn.user or "", home_view(drawn.blocks))
        except SlackTrouble as trouble:
            return delivery_of(trouble)
        return Sent()

    def _redraw(self, parcel: Parcel, drawn: Rendered) -> Delivery:
        if drawn.home:
            return self._publish(drawn)
        if not drawn.private and (drawn.channel is None or drawn.ts is None):
            return NotNeeded("the message was never sent")
        if self._answered_where_pressed(parcel, drawn):
            return Sent()
        if drawn.private:
            return NotNeeded("only a press on it can change it")
        try:
            self._gateway.update(drawn.channel or "", drawn.ts or "", drawn.text, drawn.blocks)
        except SlackTrouble as trouble:
            return delivery_of(trouble)
        return Sent()

    def _answered_where_pressed(self, parcel: Parcel, drawn: Rendered) -> bool:
        """Whether the press's own address took it, which costs nothing of the limit on updates.

        Only for the message that was pressed: the address would replace that one with any other. It is used
        on the first try only, and everything that fails here goes the ordinary way.
        """
        url, pressed_on = parcel.payload.get("response_url"), parcel.payload.get("pressed_message_id")
        if pressed_on != parcel.payload.get("message_id"):
            url = drawn.last_press if drawn.private else None
        if not isinstance(url, str) or parcel.attempts > 1:
            return False
        try:
            self._gateway.respond(url, drawn.text, drawn.blocks, replace_original=True)
        except SlackTrouble:
            return False
        return True


def parcel_key(parcel: Parcel) -> str:
    """What tells this message from every other: the outbox's own unique key."""
    return f"{parcel.kind}|{parcel.recipient}|{parcel.slot}"


def surely_without_effect(trouble: SlackTrouble) -> bool:
    """Whether the call cannot have taken effect: Slack said no, or was never reached."""
    if isinstance(trouble, NoAnswer):
        return not trouble.arrived
    return not isinstance(trouble, ServerTrouble)


def delivery_of(trouble: SlackTrouble) -> Delivery:
    """What a failure means for a row, where the call surely had no effect or may be repeated."""
    reason = str(trouble)
    match trouble:
        case RateLimited():
            return TryAgain(reason, trouble.after, scope="target")
        case ServerTrouble() | NoAnswer():
            return TryAgain(reason, scope="service")
        case TokenRejected():
            return Halted(f"Slack rejects the token or a scope is missing ({reason})")
        case MessageGone():
            return NotNeeded(f"the message is gone or cannot be changed any more ({reason})")
        case UserGone():
            return Refused(f"the user cannot be written to ({reason})")
        case ChannelGone() | NotInChannel():
            return Refused(f"the channel cannot be written to: invite the app, or unarchive it ({reason})")
        case InvalidContent():
            return Refused(f"Slack refuses the content ({reason})")
        case _:
            return TryAgain(reason, scope="row")


def _passing(parcel: Parcel) -> Rendered:
    """A plain sentence to a channel or a user; an ephemeral one is seen by the user only."""
    drawn = sentence_message(str(parcel.payload.get("text", "")))
    return Rendered(
        drawn.text,
        drawn.blocks,
        channel=parcel.payload.get("channel"),
        user=parcel.payload.get("user"),
        private=parcel.kind == EPHEMERAL,
    )


def _sent(posted: Posted, drawn: Rendered) -> Sent:
    return Sent({"channel": posted.channel, "ts": posted.ts, "message_id": drawn.message_id})
