"""Working days of people: their office's weekdays, hours and public holidays, minus their leave."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.config import Config, Office
from bot.playbook.calendar import Leave, WorkCalendar
from bot.playbook.office_holidays import office_holidays
from bot.store.tables import LeaveDays, Person

# A run looks back to its put-out date and forward a month or two; leave may push a roll further.
YEARS_BACK, YEARS_AHEAD = 2, 3


@lru_cache(maxsize=256)
def days_off(office: Office, year: int) -> frozenset[date]:
    """The office's public holidays and own days around `year`."""
    if office.country is None:
        return office.own_holidays
    years = range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    return office_holidays(office.country, office.subdivision, years, office.own_holidays)


class Calendars:
    """The calendars of everybody, with leave read in one statement; made anew for each transaction."""

    def __init__(self, session: Session, config: Config, now: datetime) -> None:
        self._config = config
        self._year = now.year
        self._leave: dict[int, list[Leave]] = {}
        for row in session.execute(select(LeaveDays.person_id, LeaveDays.first_on, LeaveDays.last_on)):
            self._leave.setdefault(row.person_id, []).append(Leave(row.first_on, row.last_on))
        self._made: dict[int, WorkCalendar] = {}

    def of(self, person: Person | None) -> WorkCalendar:
        """The calendar of a person; of nobody (a run without an owner) that of the first office, in UTC."""
        if person is None:
            return self._make(self._config.offices[0], "UTC", ())
        if person.id not in self._made:
            office = self._config.office_of(person.email)
            self._made[person.id] = self._make(office, person.tz, self._leave.get(person.id, ()))
        return self._made[person.id]

    def _make(self, office: Office, tz: str, leave: Iterable[Leave]) -> WorkCalendar:
        return WorkCalendar(
            tz=ZoneInfo(tz),
            workdays=office.workdays,
            day_ends=office.day_ends,
            holidays=days_off(office, self._year),
            leave=tuple(leave),
        )
