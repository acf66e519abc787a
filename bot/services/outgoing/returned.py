"""A deal that was deleted or left the pipeline, and came back: what was not written meanwhile is written now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.store.tables import Fact, OutboxRow, RunRow

# Why an entry was not written; the reasons begin with these words.
OUT_OF_BOOK: Final = "the deal is out of the book"
DEAL_DELETED: Final = "the deal was deleted in HubSpot"


def send_what_waited(session: Session, run_ids: Collection[int], elapsed: datetime) -> None:
    """Send the entries of these runs that were given up because of their deal, if it is there again.

    `elapsed` is elapsed time. Stage moves stay as they are: HubSpot's stage holds.
    """
    # Asked again of the row itself: an admin may decide on it this moment.
    given_up = (
        OutboxRow.state.in_(("dropped", "dead")),
        or_(*(OutboxRow.reason.startswith(words) for words in (OUT_OF_BOOK, DEAL_DELETED))),
    )
    waited = (
        select(OutboxRow.id)
        .join(Fact, Fact.id == OutboxRow.fact_id)
        .join(RunRow, RunRow.id == Fact.run_id)
        .where(
            Fact.run_id.in_(run_ids),
            RunRow.gone_at.is_(None),
            OutboxRow.service == "hubspot",
            OutboxRow.kind.in_(("activity", "activity_update")),
            *given_up,
        )
    )
    again = {
        "state": "pending",
        "reason": None,
        "settled_at": None,
        "next_try_at": elapsed,
        "look_at": elapsed,
    }
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(list(session.scalars(waited))), *given_up)
        .values(again)
        .execution_options(synchronize_session=False)
    )
