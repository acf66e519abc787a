"""The daily re-reading of all that is open: what was deleted for good, restored, or linked later shows in no search.

Ours are read by id, a hundred in a call. What else is linked to our deals by now is found as the first import finds
it: by the list of all records or by our own links, whichever takes fewer calls. A pass reads for some seconds and
keeps the place, so that the minute's changes and the morning do not wait for a big book; a page that is read twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from bot.services.crm import ACTIVITY_TYPES, CrmReader
from bot.services.incoming.merged import swallowed
from bot.services.incoming.privacy import erase_contacts
from bot.services.incoming.report import SyncReport
from bot.services.incoming.runs import BOOK, Reading
from bot.services.incoming.scope import (
    OPEN_STAGES,
    batches,
    deals_to_read_again,
    known_records,
    links_after,
    records_after,
)
from bot.services.incoming.take_over import take_activities, take_deals
from bot.services.sync_cursor import Cursor
from bot.services.sync_state import Place, load_state, save_state
from bot.services.work import Work
from bot.store.tables import PastContact, RunContact, RunRow

AT_ONCE = 500  # runs, records or contacts of one page
LINKED = "linked "  # what else is linked to our deals, by type
PARTS = ("deals", *ACTIVITY_TYPES, *(LINKED + kind for kind in ACTIVITY_TYPES), "contacts")
PER_CALL = 100
_OPEN = (RunRow.book == BOOK, RunRow.gone_at.is_(None), RunRow.stage.in_(OPEN_STAGES))

Enough = Callable[[], bool]


class Sweep:
    """One account's daily re-reading."""

    def __init__(self, work: Work, crm: CrmReader) -> None:
        self._work, self._crm = work, crm

    def go_on(
        self, reading: Reading, report: SyncReport, enough: Enough, *, from_the_beginning: bool = False
    ) -> bool:
        """Read on from the place that is kept, a page at least, until `enough`; whether it came to its end.

        Raises CrmError and StoreUnavailable, after which it can be called again.
        """
        with self._work.store.read() as session:
            place = load_state(session).sweep
        if place is None or from_the_beginning:
            place = self._begin(PARTS[0])
        while True:
            place = self._turn_page(place, reading, report)
            with self._work.store.write() as session:
                save_state(session, replace(load_state(session), sweep=place))
            if place is None:
                return True
            if enough():
                return False

    def _begin(self, part: str) -> Place:
        if not part.startswith(LINKED):
            return Place(part, False, None, 0, 0, Cursor())
        total = self._crm.count(part.removeprefix(LINKED))
        with self._work.store.read() as session:
            ours = session.scalar(select(func.count()).select_from(RunRow).where(*_OPEN)) or 0
        # By links a hundred deals take a call each for themselves, their companies and their contacts.
        return Place(part, total / PER_CALL <= 3 * ours / PER_CALL, None, 0, total, Cursor())

    def _turn_page(self, place: Place, reading: Reading, report: SyncReport) -> Place | None:
        part, kind = place.part, place.part.removeprefix(LINKED)
        if part == "deals":
            after = self._deals(place.after, reading, report)
        elif part == "contacts":
            after = self._contacts(place.after, reading, report)
        elif part == kind:
            after = self._ours(kind, place.after, reading, report)
        elif place.total == 0:
            after = None
        elif place.listed:
            after = self._by_list(kind, place.after, reading, report)
        else:
            after = self._by_links(kind, place.after, reading, report)
        if after is not None:
            return replace(place, after=after)
        later = PARTS[PARTS.index(part) + 1 :]
        return self._begin(later[0]) if later else None

    def _deals(self, after: str | None, reading: Reading, report: SyncReport) -> str | None:
        with self._work.store.read() as session:
            found = deals_to_read_again(session, int(after or 0), reading.now, AT_ONCE)
        for some in batches(deal_id for _, deal_id in found):
            batch = self._crm.deals(some)
            inside = swallowed(self._work, self._crm, batch.deals, batch.missing)
            take_deals(self._work, batch.deals, batch.missing, reading, report, inside)
        return str(found[-1][0]) if len(found) == AT_ONCE else None

    def _ours(self, kind: str, after: str | None, reading: Reading, report: SyncReport) -> str | None:
        """The records that carry our facts: where they belong is known, so their links are not asked for."""
        with self._work.store.read() as session:
            found = records_after(session, kind, int(after or 0), AT_ONCE)
        for some in batches(record_id for _, record_id in found):
            batch = self._crm.activities(kind, some, links=False)
            take_activities(self._work, kind, batch.activities, batch.missing, reading, report)
        return str(found[-1][0]) if len(found) == AT_ONCE else None

    def _by_list(self, kind: str, after: str | None, reading: Reading, report: SyncReport) -> str | None:
        page = self._crm.listed_activities(kind, after)
        with self._work.store.read() as session:
            known = set(known_records(session, kind, [one.id for one in page.items]))
        new = [one for one in page.items if one.id not in known]
        take_activities(self._work, kind, new, (), reading, report)
        return page.after

    def _by_links(self, kind: str, after: str | None, reading: Reading, report: SyncReport) -> str | None:
        with self._work.store.read() as session:
            links = links_after(session, int(after or 0), AT_ONCE)
        ids = self._crm.activity_ids(links.values(), (kind,))[kind] if links else frozenset()
        with self._work.store.read() as session:
            new = ids - set(known_records(session, kind, ids))
        for some in batches(sorted(new)):
            batch = self._crm.activities(kind, some)
            take_activities(self._work, kind, batch.activities, (), reading, report)
        return str(max(links)) if len(links) == AT_ONCE else None

    def _contacts(self, after: str | None, reading: Reading, report: SyncReport) -> str | None:
        """Everybody of whom we have something: who was deleted for good is erased here as well."""
        with self._work.store.read() as session:
            ids = _contacts_after(session, after or "")
        erase_contacts(self._work, self._crm, ids, reading, report)
        return ids[-1] if len(ids) == AT_ONCE else None


def _contacts_after(session: Session, after: str) -> Sequence[str]:
    """The next contacts of our runs, those who left them included, in the order of their ids as text."""
    ids = union(
        select(RunRow.contact_id.label("id")).where(RunRow.book == BOOK, RunRow.contact_id > after),
        select(RunContact.contact_id.label("id")).where(RunContact.contact_id > after),
        select(PastContact.contact_id.label("id")).where(PastContact.contact_id > after),
    ).subquery()
    return list(session.scalars(select(ids.c.id).order_by(ids.c.id).limit(AT_ONCE)))
