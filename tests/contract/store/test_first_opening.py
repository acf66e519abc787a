"""A new SQLite file that two processes open at the same moment: one waits for the other."""

from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.errors import StoreUnavailable
from bot.store.session import Store


@pytest.fixture
def writing(tmp_path: Path) -> sqlite3.Connection:
    """Another process that has opened the file as well and is about to write, before the switch to WAL."""
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE t (x)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO t VALUES (1)")
    return other


def test_who_comes_second_waits(writing: sqlite3.Connection, tmp_path: Path) -> None:
    threading.Timer(0.2, lambda: writing.execute("COMMIT")).start()
    store = Store(f"sqlite:///{tmp_path}/new.db")
    with store.read() as session:
        assert session.scalar(text("SELECT count(*) FROM t")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    store.close()


def test_but_not_for_ever(writing: sqlite3.Connection, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/new.db", patience=timedelta(seconds=0.2))
    with pytest.raises(StoreUnavailable, match="locked"), store.read() as session:
        session.scalar(text("SELECT count(*) FROM t"))
    store.close()
    writing.execute("ROLLBACK")
