"""Who is on leave today, until when, and who covers, in words."""

from __future__ import annotations

from bot.services.dates import spoken
from bot.services.runs.lines import Reader
from bot.store.tables import Person


def away_of(reader: Reader, rep: Person) -> str | None:
    """ "on leave until Fri 27 Nov 2026, Ben covers"; None when the rep is at work. The day is the rep's."""
    today = reader.now.astimezone(reader.calendars.of(rep).tz).date()
    for absence in reader.calendars.absences(rep):
        if absence.holds(today):
            cover = reader.people.get(absence.cover_id) if absence.cover_id is not None else None
            who = f"{cover.name} covers" if cover is not None else "nobody covers"
            return f"on leave until {spoken(absence.days.last)}, {who}"
    return None
