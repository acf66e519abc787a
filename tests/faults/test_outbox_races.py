"""Several senders on one outbox, threads and processes; one of them frozen beyond its lease (FAULTS 16)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.store.outbox import claim, counts, enqueue, settle
from bot.store.parcels import Refused, Sent
from bot.store.session import Store
from tests.faults.outbox_child import AheadClock

CHILD = Path(__file__).with_name("outbox_child.py")


def fill(store: Store, rows: int, targets: int) -> None:
    clock = SystemClock()
    times = {"now": clock.now(), "elapsed": clock.elapsed()}
    with store.write() as session:
        for n in range(rows):
            enqueue(
                session,
                service="slack",
                kind="note",
                recipient="r",
                slot=str(n),
                target=f"t{n % targets}",
                **times,
            )


def test_twenty_claims_at_once_take_each_row_once_and_in_order(store: Store) -> None:
    fill(store, 40, 8)
    clock = SystemClock()
    order: list[tuple[str, int]] = []

    def carry() -> None:
        while True:
            parcels = claim(store, "slack", clock)
            for parcel in parcels:
                order.append((parcel.target, parcel.id))
                assert settle(store, parcel, Sent(), clock)
            with store.read() as session:
                if counts(session) == {("slack", "sent"): 40}:
                    return
            if not parcels:
                time.sleep(0.02)

    threads = [threading.Thread(target=carry, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(order) == 40
    for target in {target for target, _ in order}:
        ids = [row_id for name, row_id in order if name == target]
        assert ids == sorted(set(ids))


def test_the_same_key_from_twenty_threads_is_one_row(
    store: Store, clock: Any, put: Callable[..., Any]
) -> None:
    answers: list[int | None] = []
    threads = [
        threading.Thread(target=lambda: answers.append(put("2026-11-24", kind="digest"))) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([row_id for row_id in answers if row_id is not None]) == 1


def test_two_processes_drain_together(store: Store, database_url: str, tmp_path: Path) -> None:
    fill(store, 60, 60)
    remote = tmp_path / "remote"
    remote.mkdir()
    command = [sys.executable, CHILD, database_url, remote, "never", "0", "0"]
    env = os.environ | {"PYTHONPATH": str(CHILD.parents[2])}
    senders = [subprocess.Popen(command, env=env) for _ in range(2)]
    assert [sender.wait(60) for sender in senders] == [0, 0]
    arrived = Counter(path.name.partition("~")[0] for path in remote.iterdir())
    assert arrived == {str(number): 1 for number in range(60)}


def test_one_frozen_beyond_its_lease_cannot_write_any_more(store: Store, database_url: str) -> None:
    fill(store, 1, 1)
    script = (
        "import os, signal, sys\n"
        "from bot.clock import SystemClock; from bot.store.session import Store\n"
        "from bot.store.outbox import claim, settle; from bot.store.parcels import Refused\n"
        "store, clock = Store(sys.argv[1]), SystemClock()\n"
        "(parcel,) = claim(store, 'slack', clock)\n"
        "os.kill(os.getpid(), signal.SIGSTOP)\n"
        "sys.exit(7 if settle(store, parcel, Refused('late'), clock) else 0)\n"
    )
    env = os.environ | {"PYTHONPATH": str(CHILD.parents[2])}
    frozen = subprocess.Popen([sys.executable, "-c", script, database_url], env=env)
    _, status = os.waitpid(frozen.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    clock = AheadClock(minutes=2)
    (parcel,) = claim(store, "slack", clock)
    assert parcel.unknown
    os.kill(frozen.pid, signal.SIGCONT)
    assert frozen.wait(30) == 0  # it was told that the lease is lost
    assert settle(store, parcel, Sent(), clock)
    assert not settle(store, parcel, Refused("twice"), clock)
    with store.read() as session:
        assert counts(session) == {("slack", "sent"): 1}
