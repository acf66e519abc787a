"""HubSpot in: deals, activities and owners become runs, facts and people; incremental, and safe to repeat.

Ids come from searches since a cursor with overlap, values from reads by id.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.logs import LOGGER, log
from bot.services.call_outcomes import keep_outcome_names
from bot.services.crm import ACTIVITY_TYPES, CrmActivity, CrmDeal, CrmReader
from bot.services.crm_errors import CrmError, DailyLimit, MissingScope, Unauthorised
from bot.services.people import SlackDirectory, hand_over, match_owners, unmatched_owners, upsert_people
from bot.services.sync_apply import apply_all, follow_up
from bot.services.sync_cursor import Cursor
from bot.services.sync_emails import match_logged_emails
from bot.services.sync_facts import apply_activity, remove_activity
from bot.services.sync_report import SyncReport
from bot.services.sync_runs import Applied, Reading, apply_deal, current_run, leave, runs_of
from bot.services.sync_scope import (
    batches,
    deals_of,
    deals_we_wrote,
    known_deals,
    known_records,
    open_deals,
    records_of_open_runs,
)
from bot.services.sync_state import SyncState, load_state, save_state
from bot.services.work import Work
from bot.store.tables import RunRow

logger = logging.getLogger(LOGGER)

SWEEP_EVERY = timedelta(days=1)
Activities = dict[str, CrmActivity]


class Sync:
    """One account's sync. `run` is made for a tick a minute; two at once do no harm, only work twice."""

    def __init__(self, work: Work, crm: CrmReader) -> None:
        self.work = work
        self.crm = crm

    def people(self, directory: SlackDirectory | None) -> tuple[str, ...]:
        """Bring people up to date from Slack and the CRM; answers the owners whom nobody answers to.

        Raises what the directory raises, and CrmError.
        """
        found = tuple(directory.people()) if directory is not None else ()
        self.crm.forget()
        owners = self.crm.owners()
        outcomes = self._outcome_names()
        with self.work.store.write() as session:
            if outcomes is not None:
                keep_outcome_names(session, outcomes)
            moved = upsert_people(session, found)
            changed = set(hand_over(session, match_owners(session, owners)))
            changed.update(session.scalars(select(RunRow.id).where(RunRow.owner_id.in_(moved))))
            follow_up(self.work, session, changed)
            return unmatched_owners(session, owners)

    def _outcome_names(self) -> Mapping[str, str] | None:
        """The portal's own call outcomes; None when it does not tell: those known before stay."""
        try:
            return self.crm.call_outcomes()
        except CrmError as error:
            log(logger, logging.WARNING, "sync.no_outcome_names", error=error)
            return None

    def run(self, now: datetime | None = None, *, everything: bool = False) -> SyncReport:
        """Read what changed and write it down; `everything` reads all again. `now` is business time.

        Never raises CrmError: what stopped it is in the report, and the next pass takes up from the same
        place. After the daily limit nothing is asked until it is reset. Raises StoreUnavailable.
        """
        report = SyncReport()
        began = self.work.elapsed()
        with self.work.store.read() as session:
            state = load_state(session)
        if state.paused_until is not None and began < state.paused_until:
            report.stopped = f"HubSpot's daily limit is reached; paused until {state.paused_until:%H:%M} UTC"
            return report
        report.first_import = not state.cursors
        try:
            state = self._pass(state, now or self.work.now(), began, everything, report)
        except DailyLimit as limit:
            state = replace(state, paused_until=began + limit.reset)
            report.stopped = str(limit)
        except (Unauthorised, MissingScope) as error:
            state = replace(state, refused=str(error))
            report.stopped = str(error)
        except CrmError as error:
            report.stopped = str(error)
        report.unmatched_owners = state.unmatched_owners
        with self.work.store.write() as session:
            save_state(session, replace(state, problems={**report.problems, **report.failed}))
        self.work.wake()
        log(logger, logging.INFO, "sync.finished", touched=report.touched, stopped=report.stopped is not None)
        return report

    def _pass(
        self, state: SyncState, now: datetime, began: datetime, everything: bool, report: SyncReport
    ) -> SyncState:
        self.crm.forget()
        owners = self.crm.owners()
        with self.work.store.write() as session:
            people = match_owners(session, owners)
            follow_up(self.work, session, hand_over(session, people))
        reading = Reading(now, began, people)
        last_sweep = state.swept_at
        sweep = everything or last_sweep is None or not timedelta() <= now - last_sweep < SWEEP_EVERY
        cursors = dict(state.cursors)
        wanted = [*state.retry_deals, *self._deals_to_read(cursors, reading, everything)]
        with self.work.store.read() as session:
            if state.last_began is not None:
                wanted.extend(deals_we_wrote(session, state.last_began))
            if sweep:
                wanted.extend(open_deals(session))
        deals = self._apply_deals(wanted, reading, report, all_of_them=sweep)
        # What was done on a deal before it came into the book, and what was linked to it later, is found through
        # its links, not by date.
        linked = self.crm.activity_ids(deals) if deals else {}
        retry: dict[str, tuple[str, ...]] = {}
        for object_type in ACTIVITY_TYPES:
            ids = [*linked.get(object_type, ()), *state.retry_activities.get(object_type, ())]
            ids.extend(self._changed(object_type, cursors, reading))
            if sweep:
                with self.work.store.read() as session:
                    ids.extend(records_of_open_runs(session, object_type))
            failed = self._apply_activities(object_type, ids, reading, report)
            if failed:
                retry[object_type] = failed
        self._apply_archived(reading, report)
        with self.work.store.write() as session:
            follow_up(self.work, session, set(match_logged_emails(self.work, session, reading, report)))
            unmatched = unmatched_owners(session, owners)
        return SyncState(
            cursors=cursors,
            swept_at=now if sweep else last_sweep,
            last_began=began,
            retry_deals=tuple(n.removeprefix("deal ") for n in report.failed if n.startswith("deal ")),
            retry_activities=retry,
            unmatched_owners=unmatched,
        )

    def _deals_to_read(self, cursors: dict[str, Cursor], reading: Reading, everything: bool) -> list[str]:
        """Deals that changed, or whose company or contact did; all of the pipeline's the first time."""
        if everything or "deals" not in cursors:
            found = self.crm.changed("deals", None)
            for object_type in ("deals", "companies", "contacts"):
                cursors[object_type] = Cursor().moved(reading.now, reading.now, reading.began)
            return list(found.ids)
        ids = list(self._changed("deals", cursors, reading))
        for object_type in ("companies", "contacts"):
            changed = self._changed(object_type, cursors, reading)
            with self.work.store.read() as session:
                ids.extend(deals_of(session, object_type, changed))
        return ids

    def _changed(self, object_type: str, cursors: dict[str, Cursor], reading: Reading) -> tuple[str, ...]:
        """Ids changed since the cursor, which moves on; none when there is no cursor yet."""
        cursor = cursors.get(object_type, Cursor())
        since = cursor.since(reading.now, reading.began)
        if since is None:
            cursors[object_type] = cursor.moved(reading.now, reading.now, reading.began)
            return ()
        found = self.crm.changed(object_type, since)
        cursors[object_type] = cursor.moved(found.latest, reading.now, reading.began)
        return found.ids

    def _apply_deals(
        self, ids: Iterable[str], reading: Reading, report: SyncReport, *, all_of_them: bool
    ) -> list[CrmDeal]:
        """Bring these deals' runs up to date; answers the deals that became new runs, or all that are runs."""
        found: list[CrmDeal] = []
        for some in batches(ids):
            read = {deal.id: deal for deal in self.crm.deals(some).deals}
            report.deals_read += len(read)

            def one(session: Session, deal_id: str, read: dict[str, CrmDeal] = read) -> Applied | None:
                if deal_id in read:
                    return apply_deal(self.work, session, read[deal_id], reading, report)
                return _gone(session, deal_id, reading, report)

            for deal_id, applied in apply_all(self.work, some, one, "deal", report):
                if deal_id in read and (applied.new or all_of_them):
                    found.append(read[deal_id])
        return found

    def _apply_activities(
        self, object_type: str, ids: Iterable[str], reading: Reading, report: SyncReport
    ) -> tuple[str, ...]:
        """Bring these activities' facts up to date; answers the ids of those that failed."""
        before = set(report.failed)
        for some in batches(ids):
            batch = self.crm.activities(object_type, some)
            # In the order in which they happened, so that any import writes them down in the same order.
            read: Activities = {a.id: a for a in sorted(batch.activities, key=lambda a: (a.at, a.id))}

            def one(session: Session, record_id: str, read: Activities = read) -> Applied | None:
                if record_id in read:
                    return _ran(apply_activity(self.work, session, read[record_id], reading, report))
                return _ran(remove_activity(session, object_type, record_id, reading, report))

            apply_all(self.work, [*read, *sorted(batch.missing)], one, object_type, report)
        return tuple(name.partition(" ")[2] for name in report.failed if name not in before)

    def _apply_archived(self, reading: Reading, report: SyncReport) -> None:
        """Archiving changes no date and hides from search: look at what lies on top of the recycling bin."""

        def deal(session: Session, deal_id: str) -> Applied | None:
            return _gone(session, deal_id, reading, report)

        archived = self.crm.lately_archived("deals")
        with self.work.store.read() as session:
            deals = known_deals(session, archived)
        apply_all(self.work, deals, deal, "deal", report)
        for object_type in ACTIVITY_TYPES:
            archived = self.crm.lately_archived(object_type)

            def record(session: Session, record_id: str, kind: str = object_type) -> Applied | None:
                return _ran(remove_activity(session, kind, record_id, reading, report))

            with self.work.store.read() as session:
                records = known_records(session, object_type, archived)
            apply_all(self.work, records, record, object_type, report)


def _gone(session: Session, deal_id: str, reading: Reading, report: SyncReport) -> Applied | None:
    run = current_run(runs_of(session, deal_id))
    return leave(session, run, "deleted in HubSpot", reading.now, report) if run is not None else None


def _ran(run_id: int | None) -> Applied | None:
    return None if run_id is None else Applied(run_id, changed=True)
