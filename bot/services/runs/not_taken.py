"""Which entries HubSpot did not take, and where both sides chose something else: read from the outbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.services.not_taken import ANSWER_WITHIN, Contest, NotTaken
from bot.services.runs.crm_changes import DECIDED
from bot.services.work import Work
from bot.store.outbox import drop
from bot.store.settling import CONTEST
from bot.store.tables import Fact, OutboxRow, Person, RunChange, RunRow

# The rows that carry something a person has logged.
CARRIES_ENTRIES = ("activity", "activity_update", "deal_update", "deal_create")
DROPPED_BY = "dropped by "


def set_aside() -> tuple[ColumnElement[bool], ...]:
    """What makes an outbox row one that somebody may try again, drop or decide."""
    return (
        OutboxRow.service == "hubspot",
        OutboxRow.state == "dead",
        OutboxRow.kind.in_(CARRIES_ENTRIES),
        OutboxRow.fact_id.is_not(None),
    )


def not_taken(work: Work, session: Session, run_ids: Collection[int]) -> dict[int, tuple[OutboxRow, Fact]]:
    """{fact id: its row that was set aside, and the fact}, of these runs."""
    if not run_ids or work.book != "hubspot":
        return {}
    rows = session.execute(
        select(OutboxRow, Fact)
        .join(Fact, Fact.id == OutboxRow.fact_id)
        .where(*set_aside(), Fact.run_id.in_(run_ids))
        .order_by(OutboxRow.id)
    )
    return {fact.id: (row, fact) for row, fact in rows}


def undecided_runs(work: Work, session: Session, rep: Person) -> list[int]:
    """The rep's runs with an entry that is not in HubSpot and waits for somebody's decision, the oldest entry first."""
    if work.book != "hubspot":
        return []
    rows = session.execute(
        select(Fact.run_id)
        .join(OutboxRow, OutboxRow.fact_id == Fact.id)
        .join(RunRow, RunRow.id == Fact.run_id)
        .where(*set_aside(), RunRow.owner_id == rep.id, RunRow.gone_at.is_(None))
        .order_by(OutboxRow.id)
    )
    return list(dict.fromkeys(row.run_id for row in rows))


def said_of(work: Work, row: OutboxRow, fact: Fact, zone: ZoneInfo) -> NotTaken:
    """The row for a reader in `zone`."""
    theirs = contest_of(row)
    if theirs is None:
        return NotTaken(fact.id, row.reason or "HubSpot gave no reason")
    said: Mapping[str, Any] = theirs.get("said") or {}
    what, value = next(iter(said.items()), ("value", ""))
    ours = {
        "stage": fact.outcome,
        "outcome": fact.outcome,
        "starts_at": fact.starts_at.astimezone(zone).isoformat() if fact.starts_at else None,
    }.get(what, row.payload.get("properties", {}).get(what))
    if what == "starts_at":
        value = datetime.fromisoformat(value).astimezone(zone).isoformat()
    at = theirs.get("at")
    contest = Contest(
        what=what,
        ours=ours,
        theirs=str(value),
        at=datetime.fromisoformat(at).astimezone(zone) if at else None,
        until=answer_until(work, row).astimezone(zone),
    )
    return NotTaken(fact.id, row.reason or "", contest)


def answer_until(work: Work, row: OutboxRow) -> datetime:
    """Until when somebody may choose, business time: the day runs in elapsed time, as the outbox does."""
    settled = row.settled_at or work.elapsed()
    return work.now() + (settled + ANSWER_WITHIN - work.elapsed())


def end_contests(session: Session, run: RunRow, why: str, now: datetime) -> None:
    """The run's deal is gone: nobody can choose any more, and HubSpot's holds. `now` is business time."""
    rows = select(OutboxRow).join(Fact, Fact.id == OutboxRow.fact_id)
    for row in session.scalars(rows.where(*set_aside(), Fact.run_id == run.id)):
        if contest_of(row) is not None:
            change = RunChange(
                run_id=run.id, field=DECIDED, old=row.reason, new=f"HubSpot's kept: {why}", at=now
            )
            change.source = "hubspot"
            session.add(change)
            drop(session, row.id, reason=why)


def contest_of(row: OutboxRow) -> dict[str, Any] | None:
    """What stands in HubSpot against this row; None when it was refused for another reason."""
    found = row.result.get(CONTEST) if isinstance(row.result, dict) else None
    return found if isinstance(found, dict) else None
