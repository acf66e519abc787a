"""Write-ahead logging on SQLite: readers go on while one writes."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy.engine.interfaces import DBAPICursor

PAUSE = 0.02


def switch_to_wal(cursor: DBAPICursor) -> None:
    """Switch the database to write-ahead logging, once for all; waits as long as the connection's busy timeout.

    SQLite itself does not wait here while another connection is about to write: of two processes that open a
    new database at the same moment one would be told that it is locked.
    """
    cursor.execute("PRAGMA busy_timeout")
    patience = cursor.fetchone()
    until = time.monotonic() + (patience[0] / 1000 if patience else 0)
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
        time.sleep(PAUSE)
