"""Satisfied or not, high-value or not, and the angle for the first call that follows from it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.playbook.review_angle import Angle, suggested_angle
from bot.playbook.satisfaction import Satisfaction, is_high_value, satisfaction

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("score", "asked_on", "is_it"),
    [
        (9, date(2026, 10, 1), Satisfaction.SATISFIED),
        (10, date(2026, 11, 23), Satisfaction.SATISFIED),
        (8, date(2026, 10, 1), Satisfaction.UNDECIDED),
        (7, date(2026, 10, 1), Satisfaction.NOT_SATISFIED),
        (0, date(2026, 10, 1), Satisfaction.NOT_SATISFIED),
        (9, date(2026, 5, 27), Satisfaction.SATISFIED),  # 180 days ago
        (9, date(2026, 5, 26), Satisfaction.OUTDATED),
        (3, date(2025, 1, 1), Satisfaction.OUTDATED),
        (9, None, Satisfaction.OUTDATED),
        (None, None, Satisfaction.UNKNOWN),
        (None, date(2026, 10, 1), Satisfaction.UNKNOWN),
    ],
)
def test_what_a_score_says(score: int | None, asked_on: date | None, is_it: Satisfaction) -> None:
    assert satisfaction(score, asked_on, TODAY, 180) is is_it


def test_high_value_is_a_hundred_dollars_a_month_or_more() -> None:
    assert [is_high_value(cents, "USD") for cents in (9_999, 10_000, 50_000)] == [False, True, True]
    assert is_high_value(None, "USD") is None
    assert is_high_value(50_000, "EUR") is None


@pytest.mark.parametrize(
    ("how", "angle"),
    [
        (Satisfaction.SATISFIED, Angle.RENEW_WITH_UPSELL),
        (Satisfaction.NOT_SATISFIED, Angle.LISTEN),
        (Satisfaction.UNDECIDED, Angle.ASK_WHAT_IS_MISSING),
        (Satisfaction.OUTDATED, Angle.ASK_SCORE_AGAIN),
        (Satisfaction.UNKNOWN, Angle.ASK_SCORE),
    ],
)
def test_the_score_alone_decides_when_all_else_is_well(how: Satisfaction, angle: Angle) -> None:
    assert suggested_angle(how, reports_missing=False, contacts_before=3) == (angle,)


def test_missing_reports_come_first_and_then_making_oneself_known() -> None:
    assert suggested_angle(Satisfaction.SATISFIED, reports_missing=True, contacts_before=0) == (
        Angle.REPORTS_FIRST,
        Angle.INTRODUCE,
        Angle.RENEW_WITH_UPSELL,
    )
    assert suggested_angle(Satisfaction.UNKNOWN, reports_missing=False, contacts_before=2) == (
        Angle.RECALL,
        Angle.ASK_SCORE,
    )
