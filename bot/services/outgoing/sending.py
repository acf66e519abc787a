"""The sender: threads that carry outbox rows to Slack and HubSpot, each service by workers of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.logs import LOGGER, log
from bot.services.ports import (
    BatchCourier,
    Clock,
    Courier,
    Delivery,
    Halted,
    Parcel,
    Refused,
    TryAgain,
    too_late,
)
from bot.store.alive import BEAT, beat, doubt_after_gap
from bot.store.errors import StoreUnavailable
from bot.store.outbox import Policy, claim, paused, settle
from bot.store.session import Store
from bot.store.settling import OnSettled

WORKERS = {"slack": 4, "hubspot": 3}  # several, so that one slow channel or deal delays no other
_logger = logging.getLogger(LOGGER)


class Bell:
    """Wakes one of those who wait; rung while nobody does, the next one to wait hears it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = False

    def ring(self) -> None:
        """Wake one; returns at once."""
        with self._changed:
            self._rung = True
            self._changed.notify()

    def wait(self, timeout: float) -> bool:
        """Wait for a ring, at most `timeout` seconds; False when there was none."""
        with self._changed:
            if not self._rung:
                self._changed.wait(timeout)
            heard, self._rung = self._rung, False
            return heard


def _go_on(_point: str) -> None:
    """Nothing happens at a checkpoint unless somebody asked for it."""


class Sender:
    """Carries what is in the outbox. `start()` and `stop()` run the threads; `drain()` works in the caller's.

    A row is leased for `lease`, which must be longer than any courier's time-out. Without `wake()` a row is
    found within `poll`. `on_settled` is called in the transaction of each settling. `checkpoint` is told
    where it is: outbox.claimed, outbox.before_send, outbox.after_send, outbox.settled.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        couriers: Mapping[str, Courier],
        *,
        workers: Mapping[str, int] | None = None,
        lease: timedelta = timedelta(seconds=60),
        poll: timedelta = timedelta(seconds=1),
        policy: Policy | None = None,
        on_settled: OnSettled | None = None,
        checkpoint: Callable[[str], None] = _go_on,
    ) -> None:
        self._store = store
        self._clock = clock
        self._couriers = dict(couriers)
        self._workers = dict(workers) if workers is not None else WORKERS
        self._lease = lease
        self._poll = poll.total_seconds()
        self._policy = policy or Policy()
        self._on_settled = on_settled
        self._checkpoint = checkpoint
        self._stopping = threading.Event()
        self._bells = {service: Bell() for service in self._couriers}
        self._threads: list[threading.Thread] = []

    @property
    def halted(self) -> dict[str, str]:
        """The services that take nothing from us until somebody mends it, with the reason."""
        with self._store.read() as session:
            return paused(session)

    def start(self) -> None:
        """Start the workers of every service. Raises StoreUnavailable when the database cannot be used.

        They are daemons: what one leaves behind when the process ends is looked up later.
        """
        with self._store.write() as session:
            doubted = doubt_after_gap(session, self._clock.elapsed())
        if doubted:
            log(_logger, logging.WARNING, "outbox.doubted_after_gap", rows=doubted)
        for service in self._couriers:
            for number in range(self._workers.get(service, 1)):
                thread = threading.Thread(
                    target=self._work,
                    args=(service, number == 0),
                    name=f"send-{service}-{number}",
                    daemon=True,
                )
                thread.start()
                self._threads.append(thread)

    def stop(self, timeout: float = 15.0) -> bool:
        """Let every worker finish the row it carries; False when one did not within `timeout` seconds."""
        self._stopping.set()
        for _ in range(max(1, round(timeout / 0.05))):
            alive = [thread for thread in self._threads if thread.is_alive()]
            if not alive:
                return True
            self.wake()
            alive[0].join(0.05)
        return False

    def wake(self) -> None:
        """Say that rows were committed; returns at once."""
        for bell in self._bells.values():
            bell.ring()

    def drain(self, service: str | None = None, until_quiet: bool = True) -> int:
        """Carry what may leave now, in this thread, and answer how many tries that were.

        Until nothing is due any more, or one row (or lot) of each service when not `until_quiet`.
        """
        services: Iterable[str] = self._couriers if service is None else (service,)
        carried = 0
        while True:
            moved = sum(self._carry_next(name) for name in services)
            carried += moved
            if not moved or not until_quiet:
                return carried

    def _work(self, service: str, polls: bool) -> None:
        bell = self._bells[service]
        next_beat = self._clock.elapsed() + BEAT
        while not self._stopping.is_set():
            try:
                if polls and self._clock.elapsed() >= next_beat:
                    with self._store.write() as session:
                        beat(session, self._clock.elapsed())
                    next_beat = self._clock.elapsed() + BEAT
                found = self._carry_next(service)
            except StoreUnavailable as error:
                log(_logger, logging.ERROR, "outbox.store_unavailable", service=service, why=error.sentence)
                self._stopping.wait(self._poll)
                continue
            except Exception as error:  # noqa: BLE001 - a worker that dies would stop its service unseen
                log(
                    _logger,
                    logging.ERROR,
                    "outbox.worker_failed",
                    service=service,
                    error=error,
                )
                self._stopping.wait(self._poll)
                continue
            if not found:
                bell.wait(self._poll if polls else 30 * self._poll)
        bell.ring()  # we stop: the next one has to hear it, too

    def _carry_next(self, service: str) -> int:
        """Claim what may leave of `service` and its courier takes in one go, carry and settle it; how many rows."""
        courier = self._couriers[service]
        most = courier.at_once if isinstance(courier, BatchCourier) else 1
        parcels = claim(self._store, service, self._clock, self._lease, most, self._policy)
        if parcels:
            # There may be more: a colleague looks now, and once our lock on what we looked at is gone.
            self._bells[service].ring()
            self._checkpoint("outbox.claimed")
            for parcel, delivery in self._deliver(courier, parcels):
                self._settle(parcel, delivery)
        return len(parcels)

    def _deliver(self, courier: Courier, parcels: list[Parcel]) -> list[tuple[Parcel, Delivery]]:
        self._checkpoint("outbox.before_send")
        if self._clock.elapsed() >= parcels[0].lease_until:
            return [(parcel, too_late()) for parcel in parcels]
        if len(parcels) > 1 and isinstance(courier, BatchCourier):
            try:
                found = courier.deliver_all(parcels)
                carried = [(parcel, found[parcel.id]) for parcel in parcels]
            except Exception as error:  # noqa: BLE001 - one of them is why: alone it hurts no other
                log(_logger, logging.ERROR, "outbox.lot_failed", rows=len(parcels), error=error)
                carried = [self._deliver_one(courier, replace(parcel, unknown=True)) for parcel in parcels]
        else:
            carried = [self._deliver_one(courier, parcel) for parcel in parcels]
        self._checkpoint("outbox.after_send")
        return carried

    def _deliver_one(self, courier: Courier, parcel: Parcel) -> tuple[Parcel, Delivery]:
        try:
            return parcel, courier.deliver(parcel)
        except Exception as error:  # noqa: BLE001 - what a courier did not foresee concerns one row
            # It may have happened after the row arrived: looked up before the next try.
            log(_logger, logging.ERROR, "outbox.courier_failed", **_ids(parcel), error=error)
            return replace(parcel, unknown=True), TryAgain(f"the courier failed: {type(error).__name__}")

    def _settle(self, parcel: Parcel, delivery: Delivery) -> None:
        """Record it, patiently: while the lease lasts, a database that is away only makes it later."""
        then = self._on_settled
        tries_left = max(1, int(self._lease.total_seconds() / self._poll))
        while True:
            try:
                kept = settle(self._store, parcel, delivery, self._clock, self._policy, then)
                break
            except StoreUnavailable as error:
                log(_logger, logging.ERROR, "outbox.not_settled", **_ids(parcel), why=error.sentence)
                tries_left -= 1
                if not tries_left or self._stopping.wait(self._poll):
                    return
            except Exception as error:
                if then is None:
                    raise
                # It has left, but could not be written down: looked up, and written down, with the next try.
                log(_logger, logging.ERROR, "outbox.not_recorded", **_ids(parcel), error=error)
                parcel, then = replace(parcel, unknown=True), None
                delivery = TryAgain(f"it could not be recorded: {type(error).__name__}")
        self._checkpoint("outbox.settled")
        _report(parcel, delivery, kept)


def _report(parcel: Parcel, delivery: Delivery, kept: bool) -> None:
    what = type(delivery).__name__
    level = logging.ERROR if isinstance(delivery, Refused | Halted) else logging.INFO
    if not kept:
        log(_logger, logging.WARNING, "outbox.lease_lost", **_ids(parcel), delivery=what)
    else:
        log(_logger, level, f"outbox.{_ACTIONS[what]}", **_ids(parcel))


_ACTIONS = {
    "Sent": "sent",
    "TryAgain": "try_again",
    "Unknown": "unknown",
    "Refused": "refused",
    "NotNeeded": "not_needed",
    "Halted": "halted",
    "Contested": "contested",
}


def _ids(parcel: Parcel) -> dict[str, object]:
    return {
        "row": parcel.id,
        "service": parcel.service,
        "kind": parcel.kind,
        "target": parcel.target,
        "attempt": parcel.attempts,
    }
