"""PLAYBOOK 1: working days, roll, and the hours of a day in the rep's zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.playbook.calendar import Leave, NoWorkingDay, WorkCalendar

NEW_YORK = ZoneInfo("America/New_York")


def calendar(**changes):
    usual = {"tz": NEW_YORK, "workdays": frozenset(range(5)), "day_ends": time(17, 30)}
    return WorkCalendar(**{**usual, **changes})


def test_weekdays_minus_holidays_minus_leave():
    office = calendar(
        holidays=frozenset({date(2026, 11, 26)}), leave=(Leave(date(2026, 11, 17), date(2026, 11, 18)),)
    )
    working = [day for day in range(14, 29) if office.is_working_day(date(2026, 11, day))]
    assert working == [16, 19, 20, 23, 24, 25, 27]


def test_roll_keeps_a_working_day_and_goes_forward_otherwise():
    assert calendar().roll(date(2026, 11, 13)) == date(2026, 11, 13)
    assert calendar().roll(date(2026, 11, 14)) == date(2026, 11, 16)
    assert calendar().next_working_day(date(2026, 11, 13)) == date(2026, 11, 16)


def test_adding_working_days_does_not_count_the_day_itself():
    assert calendar().add_working_days(date(2026, 11, 13), 1) == date(2026, 11, 16)
    assert calendar().add_working_days(date(2026, 11, 14), 5) == date(2026, 11, 20)
    assert calendar().add_working_days(date(2026, 11, 14), 0) == date(2026, 11, 14)


def test_a_leave_of_years_ends_and_an_endless_one_is_an_error():
    years = calendar(leave=(Leave(date(2026, 11, 2), date(2031, 11, 2)),))
    assert years.roll(date(2026, 11, 2)) == date(2031, 11, 3)
    endless = calendar(leave=(Leave(date(2026, 11, 2), date.max),))
    with pytest.raises(NoWorkingDay, match="no working day from 2026-11-02"):
        endless.roll(date(2026, 11, 2))


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(9999, 12, 30), date.max])
def test_without_weekdays_nothing_rolls_and_nothing_hangs(day):
    with pytest.raises(NoWorkingDay):
        calendar(workdays=frozenset()).roll(day)
    with pytest.raises(NoWorkingDay):
        calendar(workdays=frozenset()).next_working_day(day)


def test_the_day_ends_by_the_rep_s_wall_clock():
    assert calendar().end_of_day(date(2026, 11, 2)) == datetime(2026, 11, 2, 22, 30, tzinfo=UTC)
    assert calendar().end_of_day(date(2026, 10, 30)) == datetime(2026, 10, 30, 21, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_its_first_and_one_that_is_skipped_moves_on():
    assert calendar(day_ends=time(1, 30)).end_of_day(date(2026, 11, 1)) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )
    assert calendar(day_ends=time(2, 30)).end_of_day(date(2026, 3, 8)) == datetime(
        2026, 3, 8, 7, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Santiago", date(2026, 9, 5)),  # the next day begins at 01:00
        ("Africa/Cairo", date(2026, 4, 23)),  # as does this one's
        ("Asia/Beirut", date(2026, 10, 24)),  # 23:00 to 24:00 comes twice
        ("Pacific/Apia", date(2011, 12, 29)),  # the next day does not exist
        ("Australia/Lord_Howe", date(2026, 4, 4)),
        ("America/New_York", date(2026, 11, 1)),
    ],
)
def test_the_last_instant_of_a_day_is_on_that_day_and_the_next_is_not(zone, day):
    office = calendar(tz=ZoneInfo(zone))
    last = office.last_instant(day)
    assert office.local_date(last) == day
    next_instant = datetime.fromtimestamp(last.timestamp() + 1, UTC)
    assert office.local_date(next_instant) > day
