"""What App Home shows, as plain values; dates are the reader's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.services.models import AccountLine


class Show(StrEnum):
    """Which part of a book is listed."""

    TODAY = "today"
    LATE = "late"
    WEEK = "week"  # due on a later day of this week
    DEFERRED = "deferred"
    GATES = "gates"  # a hard date within the next two weeks
    APPOINTMENTS = "appointments"
    NEGOTIATION = "negotiation"
    ALL = "all"


class Days(StrEnum):
    """A range of playbook days."""

    ANY = "any"
    FIRST_WEEK = "1-7"
    WEEKS = "8-27"
    LAST = "28+"


class Value(StrEnum):
    """What an account is worth; high value is 100 a month or more (PLAYBOOK 8)."""

    ANY = "any"
    HIGH = "high"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person chose to see; `book_of` is the person whose book a manager looks into, None: the start."""

    show: Show = Show.TODAY
    days: Days = Days.ANY
    value: Value = Value.ANY
    page: int = 0
    book_of: int | None = None

    def turned_to(self, page: int) -> Asked:
        return replace(self, page=max(0, page))


class GateKind(StrEnum):
    """The hard dates that do not drift (PLAYBOOK 1)."""

    DAY_14 = "day_14"
    DAY_30 = "day_30"
    TAKEDOWN = "takedown"  # expiration + 7 days, on a hosted site


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard date ahead of a run, or past and still open."""

    kind: GateKind
    on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One account of the list: what stands there beside its line. `next_on`: when something is due again."""

    line: AccountLine
    next_on: date | None
    gates: tuple[Gate, ...]  # those not met yet, earliest first


@dataclass(frozen=True, slots=True)
class Counts:
    """How many accounts of a book each part of it lists, before the other filters."""

    of: dict[Show, int]


@dataclass(frozen=True, slots=True)
class Book:
    """A page of a person's book of business. `whose`: the owner's name when it is not the reader's own."""

    asked: Asked
    on: date
    now: datetime
    counts: Counts
    entries: tuple[Entry, ...]
    found: int
    pages: int
    whose: str | None
    covers_for: tuple[str, ...]
    next_working_day: date | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One rep on the team board. `at_risk_cents`: what the accounts that are late, or about to move out with
    nothing exempting them, are worth a month, by currency.
    """

    person_id: int
    name: str
    away: str | None  # "on leave until Fri 27 Nov, Ben covers"
    open: int
    due: int
    late: int
    done_today: int
    deferred: int
    day_14: int
    day_30: int
    at_risk_cents: dict[str, int]


@dataclass(frozen=True, slots=True)
class Board:
    """The team board: the reps whom the reader manages."""

    reader_id: int
    on: date
    rows: tuple[BoardRow, ...]
    page: int
    pages: int
    has_own_book: bool
    without_owner: int
