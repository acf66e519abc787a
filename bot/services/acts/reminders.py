"""Remind me later: the account is shown again at an hour; no date moves (PLAYBOOK 1)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.playbook.calendar import WorkCalendar
from bot.playbook.rules import assess
from bot.services.acts.acting import GONE, Acting, Click, TouchAt, acting
from bot.services.errors import StaleTouch
from bot.services.outgoing.messages import open_message
from bot.services.people.calendars import Calendars
from bot.services.people.roles import manages, may_work
from bot.services.runs.kept import taken_from
from bot.services.runs.lines import Reader
from bot.services.work import Work, local_date
from bot.store.book import load_runs, to_run
from bot.store.tables import Person, Reminder, RunRow

USEFUL_FOR = timedelta(hours=12)
AFTERNOON, MORNING = time(14), time(9)


class Later(StrEnum):
    """What *Remind me* offers with one tap."""

    HOUR = "hour"
    AFTERNOON = "afternoon"
    MORNING = "morning"


def later_times(calendar: WorkCalendar, now: datetime) -> dict[Later, datetime]:
    """When each offer would come, in the zone of the person's own calendar.

    This afternoon is only offered before it begins; the morning is that of the next working day.
    """
    local = now.astimezone(calendar.tz)
    offers = {Later.HOUR: (now + timedelta(hours=1)).astimezone(calendar.tz)}
    if local.time() < AFTERNOON:
        offers[Later.AFTERNOON] = datetime.combine(local.date(), AFTERNOON, calendar.tz)
    next_day = calendar.next_working_day(local.date())
    return offers | {Later.MORNING: datetime.combine(next_day, MORNING, calendar.tz)}


def remind(work: Work, click: Click, at: TouchAt, when: Later | datetime) -> datetime:
    """Show the account again at an hour of business time; answers it in the person's zone.

    Raises NotYours, and StaleTouch when the hour is past or nothing would be due then.
    """
    with acting(work, click, at.run_id, "remind") as desk:
        due_at = _due_at(desk, when)
        if not desk.repeated and not _due_then(desk, due_at):
            raise StaleTouch(
                f"{desk.run.account}: nothing will be due then, so there is nothing to remind you of."
                " No reminder was set."
            )
        if not desk.repeated:
            desk.session.add(Reminder(person_id=desk.person.id, run_id=desk.run.id, due_at=due_at))
        return due_at.astimezone(ZoneInfo(desk.person.tz))


def _due_then(desk: Acting, at: datetime) -> bool:
    """Whether something would be due at that hour, if nothing happens until then."""
    return bool(assess(to_run(desk.loaded), desk.calendar, at, desk.work.policy).touches)


def _due_at(desk: Acting, when: Later | datetime) -> datetime:
    if desk.run.gone_at is not None:
        raise StaleTouch(GONE)
    now = desk.work.now()
    if isinstance(when, datetime):
        if when <= now and not desk.repeated:
            local = when.astimezone(ZoneInfo(desk.person.tz))
            raise StaleTouch(f"{local:%H:%M} is past by now. Nothing was set; say again when to remind you.")
        return when
    own = Calendars(desk.session, desk.work.config, now).own(desk.person)
    due_at = later_times(own, now).get(when)
    if due_at is None:
        raise StaleTouch("It is afternoon by now. Nothing was set; choose another time.")
    return due_at


def send_reminders(work: Work) -> int:
    """Open a message for each reminder whose hour has come; answers how many.

    An account on which nothing is to do by then (deferred, closed, done), or which is no longer theirs to
    work, is not shown again.
    """
    sent = 0
    with work.store.write() as session:
        due = session.scalars(
            select(Reminder)
            .where(Reminder.sent_at.is_(None), Reminder.due_at <= work.now())
            .order_by(Reminder.id)
            .with_for_update(skip_locked=True)  # another process sends those
        ).all()
        for reminder in due:
            reminder.sent_at = work.now()
            person = session.get_one(Person, reminder.person_id)
            if not _still_due(work, session, person, reminder.run_id):
                continue
            message = open_message(
                work,
                session,
                kind="reminder",
                recipient=f"person:{person.id}",
                slot=f"reminder:{reminder.id}",
                on=local_date(work.now(), person.tz),
                run_ids=[reminder.run_id],
                person=person,
                useful_until=work.now() + USEFUL_FOR,
            )
            sent += message is not None
    if sent:
        work.wake()
    return sent


def _still_due(work: Work, session: Session, person: Person, run_id: int) -> bool:
    reader = Reader(work, session)
    run = session.get_one(RunRow, run_id)
    if run.gone_at is not None or not _is_theirs(work, session, reader, person, run):
        return False
    return any(reader.see(loaded).assessment.touches for loaded in load_runs(session, RunRow.id == run_id))


def _is_theirs(work: Work, session: Session, reader: Reader, person: Person, run: RunRow) -> bool:
    """Whether they may still work it: the door's own question, asked again at the hour."""
    owner = session.get(Person, run.owner_id) if run.owner_id is not None else None
    rep = taken_from(session, run)
    return may_work(work.config, person, owner, reader.covers) or (
        rep is not None and manages(work.config, person, rep)
    )
