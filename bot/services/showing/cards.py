"""One account for one reader: what a form opens with and what a command answers, from our own database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.services.acts.acting import Click, TouchAt, looking
from bot.services.acts.reminders import Later, later_times
from bot.services.dates import read_date, read_start, require_future, require_later
from bot.services.models import AccountLine
from bot.services.outgoing.messages import keep_message
from bot.services.people.calendars import Calendars
from bot.services.people.roles import known_person, may_work
from bot.services.runs.call_outcomes import offered_outcomes
from bot.services.runs.lines import Reader
from bot.services.showing.kept import shown_run
from bot.services.showing.shown import why_gone
from bot.services.work import Work, local_date
from bot.store.tables import MessageRun

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


def keep_card(
    work: Work,
    click: Click,
    run_id: int,
    channel: str,
    *,
    private: bool,
    kind: str = CARD,
    thread_ts: str | None = None,
) -> int:
    """Remember an answer that shows an account, so that it is drawn again when pressed; its message id.

    The caller sends it. `private`: only the person sees it, in `channel`.
    """
    with work.store.write() as session:
        person = known_person(session, click.who)
        on = local_date(work.now(), person.tz)
        data = {"channel": channel, "private": private, "thread_ts": thread_ts}
        message, is_new = keep_message(session, person, kind=kind, slot=click.key[-64:], on=on, data=data)
        if is_new:
            session.add(MessageRun(message_id=message.id, run_id=run_id, place=0))
        return message.id


def read_kept_card(work: Work, message_id: int) -> Card | None:
    """A card as it stands now; None when there is no such message."""
    with work.store.read() as session:
        shown = shown_run(work, session, message_id)
        if shown is None:
            return None
        reader, person, seen = shown
        gone = why_gone(seen, person, theirs=may_work(work.config, person, seen.owner, reader.covers))
        line = reader.with_offer(reader.line(seen, person.tz, reader.crm_states([seen]), gone), seen)
        return Card(line, seen.assessment.on, work.now().astimezone(ZoneInfo(person.tz)))


def read_day(work: Work, click: Click, run_id: int, day: date | None, text: str | None) -> date:
    """A coming date, as picked or in words, by the calendar of the run's rep. Raises BadField (`when`)."""
    with looking(work, click, run_id, "read_date") as desk:
        return require_later(day, desk.today) if day else read_date(text or "", desk.today, desk.calendar)


def read_moment(work: Work, click: Click, on: date | None, at: time | None, text: str | None) -> datetime:
    """When an appointment starts, as picked or in words, in the person's zone; an aware instant later than now.

    Raises UnknownPerson, BadField (`starts`).
    """
    with work.store.read() as session:
        calendar = Calendars(session, work.config, work.now()).own(known_person(session, click.who))
    now = work.now().astimezone(calendar.tz)
    if on is None or at is None:
        return read_start(text or "", now, calendar)
    return require_future(datetime.combine(on, at, calendar.tz), now)
