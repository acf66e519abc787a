"""Which messages speak of a run, and asking for them to be drawn again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.services.work import Work
from bot.store.outbox import enqueue
from bot.store.tables import Message, MessageRun

# Longer than any zone is from UTC: a message of an earlier date than this is nobody's today.
ONE_DAY = timedelta(days=1)
# What waits for an answer stays open until it is given, however long that takes.
LASTING = ("care_request", "past_day_30", "report_missing")
# A whole channel's message is drawn at most this often, however many reps log at once.
CHANNEL_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press: the message that the button's value names, where it was pressed, and the address to answer at."""

    message_id: int | None
    channel: str | None
    ts: str | None
    response_url: str | None

    def address_of(self, message: Message) -> str | None:
        """Where `message` may be drawn anew because it was pressed: only if it is what stands in that place.

        A value may be forged (FAULTS 28), and what only one person sees has no place but its channel.
        """
        if message.id != self.message_id:
            return None
        if message.data.get("private"):
            return self.response_url if message.data.get("channel") == self.channel else None
        here = message.ts is not None and (message.channel, message.ts) == (self.channel, self.ts)
        return self.response_url if here else None


def redraw_runs(
    work: Work,
    session: Session,
    run_ids: Iterable[int],
    pressed: Pressed | None = None,
) -> None:
    """Ask for every current message that shows one of these runs."""
    since = work.now().date() - ONE_DAY
    showing = select(MessageRun.message_id).where(MessageRun.run_id.in_(tuple(run_ids)))
    wanted = select(Message).where(
        Message.id.in_(showing), or_(Message.on >= since, Message.kind.in_(LASTING))
    )
    for message in session.scalars(wanted):
        address = pressed.address_of(message) if pressed is not None else None
        redraw_message(work, session, message, address)


def redraw_message(work: Work, session: Session, message: Message, response_url: str | None = None) -> None:
    """Ask for one message; what it will show is read when it is sent, so the newest state wins.

    `response_url` is that of a press on this very message (`Pressed.address_of`).
    """
    payload: dict[str, object] = {"message_id": message.id}
    if response_url is not None:
        payload |= {"response_url": response_url, "pressed_message_id": message.id}
    enqueue(
        session,
        service="slack",
        kind="redraw",
        recipient=f"message:{message.id}",
        slot=None,
        # What is posted already is drawn in an order of its own: when Slack puts redraws off for a minute, the
        # next morning's list does not wait behind them. Before that it follows its own post.
        target=message.recipient if message.ts is None else f"message:{message.id}",
        now=work.now(),
        elapsed=work.elapsed(),
        payload=payload,
        wait=CHANNEL_PAUSE if message.person_id is None else timedelta(),
        coalesce_key=f"message:{message.id}",
    )
