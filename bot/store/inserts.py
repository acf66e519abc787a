"""Insert, or do nothing when a unique key is already there: race-safe, and no broken transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.tables import Base


def insert_new(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert | Any:
    """An INSERT whose RETURNING answers nothing when a unique key is taken, also by a racing transaction."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
