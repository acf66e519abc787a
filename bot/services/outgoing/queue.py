"""How the queue to HubSpot and Slack stands: for an admin's Home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.store.outbox import pauses
from bot.store.tables import OutboxRow

SERVICES = ("hubspot", "slack")


@dataclass(frozen=True, slots=True)
class Queue:
    """One service's rows that have not left: how many wait, may have arrived, and were set aside.

    `oldest` is when the oldest of those that wait was written (business time); `paused` says why all of them wait.
    """

    service: str
    waiting: int = 0
    unknown: int = 0
    set_aside: int = 0
    oldest: datetime | None = None
    paused: str | None = None


def read_queues(session: Session) -> tuple[Queue, ...]:
    """HubSpot's queue and Slack's."""
    rows = session.execute(
        select(OutboxRow.service, OutboxRow.state, func.count(), func.min(OutboxRow.created_at))
        .where(OutboxRow.state.in_(("pending", "unknown", "dead")))
        .group_by(OutboxRow.service, OutboxRow.state)
    )
    found = {(service, state): (number, since) for service, state, number, since in rows}
    why = {pause.service: pause.reason for pause in pauses(session)}

    def number(service: str, *states: str) -> int:
        return sum(found[service, state][0] for state in states if (service, state) in found)

    return tuple(
        Queue(
            service,
            waiting=number(service, "pending"),
            unknown=number(service, "unknown"),
            set_aside=number(service, "dead"),
            oldest=min(
                (found[service, state][1] for state in ("pending", "unknown") if (service, state) in found),
                default=None,
            ),
            paused=why.get(service),
        )
        for service in SERVICES
    )
