"""Who the people are: Slack users and HubSpot owners, matched by lower-cased e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from bot.services.crm import CrmOwner
from bot.store.facts import lock_runs
from bot.store.inserts import insert_row
from bot.store.tables import Person, RunRow


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """A human member of the workspace."""

    team_id: str
    user_id: str
    email: str
    name: str
    tz: str
    active: bool = True


class SlackDirectory(Protocol):
    """Lists the workspace's people."""

    def people(self) -> Iterable[SlackPerson]:
        """Everybody with an e-mail address, those deactivated included; no bots."""
        ...


def upsert_people(session: Session, slack: Iterable[SlackPerson]) -> tuple[int, ...]:
    """Write down the workspace's people by e-mail; answers the ids of those who are new or whose zone
    changed.

    Who was deactivated in Slack is kept, with the reason, and reads nothing any more.
    """
    listed = {email: found for found in slack if (email := found.email.strip().lower())}
    made = _meet(session, listed)
    known = {person.email: person for person in lock_people(session, Person.email.in_(listed))}
    changed = [known[email] for email in made]
    for email, found in listed.items():
        person = known[email]
        zone = _zone(found.tz, person.tz)
        if zone != person.tz:
            person.tz = zone
            changed.append(person)
        person.name = found.name[:200] or email
        person.slack_team_id, person.slack_user_id = found.team_id, found.user_id
        person.active = found.active
        person.inactive_reason = None if found.active else "deactivated in Slack"
    session.flush()
    return tuple(dict.fromkeys(person.id for person in changed))


def _meet(session: Session, listed: Mapping[str, SlackPerson]) -> list[str]:
    """Write down those who are not known yet; the e-mails of those whom nobody else wrote down meanwhile."""
    known = set(session.scalars(select(Person.email)))
    made = []
    # In one order: two processes that start at once meet the same people.
    for email in sorted(listed.keys() - known):
        found = listed[email]
        values = {"email": email, "name": found.name[:200], "tz": _zone(found.tz, "UTC"), "active": True}
        if insert_row(session, Person, {**values, "user_groups": []}) is not None:
            made.append(email)
    return made


def lock_people(session: Session, *where: ColumnElement[bool]) -> list[Person]:
    """These people as they are now, by id; nobody else changes them before this transaction ends.

    What only names a person, like a fact or a message, can be written meanwhile.
    """
    session.flush()
    wanted = select(Person).where(*where).order_by(Person.id).with_for_update(key_share=True)
    return list(session.scalars(wanted, execution_options={"populate_existing": True}))


def match_owners(session: Session, owners: Iterable[CrmOwner]) -> dict[str, Person]:
    """Give each owner id to the person with that e-mail; answers the people by owner id.

    An owner who was deactivated and made anew has two ids: the active one is the person's, both are found.
    """
    by_email = {person.email: person for person in session.scalars(select(Person))}
    found: dict[str, Person] = {}
    active: dict[str, str] = {}
    for owner in owners:
        person = by_email.get(owner.email)
        if person is None:
            continue
        found[owner.id] = person
        if owner.active:
            active.setdefault(person.email, owner.id)
    moved = [email for email, owner_id in active.items() if by_email[email].crm_owner_id != owner_id]
    for person in lock_people(session, Person.email.in_(moved)) if moved else ():
        person.crm_owner_id = active[person.email]
    return found


def hand_over(session: Session, people: Mapping[str, Person]) -> list[int]:
    """Give the runs of owners who are known by now to their person; answers the runs that changed."""
    ownerless = (RunRow.crm_owner_id.in_(people), RunRow.owner_id.is_(None))
    ids = session.scalars(select(RunRow.id).where(*ownerless)).all()
    changed = []
    for run in lock_runs(session, ids):
        if run.owner_id is not None:
            continue  # somebody else has just handed it over
        person = people.get(run.crm_owner_id or "")
        if person is not None:
            run.owner_id = person.id
            changed.append(run.id)
    return changed


def unmatched_owners(session: Session, owners: Iterable[CrmOwner]) -> tuple[str, ...]:
    """E-mails (or ids) of the owners of open renewals whom nobody in Slack answers to."""
    emails = {owner.id: owner.email for owner in owners}
    open_runs = (RunRow.gone_at.is_(None), RunRow.stage.in_(("open", "negotiation")))
    ids = session.scalars(
        select(RunRow.crm_owner_id)
        .outerjoin(Person, Person.id == RunRow.owner_id)
        .where(RunRow.crm_owner_id.is_not(None), *open_runs)
        .where(or_(RunRow.owner_id.is_(None), Person.slack_user_id.is_(None)))
        .distinct()
    )
    return tuple(sorted(emails.get(one or "") or f"owner {one}" for one in ids))


def owners_of_open_runs(session: Session) -> tuple[frozenset[str], frozenset[str]]:
    """The e-mails of the people who own open renewals, and the CRM's owner ids of those nobody answers to."""
    open_runs = (RunRow.gone_at.is_(None), RunRow.stage.in_(("open", "negotiation")))
    known = select(Person.email).join(RunRow, RunRow.owner_id == Person.id).where(*open_runs)
    unknown = select(RunRow.crm_owner_id).where(
        RunRow.owner_id.is_(None), RunRow.crm_owner_id.is_not(None), *open_runs
    )
    ids = frozenset(one for one in session.scalars(unknown) if one is not None)
    return frozenset(session.scalars(known)), ids


def _zone(name: str, otherwise: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return otherwise
    return name
