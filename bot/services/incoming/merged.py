"""Two deals that HubSpot made one: what happened on the one that was merged away belongs to the survivor (FAULTS 19).

HubSpot moves the records to the survivor and cannot part them again, so their facts move with them: each stays the
same fact, with its key, its record and its entry in the outbox, so that nothing is doubled and what is on its way
arrives at the survivor. What speaks of the deal itself, not of the account, stays with the run that ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services.crm import CrmDeal, CrmReader
from bot.services.incoming.place import best_run
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, contacts_of, leave
from bot.services.work import Work
from bot.store.inserts import insert_row
from bot.store.tables import AutomaticReply, Fact, OutboxRow, PastContact, RunChange, RunRow

MERGED = "merged"  # the audited field: from which deal into which
# A stage, a closing's deals and a confirmation of dates were the other deal's: the survivor has its own.
OF_THE_DEAL = frozenset({"stage", "new_deal", "next_term_offered", "dates_confirmed"})


def swallowed(
    work: Work, crm: CrmReader, deals: Iterable[CrmDeal], missing: Collection[str]
) -> dict[str, str]:
    """{deal: its survivor} of those of the `missing` that none of the deals names, though it was merged.

    A survivor that is swallowed itself may leave what it had swallowed unnamed. Raises CrmError and
    StoreUnavailable.
    """
    named = {gone for deal in deals for gone in deal.merged}
    known = select(RunRow.deal_id).where(RunRow.book == BOOK, RunRow.deal_id.in_(set(missing) - named))
    moved = select(RunChange.id).where(RunChange.run_id == RunRow.id, RunChange.field == MERGED)
    with work.store.read() as session:
        asked = sorted(set(session.scalars(known.where(~moved.exists()))))
    return dict(crm.merged_into(asked)) if asked else {}


def move_facts(
    session: Session,
    survivor: Sequence[RunRow],
    gone: Mapping[str, Sequence[RunRow]],
    now: datetime,
    report: SyncReport,
) -> set[int]:
    """What happened on the runs of the `gone` deals is now on those of the survivor, which are given locked.

    Answers the runs that changed; none when it was done before, or when the survivor is no run of ours. `now` is
    business time.
    """
    there = [run for run in survivor if run.gone_at is None]
    changed: set[int] = set()
    if not there:
        return changed
    for deal_id, runs in gone.items():
        if not runs:
            continue
        for run in runs:
            if leave(session, run, "merged in HubSpot", now, report) is not None:
                changed.add(run.id)
        into = _move(session, deal_id, runs, there)
        _move_answers(session, runs, there)
        if not _is_noted(session, runs[0]):
            into.update(run.id for run in there[-1:])
            for one in (runs[0].id, *sorted(into)):
                values = {"field": MERGED, "old": deal_id, "new": there[0].deal_id, "source": BOOK}
                session.add(RunChange(run_id=one, at=now, **values))
            _keep_contacts(session, runs, there[-1])
        report.runs_changed += len(into)
        changed |= into
    return changed


def _move(session: Session, deal_id: str, runs: Sequence[RunRow], there: Sequence[RunRow]) -> set[int]:
    """Each fact with what superseded it, to the run to which an import would bring its record today."""
    wanted = select(Fact).where(Fact.run_id.in_([run.id for run in runs])).order_by(Fact.id)
    first: dict[int, Fact] = {}
    moved: dict[int, int] = {}
    for fact in session.scalars(wanted):
        head = first[fact.id] = first.get(fact.supersedes_id or 0, fact)
        if head.kind in OF_THE_DEAL:
            continue
        moved[fact.id] = fact.run_id = best_run(head.at, there).id
    session.flush()
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.service == BOOK, OutboxRow.target == f"deal:{deal_id}", OutboxRow.state != "sent")
        .where(OutboxRow.fact_id.in_(moved))
        .values(target=f"deal:{there[0].deal_id}")
        .execution_options(synchronize_session=False)
    )
    return set(moved.values())


def _move_answers(session: Session, runs: Sequence[RunRow], there: Sequence[RunRow]) -> None:
    """Automatic answers that propose a deferral."""
    of_gone = AutomaticReply.run_id.in_([run.id for run in runs])
    for answer in session.scalars(select(AutomaticReply).where(of_gone)):
        answer.run_id = best_run(answer.at, there).id


def _is_noted(session: Session, run: RunRow) -> bool:
    noted = select(RunChange.id).where(RunChange.run_id == run.id, RunChange.field == MERGED).limit(1)
    return session.scalar(noted) is not None


def _keep_contacts(session: Session, runs: Sequence[RunRow], into: RunRow) -> None:
    """Whom the facts that moved speak of, so that they can be erased one day."""
    before = select(PastContact.contact_id).where(PastContact.run_id.in_([run.id for run in runs]))
    known = set(session.scalars(before)).union(*(contacts_of(session, run) for run in runs))
    for contact_id in sorted(known - contacts_of(session, into)):
        insert_row(session, PastContact, {"run_id": into.id, "contact_id": contact_id})
