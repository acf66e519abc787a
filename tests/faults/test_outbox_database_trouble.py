"""The database goes away under the senders, or under a writer: late, not lost, never half (FAULTS 10 to 12)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.services.outgoing.sending import Sender
from bot.services.ports import Delivery, Parcel, Sent
from bot.store.errors import StoreUnavailable
from bot.store.outbox import counts
from bot.store.session import Store

ROWS = 30
CUT_ALL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name"


class Remote:
    """A courier that looks before it sends again."""

    def __init__(self) -> None:
        self.arrived: list[str] = []

    def deliver(self, parcel: Parcel) -> Delivery:
        if not (parcel.unknown and parcel.slot in self.arrived):
            self.arrived.append(parcel.slot)
        return Sent()


def all_sent(store: Store) -> bool:
    try:
        with store.read() as session:
            return counts(session) == {("slack", "sent"): ROWS}
    except StoreUnavailable:
        return False


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_cut_again_and_again(
    store: Store, clock: Any, put: Callable[..., int], postgres_server: str
) -> None:
    for number in range(ROWS):
        put(str(number), target=f"t{number % 5}")
    remote = Remote()
    sender = Sender(
        store, clock, {"slack": remote}, poll=timedelta(seconds=0.02), lease=timedelta(seconds=60)
    )
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    cuts = 0
    sender.start()
    try:
        with admin.connect() as connection:
            for _ in range(600):
                if cuts < 15:
                    cut = connection.scalar(text(CUT_ALL), {"name": store.url.database})
                    cuts += bool(cut)
                if all_sent(store):
                    break
                # What was claimed and could not be settled is free again, as when its lease has ended.
                clock.pass_time(timedelta(seconds=10))
                time.sleep(0.03)
        assert all_sent(store)
    finally:
        assert sender.stop()
        admin.dispose()
    assert cuts >= 3
    assert Counter(remote.arrived) == {str(number): 1 for number in range(ROWS)}


def test_killed_in_the_middle_of_a_commit_the_file_is_whole(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "book.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    script = (
        "import sys; from bot.store.session import Store; from bot.store.tables import Setting\n"
        "store, n = Store(sys.argv[1]), 0\n"
        "while True:\n"
        "    with store.write() as session:\n"
        "        session.add_all(Setting(name=f'{n}.{half}', value={'x': 'y' * 5000}) for half in (1, 2))\n"
        "    n += 1\n"
        "    print(n, flush=True)\n"
    )
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    writer = subprocess.Popen(
        [sys.executable, "-c", script, f"sqlite:///{path}"], env=env, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    committed = 0
    for line in writer.stdout:
        committed = int(line)
        if committed == 40:
            writer.kill()
    writer.stdout.close()
    writer.wait(30)
    with sqlite3.connect(path) as check:
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        halves = [name.partition(".")[0] for (name,) in check.execute("SELECT name FROM settings")]
    check.close()
    assert len(set(halves)) >= committed >= 40
    assert set(Counter(halves).values()) == {2}


def test_a_frozen_writer_elsewhere_holds_nobody_for_ever(store: Store, put: Callable[..., int]) -> None:
    """The others are told, and go on when it lets go."""
    quick = Store(store.url, patience=timedelta(seconds=0.5))
    taken, release = threading.Event(), threading.Event()

    def hold() -> None:
        with store.write() as session:
            session.execute(text("UPDATE outbox SET reason = 'held' WHERE slot = 'a'"))
            taken.set()
            release.wait(60)

    put("a")
    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(60)
    with pytest.raises(StoreUnavailable, match="is busy"), quick.write() as session:
        session.execute(text("UPDATE outbox SET reason = 'mine' WHERE slot = 'a'"))
    release.set()
    holder.join()
    with quick.write() as session:
        session.execute(text("UPDATE outbox SET reason = 'mine' WHERE slot = 'a'"))
    quick.close()
