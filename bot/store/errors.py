"""What the store raises, each with a sentence that says what is wrong and how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class StoreError(Exception):
    """Something the database does not do; `sentence` can be shown as it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StoreUnavailable(StoreError):
    """The database cannot be used right now: nothing of the transaction has happened."""


class Collided(StoreUnavailable):
    """Two transactions waited for each other, and this one was taken back: done again, it comes through."""


class SchemaMismatch(StoreError):
    """The tables are older or newer than this version of the app."""


class AlreadySuperseded(StoreError):
    """Somebody else corrected or undid the same fact first; `by` is their fact's id."""

    def __init__(self, fact_id: int, by: int | None) -> None:
        super().__init__("Somebody else has already changed this entry.")
        self.fact_id = fact_id
        self.by = by


_SQLITE = {
    "SQLITE_BUSY": "The database is busy: another program keeps it locked.",
    "SQLITE_LOCKED": "The database is busy: another program keeps it locked.",
    "SQLITE_FULL": "The database cannot grow: the disk is full.",
    "SQLITE_READONLY": "The database file cannot be written: it, or its folder, is read-only.",
    "SQLITE_CANTOPEN": "The database file cannot be opened: check DATABASE_URL and the rights on its folder.",
    "SQLITE_IOERR": "The disk failed while the database was read or written.",
    "SQLITE_CORRUPT": "The database file is damaged: restore it from a backup.",
    "SQLITE_NOTADB": "The file at DATABASE_URL is not a database.",
}
_POSTGRESQL = {
    "55P03": "The database is busy: a row stayed locked for too long.",
    "57014": "The database took too long to answer.",
    "53100": "The database cannot grow: the server's disk is full.",
    "53300": "The database server has no connection left for us.",
    "25006": "The database server takes no writes: it is read-only.",
    "40P01": "The database is busy: two transactions stood in each other's way.",
    "40001": "The database is busy: two transactions stood in each other's way.",
    "28P01": "The database server refuses the password in DATABASE_URL.",
    "3D000": "The database named in DATABASE_URL does not exist.",
}
_COLLIDED = ("40P01", "40001")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a database driver raises for its own trouble into StoreUnavailable; all else passes."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreUnavailable("The database is busy: all connections are in use.") from error
    except DBAPIError as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        if getattr(error.orig, "sqlstate", None) in _COLLIDED:
            raise Collided(sentence) from error
        raise StoreUnavailable(sentence) from error


def _sentence(error: DBAPIError) -> str | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        return next((text for prefix, text in _SQLITE.items() if name.startswith(prefix)), None)
    if isinstance(cause, psycopg.Error) and cause.sqlstate in _POSTGRESQL:
        return _POSTGRESQL[cause.sqlstate]
    if error.connection_invalidated or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return (
            "The database server cannot be reached, or has just closed the connection: check that it runs,"
            " and DATABASE_URL."
        )
    return None
