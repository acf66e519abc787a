"""The database comes back from yesterday's backup: what left since is found, not sent again (FAULTS 33)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.services.outgoing.sending import Sender
from bot.services.ports import Delivery, Parcel, Sent
from bot.store.alive import GAP
from bot.store.outbox import counts
from bot.store.session import Store
from bot.store.tables import OutboxRow

QUICK = timedelta(seconds=0.02)


class Remote:
    """A courier that looks before it sends a row that may have arrived."""

    def __init__(self) -> None:
        self.arrived: list[str] = []

    def deliver(self, parcel: Parcel) -> Delivery:
        if not (parcel.unknown and parcel.slot in self.arrived):
            self.arrived.append(parcel.slot)
        return Sent()


def run_until_quiet(store: Store, clock: Any, remote: Remote, rows: int) -> None:
    sender = Sender(store, clock, {"slack": remote}, poll=QUICK)
    sender.start()
    try:
        for _ in range(500):
            with store.read() as session:
                if counts(session) == {("slack", "sent"): rows}:
                    return
            time.sleep(0.02)
        raise AssertionError("it did not become quiet")
    finally:
        assert sender.stop()


def as_in_the_backup(store: Store) -> None:
    """Put the rows back into the state they had before they left."""
    with store.write() as session:
        session.execute(update(OutboxRow).values(state="pending", look_at=OutboxRow.next_try_at, attempts=0))


def test_nothing_of_yesterday_is_sent_again(store: Store, clock: Any, put: Callable[..., int]) -> None:
    for number in range(3):
        put(str(number))
    remote = Remote()
    run_until_quiet(store, clock, remote, 3)
    as_in_the_backup(store)
    clock.pass_time(timedelta(days=1))
    put("today")
    run_until_quiet(store, clock, remote, 4)
    assert sorted(remote.arrived) == ["0", "1", "2", "today"]


def test_a_restart_doubts_nothing(store: Store, clock: Any, put: Callable[..., int]) -> None:
    """The other side: without a gap a look-up for every row would only cost calls."""
    remote = Remote()
    put("a")
    run_until_quiet(store, clock, remote, 1)
    as_in_the_backup(store)
    clock.pass_time(GAP - timedelta(seconds=1))
    run_until_quiet(store, clock, remote, 1)
    assert remote.arrived == ["a", "a"]
