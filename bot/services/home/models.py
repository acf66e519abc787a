"""What App Home shows, as plain values; dates are the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    RESPONDED = "responded"
    NEGOTIATION = "negotiation"
    ALL = "all"


class Place(StrEnum):
    """What a reader without a book of their own is here."""

    CUSTOMER_CARE = "customer_care"
    ADMIN = "admin"
    NONE = "none"


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
    done_today: int  # accounts with anything logged today
    entries: tuple[Entry, ...]
    found: int
    pages: int
    whose: str | None
    away: str | None  # that its owner is on leave today, as on the board
    covers_for: tuple[str, ...]
    next_working_day: date | None
    owner_ids: frozenset[int]  # the owner's, and of those whom they cover


@dataclass(frozen=True, slots=True)
class Standing:
    """How one book stands, or several. `at_risk_cents`: what the accounts that are late, or about to move out
    with nothing exempting them, are worth a month, by currency.
    """

    open: int = 0
    due: int = 0
    late: int = 0
    done_today: int = 0
    deferred: int = 0
    day_14: int = 0
    day_30: int = 0
    at_risk_cents: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One rep on the team board."""

    person_id: int
    name: str
    away: str | None  # "on leave until Fri 27 Nov, Ben covers"
    standing: Standing


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the team board: the reps whom the reader manages. `team` is of all pages."""

    reader_id: int
    on: date
    team: Standing
    rows: tuple[BoardRow, ...]
    reps: int
    page: int
    pages: int
    has_own_book: bool
    without_owner: int
    owner_ids: frozenset[int]
