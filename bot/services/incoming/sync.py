"""HubSpot in: deals, activities and owners become runs, facts and people; incremental, and safe to repeat.

Ids come from searches since a cursor with overlap, values from reads by id.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.logs import LOGGER, log
from bot.services.crm import ACTIVITY_TYPES, CrmDeal, CrmReader
from bot.services.crm_errors import CrmError, DailyLimit, MissingScope, Unauthorised
from bot.services.incoming.apply import follow_up
from bot.services.incoming.archived import leaf_through
from bot.services.incoming.automatic_replies import read_answers
from bot.services.incoming.emails import match_logged_emails
from bot.services.incoming.marks import Marks, forget_marks, waiting
from bot.services.incoming.meeting_links import keep_meeting_links
from bot.services.incoming.merged import swallowed
from bot.services.incoming.privacy import erase_contacts
from bot.services.incoming.read_already import ReadAlready
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import Reading
from bot.services.incoming.scope import batches, deals_of, deals_we_wrote, known_contacts, known_deals
from bot.services.incoming.sweep import Sweep
from bot.services.incoming.take_over import take_activities, take_deals
from bot.services.incoming.whole_book import Tell, WholeBook
from bot.services.people.people import (
    SlackDirectory,
    hand_over,
    match_owners,
    unmatched_owners,
    upsert_people,
)
from bot.services.runs.call_outcomes import keep_outcome_names
from bot.services.sync_cursor import Cursor
from bot.services.sync_state import Place, SyncState, load_state, save_state
from bot.services.work import Work
from bot.store.tables import RunRow

logger = logging.getLogger(LOGGER)

SWEEP_EVERY = timedelta(days=1)
SWEEP_FOR = timedelta(seconds=15)  # of elapsed time in one pass; the next pass goes on


class Sync:
    """One account's sync. `run` is made for a tick a minute; two at once do no harm, only work twice."""

    def __init__(self, work: Work, crm: CrmReader) -> None:
        self.work = work
        self.crm = crm
        self._read_already = ReadAlready()
        self._reading = threading.Lock()  # one pass at a time reads for this process

    def people(self, directory: SlackDirectory | None) -> tuple[str, ...]:
        """Bring people up to date from Slack and the CRM; answers the owners whom nobody answers to.

        Raises what the directory raises, and CrmError.
        """
        found = tuple(directory.people()) if directory is not None else ()
        self.crm.forget(deactivated=True)
        owners = self.crm.owners()
        outcomes = self._outcome_names()
        with self.work.store.write() as session:
            if outcomes is not None:
                keep_outcome_names(session, outcomes)
            moved = upsert_people(session, found)
            changed = set(hand_over(session, match_owners(session, owners)))
            changed.update(session.scalars(select(RunRow.id).where(RunRow.owner_id.in_(moved))))
            follow_up(self.work, session, changed)
            unmatched = unmatched_owners(session, owners)
        keep_meeting_links(self.work, self.crm, owners)
        return unmatched

    def _outcome_names(self) -> Mapping[str, str] | None:
        """The portal's own call outcomes; None when it does not tell: those known before stay."""
        try:
            return self.crm.call_outcomes()
        except CrmError as error:
            log(logger, logging.WARNING, "sync.no_outcome_names", error=error)
            return None

    def run(
        self,
        now: datetime | None = None,
        *,
        everything: bool = False,
        briefly: bool = False,
        tell: Tell = lambda _: None,
    ) -> SyncReport:
        """Read what changed and write it down; `everything` reads all again. `now` is business time.

        The first time all is read; `tell` hears how far it is. `briefly`: as every minute, with a part of the
        recycling bin only.

        Never raises CrmError: what stopped it is in the report, and the next pass takes up from the same
        place. After the daily limit nothing is asked until it is reset. Raises StoreUnavailable.
        """
        with self._reading:
            return self._run(now, everything, briefly, tell)

    def read_marked(self, now: datetime | None = None) -> SyncReport | None:
        """Read what webhooks named, and nothing else; None when there is nothing, or a pass is on that may.

        What stops it is in the report: what was named stays so. Raises StoreUnavailable.
        """
        if not self._reading.acquire(blocking=False):
            return None
        try:
            return self._run_marked(now or self.work.now())
        finally:
            self._reading.release()

    def _run_marked(self, now: datetime) -> SyncReport | None:
        began = self.work.elapsed()
        with self.work.store.read() as session:
            state, marks = load_state(session), waiting(session)
        paused = state.paused_until is not None and began < state.paused_until
        if not marks.seen or paused or "deals" not in state.cursors:
            return None
        report = SyncReport()
        try:
            with self.work.store.write() as session:
                people = match_owners(session, self.crm.owners())
            reading = Reading(now, began, people)
            self._read_changes(SyncState(), {}, marks, reading, report)
            with self.work.store.write() as session:
                follow_up(self.work, session, set(match_logged_emails(self.work, session, reading, report)))
                forget_marks(session, marks)
        except CrmError as error:
            report.stopped = str(error)
        self.work.wake()
        log(logger, logging.INFO, "sync.read_marked", records=len(marks.seen), touched=report.touched)
        return report

    def _run(self, now: datetime | None, everything: bool, briefly: bool, tell: Tell) -> SyncReport:
        report = SyncReport()
        began = self.work.elapsed()
        with self.work.store.read() as session:
            state = load_state(session)
        if state.paused_until is not None and began < state.paused_until:
            report.stopped = f"HubSpot's daily limit is reached; paused until {state.paused_until:%H:%M} UTC"
            return report
        report.first_import = not state.cursors
        stopped: dict[str, Any] = {}
        try:
            state = self._pass(state, now or self.work.now(), began, everything, briefly, report, tell)
            self._read_already.keep()
        except CrmError as error:
            self._read_already.forget()
            report.stopped = str(error)
            if isinstance(error, DailyLimit):
                stopped["paused_until"] = began + error.reset
            elif isinstance(error, (Unauthorised, MissingScope)):
                stopped["refused"] = str(error)
        report.unmatched_owners = state.unmatched_owners
        with self.work.store.write() as session:
            if report.stopped is not None:  # how far the whole book was read is kept
                state = replace(load_state(session), **stopped)
            save_state(session, replace(state, problems={**report.problems, **report.failed}))
        self.work.wake()
        log(logger, logging.INFO, "sync.finished", touched=report.touched, stopped=report.stopped is not None)
        return report

    def _pass(
        self,
        state: SyncState,
        now: datetime,
        began: datetime,
        everything: bool,
        briefly: bool,
        report: SyncReport,
        tell: Tell,
    ) -> SyncState:
        self.crm.forget()
        owners = self.crm.owners()
        with self.work.store.write() as session:
            people = match_owners(session, owners)
            follow_up(self.work, session, hand_over(session, people))
        reading = Reading(now, began, people)
        first = "deals" not in state.cursors
        if first or everything or state.place is not None:
            WholeBook(self.work, self.crm, tell).read(reading, report)
            with self.work.store.read() as session:
                state = load_state(session)
        # The first time nothing was known before that could have changed or gone since.
        state = (
            replace(state, swept_at=now)
            if first
            else self._follow_changes(state, reading, everything, briefly, report)
        )
        read_answers(self.work, self.crm, reading, report)
        with self.work.store.write() as session:
            follow_up(self.work, session, set(match_logged_emails(self.work, session, reading, report)))
            unmatched = unmatched_owners(session, owners)
        return SyncState(
            cursors=state.cursors,
            swept_at=state.swept_at,
            sweep=state.sweep,
            archived=state.archived,
            bin_turn=state.bin_turn,
            last_began=began,
            retry_deals=report.failed_of("deal"),
            retry_activities={kind: failed for kind in ACTIVITY_TYPES if (failed := report.failed_of(kind))},
            unmatched_owners=unmatched,
        )

    def _follow_changes(
        self, state: SyncState, reading: Reading, everything: bool, briefly: bool, report: SyncReport
    ) -> SyncState:
        """Read what changed since the last pass and what webhooks named, and a part of the daily re-reading."""
        cursors = dict(state.cursors)
        with self.work.store.read() as session:
            marks = waiting(session)
        self._read_changes(state, cursors, marks, reading, report)
        state = leaf_through(self.work, self.crm, state, reading, report, briefly=briefly)
        swept_at, sweep = self._sweep(state, reading, everything, report)
        with self.work.store.write() as session:
            forget_marks(session, marks)
        return replace(state, cursors=cursors, swept_at=swept_at, sweep=sweep)

    def _read_changes(
        self, state: SyncState, cursors: dict[str, Cursor], marks: Marks, reading: Reading, report: SyncReport
    ) -> None:
        """`cursors` move on; without any, only what is marked is read."""
        wanted = [*state.retry_deals, *marks.of("deals")]
        for object_type in ("deals", "companies", "contacts"):
            changed, merged = self._changed(object_type, cursors, reading) if cursors else ((), ())
            with self.work.store.read() as session:
                if object_type == "deals":
                    wanted += [*changed, *known_deals(session, merged)]
                else:
                    wanted += deals_of(session, object_type, (*changed, *merged, *marks.of(object_type)))
        with self.work.store.read() as session:
            if state.last_began is not None:
                wanted.extend(deals_we_wrote(session, state.last_began))
        new = self._apply_deals(wanted, reading, report)
        # What was done on a deal before it came into the book is found through its links, not by date.
        linked = self.crm.activity_ids([deal.links for deal in new]) if new else {}
        for object_type in ACTIVITY_TYPES:
            ids = [*linked.get(object_type, ()), *state.retry_activities.get(object_type, ())]
            ids.extend(marks.of(object_type))
            if cursors:
                ids.extend(self._changed(object_type, cursors, reading)[0])
            self._apply_activities(object_type, ids, reading, report)
        with self.work.store.read() as session:
            contacts = known_contacts(session, marks.of("contacts"))
        erase_contacts(self.work, self.crm, contacts, reading, report)

    def _sweep(
        self, state: SyncState, reading: Reading, everything: bool, report: SyncReport
    ) -> tuple[datetime | None, Place | None]:
        """When the daily re-reading was done, and where it stands if it is not."""
        now, last = reading.now, state.swept_at
        due = everything or last is None or not timedelta() <= now - last < SWEEP_EVERY
        if not due and state.sweep is None:
            return last, None
        until = self.work.elapsed() + SWEEP_FOR

        def enough() -> bool:
            return not everything and self.work.elapsed() >= until

        if Sweep(self.work, self.crm).go_on(reading, report, enough, from_the_beginning=everything):
            return now, None
        with self.work.store.read() as session:
            return last, load_state(session).sweep

    def _changed(
        self, object_type: str, cursors: dict[str, Cursor], reading: Reading
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids changed since the cursor, which moves on, and those merged into them; none without a cursor."""
        cursor = cursors.get(object_type, Cursor())
        since = cursor.since(reading.now, reading.began)
        if since is None:
            cursors[object_type] = cursor.moved(reading.now, reading.now, reading.began)
            return (), ()
        found = self.crm.changed(object_type, since)
        cursors[object_type] = cursor.moved(found.latest, reading.now, reading.began)
        return self._read_already.unread(object_type, found.records, reading.began), found.merged

    def _apply_deals(self, ids: Iterable[str], reading: Reading, report: SyncReport) -> list[CrmDeal]:
        """Bring these deals' runs up to date; answers the deals that became new runs."""
        found: list[CrmDeal] = []
        for some in batches(ids):
            batch = self.crm.deals(some)
            with self.work.store.read() as session:
                merged = known_deals(session, (one for deal in batch.deals for one in deal.merged))
            inside = swallowed(self.work, self.crm, batch.deals, batch.missing)
            missing = {*batch.missing, *merged}
            taken = take_deals(self.work, batch.deals, missing, reading, report, inside)
            found += [deal for deal, applied in taken if applied.new]
        return found

    def _apply_activities(
        self, object_type: str, ids: Iterable[str], reading: Reading, report: SyncReport
    ) -> None:
        """Bring these activities' facts up to date."""
        for some in batches(ids):
            batch = self.crm.activities(object_type, some)
            take_activities(self.work, object_type, batch.activities, batch.missing, reading, report)
