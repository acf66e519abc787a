"""What to say of a chosen day on which nobody works: a call then comes later (PLAYBOOK 3), said before it is missed."""

from __future__ import annotations

from datetime import date

from bot.playbook.calendar import NoWorkingDay, WorkCalendar
from bot.services.dates import spoken
from bot.services.people.calendars import Calendars
from bot.services.work import Work
from bot.store.tables import Person, RunRow


def call_comes_later(day: date, calendar: WorkCalendar) -> str | None:
    """ "Thu 26 Nov 2026 is a holiday, so the call comes on Fri 27 Nov 2026."; None on a working day."""
    why = _why(day, calendar)
    if why is None:
        return None
    try:
        return f"{spoken(day)} {why}, so the call comes on {spoken(calendar.roll(day))}."
    except NoWorkingDay:
        return f"{spoken(day)} {why}."


def no_list_then(day: date, calendar: WorkCalendar) -> str | None:
    """ "Thu 26 Nov 2026 is a holiday: no list reminds you of the appointment that day."; None on a working
    day."""
    why = _why(day, calendar)
    return why and f"{spoken(day)} {why}: no list reminds you of the appointment that day."


def said_of(
    work: Work, run_id: int, *, until: date | None = None, starts_on: date | None = None
) -> str | None:
    """What there is to say of a deferral's day, or of an appointment's, by the calendar of the run's rep."""
    if until is None and starts_on is None:
        return None
    with work.store.read() as session:
        run = session.get(RunRow, run_id)
        owner = session.get(Person, run.owner_id) if run is not None and run.owner_id is not None else None
        calendar = Calendars(session, work.config, work.now()).of(owner)
    if until is not None:
        return call_comes_later(until, calendar)
    return no_list_then(starts_on, calendar) if starts_on is not None else None


def _why(day: date, calendar: WorkCalendar) -> str | None:
    if calendar.is_working_day(day):
        return None
    if day in calendar.holidays:
        return "is a holiday"
    return "is a day of leave" if day.weekday() in calendar.workdays else "is not a working day"
