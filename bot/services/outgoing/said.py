"""What was said in Slack and is kept here only because it had to be sent: erased when nothing may be left of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store.outbox import OPEN_STATES
from bot.store.tables import Message, MessageRun, OutboxRow

ANSWERS = ("answer", "ephemeral")  # nobody needs them once they were sent


def erase_what_was_said(session: Session, run_ids: Collection[int]) -> None:
    """Empty the answers that were sent, to whomever, and the words that were typed about these runs."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.service == "slack", OutboxRow.kind.in_(ANSWERS), OutboxRow.state.not_in(OPEN_STATES))
        .values(payload={})
    )
    about = select(MessageRun.message_id).where(MessageRun.run_id.in_(run_ids))
    shown = select(Message).where(Message.id.in_(about)).order_by(Message.id)
    locked = shown.with_for_update(key_share=True).execution_options(populate_existing=True)
    for message in session.scalars(locked):  # else a press on one this moment would bring its words back
        if "choices" in message.data:
            # Not every choice has a note; one that is given to a choice without could not be read any more.
            choices = [
                choice | ({"note": None} if "note" in choice else {}) for choice in message.data["choices"]
            ]
            message.data = {**message.data, "choices": choices, "text": "", "words": ""}
