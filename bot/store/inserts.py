"""Insert where a unique key may be there already, also by a racing transaction: nothing breaks, whoever was first."""

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


def put_row(session: Session, table: type[Base], values: Mapping[str, Any]) -> None:
    """Insert `values` by their columns' names, or write them over the row with this primary key, whoever made it."""
    made: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.__table__.primary_key]
    wanted = made(table).values(**values)
    said = {name: wanted.excluded[name] for name in values if name not in keys}
    put = wanted.on_conflict_do_update(index_elements=keys, set_=said).returning(table)
    session.scalars(put, execution_options={"populate_existing": True}).one()


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
