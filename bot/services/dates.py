"""Dates in words, read against the reader's own calendar and always read back (never a silent guess).

A small grammar of our own comes first; `dateparser` reads the rest. A text that has two readings ("04/11")
is asked back instead.
"""

from __future__ import annotations

import calendar as months
import re
import warnings
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import FR, relativedelta

from bot.playbook.calendar import NoWorkingDay, WorkCalendar
from bot.services.errors import BadField

FIELD = "when"
EXAMPLES = "Try: Thursday, 14 Nov, in 2 weeks, in 3 business days, end of month, the 15th."
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
FURTHEST = relativedelta(years=2)

_IN = re.compile(
    r"(?:in )?(\d{1,3}|a|an|one|two|three|four|five|six) (business |working )?(day|week|month)s?"
)
_THE = re.compile(r"(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)")
_WEEKDAY = re.compile(r"(?:on |this )?(next )?([a-z]{3,9})")
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?")
_WORD = re.compile(r"[a-z]+")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_date(text: str, today: date, calendar: WorkCalendar) -> date:
    """The date a person means, later than `today`. Raises BadField (field `when`) with what to write instead."""
    words = " ".join(text.lower().replace(",", " ").split()).removeprefix("until ").removeprefix("by ")
    words = words.rstrip(".!?")
    found = _grammar(words, today, calendar)
    if found is None:
        found = _dateparser(words, today)
    if found is None:
        raise BadField(FIELD, f"I cannot read “{text[:60]}” as a date. {EXAMPLES}")
    return require_later(found, today)


def require_later(day: date, today: date) -> date:
    """`day`, if it lies after `today` and within two years. Raises BadField (field `when`)."""
    if day <= today:
        raise BadField(FIELD, f"{spoken(day)} is not later than today, {spoken(today)}. Choose a later date.")
    if day > today + FURTHEST:
        raise BadField(FIELD, f"{spoken(day)} is more than two years away. Choose an earlier date.")
    return day


def spoken(day: date) -> str:
    """ "Wed 4 Nov 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _grammar(words: str, today: date, calendar: WorkCalendar) -> date | None:
    fixed = _fixed(words, today, calendar)
    if fixed is not None:
        return fixed
    if match := _ISO.fullmatch(words):
        return _iso(match[0])
    if match := _IN.fullmatch(words):
        return _in(match, today, calendar)
    if match := _THE.fullmatch(words):
        return _day_of_month(int(match[1]), today)
    if match := _NUMERIC.fullmatch(words):
        return _numeric(match, today)
    if match := _WEEKDAY.fullmatch(words):
        return _weekday(match[2], bool(match[1]), today)
    return None


def _fixed(words: str, today: date, calendar: WorkCalendar) -> date | None:
    last = months.monthrange(today.year, today.month)[1]
    match words:
        case "today" | "eod" | "end of day":
            return today
        case "tomorrow" | "tmrw":
            return today + timedelta(days=1)
        case "the day after tomorrow" | "day after tomorrow":
            return today + timedelta(days=2)
        case "next working day" | "next business day":
            return _working_days_on(1, today, calendar)
        case "next week":
            return today + timedelta(days=7 - today.weekday())
        case "end of week" | "end of the week" | "eow":
            return today + relativedelta(days=1, weekday=FR)
        case "end of month" | "end of the month" | "eom":
            return today.replace(day=last)
        case "next month":
            return (today + relativedelta(months=1)).replace(day=1)
        case _:
            return None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _in(match: re.Match[str], today: date, calendar: WorkCalendar) -> date | None:
    count = NUMBERS.get(match[1]) or int(match[1])
    if match[2]:
        return _working_days_on(count, today, calendar) if match[3] == "day" else None
    if match[3] == "month":
        return today + relativedelta(months=count)
    return today + timedelta(days=count * (7 if match[3] == "week" else 1))


def _working_days_on(count: int, today: date, calendar: WorkCalendar) -> date:
    try:
        return calendar.add_working_days(today, count)
    except NoWorkingDay as never:
        raise BadField(FIELD, "Your calendar has no working day left: write the date itself.") from never


def _day_of_month(day: int, today: date) -> date | None:
    """The next such day of a month, skipping months that do not have it."""
    if not 1 <= day <= 31:
        return None
    first = today.replace(day=1)
    for ahead in range(14):
        month = first + relativedelta(months=ahead)
        if day <= months.monthrange(month.year, month.month)[1] and month.replace(day=day) > today:
            return month.replace(day=day)
    return None


def _numeric(match: re.Match[str], today: date) -> date | None:
    one, two = int(match[1]), int(match[2])
    year = int(match[3]) if match[3] else None
    if year is not None and year < 100:
        year += 2000
    readings = {_on(one, two, year, today), _on(two, one, year, today)} - {None}
    if len(readings) > 1:
        either = " or ".join(spoken(day) for day in sorted(day for day in readings if day))
        raise BadField(FIELD, f"“{match[0]}” can be read as {either}. Write the month in letters: 4 Nov.")
    return readings.pop() if readings else None


def _on(day: int, month: int, year: int | None, today: date) -> date | None:
    """That day; without a year the next one after today, also when only a leap year has it."""
    for candidate in (year,) if year else (today.year, today.year + 1, today.year + 2):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or found > today:
            return found
    return None


def _weekday(word: str, following: bool, today: date) -> date | None:
    """The next such weekday after today; "next thursday" is the one of the following calendar week."""
    wanted = _weekday_number(word)
    if wanted is None:
        return None
    if following:
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _weekday_number(word: str) -> int | None:
    """0 for "monday" and "mon"."""
    if word in ("tues", "thur", "thurs"):
        return 1 if word == "tues" else 3
    return next((n for n, name in enumerate(WEEKDAYS) if word in (name, name[:3])), None)


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
    return _of_its_weekday(found.date(), words) if found else None


def _of_its_weekday(day: date, words: str) -> date:
    """`day`, unless a weekday stands beside it that is another one: then one of the two is a mistake."""
    named = [number for word in _WORD.findall(words) if (number := _weekday_number(word)) is not None]
    if any(number != day.weekday() for number in named):
        raise BadField(
            FIELD,
            f"{day.day} {day:%B %Y} is a {day:%A}. Write the date or the weekday alone, whichever you mean.",
        )
    return day
