"""A date in words, against the reader's own calendar. Where two dates can be meant, it says so, never guesses."""

from __future__ import annotations

import calendar as months
import re
from datetime import date, timedelta

from dateutil.relativedelta import FR, relativedelta

from bot.playbook.calendar import NoWorkingDay, WorkCalendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_WEEKDAYS = {"tues": 1, "thur": 3, "thurs": 3, "weds": 2}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NUMBERS = {"a": 1, "an": 1} | {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}

COUNT = r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
WEEKDAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun"
MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)"
NUMERIC = r"\d{1,2}[/.]\d{1,2}(?:[/.](?:\d{4}|\d{2})?)?"

_IN = re.compile(rf"(?:in )?({COUNT}) (business |working )?(day|week|month)s?(?: from now)?")
_THE = re.compile(rf"(?:on )?(?:the )?({ORDINAL})")
_WEEKDAY = re.compile(r"(?:on |this |coming |this coming )?(next )?([a-z]{3,9})")
_WEEKDAY_THE = re.compile(rf"(?:on )?({WEEKDAY}) (?:the )?({ORDINAL})")
_DAY_MONTH = re.compile(
    rf"(?:on )?(?:({WEEKDAY}) )?(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH})(?: (\d{{4}}))?"
)
_MONTH_DAY = re.compile(
    rf"(?:on )?(?:({WEEKDAY}) )?({MONTH}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: (\d{{4}}))?"
)
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.]?(\d{4}|\d{2})?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


# How a date can be written within a sentence; each is then read by `day_in_words`.
PHRASES = tuple(
    re.compile(rf"(?:{pattern})(?= |$)")
    for pattern in (
        r"\d{4}-\d{1,2}-\d{1,2}",
        NUMERIC,
        rf"(?:in )?(?:{COUNT}) (?:business |working )?(?:day|week|month)s?(?: from now)?",
        rf"(?:on )?(?:(?:{WEEKDAY}) )?(?:the )?{ORDINAL}(?: (?:of )?(?:{MONTH})(?: \d{{4}})?)?",
        rf"(?:on )?(?:(?:{WEEKDAY}) )?(?:the )?\d{{1,2}}(?: of)? (?:{MONTH})(?: \d{{4}})?",
        rf"(?:on )?(?:(?:{WEEKDAY}) )?(?:{MONTH}) (?:the )?(?:{ORDINAL}|\d{{1,2}})(?: \d{{4}})?",
        rf"(?:on |this |coming |this coming )?(?:next )?(?:{WEEKDAY})",
        r"tomorrow|tmrw|tmr|(?:the )?day after tomorrow",
        r"next (?:working|business) day|next (?:week|month)",
        r"(?:at |by )?(?:the )?end of (?:the )?(?:week|month)|eow|eom",
    )
)
MONTH_ALONE = re.compile(rf"(?:in |until |mid |early |late )?(?:{MONTH})(?= |$)")


class NotADate(ValueError):
    """The words look like a date and are none; `sentence` says why. `days`: the dates they may mean, if any."""

    def __init__(self, sentence: str, days: tuple[date, ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.days = days


def spoken(day: date) -> str:
    """ "Wed 4 Nov 2026"."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def day_in_words(words: str, today: date, calendar: WorkCalendar) -> date | None:
    """The date that lower-case `words` say, also one that is not after `today`; None when they are no date.

    Raises NotADate where two dates can be meant, or the weekday beside a date is another one.
    """
    fixed = _fixed(words, today, calendar)
    if fixed is not None:
        return fixed
    if _ISO.fullmatch(words):
        return _iso(words)
    if match := _IN.fullmatch(words):
        return _in(match, today, calendar)
    if match := _THE.fullmatch(words):
        return _day_of_month(int(match[1][:-2]), today)
    if match := _WEEKDAY_THE.fullmatch(words):
        day = _day_of_month(int(match[2][:-2]), today)
        return None if day is None else of_its_weekday(day, match[1])
    if match := _DAY_MONTH.fullmatch(words):
        return _named(match[2], match[3], match[4], match[1], today)
    if match := _MONTH_DAY.fullmatch(words):
        return _named(match[3], match[2], match[4], match[1], today)
    if match := _NUMERIC.fullmatch(words):
        return _numeric(match, today)
    if match := _WEEKDAY.fullmatch(words):
        return _weekday(match[2], bool(match[1]), today)
    return None


def of_its_weekday(day: date, words: str) -> date:
    """`day`; raises NotADate when the words name a weekday that is another one: one of the two is a mistake."""
    named = [number for word in re.findall(r"[a-z]+", words) if (number := weekday_number(word)) is not None]
    if any(number != day.weekday() for number in named):
        raise NotADate(
            f"{day.day} {day:%B %Y} is a {day:%A}. Write the date or the weekday alone, whichever you mean."
        )
    return day


def weekday_number(word: str) -> int | None:
    """0 for "monday" and "mon"."""
    if word in SHORT_WEEKDAYS:
        return SHORT_WEEKDAYS[word]
    return next((n for n, name in enumerate(WEEKDAYS) if word in (name, name[:3])), None)


def _fixed(words: str, today: date, calendar: WorkCalendar) -> date | None:
    last = months.monthrange(today.year, today.month)[1]
    match words:
        case "today" | "eod" | "end of day":
            return today
        case "tomorrow" | "tmrw" | "tmr":
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
        raise NotADate("Your calendar has no working day left: write the date itself.") from never


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


def _named(day: str, month: str, year: str | None, weekday: str | None, today: date) -> date | None:
    """ "14 Nov", "Mon Nov 14th 2026": without a year the next such day."""
    number = MONTHS.index(month[:3]) + 1
    found = _on(int(day), number, int(year) if year else None, today)
    return found if found is None or weekday is None else of_its_weekday(found, weekday)


def _numeric(match: re.Match[str], today: date) -> date | None:
    one, two = int(match[1]), int(match[2])
    year = int(match[3]) if match[3] else None
    if year is not None and year < 100:
        year += 2000
    readings = {_on(one, two, year, today), _on(two, one, year, today)} - {None}
    if len(readings) > 1:
        days = tuple(sorted(day for day in readings if day))
        either = " or ".join(spoken(day) for day in days)
        raise NotADate(f"“{match[0]}” can be read as {either}. Write the month in letters: 4 Nov.", days)
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
    wanted = weekday_number(word)
    if wanted is None:
        return None
    if following:
        return today + timedelta(days=7 - today.weekday() + wanted)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
