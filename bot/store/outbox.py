"""The outbox as services use it: rows written in the transaction of what causes them (HOUSE: nothing leaves
without a row). `claim`, `settle` and `expire` are for the sender.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer

from bot.store.claims import OPEN_STATES, claim, expire, put_forward
from bot.store.inserts import insert_new, insert_row
from bot.store.outbox_policy import Policy
from bot.store.pauses import lift, paused
from bot.store.settling import settle
from bot.store.tables import OutboxPause, OutboxRow

__all__ = [
    "OPEN_STATES",
    "Policy",
    "cancel",
    "claim",
    "counts",
    "drop",
    "enqueue",
    "expire",
    "hasten",
    "lift",
    "listing",
    "paused",
    "pauses",
    "replay",
    "settle",
    "skip",
]


def enqueue(
    session: Session,
    *,
    service: str,
    kind: str,
    recipient: str,
    slot: str | None,
    target: str,
    now: datetime,
    elapsed: datetime,
    payload: dict[str, Any] | None = None,
    fact_id: int | None = None,
    wait: timedelta = timedelta(),
    useful_until: datetime | None = None,
    coalesce_key: str | None = None,
) -> int | None:
    """Add a row and answer its id; None when (kind, recipient, slot) is there already, in whatever state.

    `now` and `useful_until` are business time, `elapsed` is elapsed time; the row leaves `wait` after it at
    the earliest. Without a `slot` the row is one of its own. When a row with this `coalesce_key` has not
    left yet, that one will do: its id is answered and nothing added.
    """
    if coalesce_key is not None:
        # The shared lock keeps senders off it until our commit, so it leaves with what we have just changed.
        waiting = (
            select(OutboxRow.id)
            .where(OutboxRow.coalesce_key == coalesce_key, OutboxRow.state == "pending")
            .limit(1)
            .with_for_update(read=True)
        )
        row_id = session.scalar(waiting)
        if row_id is not None:
            return row_id
    values = {
        "service": service,
        "kind": kind,
        "recipient": recipient,
        "slot": slot if slot is not None else uuid.uuid4().hex,
        "target": target,
        "state": "pending",
        "payload": payload or {},
        "result": {},
        "coalesce_key": coalesce_key,
        "fact_id": fact_id,
        "created_at": now,
        "next_try_at": elapsed + wait,
        "look_at": elapsed + wait,
        "useful_until": useful_until,
        "attempts": 0,
        "faults": 0,
    }
    new_id: int | None = insert_row(session, OutboxRow, values)
    return new_id


def hasten(session: Session, coalesce_key: str, elapsed: datetime) -> None:
    """Let a row that waits for what else happens leave at `elapsed`; one that was tried waits as it was told to."""
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.coalesce_key == coalesce_key,
            OutboxRow.state == "pending",
            OutboxRow.attempts == 0,
            OutboxRow.next_try_at > elapsed,
        )
        .values(next_try_at=elapsed, look_at=elapsed)
        .execution_options(synchronize_session=False)
    )


def skip(
    session: Session,
    *,
    service: str,
    kind: str,
    recipient: str,
    slot: str,
    now: datetime,
    elapsed: datetime,
    reason: str,
) -> int | None:
    """Record why this will not be sent, under the key it would have had; None when that key is there
    already.
    """
    statement = insert_new(session, OutboxRow).values(
        service=service,
        kind=kind,
        recipient=recipient,
        slot=slot,
        target=recipient,
        state="dropped",
        payload={},
        result={},
        created_at=now,
        next_try_at=elapsed,
        attempts=0,
        faults=0,
        settled_at=elapsed,
        reason=reason,
    )
    new_id: int | None = session.scalar(statement.returning(OutboxRow.id))
    return new_id


def cancel(session: Session, *, fact_id: int, reason: str) -> tuple[int, ...]:
    """Drop what a fact caused and what has not left yet; answers the rows dropped.

    A row that is on its way, or may have arrived, is left alone: its effect has to be taken back instead.
    """
    dropped = session.execute(
        update(OutboxRow)
        .where(OutboxRow.fact_id == fact_id, OutboxRow.state == "pending")
        .values(state="dropped", reason=reason, look_at=None)
        .returning(OutboxRow.id, OutboxRow.next_try_at)
    ).all()
    for row_id, next_try_at in dropped:
        put_forward(session, [row_id], next_try_at)
    return tuple(sorted(row.id for row in dropped))


def replay(session: Session, row_id: int, *, elapsed: datetime) -> bool:
    """Give a row that was set aside another chance, from `elapsed` (elapsed time) on; False if it is not
    dead.

    An earlier try may have arrived, so it is looked up first.
    """
    revived = session.scalar(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.state == "dead")
        .values(state="unknown", attempts=0, faults=0, next_try_at=elapsed, look_at=elapsed, settled_at=None)
        .returning(OutboxRow.id)
    )
    return revived is not None


def drop(session: Session, row_id: int, *, reason: str, elapsed: datetime | None = None) -> bool:
    """Leave it at that: a row that was set aside will not be sent again; False if it is not dead.

    With `elapsed` (elapsed time) it counts as settled by then: what it was about is read again.
    """
    settled = {} if elapsed is None else {"settled_at": elapsed}
    dropped = session.scalar(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.state == "dead")
        .values(state="dropped", reason=reason, **settled)
        .returning(OutboxRow.id)
    )
    return dropped is not None


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many rows there are by (service, state)."""
    grouped = select(OutboxRow.service, OutboxRow.state, func.count()).group_by(
        OutboxRow.service, OutboxRow.state
    )
    return {(service, state): number for service, state, number in session.execute(grouped)}


def listing(
    session: Session, states: Sequence[str] = ("dead",), service: str | None = None, limit: int = 100
) -> list[OutboxRow]:
    """The newest rows in these states, newest first; one that cannot be read is listed all the same."""
    wanted = select(OutboxRow).where(OutboxRow.state.in_(states)).order_by(OutboxRow.id.desc()).limit(limit)
    wanted = wanted.options(defer(OutboxRow.payload), defer(OutboxRow.result))
    return list(session.scalars(wanted if service is None else wanted.where(OutboxRow.service == service)))


def pauses(session: Session) -> list[OutboxPause]:
    """The services that wait as a whole, until when and why."""
    return list(session.scalars(select(OutboxPause).order_by(OutboxPause.service)))
