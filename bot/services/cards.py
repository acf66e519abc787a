"""One account for one reader: what a form opens with and what a command answers, from our own database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.services.acting import Click, TouchAt, looking
from bot.services.dates import read_date, require_later
from bot.services.lines import Reader
from bot.services.models import AccountLine
from bot.services.roles import known_person
from bot.services.work import Work


@dataclass(frozen=True, slots=True)
class Card:
    """A run as its reader sees it now; `on` and `now` are the reader's."""

    line: AccountLine
    on: date
    now: datetime


def read_card(work: Work, click: Click, at: TouchAt, action: str) -> Card:
    """The account a form or an answer is about. Raises NotYours, StaleTouch when the touch is not due."""
    with looking(work, click, at.run_id, action) as desk:
        desk.require_due(at)
        reader = Reader(work, desk.session)
        seen = reader.see(desk.loaded)
        line = reader.line(seen, desk.person.tz, reader.crm_states([seen]))
        return Card(line, desk.today, work.now().astimezone(reader.calendars.of(desk.person).tz))


def read_day(work: Work, click: Click, run_id: int, day: date | None, text: str | None) -> date:
    """A coming date, as picked or in words, by the calendar of the run's rep. Raises BadField (`when`)."""
    with looking(work, click, run_id, "read_date") as desk:
        return require_later(day, desk.today) if day else read_date(text or "", desk.today, desk.calendar)


def read_zone(work: Work, click: Click) -> ZoneInfo:
    """The zone in which the person reads and writes times. Raises UnknownPerson."""
    with work.store.read() as session:
        return ZoneInfo(known_person(session, click.who).tz)
