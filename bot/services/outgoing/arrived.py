"""HubSpot took an entry, or refused it for good: the rows that said "not yet in HubSpot" are drawn again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.outgoing.redraws import ONE_DAY, redraw_message
from bot.services.ports import Contested, Delivery, Parcel, Refused, Sent
from bot.services.runs.not_taken import CARRIES_ENTRIES
from bot.services.work import Work
from bot.store.tables import Message, MessageRun


def show_arrived(work: Work, session: Session, parcel: Parcel, delivery: Delivery) -> None:
    """Redraw the reps' current messages that show the row's run, in the transaction that settles the row."""
    if parcel.kind not in CARRIES_ENTRIES or not isinstance(delivery, Sent | Refused | Contested):
        return
    showing = select(MessageRun.message_id).where(MessageRun.run_id == parcel.payload.get("run_id"))
    current = select(Message).where(
        Message.id.in_(showing),
        Message.person_id.is_not(None),
        Message.on >= work.now().date() - ONE_DAY,
    )
    for message in session.scalars(current):
        redraw_message(work, session, message)
