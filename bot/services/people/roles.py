"""Who a person is here, and what they may do: checked on the server at the moment of each click (FAULTS I4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Config
from bot.services.errors import NotYours, UnknownPerson
from bot.services.people.cover import Covers
from bot.services.people.user_groups import is_named
from bot.store.tables import Person, Refusal, RunRow


@dataclass(frozen=True, slots=True)
class Who:
    """A Slack user as an interaction names them."""

    team_id: str
    user_id: str


def known_person(session: Session, who: Who) -> Person:
    """The person behind a Slack user. Raises UnknownPerson, also for one who was deactivated."""
    found = session.scalar(
        select(Person).where(
            Person.slack_user_id == who.user_id, Person.slack_team_id == who.team_id, Person.active
        )
    )
    if found is None:
        raise UnknownPerson(
            "I do not know you yet. Ask your admin to run `renewals check`: your Slack e-mail must match"
            " your HubSpot owner's."
        )
    return found


def manages(config: Config, person: Person, owner: Person | None) -> bool:
    """Whether the person is manager of the owner's team, or a department manager."""
    if is_named(person, config.department_managers):
        return True
    if owner is None:
        return any(is_named(person, team.managers) for team in config.teams)
    return is_named(person, config.team_of(owner.email).managers)


def may_work(config: Config, person: Person, owner: Person | None, covers: Covers) -> bool:
    """Whether the person may log on, defer or change the owner's runs: owner, cover, or their manager."""
    if owner is not None and person.id in (owner.id, getattr(covers.worker_of(owner), "id", None)):
        return True
    return manages(config, person, owner)


def require_may_work(config: Config, person: Person, owner: Person | None, covers: Covers) -> None:
    """Raise NotYours, which the guard audits, unless the person may work the owner's runs."""
    if not may_work(config, person, owner, covers):
        raise NotYours(
            "This account is not in your book, so nothing was changed. Its owner or their manager can do this."
        )


def audit_refusal(
    session: Session, who: Who, run_id: int | None, action: str, why: str, at: datetime
) -> None:
    """Keep that an action was refused, and to whom (`at` in business time)."""
    person = session.scalar(select(Person.id).where(Person.slack_user_id == who.user_id))
    known_run = run_id if run_id is not None and session.get(RunRow, run_id) is not None else None
    session.add(
        Refusal(at=at, person_id=person, slack_user_id=who.user_id, run_id=known_run, action=action, why=why)
    )
