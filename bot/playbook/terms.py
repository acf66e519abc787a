"""The terms of a renewal that was won: its new expiration, its next put-out date, what it is worth."""

from datetime import date, timedelta

LONGEST_TERM = 60  # months


def expiration_after(expires_on: date, months: int) -> date:
    """The last day of a term of `months` that begins the day after `expires_on`.

    A term that ends with a month ends the next one with its month, too: 30 November and one month is 31 December.
    Raises ValueError beyond the calendar's end.
    """
    month = expires_on.month - 1 + months
    year, month = expires_on.year + month // 12, month % 12 + 1
    last = _last_of_month(year, month)
    if expires_on == _last_of_month(expires_on.year, expires_on.month):
        return last
    return last.replace(day=min(expires_on.day, last.day))


def put_out_before(expires_on: date, lead_days: int, today: date) -> date:
    """The put-out date P of a term that expires on E: `lead_days` before it, on whatever weekday.

    Where that is past already, as with a short term, it is the day after `today`: no account begins in the past.
    """
    return max(expires_on - timedelta(days=lead_days), today + timedelta(days=1))


def last_expiration(expires_on: date | None, today: date) -> date:
    """The latest day on which a new term may end: the longest one, from the contract's end or from today."""
    return expiration_after(max(expires_on or today, today), LONGEST_TERM)


def term_value(cents: int, period: str, months: int) -> int:
    """What the whole term is worth, in cents: `cents` are for one `period` (month, year, or the term itself)."""
    if period == "month":
        return cents * months
    return cents if period == "term" else (cents * months * 2 + 12) // 24  # half a cent is rounded up


def monthly_value(cents: int, period: str, term_months: int) -> int:
    """What `cents` for one `period` are a month, in whole cents; a price for the term is divided by its months."""
    return cents // {"month": 1, "year": 12}.get(period, term_months)


def _last_of_month(year: int, month: int) -> date:
    beyond = date(year + month // 12, month % 12 + 1, 1)
    return beyond - timedelta(days=1)
