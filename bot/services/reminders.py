"""Remind me later: the account is shown again at an hour; no date moves (PLAYBOOK 1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.acting import Click, TouchAt, acting
from bot.services.lines import Reader
from bot.services.messages import open_message
from bot.services.work import Work, local_date
from bot.store.book import load_runs
from bot.store.tables import Person, Reminder, RunRow

USEFUL_FOR = timedelta(hours=12)


def remind(work: Work, click: Click, at: TouchAt, minutes: int) -> datetime:
    """Show the account again after `minutes` of business time; answers when, in the person's zone."""
    with acting(work, click, at.run_id, "remind") as desk:
        due_at = work.now() + timedelta(minutes=minutes)
        if not desk.repeated:
            desk.session.add(Reminder(person_id=desk.person.id, run_id=desk.run.id, due_at=due_at))
        return due_at.astimezone(ZoneInfo(desk.person.tz))


def send_reminders(work: Work) -> int:
    """Open a message for each reminder whose hour has come; answers how many.

    An account on which nothing is to do by then (deferred, closed, done) is not shown again.
    """
    sent = 0
    with work.store.write() as session:
        due = session.scalars(
            select(Reminder).where(Reminder.sent_at.is_(None), Reminder.due_at <= work.now())
        ).all()
        for reminder in due:
            reminder.sent_at = work.now()
            if not _still_due(work, session, reminder.run_id):
                continue
            person = session.get_one(Person, reminder.person_id)
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


def _still_due(work: Work, session: Session, run_id: int) -> bool:
    reader = Reader(work, session)
    return any(reader.see(loaded).assessment.touches for loaded in load_runs(session, RunRow.id == run_id))
