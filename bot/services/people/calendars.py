"""Working days of people and of their books: an office's weekdays, hours and public holidays, minus leave.

While a colleague covers, the book goes on: covered leave is the person's own day off, not their runs'.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Absence:
    """A person's leave as it was entered; `entered_at` in business time."""

    id: int
    days: Leave
    cover_id: int | None
    entered_at: datetime | None

    def holds(self, day: date) -> bool:
        return self.days.first <= day <= self.days.last


class Calendars:
    """The calendars of everybody, with leave read in one statement; made anew for each transaction."""

    def __init__(self, session: Session, config: Config, now: datetime) -> None:
        self._config = config
        self._year = now.year
        self._absences: dict[int, list[Absence]] = {}
        for row in session.execute(
            select(
                LeaveDays.id,
                LeaveDays.person_id,
                LeaveDays.first_on,
                LeaveDays.last_on,
                LeaveDays.cover_id,
                LeaveDays.entered_at,
            ).order_by(LeaveDays.first_on, LeaveDays.id)
        ):
            absence = Absence(row.id, Leave(row.first_on, row.last_on), row.cover_id, row.entered_at)
            self._absences.setdefault(row.person_id, []).append(absence)
        self._made: dict[int, WorkCalendar] = {}

    def of(self, owner: Person | None) -> WorkCalendar:
        """The calendar of a person's runs; of nobody's (a run without an owner) the first office's, in UTC."""
        if owner is None:
            return self._make(self._config.offices[0], "UTC", ())
        if owner.id not in self._made:
            rest = [absence.days for absence in self.absences(owner) if absence.cover_id is None]
            self._made[owner.id] = self._make(self._config.office_of(owner.email), owner.tz, rest)
        return self._made[owner.id]

    def own(self, person: Person | None) -> WorkCalendar:
        """The calendar of the person themselves: all their leave counts, covered or not."""
        if person is None or not any(absence.cover_id for absence in self.absences(person)):
            return self.of(person)
        leave = [absence.days for absence in self.absences(person)]
        return self._make(self._config.office_of(person.email), person.tz, leave)

    def absences(self, person: Person) -> Sequence[Absence]:
        """The person's leave, earliest first."""
        return self._absences.get(person.id, ())

    def covered_people(self) -> frozenset[int]:
        """Who has covered leave at all, past or to come."""
        return frozenset(
            person_id
            for person_id, absences in self._absences.items()
            if any(absence.cover_id is not None for absence in absences)
        )

    def _make(self, office: Office, tz: str, leave: Iterable[Leave]) -> WorkCalendar:
        return WorkCalendar(
            tz=ZoneInfo(tz),
            workdays=office.workdays,
            day_ends=office.day_ends,
            holidays=days_off(office, self._year),
            leave=tuple(leave),
        )
