"""When to look at a run next: an index over runs, recomputed with each fact and never truth (HOUSE)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.playbook.calendar import WorkCalendar
from bot.playbook.next_look import next_look
from bot.services.people.calendars import Calendars
from bot.services.work import Work
from bot.store.book import LoadedRun, id_ranges, load_runs, to_run
from bot.store.facts import lock_runs
from bot.store.tables import Person, RunRow


def look_of(work: Work, loaded: LoadedRun, calendar: WorkCalendar) -> date | None:
    """The next look of one run, by its owner's calendar."""
    return None if loaded.row.gone_at else next_look(to_run(loaded), calendar, work.now(), work.policy)


def look_again(
    work: Work, session: Session, run_ids: Collection[int], now: datetime
) -> list[tuple[LoadedRun, WorkCalendar]]:
    """Recompute the next look of these runs, in the transaction of what changed them; answers what it read."""
    return _recompute(work, session, now, RunRow.id.in_(tuple(run_ids)))


def look_again_at(work: Work, session: Session, owner_ids: Collection[int], now: datetime) -> None:
    """Recompute the next look of these people's runs: they are new, or live in another zone by now."""
    if owner_ids:
        _recompute(work, session, now, RunRow.owner_id.in_(tuple(owner_ids)))


def look_at_all(work: Work, now: datetime) -> None:
    """Recompute every open run's next look: after calendars or settings changed.

    A part at a time, each in a transaction of its own: other processes go on working on the book meanwhile.
    """
    with work.store.read() as session:
        parts = list(id_ranges(session))
    for part in parts:
        with work.store.write(patient=True) as session:
            _recompute(work, session, now, RunRow.gone_at.is_(None), part)


def _recompute(
    work: Work, session: Session, now: datetime, *which: ColumnElement[bool]
) -> list[tuple[LoadedRun, WorkCalendar]]:
    # Locked before they are read: a fact that is written meanwhile says when to look itself.
    lock_runs(session, session.scalars(select(RunRow.id).where(*which)).all())
    calendars = Calendars(session, work.config, now)
    people = {person.id: person for person in session.scalars(select(Person))}
    looks, read = [], []
    for loaded in load_runs(session, *which):
        calendar = calendars.of(people.get(loaded.row.owner_id or 0))
        read.append((loaded, calendar))
        look = look_of(work, loaded, calendar)
        if look != loaded.row.next_look_on:
            looks.append({"id": loaded.row.id, "next_look_on": look})
    if looks:
        session.execute(update(RunRow), looks)
    return read
