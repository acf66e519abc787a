"""How satisfied a customer is, and what a renewal is worth (PLAYBOOK 8)."""

from datetime import date, timedelta
from enum import StrEnum

SATISFIED_ABOVE = 8
HIGH_VALUE_CENTS_A_MONTH = 10_000
HIGH_VALUE_CURRENCY = "USD"


class Satisfaction(StrEnum):
    """What the last NPS answer says. All but `SATISFIED` count as not satisfied."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    UNDECIDED = "undecided"  # exactly 8: a person looks
    OUTDATED = "outdated"
    UNKNOWN = "unknown"


def satisfaction(score: int | None, asked_on: date | None, today: date, valid_days: int) -> Satisfaction:
    """What a score of 0 to 10 says on `today`; one without a date, or older than `valid_days`, is outdated."""
    if score is None:
        return Satisfaction.UNKNOWN
    if asked_on is None or today - asked_on > timedelta(days=valid_days):
        return Satisfaction.OUTDATED
    if score == SATISFIED_ABOVE:
        return Satisfaction.UNDECIDED
    return Satisfaction.SATISFIED if score > SATISFIED_ABOVE else Satisfaction.NOT_SATISFIED


def is_high_value(cents_a_month: int | None, currency: str) -> bool | None:
    """Whether a renewal is high-value; None when the price is not known, or not in US dollars."""
    if cents_a_month is None or currency != HIGH_VALUE_CURRENCY:
        return None
    return cents_a_month >= HIGH_VALUE_CENTS_A_MONTH
