"""A new term: its last day, its put-out date, its worth in exact cents."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbook.terms import (
    expiration_after,
    last_expiration,
    monthly_value,
    put_out_before,
    term_value,
)

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
    assert put_out_before(date(2027, 12, 31), 30, date(2026, 11, 23)) == date(2027, 12, 1)


def test_no_account_is_put_out_in_the_past():
    """A term of one month that is won in time, and one that is won a week before its new end."""
    assert put_out_before(date(2027, 1, 13), 30, date(2026, 11, 23)) == date(2026, 12, 14)
    assert put_out_before(date(2026, 12, 1), 30, date(2026, 11, 23)) == date(2026, 11, 24)
    assert put_out_before(date(2026, 12, 24), 30, date(2026, 11, 23)) == date(2026, 11, 24)
    assert put_out_before(date(2026, 12, 25), 30, date(2026, 11, 23)) == date(2026, 11, 25)


def test_a_term_ends_at_the_latest_when_the_longest_one_does():
    today = date(2026, 11, 23)
    assert last_expiration(date(2026, 12, 31), today) == date(2031, 12, 31)
    assert last_expiration(date(2025, 12, 31), today) == last_expiration(None, today) == date(2031, 11, 23)


@pytest.mark.parametrize(
    ("cents", "period", "months", "monthly"),
    [
        (14_000, "month", 24, 14_000),
        (120_000, "year", 24, 10_000),
        (240_000, "term", 24, 10_000),
        (99, "term", 60, 1),
    ],
)
def test_what_a_price_is_a_month(cents: int, period: str, months: int, monthly: int):
    assert monthly_value(cents, period, months) == monthly


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
