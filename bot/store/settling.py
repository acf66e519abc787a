"""Settling: what a delivery makes of its row, fenced by the lease."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.store.claims import DEFAULT_POLICY, put_forward
from bot.store.outbox_policy import Policy
from bot.store.parcels import Contested, Delivery, Halted, NotNeeded, Parcel, Refused, Sent, TryAgain, Unknown
from bot.store.pauses import locked_pause, note_delivery
from bot.store.session import Store
from bot.store.tables import OutboxRow

# Made once, and locks the row that is still ours: nobody else ends the lease before this transaction does.
_FAULTS = (
    select(OutboxRow.faults)
    .where(
        OutboxRow.id == bindparam("row_id"),
        OutboxRow.lease_token == bindparam("token"),
        OutboxRow.state == "sending",
    )
    .with_for_update()
)
LOOKED_FOR = "times without an answer; it may have arrived"
CONTEST = "contest"  # of a row's result: what stands at the remote and was not overwritten
OnSettled = Callable[[Parcel, Delivery, Session], None]


def settle(
    store: Store,
    parcel: Parcel,
    delivery: Delivery,
    clock: Clock,
    policy: Policy = DEFAULT_POLICY,
    then: OnSettled | None = None,
) -> bool:
    """Record what became of a claimed row; False, and nothing changed, when the lease was lost meanwhile.

    `then` is called in the same transaction, so that what it writes (a ts, a HubSpot id) is there or not
    there together with the settling; what it raises undoes both. A row that is given up is `Refused` to it.
    """
    with store.write(patient=True) as session:
        faults = session.scalar(_FAULTS, {"row_id": parcel.id, "token": parcel.lease_token})
        if faults is None:
            return False
        elapsed = clock.elapsed()
        values = after_delivery(parcel, faults, _judged(session, parcel, delivery), elapsed, policy)
        ended = {"lease_token": None, "lease_until": None}
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == parcel.id)
            .values(**ended, **values)
            .execution_options(synchronize_session=False)
        )
        note_delivery(session, parcel, delivery, elapsed, policy)
        if then is not None:
            given_up = values["state"] == "dead" and isinstance(delivery, TryAgain | Unknown)
            then(parcel, Refused(values["reason"]) if given_up else delivery, session)
        if values["look_at"] is None:
            put_forward(session, [parcel.id], elapsed)
    return True


def _judged(session: Session, parcel: Parcel, delivery: Delivery) -> Delivery:
    """Trouble of the whole service is this row's own when the service took something else since the row failed.

    Its failure before this one began a pause, and only a row that arrives ends one. While nothing arrives the
    pause stands, and no row is at fault (FAULTS 8, 24).
    """
    if not isinstance(delivery, TryAgain) or delivery.scope != "service" or delivery.after is not None:
        return delivery
    failed_before = parcel.attempts > 1 or parcel.unknown
    if not failed_before or locked_pause(session, parcel.service) is not None:
        return delivery
    return TryAgain(delivery.reason, scope="row")


def after_delivery(
    parcel: Parcel, faults: int, delivery: Delivery, elapsed: datetime, policy: Policy
) -> dict[str, Any]:
    """The row's new values; `elapsed` is elapsed time, `faults` the tries that failed by its own fault so
    far.
    """
    match delivery:
        case Sent(result):
            return _final("sent", None, elapsed) | {"result": result}
        case NotNeeded(reason):
            return _final("dropped", reason, elapsed)
        case Refused(reason):
            return _final("dead", reason, elapsed)
        case Contested(reason, theirs):
            return _final("dead", reason, elapsed) | {"result": {CONTEST: theirs}}
        case TryAgain(reason, scope="row") if faults + 1 >= policy.poison_after:
            return _final("dead", f"{reason} (given up after {faults + 1} tries)", elapsed) | {
                "faults": faults + 1
            }
        case TryAgain(reason, after, scope="row"):
            return _again(parcel, reason, elapsed, policy.wait(faults + 1, after)) | {"faults": faults + 1}
        case TryAgain(reason, after, scope="target"):
            return _again(parcel, reason, elapsed, policy.wait(parcel.attempts, after))
        case Unknown(reason):
            return _unanswered(parcel, reason, elapsed, policy)
        case TryAgain(reason) | Halted(reason):
            again = _again(parcel, reason, elapsed, timedelta())  # the service's pause does the waiting
            # What the service refused to all is no look for this row.
            return again | {"attempts": parcel.attempts - 1} if parcel.unknown else again


def _unanswered(parcel: Parcel, reason: str, elapsed: datetime, policy: Policy) -> dict[str, Any]:
    """Nobody says whether it arrived: another look, until there were so many that a person has to look.

    Of an unknown row `attempts` counts the try that may have arrived, and the looks since.
    """
    looks = parcel.attempts - 1 if parcel.unknown else 0
    if looks >= policy.unknown_looks:
        return _final("dead", f"{reason} (looked for {looks} {LOOKED_FOR})", elapsed)
    waiting = _again(parcel, reason, elapsed, policy.backoff(looks + 1))
    return waiting | {"state": "unknown", "attempts": looks + 1}


def _final(state: str, reason: str | None, elapsed: datetime) -> dict[str, Any]:
    return {"state": state, "reason": reason, "look_at": None, "settled_at": elapsed}


def _again(parcel: Parcel, reason: str, elapsed: datetime, wait: timedelta) -> dict[str, Any]:
    # A try that did not arrive says nothing about an earlier one that may have.
    state = "unknown" if parcel.unknown else "pending"
    return {"state": state, "reason": reason, "next_try_at": elapsed + wait, "look_at": elapsed + wait}
