"""A new term: its last day, its put-out date, its worth in exact cents."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.terms import expiration_after, put_out_before, term_value

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("expires", "months", "new"),
    [
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-11-30", 1, "2026-12-31"),
        ("2026-11-15", 1, "2026-12-15"),
        ("2027-02-28", 12, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2027-01-30", 1, "2027-02-28"),
        ("2026-12-15", 60, "2031-12-15"),
    ],
)
def test_the_last_day_of_the_next_term(expires: str, months: int, new: str):
    assert expiration_after(date.fromisoformat(expires), months) == date.fromisoformat(new)


@given(DAYS, st.integers(1, 60))
def test_a_term_is_as_long_as_it_says(expires: date, months: int):
    new = expiration_after(expires, months)
    assert (new.year - expires.year) * 12 + new.month - expires.month == months
    assert new > expires
    ends_month = (expires + timedelta(days=1)).day == 1
    assert (new + timedelta(days=1)).day == 1 or (not ends_month and new.day == expires.day)


def test_the_next_put_out_date():
    assert put_out_before(date(2027, 12, 31), 30) == date(2027, 12, 1)


@pytest.mark.parametrize(
    ("cents", "period", "months", "worth"),
    [
        (14_050, "month", 12, 168_600),
        (100_001, "year", 12, 100_001),
        (100_001, "year", 6, 50_001),  # half a cent is rounded up
        (100_001, "year", 18, 150_002),
        (99_999, "term", 24, 99_999),
    ],
)
def test_what_a_term_is_worth(cents: int, period: str, months: int, worth: int):
    assert term_value(cents, period, months) == worth
