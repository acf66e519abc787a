"""Which of the CRM's records our own database has to ask about again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.services.crm import DealLinks
from bot.services.incoming.runs import BOOK
from bot.store.tables import AutomaticReply, CrmRecord, Fact, OutboxRow, PastContact, RunContact, RunRow

OPEN_STAGES = ("open", "negotiation")
BATCH = 100
IN_THE_BIN = timedelta(days=90)  # so long HubSpot can restore what was deleted


def batches(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in lists of at most 100, each id once, in their order."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def deals_of(session: Session, object_type: str, ids: Iterable[str]) -> list[str]:
    """The deals whose card shows one of these companies or contacts."""
    column = RunRow.company_id if object_type == "companies" else RunRow.contact_id
    found: list[str] = []
    for some in batches(ids):
        wanted = select(RunRow.deal_id).where(RunRow.gone_at.is_(None), column.in_(some))
        found.extend(session.scalars(wanted))
        if object_type == "contacts":
            further = select(RunRow.deal_id).join(RunContact, RunContact.run_id == RunRow.id)
            found.extend(
                session.scalars(further.where(RunRow.gone_at.is_(None), RunContact.contact_id.in_(some)))
            )
    return found


def deals_we_wrote(session: Session, since: datetime) -> list[str]:
    """Deals whose stage we wrote, or could not write, since `since` (elapsed time): what does the CRM say?"""
    targets = session.scalars(
        select(OutboxRow.target).where(
            OutboxRow.service == "hubspot", OutboxRow.kind == "deal_update", OutboxRow.settled_at >= since
        )
    )
    return [target.removeprefix("deal:") for target in targets]


def deals_to_read_again(session: Session, after: int, now: datetime, most: int) -> list[tuple[int, str]]:
    """(run id, deal) of the open runs after that run, and of those gone lately, whose deals may be restored."""
    wanted = (
        select(RunRow.id, RunRow.deal_id)
        .where(
            RunRow.book == BOOK,
            RunRow.id > after,
            RunRow.stage.in_(OPEN_STAGES),
            or_(RunRow.gone_at.is_(None), RunRow.gone_at >= now - IN_THE_BIN),
        )
        .order_by(RunRow.id)
        .limit(most)
    )
    return [(run_id, deal_id) for run_id, deal_id in session.execute(wanted)]


def links_after(session: Session, after: int, most: int) -> dict[int, DealLinks]:
    """{run id: by what its activities are found} of the next open runs."""
    wanted = (
        select(RunRow.id, RunRow.deal_id, RunRow.company_id, RunRow.contact_id)
        .where(
            RunRow.book == BOOK, RunRow.gone_at.is_(None), RunRow.stage.in_(OPEN_STAGES), RunRow.id > after
        )
        .order_by(RunRow.id)
        .limit(most)
    )
    runs = session.execute(wanted).all()
    contacts: dict[int, list[str]] = {run.id: [run.contact_id] if run.contact_id else [] for run in runs}
    last = max(contacts, default=after)
    further = select(RunContact.run_id, RunContact.contact_id).where(
        RunContact.run_id > after, RunContact.run_id <= last
    )
    for run_id, contact_id in session.execute(further.order_by(RunContact.run_id, RunContact.place)):
        if run_id in contacts:
            contacts[run_id].append(contact_id)
    return {run.id: DealLinks(run.deal_id, run.company_id, tuple(contacts[run.id])) for run in runs}


def records_after(session: Session, object_type: str, after: int, most: int) -> list[tuple[int, str]]:
    """(our number, record id) of the next records of this type that carry a fact of an open run."""
    wanted = (
        select(CrmRecord.id, CrmRecord.object_id)
        .join(Fact, Fact.id == CrmRecord.fact_id)
        .join(RunRow, RunRow.id == Fact.run_id)
        .where(
            CrmRecord.object_type == object_type,
            CrmRecord.id > after,
            RunRow.gone_at.is_(None),
            RunRow.stage.in_(OPEN_STAGES),
        )
        .order_by(CrmRecord.id)
        .limit(most)
    )
    return [(number, record_id) for number, record_id in session.execute(wanted)]


def known_deals(session: Session, ids: Iterable[str]) -> list[str]:
    """Those of these deals that are in the book."""
    found: list[str] = []
    for some in batches(ids):
        found.extend(
            session.scalars(
                select(RunRow.deal_id).where(
                    RunRow.book == BOOK, RunRow.gone_at.is_(None), RunRow.deal_id.in_(some)
                )
            )
        )
    return found


def known_contacts(session: Session, ids: Iterable[str]) -> list[str]:
    """Those of these contacts that a run has, or had before."""
    found: set[str] = set()
    for some in batches(ids):
        for column in (RunRow.contact_id, RunContact.contact_id, PastContact.contact_id):
            found.update(session.scalars(select(column).where(column.in_(some)).distinct()))
    return sorted(found)


def known_records(session: Session, object_type: str, ids: Iterable[str]) -> list[str]:
    """Those of these records that carry a fact, or propose a deferral."""
    found: list[str] = []
    for some in batches(ids):
        if object_type == "emails":
            answers = select(AutomaticReply.object_id).where(AutomaticReply.object_id.in_(some))
            found.extend(session.scalars(answers))
        found.extend(
            session.scalars(
                select(CrmRecord.object_id).where(
                    CrmRecord.object_type == object_type, CrmRecord.object_id.in_(some)
                )
            )
        )
    return found
