"""One account for one reader: what a form opens with and what a command answers, from our own database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.services.acting import Click, TouchAt, looking
from bot.services.call_outcomes import offered_outcomes
from bot.services.dates import read_date, require_later
from bot.services.lines import Reader
from bot.services.models import AccountLine
from bot.services.reminders import Later, later_times
from bot.services.roles import known_person, may_work
from bot.services.shown import why_gone
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.tables import Message, MessageRun, Person, RunRow

CARD = "card"


@dataclass(frozen=True, slots=True)
class Card:
    """A run as its reader sees it now; `on` and `now` are the reader's."""

    line: AccountLine
    on: date
    now: datetime
    later: Mapping[Later, datetime] = field(default_factory=dict)  # when *Remind me* would show it again
    # The portal's own call outcomes, {key: name}.
    no_contact: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)


def read_card(work: Work, click: Click, at: TouchAt, action: str) -> Card:
    """The account a form or an answer is about. Raises NotYours, StaleTouch when the touch is not due."""
    with looking(work, click, at.run_id, action) as desk:
        desk.require_due(at)
        reader = Reader(work, desk.session)
        seen = reader.see(desk.loaded)
        line = reader.line(seen, desk.person.tz, reader.crm_states([seen]))
        own = reader.calendars.own(desk.person)
        later = later_times(own, work.now())
        no_contact, contact = (
            offered_outcomes(desk.session, work.config.hubspot, contact=yes) for yes in (False, True)
        )
        return Card(line, desk.today, work.now().astimezone(own.tz), later, no_contact, contact)


def keep_card(work: Work, click: Click, run_id: int, channel: str, *, private: bool, kind: str = CARD) -> int:
    """Remember an answer that shows an account, so that it is drawn again when pressed; its message id.

    The caller sends it. `private`: only the person sees it, in `channel`.
    """
    with work.store.write() as session:
        person = known_person(session, click.who)
        key = {"kind": kind, "recipient": f"person:{person.id}", "slot": click.key[-64:]}
        message = session.scalar(select(Message).filter_by(**key))
        if message is None:
            on = local_date(work.now(), person.tz)
            data = {"channel": channel, "private": private}
            message = Message(**key, person_id=person.id, on=on, data=data)
            session.add(message)
            session.flush()
            session.add(MessageRun(message_id=message.id, run_id=run_id, place=0))
        return message.id


def read_kept_card(work: Work, message_id: int) -> Card | None:
    """A card as it stands now; None when there is no such message."""
    with work.store.read() as session:
        message = session.get(Message, message_id)
        person = session.get(Person, message.person_id) if message and message.person_id else None
        shown = select(MessageRun.run_id).where(MessageRun.message_id == message_id)
        found = load_runs(session, RunRow.id.in_(shown))
        if person is None or not found:
            return None
        reader = Reader(work, session)
        seen = reader.see(found[0])
        gone = why_gone(seen, person, theirs=may_work(work.config, person, seen.owner, reader.covers))
        line = reader.line(seen, person.tz, reader.crm_states([seen]), gone)
        return Card(line, seen.assessment.on, work.now().astimezone(ZoneInfo(person.tz)))


def read_day(work: Work, click: Click, run_id: int, day: date | None, text: str | None) -> date:
    """A coming date, as picked or in words, by the calendar of the run's rep. Raises BadField (`when`)."""
    with looking(work, click, run_id, "read_date") as desk:
        return require_later(day, desk.today) if day else read_date(text or "", desk.today, desk.calendar)


def read_zone(work: Work, click: Click) -> ZoneInfo:
    """The zone in which the person reads and writes times. Raises UnknownPerson."""
    with work.store.read() as session:
        return ZoneInfo(known_person(session, click.who).tz)
