"""Writing down what happened on a run: facts, the stage they move, and all that has to leave because of them.

Every way in - a button, a form, a command, the sync - ends here, inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.playbook.calendar import WorkCalendar
from bot.services.outgoing.crm_deals import enqueue_deals
from bot.services.outgoing.crm_out import carry_fact, finish_tasks
from bot.services.outgoing.redraws import Pressed, redraw_runs
from bot.services.people.calendars import Calendars
from bot.services.runs.looking import look_of
from bot.services.runs.new_deals import RENEWAL, DealToMake, agree_price, keep_deal
from bot.services.work import Work
from bot.store.book import LoadedRun, load_run, with_facts
from bot.store.facts import add_fact
from bot.store.tables import Fact, Person, RunChange, RunRow


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be written; `at` is when it happened, business time (None: now).

    `deal` follows from it: the next term of what is won, an upsell, a new customer.
    """

    kind: str
    at: datetime | None = None
    outcome: str | None = None
    until: date | None = None
    starts_at: datetime | None = None
    reason: str | None = None
    note: str | None = None
    supersedes_id: int | None = None
    deal: DealToMake | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from. `key` names the happening: the same key twice is written once."""

    key: str
    source: str  # slack | hubspot | import | system
    surface: str  # button | form | command | message | sync | job
    step: str | None = None
    pressed: Pressed | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller has read of a locked run before it writes: its facts, and its owner's calendar."""

    loaded: LoadedRun
    calendar: WorkCalendar


def record(
    work: Work,
    session: Session,
    run: RunRow,
    actor: Person | None,
    origin: Origin,
    new: Sequence[NewFact],
    known: Known | None = None,
) -> list[Fact]:
    """Write facts on a locked run. Answers those that were new (none, when the key was written before).

    A person waits for this: what is `known` is not read again.
    """
    now = work.now()
    written: list[Fact] = []
    for number, what in enumerate(new):
        fact = add_fact(
            session,
            key=f"{origin.key}#{number}",
            run_id=run.id,
            kind=what.kind,
            at=what.at or now,
            recorded_at=now,
            source=origin.source,
            surface=origin.surface,
            actor_id=actor.id if actor else None,
            outcome=what.outcome,
            until=what.until,
            starts_at=what.starts_at,
            step=origin.step,
            reason=what.reason,
            note=what.note,
            supersedes_id=what.supersedes_id,
        )
        if fact is None:
            continue
        written.append(fact)
        if what.kind == "stage" and what.outcome is not None:
            move_stage(session, run, what.outcome, now, origin.source, actor)
        if what.deal is not None:
            keep_deal(session, run, fact, what.deal)
            if what.kind == "stage" and what.deal.kind == RENEWAL:
                agree_price(session, run, what.deal.amount_cents, fact)
        carry_fact(work, session, run, fact)
        if what.deal is not None:
            enqueue_deals(work, session, run, fact)
    if written:
        run.version += 1
        after = _after(work, session, run, written, known)
        run.next_look_on = look_of(work, after.loaded, after.calendar)
        finish_tasks(work, session, run, after.loaded, after.calendar)
        redraw_runs(work, session, [run.id], origin.pressed)
    return written


def _after(work: Work, session: Session, run: RunRow, written: Sequence[Fact], known: Known | None) -> Known:
    """The run with what was written."""
    if known is not None:
        return Known(with_facts(known.loaded, run, written), known.calendar)
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    return Known(load_run(session, run), Calendars(session, work.config, work.now()).of(owner))


def move_stage(
    session: Session, run: RunRow, stage: str, now: datetime, source: str, actor: Person | None
) -> None:
    """Set the run's stage and keep what it was."""
    if stage == run.stage:
        return
    session.add(
        RunChange(
            run_id=run.id,
            field="stage",
            old=run.stage,
            new=stage,
            at=now,
            source=source,
            actor_id=actor.id if actor else None,
        )
    )
    run.stage = stage
