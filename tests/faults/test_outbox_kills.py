"""kill -9 at every named point, on both stores: nothing lost, nothing doubled (FAULTS 3 and 5)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bot.clock import SystemClock
from bot.store.outbox import counts, enqueue
from bot.store.session import Store

CHILD = Path(__file__).with_name("outbox_child.py")
POINTS = ("outbox.claimed", "outbox.before_send", "outbox.after_send", "outbox.settled")
ROWS = 6
LEASES_END = 2  # minutes: longer than a lease


def child(database_url: str, remote: Path, point: str, passes: int, minutes_ahead: int) -> int:
    """Run one sender, so many minutes from now, until it is done or killed at `point` after `passes` times."""
    return subprocess.run(
        [sys.executable, CHILD, database_url, remote, point, str(passes), str(minutes_ahead)],
        check=False,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(CHILD.parents[2])},
    ).returncode


def test_killed_anywhere_every_row_arrives_once(store: Store, database_url: str, tmp_path: Path) -> None:
    remote = tmp_path / "remote"
    remote.mkdir()
    clock = SystemClock()
    with store.write() as session:
        for number in range(ROWS):
            enqueue(
                session,
                service="slack",
                kind="note",
                recipient="person:1",
                slot=str(number),
                target=f"channel:{number % 2}",
                now=clock.now(),
                elapsed=clock.elapsed(),
            )
    ends = []
    for number, point in enumerate(POINTS):
        ends.append(child(database_url, remote, point, 1, number * LEASES_END))
    assert ends == [-9] * len(POINTS)
    assert child(database_url, remote, "never", 0, len(POINTS) * LEASES_END) == 0
    arrived = Counter(path.name.partition("~")[0] for path in remote.iterdir())
    assert arrived == {str(number): 1 for number in range(ROWS)}
    with store.read() as session:
        assert counts(session) == {("slack", "sent"): ROWS}


def test_killed_between_post_and_sent_it_is_found_and_not_posted_again(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    """What is at the remote, and the row's state, show that the kill fell there."""
    remote = tmp_path / "remote"
    remote.mkdir()
    clock = SystemClock()
    with store.write() as session:
        times = {"now": clock.now(), "elapsed": clock.elapsed()}
        enqueue(session, service="slack", kind="note", recipient="r", slot="one", target="t", **times)
    assert child(database_url, remote, "outbox.after_send", 0, 0) == -9
    with store.read() as session:
        assert counts(session) == {("slack", "sending"): 1}
    assert len(list(remote.iterdir())) == 1
    assert child(database_url, remote, "never", 0, LEASES_END) == 0
    assert len(list(remote.iterdir())) == 1
    with store.read() as session:
        assert counts(session) == {("slack", "sent"): 1}
