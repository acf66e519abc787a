"""Transactions: what readers and writers may rely on, and what they hear of a database in trouble."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError

from bot.clock import SystemClock
from bot.store.claims import claim
from bot.store.errors import StoreUnavailable
from bot.store.migrate import upgrade
from bot.store.session import Store
from bot.store.tables import LeaveDays, Setting
from tests.sparing import SHIPPED_PREPARE

SHORT = timedelta(seconds=0.2)


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    path = tmp_path / "book.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def on_file(file: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{file}", patience=SHORT)
    yield store
    store.close()


def add(store: Store, name: str, size: int = 1) -> None:
    with store.write() as session:
        session.add(Setting(name=name, value={"text": "x" * size}))


def names(store: Store) -> set[str]:
    with store.read() as session:
        return set(session.scalars(select(Setting.name)))


def test_a_write_is_all_or_nothing(store: Store) -> None:
    add(store, "kept")
    with pytest.raises(KeyError), store.write() as session:
        session.add(Setting(name="lost", value={}))
        session.flush()
        raise KeyError
    assert names(store) == {"kept"}


def test_a_read_changes_nothing(store: Store) -> None:
    with pytest.raises(StoreUnavailable), store.read() as session:
        session.add(Setting(name="x", value={}))
        session.flush()
    add(store, "kept")  # the connection is good for writing again
    assert names(store) == {"kept"}


def test_a_read_sees_one_instant(store: Store) -> None:
    with store.read() as session:
        before = session.scalar(select(func.count()).select_from(Setting))
        writer = threading.Thread(target=add, args=(store, "meanwhile"))
        writer.start()
        writer.join()
        assert session.scalar(select(func.count()).select_from(Setting)) == before
    assert names(store) == {"meanwhile"}


def test_a_row_must_point_at_something(store: Store) -> None:
    day = "2026-11-24"
    with pytest.raises(IntegrityError), store.write() as session:
        session.execute(
            text(f"INSERT INTO leave (person_id, first_on, last_on) VALUES (99, '{day}', '{day}')")
        )
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(LeaveDays)) == 0


def test_writers_of_one_process_take_turns(store: Store) -> None:
    add(store, "count", 0)

    def grow() -> None:
        for _ in range(10):
            with store.write() as session:
                row = session.scalar(select(Setting).where(Setting.name == "count").with_for_update())
                assert row is not None
                row.value = {"text": row.value["text"] + "x"}

    threads = [threading.Thread(target=grow) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert len(session.get_one(Setting, "count").value["text"]) == 80


def test_people_write_before_the_senders_and_an_idle_sender_asks_for_no_turn(file: Path) -> None:
    store, came = Store(f"sqlite:///{file}"), []

    def write(name: str, *, patient: bool) -> None:
        with store.write(patient=patient):
            came.append(name)

    with store.write() as session:
        session.add(Setting(name="first", value={}))
        assert claim(store, "slack", SystemClock()) == []  # at once, although somebody is writing
        threads = [
            threading.Thread(target=write, args=(name,), kwargs={"patient": name == "sender"})
            for name in ("sender", "person")
        ]
        for number, thread in enumerate(threads):
            thread.start()
            while sum(map(len, store._turns._waiting)) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(60)
    assert came == ["person", "sender"]
    store.close()


def test_locked_by_another_program(on_file: Store, file: Path) -> None:
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    assert names(on_file) == set()  # reading goes on
    with pytest.raises(StoreUnavailable, match="another program keeps it locked"):
        add(on_file, "a")
    other.rollback()
    other.close()
    add(on_file, "a")


def test_a_transaction_of_this_process_that_does_not_end(on_file: Store) -> None:
    with on_file.write(), pytest.raises(StoreUnavailable, match="of this process"):
        add(on_file, "a")


def test_disk_full_leaves_no_half_state(on_file: Store) -> None:
    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # the least it can be: what the file has now

    event.listen(on_file.engine, "connect", limit)
    on_file.close()
    with pytest.raises(StoreUnavailable, match="disk is full"), on_file.write() as session:
        session.add(Setting(name="small", value={}))
        session.flush()
        session.add(Setting(name="big", value={"text": "x" * 3_000_000}))
    assert names(on_file) == set()
    with on_file.read() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def test_no_database_at_all(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        names(store)
    (tmp_path / "text").write_text("not a database, however long one looks at it " * 50)
    with pytest.raises(StoreUnavailable, match="not a database"):
        names(Store(f"sqlite:///{tmp_path / 'text'}"))


def test_a_read_only_file(file: Path) -> None:
    store = Store(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(StoreUnavailable, match="read-only"):
        add(store, "a")
    store.close()


def test_commits_reach_the_disk_and_readers_do_not_wait(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.session._prepare_sqlite", SHIPPED_PREPARE)
    on_file = Store(f"sqlite:///{file}")
    with on_file.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    on_file.close()


def test_in_memory_from_several_threads() -> None:
    store = Store("sqlite://")
    upgrade(store)
    threads = [threading.Thread(target=add, args=(store, f"n{n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(store)) == 8
    store.close()


def test_a_server_that_is_not_there() -> None:
    store = Store("postgresql://nobody@127.0.0.1:9/none", patience=timedelta(seconds=2))
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        names(store)
    store.close()


def test_the_password_is_in_no_repr() -> None:
    assert "hunter2" not in repr(Store("postgresql://me:hunter2@127.0.0.1/x"))


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_lost_connections_come_back_without_a_restart(store: Store) -> None:
    add(store, "before")
    with pytest.raises(StoreUnavailable, match="closed the connection"), store.write() as session:
        session.add(Setting(name="lost", value={}))
        session.flush()
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    add(store, "after")
    assert names(store) == {"before", "after"}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_waits_for_ever_on_a_server(database_url: str) -> None:
    store = Store(database_url, patience=timedelta(seconds=0.05))
    with pytest.raises(StoreUnavailable, match="took too long"), store.write() as session:
        session.execute(text("SELECT pg_sleep(5)"))
    add(store, "a")
    with store.write() as session:
        session.scalar(select(Setting).with_for_update())
        with pytest.raises(StoreUnavailable, match="stayed locked"), store.write() as other:
            other.scalar(select(Setting).with_for_update())
    store.close()
