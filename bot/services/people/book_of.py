"""Whose book: the reps, and the runs of theirs that are worth looking at on a date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from bot.config import Config
from bot.store.book import LoadedRun, load_runs
from bot.store.tables import Person, RunRow

OPEN_STAGES = ("open", "negotiation")


def reps_of(session: Session, config: Config) -> list[Person]:
    """Everybody who owns an open run, and everybody whom the configuration names as a rep."""
    return list(session.scalars(reps_query(config)))


def reps_query(config: Config) -> Select[Person]:
    """The statement that finds them: one look into the index for each person, not a walk through the book."""
    named = [email for team in config.teams for email in team.reps]
    owns = (
        select(RunRow.id)
        .where(RunRow.stage.in_(OPEN_STAGES), RunRow.owner_id == Person.id, RunRow.gone_at.is_(None))
        .exists()
    )
    return select(Person).where(or_(owns, Person.email.in_(named))).order_by(Person.id)


def worth_looking(on: date) -> tuple[ColumnElement[bool], ...]:
    """The runs of which a digest or the manager's message of local date `on` may have to speak."""
    return (RunRow.next_look_on <= on, RunRow.gone_at.is_(None))


def due_runs(session: Session, owner_ids: Collection[int], on: date) -> list[LoadedRun]:
    """These reps' runs worth looking at by `on`: two statements, however many reps and runs."""
    return load_runs(session, RunRow.owner_id.in_(tuple(owner_ids)), *worth_looking(on))
