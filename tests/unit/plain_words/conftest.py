"""A book with awkward names, on Monday 23 Nov 2026, 10:00 in New York."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.plain_words.reader import read
from bot.plain_words.reading import Account, Reading
from bot.playbook.calendar import WorkCalendar

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
CALENDAR = WorkCalendar(tz=ZONE, workdays=frozenset(range(5)), day_ends=time(17))
NAMES = (
    "Acme Dental",
    "Acme Garage",
    "Beta Foods",
    "Gamma",
    "Call Center",
    "May",
    "Monday Books",
    "Best Email",
    "No Answer Ltd",
    "Next Friday Events",
    "Bay & Sons",
    "Will's Garage",
    "Noble",
    "Noble Harbor",
)
CONTACTS = {"Beta Foods": "Carl Customer"}
BOOK = tuple(Account(number, name, CONTACTS.get(name)) for number, name in enumerate(NAMES, 1))

Reader = Callable[..., Reading]


@pytest.fixture
def reader() -> Reader:
    """`reader(text)`, or `reader(text, "Gamma")` in the thread of a message that shows Gamma."""

    def read_it(text: str, *thread: str, book: tuple[Account, ...] = BOOK, now: datetime = NOW) -> Reading:
        shown = [account.run_id for account in book if account.name in thread]
        return read(text, book, now=now, calendar=CALENDAR, thread=shown)

    return read_it
