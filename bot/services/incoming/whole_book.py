"""Reading the whole book: in as few calls as can be, page by page, and taken up where it was left.

A list of all records tells their links as well, a search only finds ours: which of the two needs fewer calls
depends on how much else there is in the account, and is reckoned for each part. After each page the place is
kept, so that a pass that was stopped goes on from there; a page that is read twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from bot.services.crm import ACTIVITY_TYPES, CrmReader
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, Reading
from bot.services.incoming.scope import OPEN_STAGES, batches, links_after
from bot.services.incoming.take_over import take_activities, take_deals
from bot.services.sync_cursor import Cursor
from bot.services.sync_state import Place, load_state, save_state
from bot.services.work import Work
from bot.store.tables import RunRow

PARTS = ("deals", *ACTIVITY_TYPES)
RUNS_AT_ONCE = 500
FROM_LIST, FROM_SEARCH = 100, 200  # records that one call brings
_OURS = (RunRow.book == BOOK, RunRow.gone_at.is_(None), RunRow.stage.in_(OPEN_STAGES))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part of the book is read, in records."""

    part: str
    done: int
    total: int


Tell = Callable[[Progress], None]


class WholeBook:
    """Reads all deals of the renewals pipeline, and the activities of those that are open."""

    def __init__(self, work: Work, crm: CrmReader, tell: Tell = lambda _: None) -> None:
        self._work, self._crm, self._tell = work, crm, tell

    def read(self, reading: Reading, report: SyncReport) -> None:
        """Read to the end from where it was left; then the cursors stand where this began.

        Raises CrmError and StoreUnavailable, after which it can be called again.
        """
        with self._work.store.read() as session:
            place = load_state(session).place
        if place is None:
            place = self._enter("deals", Cursor().moved(reading.now, reading.now, reading.began))
        while place is not None:
            self._tell(Progress(place.part, place.done, place.total))
            began, place = place.began, self._turn_page(place, reading, report)
            self._keep(place, began)

    def _keep(self, place: Place | None, began: Cursor) -> None:
        with self._work.store.write() as session:
            state = replace(load_state(session), place=place)
            if place is None:
                cursors = dict.fromkeys((*PARTS, "companies", "contacts"), began)
                state = replace(state, cursors=cursors)
            save_state(session, state)

    def _enter(self, part: str, began: Cursor) -> Place:
        """The beginning of a part, by the way that takes fewer calls."""
        total = self._crm.count(part)
        if part == "deals":
            ours = self._crm.count(part, renewals=True)
            listed = total / FROM_LIST <= ours / FROM_SEARCH + 2 * ours / FROM_LIST
        else:
            with self._work.store.read() as session:
                ours = session.scalar(select(func.count()).select_from(RunRow).where(*_OURS)) or 0
            listed = total / FROM_LIST <= 3 * ours / FROM_LIST
        return Place(part, listed, None, 0, total if listed else ours, began)

    def _turn_page(self, place: Place, reading: Reading, report: SyncReport) -> Place | None:
        if place.part == "deals":
            page = self._crm.listed_deals if place.listed else self._crm.searched_deals
            found = page(place.after)
            take_deals(self._work, found.items, (), reading, report)
            after, read = found.after, found.read
        elif place.listed:
            more = self._crm.listed_activities(place.part, place.after)
            take_activities(self._work, place.part, more.items, (), reading, report)
            after, read = more.after, more.read
        else:
            after, read = self._by_links(place, reading, report)
        if after is not None:
            return replace(place, after=after, done=place.done + read)
        self._tell(Progress(place.part, place.total, place.total))
        later = PARTS[PARTS.index(place.part) + 1 :]
        return self._enter(later[0], place.began) if later else None

    def _by_links(self, place: Place, reading: Reading, report: SyncReport) -> tuple[str | None, int]:
        """The activities of the next open runs, found by what these are linked to."""
        with self._work.store.read() as session:
            links = links_after(session, int(place.after or 0), RUNS_AT_ONCE)
        ids = self._crm.activity_ids(links.values(), (place.part,))[place.part] if links else ()
        for some in batches(ids):
            batch = self._crm.activities(place.part, some)
            take_activities(self._work, place.part, batch.activities, batch.missing, reading, report)
        return (str(max(links)) if len(links) == RUNS_AT_ONCE else None), len(links)
