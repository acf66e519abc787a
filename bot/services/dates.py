"""Dates in words, read against the reader's own calendar and always read back (never a silent guess).

A small grammar of our own comes first; `dateparser` reads the rest. A text that has two readings ("04/11")
is asked back instead.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta

from bot.plain_words.days import NotADate, day_in_words, of_its_weekday, spoken
from bot.plain_words.hours import CLOCK, time_of
from bot.playbook.calendar import WorkCalendar
from bot.services.errors import BadField

__all__ = ["FURTHEST", "read_date", "read_start", "require_future", "require_later", "spoken"]

FIELD = "when"
STARTS = "starts"
START_EXAMPLES = "Try: Thursday 14:00, tomorrow at 9am, 3 Dec 10:30."
EXAMPLES = "Try: Thursday, 14 Nov, in 2 weeks, in 3 business days, end of month, the 15th."
FURTHEST = relativedelta(years=2)


def read_date(text: str, today: date, calendar: WorkCalendar) -> date:
    """The date a person means, later than `today`. Raises BadField (field `when`) with what to write instead."""
    words = " ".join(text.lower().replace(",", " ").split()).removeprefix("until ").removeprefix("by ")
    words = words.rstrip(".!?")
    try:
        found = day_in_words(words, today, calendar)
        if found is None:
            found = _dateparser(words, today)
    except NotADate as reason:
        raise BadField(FIELD, reason.sentence) from reason
    if found is None:
        raise BadField(FIELD, f"I cannot read “{text[:60]}” as a date. {EXAMPLES}")
    return require_later(found, today)


def read_start(text: str, now: datetime, calendar: WorkCalendar) -> datetime:
    """Day and time of an appointment in words, an instant in the zone of `now` and later than it.

    "Thursday 14:00", "tomorrow at 9am", "14:30" (today). Raises BadField (field `starts`).
    """
    words = " ".join(text.lower().replace(",", " ").split()).rstrip(".!?").split(" ")
    clocks = []
    for cut in range(len(words) + 1):
        first, last = " ".join(words[:cut]), " ".join(words[cut:])
        for said, day in ((last, first), (first, last)):
            if (clock := CLOCK.fullmatch(said)) is None:
                continue
            clocks.append(said)
            hour, on = time_of(clock), _day_of_start(day.removeprefix("on "), now.date(), calendar)
            if hour is not None and on is not None:
                return require_future(datetime.combine(on, hour, now.tzinfo), now)
            if hour is None:
                unsure = f"Is “{said[:20]}” in the morning or in the evening? Write it like 9:00 or 14:00."
                raise BadField(STARTS, unsure)
    what = f"I cannot read the day of “{text[:60]}”." if clocks else "Say the day and the time."
    raise BadField(STARTS, f"{what} {START_EXAMPLES}")


def require_future(starts_at: datetime, now: datetime) -> datetime:
    """`starts_at`, if it is later than `now` and within two years. Raises BadField (field `starts`)."""
    said = f"{spoken(starts_at.date())} at {starts_at:%H:%M}"
    if starts_at <= now:
        raise BadField(STARTS, f"{said} is past. Choose a later time.")
    if starts_at.date() > now.date() + FURTHEST:
        raise BadField(STARTS, f"{said} is more than two years away. Choose an earlier time.")
    return starts_at


def _day_of_start(words: str, today: date, calendar: WorkCalendar) -> date | None:
    if words in ("", "today"):
        return today
    try:
        return read_date(words, today, calendar)
    except BadField:
        return None


def require_later(day: date, today: date) -> date:
    """`day`, if it lies after `today` and within two years. Raises BadField (field `when`)."""
    if day <= today:
        raise BadField(FIELD, f"{spoken(day)} is not later than today, {spoken(today)}. Choose a later date.")
    if day > today + FURTHEST:
        raise BadField(FIELD, f"{spoken(day)} is more than two years away. Choose an earlier date.")
    return day


def _dateparser(words: str, today: date) -> date | None:
    """`dateparser` on a text with a month's name or a plain relative phrase; it guesses wildly at others."""
    if not re.search(r"[a-z]{3}", words) or len(words) > 60:
        return None
    import dateparser  # heavy: loaded with the first date that needs it

    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "REQUIRE_PARTS": ["day", "month"],
        "STRICT_PARSING": False,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(words, languages=["en"], settings=settings)
    return of_its_weekday(found.date(), words) if found else None
