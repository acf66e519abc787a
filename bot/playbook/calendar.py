"""The days and hours one rep works (PLAYBOOK 1: working day, roll)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
LONGEST_ABSENCE = timedelta(days=3660)


class NoWorkingDay(ValueError):
    """The calendar has no working day within ten years of a date that has to roll."""


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence; both days are included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A rep's weekdays (0 is Monday) minus their office's holidays, minus their leave, in their zone."""

    tz: ZoneInfo
    workdays: frozenset[int]
    day_ends: time
    holidays: frozenset[date] = frozenset()
    leave: tuple[Leave, ...] = ()

    def is_working_day(self, day: date) -> bool:
        if day.weekday() not in self.workdays or day in self.holidays:
            return False
        # A plain loop: this is asked several times for every run of a morning.
        for absence in self.leave:  # noqa: SIM110
            if absence.first <= day <= absence.last:
                return False
        return True

    def roll(self, day: date) -> date:
        """`day` if it is a working day, else the next one. Raises NoWorkingDay."""
        if self.is_working_day(day):
            return day
        rolled = day
        furthest = day + min(LONGEST_ABSENCE, date.max - day)
        while rolled < furthest:
            rolled += ONE_DAY
            if self.is_working_day(rolled):
                return rolled
        raise NoWorkingDay(f"no working day from {day} to {furthest}: check weekdays, holidays and leave")

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises NoWorkingDay."""
        if day == date.max:
            raise NoWorkingDay(f"no working day after {day}: the calendar ends there")
        return self.roll(day + ONE_DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted itself. Raises NoWorkingDay."""
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def end_of_day(self, day: date) -> datetime:
        """When the rep's working hours end on `day`, as aware UTC.

        An hour that the clock skips counts as if the clock had not moved; of a repeated hour it is the first.
        """
        return datetime.combine(day, self.day_ends, self.tz).astimezone(UTC)

    def last_instant(self, day: date) -> datetime:
        """The last microsecond of the local date, as aware UTC, also where midnight does not exist."""
        midnight = datetime.combine(day + ONE_DAY, time.min, self.tz)
        return midnight.astimezone(UTC) - timedelta(microseconds=1)

    def local_date(self, instant: datetime) -> date:
        """The rep's date at an aware instant."""
        return instant.astimezone(self.tz).date()
