"""The public holidays of an office, from the `holidays` library, plus days of its own."""

from collections.abc import Iterable
from datetime import date

from holidays import country_holidays


class UnknownOffice(ValueError):
    """The holidays library does not know the country or its subdivision."""


def office_holidays(
    country: str, subdivision: str | None, years: Iterable[int], own_days: Iterable[date] = ()
) -> frozenset[date]:
    """The days off of these years in `country` (ISO code, "US") and `subdivision` ("NY"), and `own_days`.

    A public holiday on a weekend is off on the day it is observed as well. Raises UnknownOffice.
    """
    try:
        public = country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError as error:
        place = f"{country}-{subdivision}" if subdivision else country
        raise UnknownOffice(f"no public holidays are known for {place!r}: {error}") from error
    return frozenset(public) | frozenset(own_days)
