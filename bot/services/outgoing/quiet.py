"""How quiet the assistant is: what it posted unasked to each person, counted by their own date.

A digest that is redrawn is one message. What somebody asked for (an answer, a reminder) is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.people.book_of import reps_of
from bot.services.work import Work, local_date
from bot.store.tables import OutboxRow, Person

# The morning's one message, and the few of the day (issue "The morning").
UNASKED = (
    "digest",
    "new_runs",
    "second_calls",
    "returning",
    "takedown",
    "undocumented",
    "moved_out",
    "report_missing",
)


@dataclass(frozen=True, slots=True)
class QuietDay:
    """What one person was sent on one of their dates, by kind; empty on a day without any message."""

    name: str
    on: date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def read_quiet(work: Work, session: Session, days: int) -> list[QuietDay]:
    """The last `days` days of each rep, today included, and of whoever else was sent something: by name and date."""
    now = work.now()
    people = {f"person:{one.id}": one for one in session.scalars(select(Person))}
    shown = {one.id for one in reps_of(session, work.config) if one.active}
    sent = session.execute(
        select(OutboxRow.kind, OutboxRow.recipient, OutboxRow.created_at).where(
            OutboxRow.service == "slack",
            OutboxRow.kind.in_(UNASKED),
            OutboxRow.state == "sent",
            OutboxRow.created_at > now - timedelta(days=days + 1),
        )
    )
    counts: dict[tuple[int, date], Counter[str]] = {}
    for kind, recipient, created_at in sent:
        person = people.get(recipient)
        if person is not None:
            counts.setdefault((person.id, local_date(created_at, person.tz)), Counter())[kind] += 1
    shown |= {person_id for person_id, _ in counts}
    told = []
    for person in sorted(people.values(), key=lambda one: (one.name.casefold(), one.id)):
        if person.id in shown:
            today = local_date(now, person.tz)
            dates = [today - timedelta(days=back) for back in reversed(range(days))]
            told += [QuietDay(person.name, on, counts.get((person.id, on), {})) for on in dates]
    return told
