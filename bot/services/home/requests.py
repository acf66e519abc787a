"""The sites that Customer Care was asked to take down and has not: what its members see in Home."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.services.acts.care import open_requests
from bot.services.models import CareLine
from bot.services.runs.lines import Reader
from bot.services.work import Work
from bot.store.book import load_runs
from bot.store.tables import Person, RunRow


def read_requests(work: Work, session: Session, person: Person) -> tuple[CareLine, ...]:
    """Those who have waited longest first; dates in the person's zone."""
    asked = open_requests(session)
    if not asked:
        return ()
    reader = Reader(work, session)
    tz = reader.calendars.of(person).tz
    seen = map(reader.see, load_runs(session, RunRow.id.in_(tuple(asked)), RunRow.gone_at.is_(None)))
    oldest_first = sorted(seen, key=lambda one: (asked[one.loaded.row.id], one.loaded.row.id))
    return tuple(
        CareLine(reader.line(one, tz.key, {}), asked[one.loaded.row.id].astimezone(tz).date())
        for one in oldest_first
    )
