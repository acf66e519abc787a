"""Claiming: which rows may leave now, in which order, each leased to one sender.

A row's life: pending -> sending -> sent, dead or dropped. A lease that ends before it is settled leaves the
row `unknown`: it may have arrived, so the next sender looks it up first.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, case, cast, select, update
from sqlalchemy.orm import Session, aliased

from bot.clock import Clock
from bot.store.outbox_policy import Policy
from bot.store.parcels import Parcel
from bot.store.pauses import locked_pause
from bot.store.session import Store
from bot.store.tables import OutboxRow
from bot.store.types import UtcDateTime

OPEN_STATES = ("pending", "sending", "unknown")
PAST_ITS_USE = "past its use"
UNREADABLE = "what it carries cannot be read"
# So many rows are looked at in one transaction: it stays short with any backlog.
GLANCE = 100
# How far a row behind an earlier one of its target is put off; it is put forward when that one settles.
BEHIND = timedelta(seconds=60)
# And how many of one target, or past their use, are dealt with in one transaction.
PUT_OFF = 10_000
PAST_AT_ONCE = 1_000
DEFAULT_POLICY = Policy()
# Made once: to make them takes SQLAlchemy longer than the database takes to answer.
_ROW, _FIRST, _HEAD = aliased(OutboxRow), aliased(OutboxRow), aliased(OutboxRow)
_HEAD_ID = (
    select(_FIRST.id)
    .where(_FIRST.target == _ROW.target, _FIRST.look_at.is_not(None))
    .order_by(_FIRST.id)
    .limit(1)
    .scalar_subquery()
)
_DUE = (OutboxRow.service == bindparam("service"), OutboxRow.look_at <= bindparam("elapsed"))
# A row that is to be looked at, if there is one; the order keeps PostgreSQL from reading the history.
ANYTHING_DUE = select(OutboxRow.id).where(*_DUE).order_by(OutboxRow.look_at, OutboxRow.id).limit(1)
# The rows to look at, longest waiting first; rows that another sender looks at are passed over.
DUE = (
    select(
        OutboxRow.id,
        OutboxRow.target,
        OutboxRow.state,
        OutboxRow.useful_until,
        OutboxRow.faults,
        OutboxRow.attempts,
    )
    .where(*_DUE)
    .order_by(OutboxRow.look_at, OutboxRow.id)
    .limit(GLANCE)
    .with_for_update(skip_locked=True)
)
# For each row the first unsettled row of its target, and when that one is looked at.
HEADS = (
    select(_ROW.id, _HEAD.id, _HEAD.look_at)
    .join(_HEAD, _HEAD.id == _HEAD_ID)
    .where(_ROW.id.in_(bindparam("rows", expanding=True)))
)
_CARRIED = tuple(name for name in Parcel.__slots__ if name != "unknown")
# Its payload is read as text: a type that decodes would raise here, for this and every later claim.
_READ = {name: getattr(OutboxRow, name) for name in _CARRIED} | {"payload": cast(OutboxRow.payload, Text)}
_LEASE = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row_id"))
    .values(
        state="sending",
        lease_token=bindparam("token"),
        lease_until=bindparam("until"),
        look_at=bindparam("until"),
        attempts=OutboxRow.attempts + 1,
    )
    .returning(*_READ.values())
    .execution_options(synchronize_session=False)
)
_PUT_FORWARD = (
    update(OutboxRow)
    .where(
        OutboxRow.id.in_(
            select(_HEAD_ID).where(_ROW.id.in_(bindparam("settled", expanding=True))).scalar_subquery()
        )
    )
    .where(OutboxRow.state.in_(("pending", "unknown")))
    .values(
        look_at=case(
            (OutboxRow.next_try_at > bindparam("elapsed"), OutboxRow.next_try_at),
            else_=bindparam("elapsed", type_=UtcDateTime()),
        )
    )
    .execution_options(synchronize_session=False)
)


class Verdict(Enum):
    """What to do with a row that is looked at."""

    TAKE = "take"
    WAIT = "wait"  # an earlier row of its target is in the way
    DROP = "drop"
    LOST = "lost"  # its sender has not settled it within the lease
    POISON = "poison"  # it has cost so many senders their lease that it is set aside


class DueRow(NamedTuple):
    """What is known of a row whose time has come."""

    id: int
    target: str
    state: str
    useful_until: datetime | None
    faults: int
    attempts: int


def judge(row: DueRow, head_id: int, now: datetime, policy: Policy) -> Verdict:
    """Decide on one row; `now` is business time, `head_id` the first unsettled row of its target."""
    if row.state == "sending":
        return Verdict.POISON if row.faults + 1 >= policy.poison_after else Verdict.LOST
    if row.useful_until is not None and row.useful_until <= now:
        return Verdict.DROP
    return Verdict.TAKE if row.id == head_id else Verdict.WAIT


def claim(
    store: Store,
    service: str,
    clock: Clock,
    lease: timedelta = timedelta(seconds=60),
    limit: int = 1,
    policy: Policy = DEFAULT_POLICY,
) -> list[Parcel]:
    """Up to `limit` rows of `service` that may leave now, leased until `lease` from now; at once, never
    waits.

    While the service is paused there is none; when the pause ends, one row goes ahead to try, the least tried.
    """
    # Most looks find nothing: they must not take the turn of somebody who writes.
    with store.read() as session:
        if session.scalar(ANYTHING_DUE, {"service": service, "elapsed": clock.elapsed()}) is None:
            return []
    taken: list[Parcel] = []
    while True:
        with store.write(patient=True) as session:
            parcels, more = _glance(session, service, clock, lease, limit - len(taken), policy)
        taken += parcels
        if len(taken) >= limit or not more:
            return taken


def _glance(
    session: Session, service: str, clock: Clock, lease: timedelta, limit: int, policy: Policy
) -> tuple[list[Parcel], bool]:
    """One short transaction: what was taken, and whether there may be more to look at."""
    now, elapsed = clock.now(), clock.elapsed()
    pause = locked_pause(session, service)
    if pause is not None and pause.until > elapsed:
        return [], False
    due = session.execute(DUE, {"service": service, "elapsed": elapsed})
    rows = [DueRow._make(row) for row in due]
    # A statement of its own, after the rows are locked: what settled meanwhile is seen to be settled.
    found = session.execute(HEADS, {"rows": [row.id for row in rows]})
    heads = {row_id: (head, at) for row_id, head, at in found}
    verdicts: dict[Verdict, list[DueRow]] = {verdict: [] for verdict in Verdict}
    for row in rows:
        verdicts[judge(row, heads[row.id][0], now, policy)].append(row)

    if verdicts[Verdict.DROP]:
        _drop_past(session, now, elapsed)  # not these alone: after an outage there are many
    _give_up_leases(session, verdicts, elapsed, policy)
    moved = {row.target for kind in (Verdict.DROP, Verdict.POISON, Verdict.LOST) for row in verdicts[kind]}
    # Where something moved, the turn of the next may have come: the next glance tells.
    blocked = {row.target: heads[row.id] for row in verdicts[Verdict.WAIT] if row.target not in moved}
    for target, (head_id, head_look_at) in blocked.items():
        _put_off(session, target, head_id, max(head_look_at or elapsed, elapsed + BEHIND), elapsed)
    taken = _together(verdicts[Verdict.TAKE], limit) if pause is None else _probe(verdicts[Verdict.TAKE])
    leased = [_lease(session, row, elapsed + lease, elapsed) for row in taken]
    parcels = [parcel for parcel in leased if parcel is not None]
    if pause is not None and parcels:
        pause.until, pause.probe_token = elapsed + lease, parcels[0].lease_token
    alone = limit > 1 and any(row.faults for row in taken)
    more = bool(moved) or len(parcels) < len(taken) or len(rows) == GLANCE
    return parcels, more and not (alone and parcels)


def _together(rows: list[DueRow], limit: int) -> list[DueRow]:
    """Which rows leave in one go: one that has failed by its own fault goes alone, so that it costs no other."""
    if rows and rows[0].faults:
        return rows[:1]
    return [row for row in rows if not row.faults][:limit]


def _probe(rows: list[DueRow]) -> list[DueRow]:
    """The row that tells whether a service goes again: one that has failed often may itself be the trouble."""
    return sorted(rows, key=lambda row: row.attempts)[:1]


def _lease(session: Session, row: DueRow, until: datetime, elapsed: datetime) -> Parcel | None:
    """The row, leased; None when what it carries cannot be read: then it is set aside and delays no other."""
    given = {"row_id": row.id, "token": str(uuid.uuid4()), "until": until}
    leased = dict(zip(_READ, session.execute(_LEASE, given).one(), strict=True))
    payload = _decoded(leased["payload"])
    if payload is None:
        dead = {"state": "dead", "lease_token": None, "look_at": None, "settled_at": elapsed}
        _change(session, [row.id], dead | {"reason": UNREADABLE})
        put_forward(session, [row.id], elapsed)
        return None
    return Parcel(**leased | {"payload": payload}, unknown=row.state == "unknown")


def _decoded(text: str) -> dict[str, Any] | None:
    try:
        payload = json.loads(text)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) else None


def _give_up_leases(
    session: Session, verdicts: dict[Verdict, list[DueRow]], elapsed: datetime, policy: Policy
) -> None:
    faults = OutboxRow.faults + 1
    lost = {
        "state": "unknown",
        "attempts": 1,  # the try that may have arrived; the looks are counted from here
        "lease_token": None,
        "faults": faults,
        "next_try_at": elapsed,
        "look_at": elapsed,
    }
    _change(session, [row.id for row in verdicts[Verdict.LOST]], lost)
    reason = f"{policy.poison_after} senders stopped or failed while they carried it; it may have arrived"
    dead = {"state": "dead", "lease_token": None, "faults": faults, "look_at": None, "settled_at": elapsed}
    _change(session, [row.id for row in verdicts[Verdict.POISON]], dead | {"reason": reason})
    put_forward(session, [row.id for row in verdicts[Verdict.POISON]], elapsed)


def _change(session: Session, ids: list[int], values: dict[str, Any]) -> None:
    if ids:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id.in_(ids))
            .values(values)
            .execution_options(synchronize_session=False)
        )


def _put_off(session: Session, target: str, head_id: int, until: datetime, elapsed: datetime) -> None:
    """Spare the claims to come from looking at all that waits behind the head of `target`."""
    behind = (
        select(OutboxRow.id)
        .where(OutboxRow.target == target, OutboxRow.id > head_id, OutboxRow.look_at <= elapsed)
        .where(OutboxRow.state.in_(("pending", "unknown")))
        .limit(PUT_OFF)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(behind.scalar_subquery()))
        .values(look_at=until)
        .execution_options(synchronize_session=False)
    )


def put_forward(session: Session, settled: list[int], elapsed: datetime) -> None:
    """Have the rows that come next in the targets of `settled` rows looked at as soon as they may leave."""
    if settled:
        session.execute(_PUT_FORWARD, {"settled": settled, "elapsed": elapsed})


def expire(store: Store, clock: Clock) -> int:
    """Drop every waiting row that is past its use, also where its turn has not come; how many."""
    dropped = 0
    while True:
        with store.write() as session:
            some = _drop_past(session, clock.now(), clock.elapsed())
        dropped += some
        if not some:
            return dropped


def _drop_past(session: Session, now: datetime, elapsed: datetime) -> int:
    past = (
        select(OutboxRow.id, OutboxRow.state)
        .where(OutboxRow.useful_until <= now, OutboxRow.look_at.is_not(None))
        .where(OutboxRow.state.in_(("pending", "unknown")))
        .limit(PAST_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(past).all()
    for state, reason in (("pending", PAST_ITS_USE), ("unknown", f"{PAST_ITS_USE}; it may have arrived")):
        gone = {"state": "dropped", "reason": reason, "look_at": None, "settled_at": elapsed}
        _change(session, [row.id for row in rows if row.state == state], gone)
    put_forward(session, [row.id for row in rows], elapsed)
    return len(rows)
