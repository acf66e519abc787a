"""A person's book of business: what is due, late, coming this week, deferred, and the gates ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.playbook.assessment import State
from bot.services.home.away import away_of
from bot.services.home.gates import gates_of
from bot.services.home.models import Asked, Book, Counts, Days, Entry, Gate, Show, Value
from bot.services.home.worked import closed_today, worked_today
from bot.services.people.book_of import OPEN_STAGES
from bot.services.runs.lines import Reader, Seen, is_late, reading_order
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Person, RunRow

HIGH_VALUE_CENTS = 100_00  # a month (PLAYBOOK 8)
GATES_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class _One:
    """A run of the book with its gates."""

    seen: Seen
    gates: tuple[Gate, ...]


def read_book(
    work: Work, session: Session, reader_person: Person, owner: Person, asked: Asked, rows: int
) -> Book:
    """A page of `rows` accounts of the owner's book, as the reader (the owner, a cover, a manager) sees it."""
    reader = Reader(work, session)
    books = reader.covers.books_of(owner) | {owner.id}
    all_seen = _read(reader, books)
    on = work.now().astimezone(reader.calendars.of(owner).tz).date()
    counts = Counts({show: sum(_is_in(one, show, on) for one in all_seen) for show in Show})
    found = _asked_for(all_seen, asked, on)
    pages = max(1, -(-len(found) // rows))
    page = min(asked.page, pages - 1)
    shown = found[page * rows : (page + 1) * rows]
    return Book(
        asked=asked.turned_to(page),
        on=on,
        now=work.now().astimezone(reader.calendars.of(reader_person).tz),
        counts=counts,
        done_today=worked_today(one.seen for one in all_seen) + len(closed_today(reader, books)),
        entries=_entries(reader, shown, reader_person),
        found=len(found),
        pages=pages,
        whose=None if owner.id == reader_person.id else owner.name,
        away=away_of(reader, owner),
        covers_for=tuple(sorted(reader.people[book].name for book in books - {owner.id})),
        next_working_day=reader.calendars.own(owner).next_working_day(on),
        owner_ids=books,
    )


def seen_in_book(work: Work, reader: Reader, owner: Person, asked: Asked) -> list[Seen]:
    """All pages of what a book lists as it is asked for, in its order."""
    on = work.now().astimezone(reader.calendars.of(owner).tz).date()
    found = _asked_for(_read(reader, reader.covers.books_of(owner) | {owner.id}), asked, on)
    return [one.seen for one in found]


def _read(reader: Reader, books: frozenset[int]) -> list[_One]:
    loaded = load_runs(
        reader.session,
        RunRow.owner_id.in_(tuple(books)),
        RunRow.stage.in_(OPEN_STAGES),
        RunRow.gone_at.is_(None),
    )
    return [_One(seen, tuple(gates_of(seen))) for seen in map(reader.see, loaded)]


def _asked_for(all_seen: Sequence[_One], asked: Asked, on: date) -> list[_One]:
    return sorted(
        (
            one
            for one in all_seen
            if _is_in(one, asked.show, on) and _has_day(one, asked.days) and _has_value(one, asked.value)
        ),
        key=lambda one: _order(one, asked.show),
    )


def _entries(reader: Reader, shown: Sequence[_One], person: Person) -> tuple[Entry, ...]:
    crm = reader.crm_states([one.seen for one in shown])
    entries = []
    for one in shown:
        line = reader.line(one.seen, person.tz, crm)
        covered = one.seen.worker is not None and one.seen.worker is not one.seen.owner
        row = one.seen.loaded.row
        entries.append(
            Entry(
                line=replace(line, covers_for=line.owner) if covered else line,
                next_on=None if one.seen.assessment.touches else row.next_look_on,
                gates=one.gates,
            )
        )
    return tuple(entries)


def _is_in(one: _One, show: Show, on: date) -> bool:
    said = one.seen.assessment
    match show:
        case Show.TODAY:
            return bool(said.touches)
        case Show.LATE:
            return is_late(said)
        case Show.WEEK:
            next_on = one.seen.loaded.row.next_look_on
            last = on + timedelta(days=6 - on.weekday())
            return not said.touches and next_on is not None and on < next_on <= last
        case Show.DEFERRED:
            return said.state is State.DEFERRED
        case Show.GATES:
            return bool(one.gates) and one.gates[0].on <= on + GATES_AHEAD
        case Show.APPOINTMENTS:
            return said.state is State.APPOINTMENT
        case Show.RESPONDED:
            return said.state is State.RESPONDED
        case Show.NEGOTIATION:
            return one.seen.loaded.row.stage == "negotiation"
        case Show.ALL:
            return True


def _has_day(one: _One, days: Days) -> bool:
    day = one.seen.assessment.playbook_day
    if days is Days.ANY:
        return True
    if day is None:
        return False
    return {Days.FIRST_WEEK: day <= 7, Days.WEEKS: 8 <= day <= 27, Days.LAST: day >= 28}[days]


def _has_value(one: _One, value: Value) -> bool:
    high = one.seen.monthly_cents >= HIGH_VALUE_CENTS
    return value is Value.ANY or high is (value is Value.HIGH)


def _order(one: _One, show: Show) -> tuple[object, ...]:
    """By the date that the part is about; what is due in reading order; all by name, what is late first."""
    said, row = one.seen.assessment, one.seen.loaded.row
    name = (row.account.casefold(), row.id)
    if show is Show.DEFERRED:
        return (said.deferred_until or date.max, *name)
    if show is Show.GATES:
        return (one.gates[0].on if one.gates else date.max, *name)
    if show is Show.WEEK:
        return (row.next_look_on or date.max, *name)
    return (
        (not said.touches, *reading_order(one.seen)) if show is not Show.ALL else (not is_late(said), *name)
    )
