"""Which of the CRM's records our own database has to ask about again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.sync_runs import BOOK
from bot.store.tables import CrmRecord, Fact, OutboxRow, RunContact, RunRow

OPEN_STAGES = ("open", "negotiation")
BATCH = 100


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


def open_deals(session: Session) -> list[str]:
    """The deals of all open runs."""
    wanted = select(RunRow.deal_id).where(
        RunRow.book == BOOK, RunRow.gone_at.is_(None), RunRow.stage.in_(OPEN_STAGES)
    )
    return list(session.scalars(wanted))


def records_of_open_runs(session: Session, object_type: str) -> list[str]:
    """The CRM records of this type that carry a fact of an open run."""
    wanted = (
        select(CrmRecord.object_id)
        .join(Fact, Fact.id == CrmRecord.fact_id)
        .join(RunRow, RunRow.id == Fact.run_id)
        .where(
            CrmRecord.object_type == object_type,
            RunRow.gone_at.is_(None),
            RunRow.stage.in_(OPEN_STAGES),
        )
    )
    return list(session.scalars(wanted))


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


def known_records(session: Session, object_type: str, ids: Iterable[str]) -> list[str]:
    """Those of these records that carry a fact."""
    found: list[str] = []
    for some in batches(ids):
        found.extend(
            session.scalars(
                select(CrmRecord.object_id).where(
                    CrmRecord.object_type == object_type, CrmRecord.object_id.in_(some)
                )
            )
        )
    return found
