"""What the database says of a team's outbox, for tests that look behind the messages."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from bot.store.tables import OutboxRow, Person
from tests.living import Living


class Row(NamedTuple):
    """One outbox row, as far as a test looks at it."""

    slot: str
    state: str
    reason: str | None
    attempts: int


def person_id(team: Living, who: str) -> int:
    with team.assistant.work.store.read() as session:
        return session.scalars(select(Person.id).where(Person.slack_user_id == team.ids[who])).one()


def rows(team: Living, kind: str, recipient: str | None = None) -> list[Row]:
    """The rows of a kind, oldest slot first; `recipient` as the outbox names it, or a person's name here."""
    wanted = select(OutboxRow.slot, OutboxRow.state, OutboxRow.reason, OutboxRow.attempts)
    wanted = wanted.where(OutboxRow.kind == kind).order_by(OutboxRow.slot)
    if recipient is not None:
        named = f"person:{person_id(team, recipient)}" if recipient in team.ids else recipient
        wanted = wanted.where(OutboxRow.recipient == named)
    with team.assistant.work.store.read() as session:
        return [Row(*row) for row in session.execute(wanted)]


def calls(team: Living, service: str, method: str | None = None, since: int = 0) -> int:
    """How many requests a service was sent after journal entry `since`."""
    return len(team.world.journal.entries(service=service, method=method, kind="request", since_seq=since))


def newest_entry(team: Living) -> int:
    """The journal's newest entry, to count from."""
    return max((entry.seq for entry in team.world.journal.entries()), default=0)
