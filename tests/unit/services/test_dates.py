"""Dates in words: read against the reader's calendar, later than today, and asked back where two are meant."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.playbook.calendar import Leave, WorkCalendar
from bot.services.dates import FURTHEST, read_date, spoken
from bot.services.errors import BadField

SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
SATURDAY = date(2026, 11, 28)
THANKSGIVING = date(2026, 11, 26)
CALENDAR = WorkCalendar(
    tz=ZoneInfo("America/New_York"),
    workdays=frozenset(range(5)),
    day_ends=time(17),
    holidays=frozenset({THANKSGIVING}),
)
SOME_DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


def read(text: str, today: date = MONDAY, calendar: WorkCalendar = CALENDAR) -> date:
    return read_date(text, today, calendar)


def refused(text: str, today: date = MONDAY) -> str:
    with pytest.raises(BadField) as caught:
        read(text, today)
    assert caught.value.field == "when"
    return caught.value.sentence


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", date(2026, 11, 24)),
        ("the day after tomorrow", date(2026, 11, 25)),
        ("Thursday", THANKSGIVING),
        ("  on   THU ", THANKSGIVING),
        ("thurs", THANKSGIVING),
        ("tues", date(2026, 11, 24)),
        ("monday", date(2026, 11, 30)),  # never today itself
        ("next monday", date(2026, 11, 30)),
        ("next thursday", date(2026, 12, 3)),
        ("next friday", date(2026, 12, 4)),
        ("next week", date(2026, 11, 30)),
        ("next month", date(2026, 12, 1)),
        ("end of week", FRIDAY),
        ("eow", FRIDAY),
        ("end of month", date(2026, 11, 30)),
        ("in 2 weeks", date(2026, 12, 7)),
        ("2 weeks", date(2026, 12, 7)),
        ("a week", date(2026, 11, 30)),
        ("in three days", date(2026, 11, 26)),
        ("in 1 month", date(2026, 12, 23)),
        ("in 3 business days", FRIDAY),  # Thanksgiving is none
        ("next working day", date(2026, 11, 24)),
        ("the 15th", date(2026, 12, 15)),
        ("15th", date(2026, 12, 15)),
        ("the 23rd", date(2026, 12, 23)),  # today is past
        ("31st", date(2026, 12, 31)),
        ("15 Jan", date(2027, 1, 15)),
        ("Jan 15", date(2027, 1, 15)),
        ("Dec 1, 2026", date(2026, 12, 1)),
        ("1 december 2026", date(2026, 12, 1)),
        ("4 Nov", date(2027, 11, 4)),  # past this year
        ("2026-12-01", date(2026, 12, 1)),
        ("11/25", date(2026, 11, 25)),
        ("25/11", date(2026, 11, 25)),
        ("25.11.2026", date(2026, 11, 25)),
        ("25.11.", date(2026, 11, 25)),
        ("12/12", date(2026, 12, 12)),  # both readings are the same day
        ("until Friday", FRIDAY),
        ("by friday", FRIDAY),
        ("friday, 27 nov", FRIDAY),
        ("tomorrow.", date(2026, 11, 24)),
    ],
)
def test_words_are_read_as_a_person_means_them(text: str, day: date):
    assert read(text) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("end of week", FRIDAY, date(2026, 12, 4)),
        ("end of week", SATURDAY, date(2026, 12, 4)),
        ("end of week", SUNDAY, FRIDAY),
        ("next week", SUNDAY, MONDAY),
        ("next monday", SUNDAY, MONDAY),
        ("monday", SUNDAY, MONDAY),
        ("the 31st", date(2026, 11, 30), date(2026, 12, 31)),
        ("the 30th", date(2027, 1, 31), date(2027, 3, 30)),  # February has none
        ("the 29th", date(2027, 1, 31), date(2027, 3, 29)),
        ("in 1 month", date(2027, 1, 31), date(2027, 2, 28)),
        ("29/2", date(2027, 3, 1), date(2028, 2, 29)),
        ("next month", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_edges_of_weeks_and_months(text: str, today: date, day: date):
    assert read(text, today) == day


@pytest.mark.parametrize("text", ["04/11", "4.11.", "4/11/27", "3/4", "04.11.2027"])
def test_two_readings_are_asked_back_with_both(text: str):
    sentence = refused(text)
    assert " or " in sentence and "letters" in sentence
    assert text.strip(".") in sentence


@pytest.mark.parametrize("text", ["tuesday 30 nov", "Friday, 1 December", "mon 15 jan"])
def test_a_weekday_that_is_not_the_dates_is_asked_back(text: str):
    sentence = refused(text)
    assert "is a" in sentence


@pytest.mark.parametrize(
    "text", ["today", "eod", "yesterday", "2026-11-23", "2026-11-01", "1 nov 2026", "23/11/2026"]
)
def test_today_and_the_past_are_refused_with_the_date_as_it_was_read(text: str):
    assert "not later than today, Mon 23 Nov 2026" in refused(text)


@pytest.mark.parametrize("text", ["2031-01-01", "in 999 months", "in 900 weeks", "1 jan 2040"])
def test_years_away_is_refused(text: str):
    assert "more than two years away" in refused(text)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "soon", "asap", "when he is back", "32/13", "the 32nd", "2026-13-01", "january",
     "30 feb", "in business days", "¯\\_(ツ)_/¯", "\x00", "12", "a" * 5000, "next", "the th"],
)  # fmt: skip
def test_what_cannot_be_read_says_what_can(text: str):
    sentence = refused(text)
    assert "Try: " in sentence
    assert len(sentence) < 300


def test_business_days_without_any_are_refused_and_do_not_hang():
    never = WorkCalendar(tz=CALENDAR.tz, workdays=frozenset(), day_ends=time(17))
    for text in ("in 3 business days", "next working day"):
        with pytest.raises(BadField):
            read(text, calendar=never)


def test_leave_is_no_working_day():
    away = WorkCalendar(
        tz=CALENDAR.tz, workdays=CALENDAR.workdays, day_ends=time(17), leave=(Leave(MONDAY, FRIDAY),)
    )
    assert read("in 2 business days", calendar=away) == date(2026, 12, 1)


def test_a_date_is_spoken_with_its_weekday():
    assert spoken(THANKSGIVING) == "Thu 26 Nov 2026"


SCRAPS = (
    *("next", "in", "the", "on", "of", "end", "week", "month", "day", "days", "business", "friday", "sunday"),
    *("tomorrow", "3", "15th", "31st", "4/11", "11.30.", "2027-02-30", "feb", "march", "noon", "and", "ago"),
    *("eod", "two", "a", "may", "00", "999", "last", "first", "half", "½", "３", "１５th"),
)
WORDS = st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=80), WORDS), today=SOME_DAYS)
@example(text="in 999999999999 years", today=MONDAY)
@example(text="in 9999 years", today=MONDAY)
@example(text="feb 29", today=date(2026, 3, 1))
@example(text="\ud800", today=MONDAY)
def test_any_text_is_a_later_date_or_a_sentence(text: str, today: date):
    try:
        day = read(text, today)
    except BadField as error:
        assert error.field == "when" and error.sentence
    else:
        assert type(day) is date
        assert today < day <= today + FURTHEST


@settings(max_examples=200, deadline=None)
@given(today=SOME_DAYS, ahead=st.integers(1, 700))
def test_every_date_can_be_written_plainly(today: date, ahead: int):
    """As ISO, with the month in letters, and as it is spoken back; also over both changes of the clocks."""
    day = today + timedelta(days=ahead)
    assert read(day.isoformat(), today) == day
    assert read(f"{day.day} {day:%B} {day.year}", today) == day
    assert read(spoken(day), today) == day


@settings(max_examples=200, deadline=None)
@given(today=SOME_DAYS, zone=st.sampled_from(["America/New_York", "Europe/London", "Pacific/Apia", "UTC"]))
def test_the_zone_changes_nothing(today: date, zone: str):
    """Dates are the reader's local dates: no instant is involved, so no clock change can move them."""
    there = WorkCalendar(tz=ZoneInfo(zone), workdays=CALENDAR.workdays, day_ends=time(17))
    assert read("in 5 days", today, there) == today + timedelta(days=5)
    assert read("in 2 weeks", today, there) == today + timedelta(days=14)
    assert read("tomorrow", today, there) == today + timedelta(days=1)
    assert there.is_working_day(read("in 2 business days", today, there))


@settings(max_examples=200, deadline=None)
@given(today=SOME_DAYS, one=st.integers(1, 12), two=st.integers(1, 12), with_year=st.booleans())
def test_numbers_with_two_readings_are_never_guessed(today: date, one: int, two: int, with_year: bool):
    text = f"{one}/{two}" + (f"/{today.year + 1}" if with_year else "")
    if one != two:
        assert " or " in refused(text, today)
