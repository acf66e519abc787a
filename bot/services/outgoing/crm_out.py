"""What a fact means for HubSpot: outbox rows in the fact's own transaction (PLAYBOOK 6 and 7).

A logged email writes nothing while tracking is on: it expects the tracked record. On an imported book nothing
leaves for HubSpot at all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.playbook.assessment import State
from bot.playbook.calendar import WorkCalendar
from bot.playbook.rules import assess
from bot.playbook.run import EMAIL_KINDS
from bot.services.outgoing.crm_deals import close_properties
from bot.services.runs.kept import TAKEN_FROM, is_move_out, owner_before
from bot.services.runs.not_taken import set_aside
from bot.services.work import Work
from bot.store.book import FactRow, LoadedRun, to_run
from bot.store.outbox import cancel, drop, enqueue
from bot.store.tables import Fact, OutboxRow, Person, RunChange, RunRow

# What becomes a HubSpot record of its own; a reply or a booked meeting is already there as the customer's act.
RECORDED = frozenset(
    {"call", "note", "review", "report_missing", "appointment", "deferral", "reply", "kept", "site_down"}
)


def carry_fact(work: Work, session: Session, run: RunRow, fact: Fact) -> None:
    """Enqueue what HubSpot has to learn of this fact; facts that came from HubSpot stay there."""
    if run.book != "hubspot" or fact.source == "hubspot":
        return
    if fact.kind == "stage":
        _enqueue_stage(work, session, run, fact)
    elif fact.kind in EMAIL_KINDS:
        if work.policy.email_tracking == "off":
            _enqueue(work, session, run, fact, "activity")
    elif fact.kind in RECORDED and fact.supersedes_id is not None:
        drop_set_aside(session, [fact.supersedes_id], "said anew since")
        _enqueue(work, session, run, fact, "activity_update", of=fact.supersedes_id)
    elif fact.kind in RECORDED:
        _enqueue(work, session, run, fact, "activity")


def take_back(work: Work, session: Session, run: RunRow, fact: Fact, *, wholly: bool = True) -> None:
    """An undone fact leaves HubSpot again, or never gets there; not `wholly`: its record says something else."""
    if run.book != "hubspot":
        return
    cancel(session, fact_id=fact.id, reason="undone")
    drop_set_aside(session, [fact.id], "undone")
    if not wholly:
        return
    left = session.scalar(
        select(OutboxRow.id)
        .where(
            OutboxRow.fact_id.in_(_line(session, fact)),
            OutboxRow.kind.in_(("activity", "activity_update")),
            # A try that HubSpot refused half-way may have made the record all the same.
            or_(OutboxRow.attempts > 0, OutboxRow.state.in_(("sending", "unknown", "sent"))),
        )
        .limit(1)
    )
    if left is not None:
        _enqueue(work, session, run, fact, "activity_archive", wait=timedelta())


def _line(session: Session, fact: Fact) -> list[int]:
    """The ids of a fact and of those it superseded: one record carries them."""
    found = [fact]
    while found[-1].supersedes_id is not None:
        found.append(session.get_one(Fact, found[-1].supersedes_id))
    return [one.id for one in found]


def finish_tasks(
    work: Work, session: Session, run: RunRow, loaded: LoadedRun, calendar: WorkCalendar
) -> None:
    """Complete the HubSpot tasks of deferrals that hold the run no longer, and reopen that of one that does again."""
    if run.book != "hubspot":
        return
    deferrals = [fact for fact in loaded.facts if fact.kind == "deferral" and fact.source != "hubspot"]
    if not deferrals:
        return
    newest = max(deferrals, key=lambda fact: (fact.at, fact.id))
    written = _task_changes(session, [fact.id for fact in deferrals])
    for fact in deferrals:
        done, reopened = (written.get((fact.id, kind), 0) for kind in ("task_complete", "task_reopen"))
        over = fact.id != newest.id or _is_over(work, loaded, calendar)
        if over and done == reopened:
            _enqueue(work, session, run, fact, "task_complete", slot=str(done + 1), wait=timedelta())
        elif not over and done > reopened:  # what had ended it was undone
            _enqueue(work, session, run, fact, "task_reopen", slot=str(done), wait=timedelta())


def _task_changes(session: Session, fact_ids: list[int]) -> dict[tuple[int | None, str], int]:
    """How often the task of each deferral was completed and reopened by us, by (fact, kind of row)."""
    rows = session.execute(
        select(OutboxRow.fact_id, OutboxRow.kind, func.count())
        .where(OutboxRow.fact_id.in_(fact_ids), OutboxRow.kind.in_(("task_complete", "task_reopen")))
        .group_by(OutboxRow.fact_id, OutboxRow.kind)
    )
    return {(fact_id, kind): count for fact_id, kind, count in rows}


def _is_over(work: Work, loaded: LoadedRun, calendar: WorkCalendar) -> bool:
    """Whether the newest deferral holds the run no longer and was answered."""
    seen = assess(to_run(loaded), calendar, work.now(), work.policy)
    return seen.state is not State.DEFERRED and not seen.returning


def _enqueue_stage(work: Work, session: Session, run: RunRow, fact: Fact) -> None:
    earlier = select(Fact.id).where(Fact.run_id == run.id, Fact.kind == "stage", Fact.id < fact.id)
    drop_set_aside(session, list(session.scalars(earlier)), "moved on since")
    stage_id = work.config.hubspot.stage_for.get(fact.outcome or "")
    if stage_id is None:
        return
    _enqueue(
        work,
        session,
        run,
        fact,
        "deal_update",
        deal_id=run.deal_id,
        properties={"dealstage": stage_id, **close_properties(work, session, fact)},
        new_owner=_new_owner(work, session, run, fact),
        known={"dealstage": _stage_known(session, run, fact)},
        asks=fact.source == "slack",
    )


def drop_set_aside(session: Session, fact_ids: list[int], reason: str) -> None:
    """What HubSpot did not take of these facts is not worth a decision any more."""
    rows = select(OutboxRow.id).where(*set_aside(), OutboxRow.fact_id.in_(fact_ids))
    for row_id in session.scalars(rows):
        drop(session, row_id, reason=reason)


def _stage_known(session: Session, run: RunRow, fact: Fact) -> str:
    """The stage that was known when this one was chosen: what else stands in HubSpot by then, somebody chose there."""
    before = session.scalar(
        select(RunChange.old)
        .where(RunChange.run_id == run.id, RunChange.field == "stage", RunChange.new == fact.outcome)
        .order_by(RunChange.id.desc())
        .limit(1)
    )
    return before or run.stage


def _new_owner(work: Work, session: Session, run: RunRow, fact: Fact) -> dict[str, str]:
    """With a move-out the owner its team has set for that, by e-mail; with one taken back the owner before."""
    if is_move_out(fact) and run.crm_owner_id is not None:
        rep = session.get(Person, run.owner_id) if run.owner_id is not None else None
        to = work.config.team_of(rep.email if rep is not None else "").moved_out_owner
        if to is not None:
            change = RunChange(run_id=run.id, field=TAKEN_FROM, old=run.crm_owner_id, new=to, at=fact.at)
            change.source, change.actor_id = fact.source, fact.actor_id
            session.add(change)
            return {"email": to}
    undone = session.get(Fact, fact.supersedes_id) if fact.supersedes_id is not None else None
    if undone is not None and is_move_out(undone) and (before := owner_before(session, run)) is not None:
        return {"id": before}
    return {}


def _enqueue(
    work: Work,
    session: Session,
    run: RunRow,
    fact: Fact | FactRow,
    kind: str,
    *,
    of: int | None = None,
    slot: str = "1",
    wait: timedelta | None = None,
    **payload: Any,
) -> None:
    enqueue(
        session,
        service="hubspot",
        kind=kind,
        recipient=f"fact:{fact.id}",
        slot=slot,
        target=f"deal:{run.deal_id}",
        now=work.now(),
        elapsed=work.elapsed(),
        payload={"run_id": run.id, **({"of_fact": of} if of is not None else {}), **payload},
        fact_id=fact.id,
        wait=timedelta(seconds=work.policy.hubspot_undo_seconds) if wait is None else wait,
    )
