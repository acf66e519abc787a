"""The least it takes to read rows: the same statements by the bare driver, and by SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select

from bot.store.session import Store


def by_driver(store: Store, *statements: Select[Any]) -> Callable[[], int]:
    """A read that fetches every row as the driver gives it; answers how many there were."""
    compiled = [
        str(one.compile(store.engine, compile_kwargs={"literal_binds": True})).replace("%%", "%")
        for one in statements
    ]

    def read() -> int:
        with store.read() as session:
            driver: Any = session.connection().connection.driver_connection
            rows = [driver.execute(sql).fetchall() for sql in compiled]
        return sum(map(len, rows))

    return read


def by_core(store: Store, *statements: Select[Any]) -> Callable[[], int]:
    """A read that fetches every row through SQLAlchemy Core, with dates and times as Python has them."""

    def read() -> int:
        with store.read() as session:
            rows = [session.connection().execute(one).fetchall() for one in statements]
        return sum(map(len, rows))

    return read
