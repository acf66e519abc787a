"""Insert, or do nothing when a unique key is already there: race-safe, and no broken transaction."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.tables import Base


def insert_new(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert | Any:
    """An INSERT whose RETURNING answers nothing when a unique key is taken, also by a racing transaction."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_row(session: Session, table: type[Base], values: Mapping[str, Any]) -> Any:
    """Insert `values` by their columns' names; the new row's key, or None when a unique key is taken."""
    session.flush()
    return session.connection().scalar(_insert(session.get_bind().dialect.name, table), values)


@cache
def _insert(dialect: str, table: type[Base]) -> Insert:
    """Made once: somebody waits for several of them, and to make one takes longer than to execute it."""
    rows: Any = table.__table__
    made = postgresql.insert(rows) if dialect == "postgresql" else sqlite.insert(rows)
    return made.on_conflict_do_nothing().returning(*rows.primary_key)
