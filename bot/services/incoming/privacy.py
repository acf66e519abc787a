"""A contact who was deleted for good: what we had of them is erased, and that something happened stays (FAULTS 19).

HubSpot keeps what is deleted by hand for a while and gives it back; then, or at once when somebody asked for
their data to be deleted, it is gone for good. Only then are names, addresses, numbers and notes erased here: of
each fact of the contact's runs whose record speaks of nobody else who is still there.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from bot.logs import LOGGER, log
from bot.services.crm import ACTIVITY_TYPES, CrmReader
from bot.services.incoming.apply import follow_up
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, Reading
from bot.services.incoming.scope import batches
from bot.services.outgoing.said import erase_what_was_said
from bot.services.work import Work
from bot.store.facts import lock_runs
from bot.store.tables import (
    AutomaticReply,
    CrmRecord,
    Fact,
    PastContact,
    RunChange,
    RunContact,
    RunDetails,
    RunRow,
)

logger = logging.getLogger(LOGGER)

Record = tuple[str, str]  # type and id


def erase_contacts(
    work: Work, crm: CrmReader, ids: Iterable[str], reading: Reading, report: SyncReport
) -> None:
    """Erase what we have of those of these contacts who were deleted for good.

    Raises CrmError and StoreUnavailable; what was erased by then stays so, the others are found the next time.
    """
    for some in batches(ids):
        for contact_id in sorted(crm.erased_contacts(some)):
            _erase(work, crm, contact_id, reading, report)


def _erase(work: Work, crm: CrmReader, contact_id: str, reading: Reading, report: SyncReport) -> None:
    with work.store.read() as session:
        run_ids = runs_with(session, contact_id)
        records = _records_of(session, run_ids)
    shared: set[Record] = set()
    for kind in ACTIVITY_TYPES:
        for some in batches(one for of, one in records if of == kind):
            read = crm.activities(kind, some).activities
            shared |= {(kind, one.id) for one in read if set(one.contact_ids) - {contact_id}}
    with work.store.write() as session:
        for run in lock_runs(session, run_ids):
            _erase_from(session, run, contact_id, shared, reading.now)
        session.execute(delete(PastContact).where(PastContact.contact_id == contact_id))
        erase_what_was_said(session, run_ids)
        follow_up(work, session, run_ids)
    report.contacts_erased += 1
    log(logger, logging.INFO, "contact.erased", contact=contact_id, runs=len(run_ids))


def runs_with(session: Session, contact_id: str) -> frozenset[int]:
    """The runs, over and gone ones too, that have this contact or had them before."""
    further = select(RunContact.run_id).where(RunContact.contact_id == contact_id)
    before = select(PastContact.run_id).where(PastContact.contact_id == contact_id)
    wanted = select(RunRow.id).where(
        RunRow.book == BOOK,
        or_(RunRow.contact_id == contact_id, RunRow.id.in_(further), RunRow.id.in_(before)),
    )
    return frozenset(session.scalars(wanted))


def _records_of(session: Session, run_ids: Collection[int]) -> set[Record]:
    facts = session.execute(select(Fact.id, Fact.key, Fact.supersedes_id).where(Fact.run_id.in_(run_ids)))
    known = _linked(session, run_ids)
    return {*known.values(), *(record for one in facts if (record := _named_by(one.key)) is not None)}


def _linked(session: Session, run_ids: Collection[int]) -> dict[int, Record]:
    rows = session.execute(
        select(CrmRecord.fact_id, CrmRecord.object_type, CrmRecord.object_id)
        .join(Fact, Fact.id == CrmRecord.fact_id)
        .where(Fact.run_id.in_(run_ids))
    )
    return {fact_id: (kind, object_id) for fact_id, kind, object_id in rows}


def _named_by(key: str) -> Record | None:
    """The record that a fact from HubSpot was read from, by its key."""
    book, _, rest = key.partition(":")
    kind, _, rest = rest.partition(":")
    if book != BOOK or kind not in ACTIVITY_TYPES:
        return None
    return kind, rest.partition("#")[0].partition(":")[0]


def _erase_from(session: Session, run: RunRow, contact_id: str, shared: set[Record], now: datetime) -> None:
    session.execute(
        delete(RunContact).where(RunContact.run_id == run.id, RunContact.contact_id == contact_id)
    )
    if run.contact_id == contact_id:
        run.contact_id = run.contact_name = run.contact_phone = run.contact_email = None
    others = run.contact_id is not None or session.scalar(
        select(RunContact.contact_id).where(RunContact.run_id == run.id).limit(1)
    )
    # Whose words these are is not kept; when another contact's, the next reading brings them back.
    session.execute(update(RunDetails).where(RunDetails.run_id == run.id).values(nps_why=None))
    session.execute(update(AutomaticReply).where(AutomaticReply.run_id == run.id).values(sender="", quote=""))
    linked = _linked(session, (run.id,))
    facts = list(session.scalars(select(Fact).where(Fact.run_id == run.id).order_by(Fact.id)))
    first = {fact.id: fact for fact in facts}
    for fact in facts:
        head = fact
        while head.supersedes_id is not None and head.supersedes_id in first:
            head = first[head.supersedes_id]
        record = linked.get(head.id) or _named_by(head.key)
        kept = record in shared if record is not None else bool(others)
        if fact.note is not None and not kept:
            fact.note = None
    session.add(RunChange(run_id=run.id, field="contact", old=contact_id, new="erased", at=now, source=BOOK))
