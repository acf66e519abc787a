"""Activities of the CRM -> facts: each record once, changed with it, withdrawn with it (FAULTS I3 and I6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from bot.playbook.run import EMAIL_KINDS
from bot.services.crm import CrmActivity, ReadFact
from bot.services.incoming.automatic_replies import forget_answer, keep_answer
from bot.services.incoming.marks import Mark, keep_marks
from bot.services.incoming.place import run_for
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, Reading
from bot.services.incoming.tracked import keep_tracking, tracking_of
from bot.services.incoming.tracking import redraw_told
from bot.services.runs.not_taken import DROPPED_BY
from bot.services.work import Work
from bot.store.facts import add_fact, lock_run, withdraw
from bot.store.outbox import OPEN_STATES
from bot.store.tables import CrmRecord, Fact, OutboxRow, RunChange, RunRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def apply_activity(
    work: Work, session: Session, activity: CrmActivity, reading: Reading, report: SyncReport
) -> int | None:
    """Bring the facts of one record up to date; answers the run that changed, if any."""
    if activity.problems:
        report.note_problems(f"{activity.object_type} {activity.id}", activity.problems)
    record = _record(session, activity.object_type, activity.id) or _own(session, activity, reading)
    if record is not None:
        return _follow(work, session, record, activity, reading, report)
    if activity.facts or activity.out_of_office:
        run = run_for(session, activity)
        if run is not None and lock_run(session, run.id) is not None:
            if activity.out_of_office is not None:
                keep_answer(session, run, activity, reading)
                return None
            return _begin(work, session, run, activity, reading, report)
    return None


def remove_activity(
    session: Session, object_type: str, object_id: str, reading: Reading, report: SyncReport
) -> int | None:
    """The record was deleted in the CRM: what it stood for did not happen. Answers the run that changed.

    A deferral outlives its task, and a logged email its tracked record, which is expected again.
    """
    record = _record(session, object_type, object_id)
    if record is None and object_type == "emails":
        return forget_answer(session, object_id)
    if record is None or object_type == "tasks":
        return None
    head = session.get_one(Fact, record.fact_id)
    if _is_matched_email(record, head):
        session.delete(record)
        return head.run_id
    changed: int | None = None
    booked = session.scalar(select(Fact).where(Fact.key == key_of(object_type, object_id, "booked")))
    for first in filter(None, (head, booked)):
        lock_run(session, first.run_id)
        tip = chain(session, first)[-1]
        if tip.kind != "withdrawn":
            withdraw(session, tip, at=reading.now, source=BOOK, surface="sync", reason="deleted in HubSpot")
            report.facts_withdrawn += 1
            changed = tip.run_id
    return changed


def chain(session: Session, first: Fact) -> list[Fact]:
    """A fact and what superseded it, one after the other; the last one holds."""
    found = [first]
    while True:
        later = session.scalar(select(Fact).where(Fact.supersedes_id == found[-1].id))
        if later is None:
            return found
        found.append(later)


def unmatched_email(session: Session, run_id: int, at: datetime, within: timedelta) -> Fact | None:
    """The logged email, without a tracked record yet, that lies nearest in time to a tracked one."""
    has_record = select(CrmRecord.id).where(CrmRecord.fact_id == Fact.id).exists()
    later = aliased(Fact)
    superseded = select(later.id).where(later.supersedes_id == Fact.id).exists()
    logged = session.scalars(
        select(Fact).where(
            Fact.run_id == run_id,
            Fact.kind.in_(tuple(EMAIL_KINDS)),
            Fact.source != BOOK,
            Fact.at.between(at - within, at + within),
            ~superseded,
            ~has_record,
        )
    )
    return min(logged, key=lambda fact: (abs(fact.at - at), fact.id), default=None)


def _begin(
    work: Work, session: Session, run: RunRow, activity: CrmActivity, reading: Reading, report: SyncReport
) -> int | None:
    """The first time a record is seen that somebody made in the CRM."""
    main = activity.facts[0]
    if main.kind == "email":
        logged = unmatched_email(session, run.id, main.at, timedelta(hours=work.policy.email_match_hours))
        if logged is not None:
            _link(session, logged.id, activity, reading, ours=False)
            redraw_told(work, session, logged)
            report.emails_matched += 1
            return run.id
    for what in activity.facts:
        fact = _write(session, run.id, activity, what, reading, None)
        if fact is None:
            continue
        report.facts_new += 1
        if what is main:
            _link(session, fact.id, activity, reading, ours=False)
    return run.id


def _follow(
    work: Work,
    session: Session,
    record: CrmRecord,
    activity: CrmActivity,
    reading: Reading,
    report: SyncReport,
) -> int | None:
    """A record seen before: our own echo, or changed by somebody in the CRM."""
    head = session.get_one(Fact, record.fact_id)
    lock_run(session, head.run_id)
    if activity.object_type == "tasks":
        return _note_done(session, head, activity, reading)
    told = head.run_id if keep_tracking(record, activity) else None
    if _is_matched_email(record, head):
        return _matched_again(work, session, record, head, activity, reading, report) or told
    facts = chain(session, head)
    tip = facts[-1]
    if tip.source != BOOK and tip.kind == "withdrawn":
        return None
    if tip.source != BOOK and _on_its_way(session, facts, reading.began):
        # What people changed there meanwhile may be found by no later search: its date has passed by then.
        keep_marks(session, [Mark(activity.object_type, activity.id)])
        return None
    if tip.source != BOOK and _was_refused(session, facts):
        return None
    wanted = next((what for what in activity.facts if not what.part), None)
    if wanted is None:
        if tip.kind == "withdrawn" or tip.source != BOOK:
            return None
        withdraw(session, tip, at=reading.now, source=BOOK, surface="sync", reason="does not count any more")
        report.facts_withdrawn += 1
        return tip.run_id
    person = reading.people.get(activity.owner_id or "")
    handed_over = tip.source == BOOK and person is not None and person.id != tip.actor_id
    if not handed_over and _says(tip, activity.object_type) == _would_say(wanted, activity.object_type):
        return told
    _write(session, tip.run_id, activity, wanted, reading, tip)
    report.facts_changed += 1
    return tip.run_id


def _matched_again(
    work: Work,
    session: Session,
    record: CrmRecord,
    head: Fact,
    activity: CrmActivity,
    reading: Reading,
    report: SyncReport,
) -> int | None:
    """The record of a logged email. When that was undone, the email went out all the same and counts by itself."""
    if chain(session, head)[-1].kind != "withdrawn" or not activity.facts:
        return None
    session.delete(record)
    session.flush()
    return _begin(work, session, session.get_one(RunRow, head.run_id), activity, reading, report)


def _note_done(session: Session, deferral: Fact, activity: CrmActivity, reading: Reading) -> int | None:
    """The task of a deferral was completed by somebody in HubSpot: kept once, it moves nothing."""
    kept = select(RunChange.id).where(
        RunChange.run_id == deferral.run_id, RunChange.field == "task", RunChange.old == activity.id
    )
    ours = select(OutboxRow.id).where(OutboxRow.fact_id == deferral.id, OutboxRow.kind == "task_complete")
    if not activity.done or session.scalar(kept) is not None or session.scalar(ours) is not None:
        return None
    person = reading.people.get(activity.owner_id or "")
    done = RunChange(run_id=deferral.run_id, field="task", old=activity.id, new="done", at=reading.now)
    done.source, done.actor_id = BOOK, person.id if person is not None else None
    session.add(done)
    return deferral.run_id


def _says(fact: Fact, object_type: str) -> tuple[object, ...]:
    """What a fact says of those things that its record carries; a person's own words are not compared."""
    if fact.kind == "withdrawn":
        return ("withdrawn",)
    if object_type == "meetings":
        return (fact.outcome or "scheduled", _milliseconds(fact.starts_at))
    if object_type == "calls":
        outcome = (fact.outcome, fact.reason) if fact.kind == "call" else None
        return (fact.kind, outcome, _milliseconds(fact.at))
    return (_milliseconds(fact.at),)


def _would_say(what: ReadFact, object_type: str) -> tuple[object, ...]:
    if object_type == "meetings":
        return (what.outcome or "scheduled", _milliseconds(what.starts_at))
    if object_type == "calls":
        outcome = (what.outcome, what.reason) if what.kind == "call" else None
        return (what.kind, outcome, _milliseconds(what.at))
    return (_milliseconds(what.at),)


def _milliseconds(instant: datetime | None) -> int | None:
    """HubSpot keeps milliseconds and cuts off what is finer: that is not a change."""
    return None if instant is None else (instant - _EPOCH) // timedelta(milliseconds=1)


def _write(
    session: Session,
    run_id: int,
    activity: CrmActivity,
    what: ReadFact,
    reading: Reading,
    earlier: Fact | None,
) -> Fact | None:
    key = key_of(activity.object_type, activity.id, what.part)
    # A note that carries a review is still the review when its time is mended.
    kind = earlier.kind if earlier is not None and activity.object_type in ("notes", "emails") else what.kind
    if kind == "withdrawn":
        kind = what.kind
    values = new_fact(key if earlier is None else f"{key}#{earlier.id}", run_id, activity, what, reading)
    return add_fact(
        session, **{**values, "kind": kind, "supersedes_id": earlier.id if earlier is not None else None}
    )


def new_fact(
    key: str, run_id: int, activity: CrmActivity, what: ReadFact, reading: Reading
) -> dict[str, Any]:
    """The values of a fact that comes from HubSpot."""
    person = reading.people.get(activity.owner_id or "")
    return {
        "key": key,
        "run_id": run_id,
        "kind": what.kind,
        "at": what.at,
        "recorded_at": reading.now,
        "source": BOOK,
        "surface": "sync",
        "actor_id": person.id if person is not None else None,
        "outcome": what.outcome,
        "starts_at": what.starts_at,
        "reason": what.reason,
        "note": what.note,
    }


def known_as(session: Session, activities: Sequence[CrmActivity]) -> set[str]:
    """The ids of those of one type that are known already, or that carry a key of ours."""
    ids = {one.id for one in activities}
    keys = {key_of(one.object_type, one.id, what.part): one.id for one in activities for what in one.facts}
    types = {one.object_type for one in activities}
    records = select(CrmRecord.object_id).where(
        CrmRecord.object_type.in_(types), CrmRecord.object_id.in_(ids)
    )
    written = session.scalars(select(Fact.key).where(Fact.key.in_(keys)))
    ours = {one.id for one in activities if one.key is not None}
    return {*session.scalars(records), *(keys[key] for key in written), *ours}


def _on_its_way(session: Session, facts: list[Fact], began: datetime) -> bool:
    """Whether something of ours about this record has not arrived, or arrived while this pass was reading."""
    rows = session.execute(_rows_about(facts, OutboxRow.state, OutboxRow.settled_at))
    return any(
        state in OPEN_STATES or (settled_at is not None and settled_at >= began) for state, settled_at in rows
    )


def _was_refused(session: Session, facts: list[Fact]) -> bool:
    """A write that HubSpot refused for good leaves our fact as it is, also after somebody left it at that; it is
    listed with its reason.
    """
    rows = session.execute(_rows_about(facts, OutboxRow.state, OutboxRow.reason))
    return any(
        state == "dead" or (state == "dropped" and (reason or "").startswith(DROPPED_BY))
        for state, reason in rows
    )


def _rows_about(facts: list[Fact], *columns: Any) -> Select[Any]:
    ids = [fact.id for fact in facts]
    return select(*columns).where(OutboxRow.service == "hubspot", OutboxRow.fact_id.in_(ids))


def _own(session: Session, activity: CrmActivity, reading: Reading) -> CrmRecord | None:
    """The link to a record of our own that we had not learned of yet: its answer was lost."""
    if activity.key is None:
        return None
    fact = session.scalar(select(Fact).where(Fact.key == activity.key, Fact.source != BOOK))
    return None if fact is None else _link(session, fact.id, activity, reading, ours=True)


def _link(
    session: Session, fact_id: int, activity: CrmActivity, reading: Reading, *, ours: bool
) -> CrmRecord:
    record = CrmRecord(
        fact_id=fact_id,
        object_type=activity.object_type,
        object_id=activity.id,
        linked_at=reading.now,
        ours=ours,
        **tracking_of(activity),
    )
    session.add(record)
    session.flush()
    return record


def _record(session: Session, object_type: str, object_id: str) -> CrmRecord | None:
    return session.scalar(
        select(CrmRecord).where(CrmRecord.object_type == object_type, CrmRecord.object_id == object_id)
    )


def _is_matched_email(record: CrmRecord, head: Fact) -> bool:
    return record.object_type == "emails" and not record.ours and head.source != BOOK


def key_of(object_type: str, object_id: str, part: str) -> str:
    """What names a happening in HubSpot."""
    return f"hubspot:{object_type}:{object_id}" + (f":{part}" if part else "")
