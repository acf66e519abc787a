"""Which messages speak of a run, and asking for them to be drawn again."""

from __future__ import annotations

from collections.abc import Iterable
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


def redraw_runs(
    work: Work,
    session: Session,
    run_ids: Iterable[int],
    response_url: str | None = None,
    pressed_message_id: int | None = None,
) -> None:
    """Ask for every current message that shows one of these runs."""
    since = work.now().date() - ONE_DAY
    showing = select(MessageRun.message_id).where(MessageRun.run_id.in_(tuple(run_ids)))
    wanted = select(Message).where(
        Message.id.in_(showing), or_(Message.on >= since, Message.kind.in_(LASTING))
    )
    for message in session.scalars(wanted):
        pressed = message.id == pressed_message_id
        redraw_message(work, session, message, response_url if pressed else None)


def redraw_message(work: Work, session: Session, message: Message, response_url: str | None = None) -> None:
    """Ask for one message; what it will show is read when it is sent, so the newest state wins.

    `response_url` is that of a press on this very message.
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
        target=message.recipient,
        now=work.now(),
        elapsed=work.elapsed(),
        payload=payload,
        wait=CHANNEL_PAUSE if message.person_id is None else timedelta(),
        coalesce_key=f"message:{message.id}",
    )
