"""NPS, links and further contacts of a run: kept by the sync and the import, read for its card."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.crm import CrmContact
from bot.store.tables import RunContact, RunDetails

# More than a card can list; who else is linked to the deal is a look into the CRM away.
MOST_CONTACTS = 20


@dataclass(frozen=True, slots=True)
class Details:
    """What a card shows of the customer. `nps_on` is the date of the survey, `nps_why` the answer's own words."""

    nps_score: int | None = None
    nps_on: date | None = None
    nps_why: str | None = None
    reports_url: str | None = None
    analytics_url: str | None = None


NOTHING_KNOWN = Details()
FIELDS = ("nps_score", "nps_on", "nps_why", "reports_url", "analytics_url")


def read_details(session: Session, run_id: int) -> Details:
    """What is known of a run's customer."""
    row = session.get(RunDetails, run_id)
    return Details(*(getattr(row, name) for name in FIELDS)) if row is not None else NOTHING_KNOWN


def keep_details(
    session: Session, run_id: int, known: Details, unreadable: Collection[str] = frozenset()
) -> bool:
    """Bring a run's details up to date, but for the fields that could not be read; whether anything changed."""
    before = read_details(session, run_id)
    wanted = {name: getattr(before if name in unreadable else known, name) for name in FIELDS}
    if Details(**wanted) == before:
        return False
    session.merge(RunDetails(run_id=run_id, **wanted))
    return True


def new_details(run_id: int, known: Details) -> list[RunDetails]:
    """The row of a new run; none when nothing is known."""
    if known == NOTHING_KNOWN:
        return []
    return [RunDetails(run_id=run_id, **{name: getattr(known, name) for name in FIELDS})]


def read_contacts(session: Session, run_id: int) -> list[RunContact]:
    """A run's further contacts in their order."""
    wanted = select(RunContact).where(RunContact.run_id == run_id).order_by(RunContact.place)
    return list(session.scalars(wanted))


def keep_contacts(session: Session, run_id: int, contacts: Sequence[CrmContact]) -> bool:
    """Make these a run's further contacts; whether anything changed. Who is not among them is forgotten."""
    wanted = [(one.id, one.name, one.phone, one.email) for one in contacts[:MOST_CONTACTS]]
    known = read_contacts(session, run_id)
    if wanted == [(one.contact_id, one.name, one.phone, one.email) for one in known]:
        return False
    for row in known:
        session.delete(row)
    session.flush()
    session.add_all(new_contacts(run_id, contacts))
    return True


def new_contacts(run_id: int, contacts: Sequence[CrmContact]) -> list[RunContact]:
    """The rows of a run that has none."""
    return [
        RunContact(
            run_id=run_id,
            place=place,
            contact_id=one.id,
            name=one.name,
            phone=one.phone,
            email=one.email,
        )
        for place, one in enumerate(contacts[:MOST_CONTACTS])
    ]
