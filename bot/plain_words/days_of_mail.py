"""Dates as people write them in letters, in English, German, French or Spanish: found, and read against a day.

A stranger wrote them for everybody: a date may have two readings ("04/05"), or none that is possible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv enero",
            "february feb februar februari février fevrier févr febrero",
            "march mar märz maerz mars marzo",
            "april apr avril abril",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet julio",
            "august aug août aout agosto",
            "september sept sep septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre decembre déc diciembre",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lundi lunes",
            "tuesday tues tue dienstag mardi martes",
            "wednesday weds wed mittwoch mercredi miércoles miercoles",
            "thursday thurs thur thu donnerstag jeudi jueves",
            "friday fri freitag vendredi viernes",
            "saturday sat samstag sonnabend samedi sábado sabado",
            "sunday sun sonntag dimanche domingo",
        )
    )
    for name in names.split()
}
# Without a year a date is the next such day. One that would be further ahead than this is one that is past.
NEAR = timedelta(days=183)
FURTHEST = timedelta(days=730)


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_MONTH, _WEEKDAY = _any_of(MONTHS), _any_of(WEEKDAYS)
_NAMED = rf"(?:(?P<{{0}}w>{_WEEKDAY})\.?,?\s+)?"
_YEAR = r"(?:,?\s+(?:de\s+|del\s+)?(?P<{0}y>20\d{{2}})(?!\d))?"
# "November 23-27": the day to which the range goes. No hour of the day, and no number of something.
_TO_DAY = (
    r"(?:\s*(?:[-–—]|to|through|thru)\s*(?:the\s+)?(?P<be>\d{1,2})(?:st|nd|rd|th)?"
    rf"(?![\w/:])(?!\s*(?:[ap]\.?m\b|o['’]clock|days|weeks|hours|(?:of\s+)?(?:{_MONTH})\b)))?"
)
# "The 2nd week of December", "the 15th of next month": no day that "the 2nd" alone names.
_NO_DAY = rf"week|weekend|half|quarter|part|day|working|business|of\s+(?:next|the|this|each|every)|{_WEEKDAY}|{_MONTH}"
DATE = re.compile(
    r"(?<![\w/.])(?:"
    r"(?P<iso>20\d{2}-\d{2}-\d{2})(?![\w-])"
    rf"|{_NAMED.format('n')}(?P<n1>\d{{1,2}})(?P<sep>[/.])(?P<n2>\d{{1,2}})"
    r"(?:(?P=sep)(?P<ny>20\d{2}|\d{2}(?!\d))|\.(?!\d))?(?![\w/])"
    rf"|{_NAMED.format('a')}(?:the\s+|le\s+|el\s+|den\s+)?(?P<ad>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?"
    rf"(?P<am>{_MONTH})\b\.?{_YEAR.format('a')}"
    rf"|{_NAMED.format('b')}(?P<bm>{_MONTH})\.?\s+(?:the\s+)?(?P<bd>\d{{1,2}})(?:st|nd|rd|th)?(?![\w/:]){_TO_DAY}{_YEAR.format('b')}"
    rf"|the\s+(?P<ord>\d{{1,2}})(?:st|nd|rd|th)\b(?!\s+(?:{_NO_DAY}))"
    rf"|(?P<which>next\s+|this\s+|this coming\s+|coming\s+)?(?P<day>{_WEEKDAY})\b(?!\s+(?:week\b|after\b|fortnight))"
    r"|(?P<near>today|tomorrow)\b"
    r")"
)


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A date within a text. `days`: what it may mean, in order; none when no such day is possible or it is past.

    `whole`: day and month are said, so that a bare weekday beside it is counted from there.
    """

    days: tuple[date, ...]
    whole: bool
    weekday: int | None = None  # of a bare weekday, which may be counted from another date
    since: date | None = None  # of a range that is written as one: its first day


def day_first(text: str, on: date) -> bool | None:
    """How numeric dates of this lower-case text are written, if one of them tells; None when none or both do.

    One tells whose numbers allow one order only, or whose weekday fits in one order only: "Fri 12/4".
    """
    told: set[bool] = set()
    for found in DATE.finditer(text):
        if not found["n1"]:
            continue
        if max(int(found["n1"]), int(found["n2"])) > 12:
            told.add(int(found["n1"]) > 12)
        elif found["nw"]:
            one, two, weekday = int(found["n1"]), int(found["n2"]), WEEKDAYS[found["nw"]]
            fits = [
                first for first, d, m in ((True, one, two), (False, two, one)) if _fits(d, m, weekday, on)
            ]
            told.update(fits if len(fits) == 1 else ())
    return told.pop() if len(told) == 1 else None


def _fits(day: int, month: int, weekday: int, on: date) -> bool:
    """Whether that day, ahead or past, falls on that weekday within half a year of `on`."""
    for year in (on.year - 1, on.year, on.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if abs(found - on) <= NEAR and found.weekday() == weekday:
            return True
    return False


def read_said(found: re.Match[str], on: date, *, first: bool | None) -> SaidDay:
    """A match of DATE in lower-case text that was received on the local date `on`.

    `first`: whether numeric dates begin with the day; None: not known, and those that allow both have two readings.
    """
    if found["iso"]:
        y, m, d = map(int, found["iso"].split("-"))
        return SaidDay(_ahead(d, m, y, on), whole=True)
    if found["n1"]:
        one, two = int(found["n1"]), int(found["n2"])
        year = _year(found["ny"])
        orders = [(one, two)] if first else [(two, one)] if first is False else [(one, two), (two, one)]
        # Both orders count, a past one too: who forgot to switch it off may mean that.
        either = {day for d, m in orders for day in _ahead(d, m, year, on, past=first is None)}
        return SaidDay(_of_weekday(tuple(sorted(either)), found["nw"]), whole=True)
    for kind in "ab":
        if found[f"{kind}m"]:
            month, year = MONTHS[found[f"{kind}m"]], _year(found[f"{kind}y"])
            if kind == "b" and found["be"]:
                return _range(int(found["bd"]), int(found["be"]), _ahead(int(found["be"]), month, year, on))
            days = _ahead(int(found[f"{kind}d"]), month, year, on)
            return SaidDay(_of_weekday(days, found[f"{kind}w"]), whole=True)
    if found["ord"]:
        return SaidDay(_next_of_month(int(found["ord"]), on), whole=True)
    if found["near"]:
        return SaidDay((on + timedelta(days=found["near"] == "tomorrow"),), whole=False)
    return _weekday(WEEKDAYS[found["day"]], (found["which"] or "").strip(), on)


def next_weekday(weekday: int, after: date) -> date:
    """The first such weekday after a day."""
    return after + timedelta(days=(weekday - after.weekday() - 1) % 7 + 1)


def _range(first: int, last: int, ends: tuple[date, ...]) -> SaidDay:
    if not ends or not 1 <= first < last:
        return SaidDay((), whole=True)
    return SaidDay(ends, whole=True, since=ends[0].replace(day=first))


def _weekday(weekday: int, which: str, on: date) -> SaidDay:
    following = next_weekday(weekday, on)
    if which == "next":
        # Of this week or of the next? People mean either.
        both = following - timedelta(days=following.weekday()) <= on
        days = (following, following + timedelta(days=7)) if both else (following,)
        return SaidDay(days, whole=False)
    if weekday == on.weekday():
        return SaidDay((on, following), whole=False, weekday=weekday)
    return SaidDay((following,), whole=False, weekday=weekday)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


def _ahead(day: int, month: int, year: int | None, on: date, *, past: bool = False) -> tuple[date, ...]:
    """That day, if it is one that can be meant; `past`: one that is over as well."""
    for candidate in (year,) if year else (on.year, on.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is None and found < on:
            continue
        if found > on + (FURTHEST if year else NEAR):
            return (found,) if past else ()
        return (found,) if found >= on or past else ()
    return ()


def _next_of_month(day: int, on: date) -> tuple[date, ...]:
    first = on.replace(day=1)
    for _ in range(3):
        try:
            found = first.replace(day=day)
        except ValueError:
            found = on
        if found > on:
            return (found,)
        first = (first + timedelta(days=32)).replace(day=1)
    return ()


def _of_weekday(days: tuple[date, ...], weekday: str | None) -> tuple[date, ...]:
    """Those on the weekday that stands beside them: another one is somebody's mistake."""
    if weekday is None:
        return days
    return tuple(day for day in days if day.weekday() == WEEKDAYS[weekday])
