"""Public holidays by office, and days of its own."""

from datetime import date

import pytest

from bot.playbook.office_holidays import UnknownOffice, office_holidays


def test_the_holidays_of_a_country_and_its_part():
    bavaria = office_holidays("DE", "BY", [2026, 2027])
    assert date(2026, 1, 6) in bavaria
    assert date(2027, 1, 6) in bavaria
    assert date(2026, 1, 6) not in office_holidays("DE", "BE", [2026])


def test_a_holiday_on_a_weekend_is_observed():
    # 4 July 2026 is a Saturday.
    assert date(2026, 7, 3) in office_holidays("US", None, [2026])


def test_days_of_its_own_are_added():
    own = date(2026, 12, 28)
    assert own not in office_holidays("US", "NY", [2026])
    assert own in office_holidays("US", "NY", [2026], [own])


@pytest.mark.parametrize(
    ("country", "part", "named"), [("XX", None, "'XX'"), ("US", "ZZ", "'US-ZZ'"), ("", None, "''")]
)
def test_an_unknown_place_is_named(country, part, named):
    with pytest.raises(UnknownOffice, match=named):
        office_holidays(country, part, [2026])
