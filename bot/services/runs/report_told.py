"""Who was told that a report is missing, and whether they have acknowledged it: read from messages and facts."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.services.models import ReportTold
from bot.store.book import FactRow, LoadedRun
from bot.store.tables import Message, OutboxRow, Person

REPORT_MISSING = "report_missing"
ACKNOWLEDGED = "report_acknowledged"  # its `reason` names the fact that it answers


def told_slot(fact_id: int) -> str:
    """The slot of the messages that tell of a missing report, and what an acknowledgement names."""
    return f"fact:{fact_id}"


def told_of(slot: str) -> int:
    """The fact of which a message in this slot tells."""
    return int(slot.removeprefix("fact:"))


def acknowledgement_of(loaded: LoadedRun, fact_id: int) -> FactRow | None:
    """The fact by which a missing report was acknowledged."""
    slot = told_slot(fact_id)
    return next((one for one in loaded.facts if one.kind == ACKNOWLEDGED and one.reason == slot), None)


def reports_told(
    session: Session, people: Mapping[int, Person], loaded: LoadedRun, zone: ZoneInfo
) -> dict[int, ReportTold]:
    """By fact: what became of each report that was missed on a run; instants in `zone`."""
    missed = [fact for fact in loaded.facts if fact.kind == REPORT_MISSING]
    if not missed:
        return {}
    rows = session.execute(
        select(Message.slot, Message.person_id, OutboxRow.state)
        .join(
            OutboxRow,
            and_(
                OutboxRow.kind == Message.kind,
                OutboxRow.recipient == Message.recipient,
                OutboxRow.slot == Message.slot,
            ),
        )
        .where(Message.kind == REPORT_MISSING, Message.slot.in_([told_slot(fact.id) for fact in missed]))
        .order_by(Message.id)
    ).all()
    found = {}
    for fact in missed:
        names: dict[bool, list[str]] = {True: [], False: []}
        for row in rows:
            if row.slot == told_slot(fact.id) and row.person_id in people:
                names[row.state not in ("dead", "dropped")].append(people[row.person_id].name)
        answer = acknowledgement_of(loaded, fact.id)
        by = people.get(answer.actor_id or 0) if answer is not None else None
        found[fact.id] = ReportTold(
            fact_id=fact.id,
            to=tuple(names[True]),
            untold=tuple(names[False]),
            acknowledged_at=answer.at.astimezone(zone) if answer is not None else None,
            acknowledged_by=by.name if by is not None else None,
        )
    return found


def report_is_missing(loaded: LoadedRun) -> bool:
    """Whether a report was missed and the review was not done since."""
    missed = [fact.at for fact in loaded.facts if fact.kind == REPORT_MISSING]
    reviewed = [fact.at for fact in loaded.facts if fact.kind == "review"]
    return bool(missed) and not any(at > max(missed) for at in reviewed)


def unanswered_reports(loaded: LoadedRun) -> list[FactRow]:
    """The missing reports that nobody has acknowledged, and after which no review was done."""
    if not report_is_missing(loaded):
        return []
    missed = (fact for fact in loaded.facts if fact.kind == REPORT_MISSING)
    return [fact for fact in missed if acknowledgement_of(loaded, fact.id) is None]
