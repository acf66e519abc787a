"""Taking over what was read: deals become runs, activities facts, in transactions of at most 100 records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from bot.services.crm import CrmActivity, CrmDeal
from bot.services.incoming.apply import apply_all
from bot.services.incoming.facts import apply_activity, remove_activity
from bot.services.incoming.merged import move_facts
from bot.services.incoming.new_facts import begin_facts
from bot.services.incoming.place import lock_runs_about
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import (
    Applied,
    Reading,
    apply_deal,
    begin_runs,
    current_run,
    leave,
    runs_of,
)
from bot.services.incoming.scope import batches
from bot.services.outgoing.returned import send_what_waited
from bot.services.work import Work
from bot.store.tables import RunRow


def take_deals(
    work: Work,
    deals: Iterable[CrmDeal],
    missing: Iterable[str],
    reading: Reading,
    report: SyncReport,
    swallowed: Mapping[str, str] = MappingProxyType({}),
) -> list[tuple[CrmDeal, Applied]]:
    """Bring these deals' runs up to date; `missing` are deleted, or merged into others.

    `swallowed`: {deal: its survivor} beyond those that the deals name themselves. Answers the deals that are runs
    now. Raises StoreUnavailable.
    """
    read = {deal.id: deal for deal in deals}
    merged: dict[str, list[str]] = {}
    for gone, into in {
        **swallowed,
        **{gone: deal.id for deal in read.values() for gone in deal.merged},
    }.items():
        merged.setdefault(into, []).append(gone)
    report.deals_read += len(read)

    def some(session: Session, ids: Sequence[str]) -> Iterable[tuple[str, Applied]]:
        runs = runs_of(session, ids)
        new = [read[deal_id] for deal_id in ids if deal_id in read and not runs[deal_id]]
        yield from begin_runs(work, session, new, reading, report).items()
        for deal_id in filter(runs.get, ids):
            if deal_id in read:
                applied = apply_deal(work, session, read[deal_id], runs[deal_id], reading, report)
            else:
                applied = deal_gone(session, runs[deal_id], reading.now, report)
            if applied is not None:
                yield deal_id, applied
        there = [run.id for deal_id in ids if deal_id in read for run in runs[deal_id]]
        if there:
            session.flush()
            send_what_waited(session, there, reading.began)

    def survivors(session: Session, ids: Sequence[str]) -> Iterable[tuple[str, Applied]]:
        runs = runs_of(session, [*ids, *(gone for one in ids for gone in merged[one])])
        for deal_id in ids:
            gone = {one: runs[one] for one in merged[deal_id]}
            for run_id in move_facts(session, runs[deal_id], gone, reading.now, report):
                yield deal_id, Applied(run_id, changed=True)
            session.flush()
            send_what_waited(session, [run.id for run in runs[deal_id]], reading.began)

    taken: list[tuple[CrmDeal, Applied]] = []
    for ids in batches(read):
        done = apply_all(work, ids, some, "deal", report)
        taken += [(read[deal_id], applied) for deal_id, applied in done]
    for ids in batches(sorted(merged)):
        apply_all(work, ids, survivors, "deal", report)
    for ids in batches(sorted(missing)):
        apply_all(work, ids, some, "deal", report)
    return taken


def take_activities(
    work: Work,
    object_type: str,
    activities: Iterable[CrmActivity],
    missing: Iterable[str],
    reading: Reading,
    report: SyncReport,
) -> None:
    """Bring these activities' facts up to date; `missing` are deleted. Raises StoreUnavailable."""
    # In the order in which they happened, so that any import writes them down in the same order.
    read = {a.id: a for a in sorted(activities, key=lambda a: (a.at, a.id))}

    def some(session: Session, ids: Sequence[str]) -> Iterable[tuple[str, Applied]]:
        lock_runs_about(session, object_type, ids, [read[one] for one in ids if one in read])
        new = begin_facts(session, [read[one] for one in ids if one in read], reading, report)
        for record_id in ids:
            run_id = new.get(record_id)
            if run_id is None and record_id in read:
                run_id = apply_activity(work, session, read[record_id], reading, report)
            elif run_id is None:
                run_id = remove_activity(session, object_type, record_id, reading, report)
            if run_id is not None:
                yield record_id, Applied(run_id, changed=True)

    for ids in batches((*read, *sorted(missing))):
        apply_all(work, ids, some, object_type, report)


def deal_gone(session: Session, runs: list[RunRow], now: datetime, report: SyncReport) -> Applied | None:
    """The deal of these runs is not there any more: the current one is out of the book. None when it was."""
    run = current_run(runs)
    return leave(session, run, "deleted in HubSpot", now, report) if run is not None else None
