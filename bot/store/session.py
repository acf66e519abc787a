"""Opening the database: one transaction for each `read()` or `write()`, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.store.address import database_address
from bot.store.errors import StoreUnavailable, translated
from bot.store.turns import Turns
from bot.store.wal import switch_to_wal

READS_ONLY = "renewals_reads_only"


class Store:
    """The database behind `database_url`; thread-safe, one per process.

    `patience` bounds every wait: for a lock, for a connection, for one statement (ten times as long). Raises
    StoreUnavailable, with a sentence for an admin, when the database cannot be reached, is locked for
    longer, is full or cannot be written. The next transaction after a lost connection opens a new one.
    """

    def __init__(self, database_url: str | URL, *, patience: timedelta = timedelta(seconds=5)) -> None:
        self.url = database_address(database_url)
        self.patience = patience
        self.dialect = self.url.get_backend_name()
        self.in_memory = self.dialect == "sqlite" and self.url.database in (None, "", ":memory:")
        self._turns = Turns()
        self.engine = self._postgresql() if self.dialect == "postgresql" else self._sqlite()
        self._reading = self.engine.execution_options(**self._read_options())

    def __repr__(self) -> str:
        return f"Store({self.url.render_as_string(hide_password=True)})"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that sees one instant and changes nothing; refuses to write."""
        with self._turn(alone=self.in_memory), translated(), Session(self._reading) as session:
            yield session

    @contextmanager
    def write(self, *, patient: bool = False) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back by any exception. Does not nest.

        On SQLite one writer of this process goes at a time; the others wait here, in turn, not in its busy
        loop. A `patient` one, for whom nobody waits, lets the others go ahead.
        """
        with (
            self._turn(alone=self.dialect == "sqlite", patient=patient),
            translated(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self, *, alone: bool, patient: bool = False) -> Iterator[None]:
        if not alone:
            yield
            return
        if not self._turns.take(2 * self.patience.total_seconds(), patient=patient):
            raise StoreUnavailable(
                "The database is busy: another transaction of this process holds it too long."
            )
        try:
            yield
        finally:
            self._turns.hand_on()

    def _read_options(self) -> dict[str, Any]:
        if self.dialect == "sqlite":
            return {READS_ONLY: True}
        return {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}

    def _postgresql(self) -> Engine:
        wait = int(self.patience.total_seconds() * 1000)
        limits = {
            "statement_timeout": 10 * wait,
            "lock_timeout": 2 * wait,
            # A frozen process must not keep others from a row for ever.
            "idle_in_transaction_session_timeout": 6 * wait,
        }
        options = " ".join(f"-c {name}={value}" for name, value in limits.items())
        return create_engine(
            self.url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=10,
            pool_timeout=self.patience.total_seconds(),
            connect_args={
                "connect_timeout": max(2, round(self.patience.total_seconds())),
                "options": options,
                "application_name": "renewals",
                "keepalives_idle": 15,
                "keepalives_interval": 5,
                "keepalives_count": 3,
            },
        )

    def _sqlite(self) -> Engine:
        timeout = {"timeout": self.patience.total_seconds(), "check_same_thread": False}
        if self.in_memory:
            engine = create_engine(self.url, connect_args=timeout, poolclass=StaticPool)
        else:
            engine = create_engine(self.url, connect_args=timeout)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver's own BEGIN comes too late (before the first write) and never IMMEDIATE: we say it ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    switch_to_wal(cursor)
    # Every commit reaches the disk: an acknowledged click is never lost.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(READS_ONLY):
        connection.exec_driver_sql("PRAGMA query_only=ON")
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
