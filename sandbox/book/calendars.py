"""On which days a colleague works, for histories that could have happened."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.book.people import TeamMember


class WorkingDays:
    """Monday to Friday without the public holidays of the colleague's country, around a date."""

    def __init__(self, who: TeamMember, around: date) -> None:
        import holidays  # takes a moment to load; only a book needs it

        years = range(around.year - 1, around.year + 2)
        self._holidays = set(holidays.country_holidays(who.country, subdiv=who.subdivision, years=years))

    def is_one(self, day: date) -> bool:
        """Whether they work on it."""
        return day.weekday() < 5 and day not in self._holidays

    def at_or_after(self, day: date) -> date:
        """The day itself if they work on it, else the next on which they do."""
        while not self.is_one(day):
            day += timedelta(days=1)
        return day

    def before(self, day: date, count: int = 1) -> date:
        """The `count`-th working day before `day`."""
        for _ in range(count):
            day -= timedelta(days=1)
            while not self.is_one(day):
                day -= timedelta(days=1)
        return day

    def between(self, first: date, last: date) -> list[date]:
        """The working days from `first` to `last`, both included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.is_one(day)]
