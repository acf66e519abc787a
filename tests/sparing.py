"""What spares the machine while tests run, and changes nothing of what they show."""

from __future__ import annotations

import gc
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.util import LRUCache

import bot.store.session

SHIPPED_PREPARE = bot.store.session._prepare_sqlite
_STATEMENTS = 2_000  # more than the assistant has, on SQLite and PostgreSQL together
_NEW_OBJECTS = 5_000


def share_compiled_statements() -> None:
    """What SQLAlchemy compiled for one database serves the next of its kind.

    Each test has a database of its own, and so an engine, which would compile every statement anew. Ours are
    all made alike, so their dialects count as one where compiled statements are looked up.
    """
    compiled: LRUCache[Any, Any] = LRUCache(_STATEMENTS)

    def with_shared(*args: Any, **options: Any) -> Any:
        engine = create_engine(*args, **options)
        engine.update_execution_options(compiled_cache=compiled)
        return engine

    bot.store.session.create_engine = with_shared  # type: ignore[assignment]
    DefaultDialect.__eq__ = _same_kind  # type: ignore[assignment, method-assign]
    DefaultDialect.__hash__ = _kind  # type: ignore[assignment, method-assign]


def keep_commits_from_the_disk() -> None:
    """No test takes the machine's current away: SQLite's commits need not reach the disk, which takes milliseconds.

    A process that is killed loses nothing by it. What is shipped waits for the disk, as `SHIPPED_PREPARE` shows.
    """

    def prepare(connection: DBAPIConnection, record: object) -> None:
        SHIPPED_PREPARE(connection, record)
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.close()

    bot.store.session._prepare_sqlite = prepare  # type: ignore[assignment]


def leave_libraries_to_themselves() -> None:
    """Have the garbage collector pass over what was loaded before the first test: it stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 50)


def _same_kind(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other)


def _kind(one: DefaultDialect) -> int:
    return hash(type(one))
