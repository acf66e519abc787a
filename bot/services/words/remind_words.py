"""When to be reminded, in words at the end of a typed line: "in 1 hour", "this afternoon", "tomorrow 9:00", "14:30"."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.plain_words.days import NotADate, day_in_words
from bot.plain_words.hours import CLOCK, PART, PARTS_OF_DAY, SPAN, span_of, time_of
from bot.playbook.calendar import WorkCalendar
from bot.services.acts.reminders import MORNING
from bot.services.errors import DomainError
from bot.services.people.calendars import Calendars
from bot.services.people.roles import Who, known_person
from bot.services.work import Work


def read_reminder(work: Work, who: Who, text: str) -> tuple[str, datetime | None]:
    """An account's name, and the instant that is said behind it; None where no time is said.

    Raises UnknownPerson, and DomainError for an hour that may be morning or evening.
    """
    with work.store.read() as session:
        calendar = Calendars(session, work.config, work.now()).own(known_person(session, who))
    return split_reminder(text, calendar, work.now())


def split_reminder(text: str, calendar: WorkCalendar, now: datetime) -> tuple[str, datetime | None]:
    """The same by a person's calendar; the first word is always of the name."""
    words = text.split()
    for start in range(1, len(words)):
        when = _instant([word.lower() for word in words[start:]], calendar, now)
        if when is not None:
            return " ".join(words[:start]), when
    return text, None


def _instant(words: list[str], calendar: WorkCalendar, now: datetime) -> datetime | None:
    if span := SPAN.fullmatch(" ".join(words)):
        return now + span_of(span)
    today = now.astimezone(calendar.tz).date()
    for cut in range(len(words) + 1):
        first, last = " ".join(words[:cut]), " ".join(words[cut:])
        for day_words, hour_words in ((first, last), (last, first)):
            day = _day(day_words, today, calendar)
            hour = _hour(hour_words) if day is not None else None
            # "today" alone says no hour.
            if day is not None and hour is not None and (hour_words or day != today):
                return datetime.combine(day, hour, calendar.tz)
    return None


def _day(words: str, today: date, calendar: WorkCalendar) -> date | None:
    """The day; today where none is said. Tomorrow is the next working day: nobody is reminded on a Saturday."""
    words = words.removeprefix("on ")
    if words in ("", "today"):
        return today
    if words == "tomorrow":
        return calendar.next_working_day(today)
    try:
        return day_in_words(words, today, calendar)
    except NotADate:
        return None


def _hour(words: str) -> time | None:
    """The time of day; the morning where none is said."""
    if not words:
        return MORNING
    if part := PART.fullmatch(words):
        return PARTS_OF_DAY[part["part"]]
    clock = CLOCK.fullmatch(words)
    if clock is None:
        return None
    hour = time_of(clock)
    if hour is None:
        raise DomainError(f"Is “{words}” in the morning or in the evening? Write it like 9:00 or 14:30.")
    return hour
