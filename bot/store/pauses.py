"""A whole service that waits: halted, limited, or failing. Kept in the database, so every process waits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.store.inserts import insert_new
from bot.store.outbox_policy import Policy
from bot.store.parcels import Delivery, Halted, NotNeeded, Parcel, TryAgain, Unknown
from bot.store.tables import OutboxPause


def locked_pause(session: Session, service: str) -> OutboxPause | None:
    """The service's pause as it is now, locked until the transaction ends."""
    wanted = select(OutboxPause).where(OutboxPause.service == service)
    return session.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def paused(session: Session) -> dict[str, str]:
    """The services that somebody has to mend, with the reason."""
    halted = select(OutboxPause.service, OutboxPause.reason).where(OutboxPause.halted)
    return dict(session.execute(halted).all())


def lift(session: Session, service: str) -> bool:
    """Let a service go on at once (after the mend); False when it did not wait."""
    gone = delete(OutboxPause).where(OutboxPause.service == service).returning(OutboxPause.service)
    return session.scalar(gone) is not None


def note_delivery(
    session: Session, parcel: Parcel, delivery: Delivery, elapsed: datetime, policy: Policy
) -> None:
    """Begin, lengthen or end the service's pause after what became of one row.

    Only the row that was sent to try ends a pause: one that left before it may still come back with success.
    """
    pause = locked_pause(session, parcel.service)
    tried = pause is not None and pause.probe_token == parcel.lease_token
    match delivery:
        case Halted() | TryAgain(scope="service"):
            _hold(session, parcel, delivery, elapsed, policy)
        case Unknown():
            # Whoever does not answer one row will not answer the others: they would all have to be looked up.
            _hold(session, parcel, TryAgain(delivery.reason, scope="service"), elapsed, policy)
        case NotNeeded() if pause is not None and tried:
            pause.until, pause.probe_token = elapsed, None  # it says nothing of the service: send another
        case _ if tried:
            lift(session, parcel.service)


def _hold(
    session: Session, parcel: Parcel, delivery: Halted | TryAgain, elapsed: datetime, policy: Policy
) -> None:
    begun = insert_new(session, OutboxPause).values(
        service=parcel.service, until=elapsed, reason=delivery.reason, halted=False, failures=0
    )
    session.execute(begun)
    pause = locked_pause(session, parcel.service)
    if pause is None:
        return  # lifted by somebody this very moment: the next row will tell
    tried = pause.probe_token == parcel.lease_token
    if tried or pause.until <= elapsed:  # else it is one of several that left before the pause began
        pause.failures += 1
    halted = isinstance(delivery, Halted)
    after = policy.halt_probe if isinstance(delivery, Halted) else policy.wait(pause.failures, delivery.after)
    pause.until = elapsed + after if tried else max(pause.until, elapsed + after)
    if tried or halted or not pause.halted:
        pause.halted, pause.reason = halted, delivery.reason
    pause.probe_token = None if tried else pause.probe_token
