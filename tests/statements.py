"""Counting what goes to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.store.session import Store


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements that read or write rows while this is open."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        if any(word in given[2] for word in ("FROM", "INSERT", "UPDATE")):
            seen.append(given[2])

    event.listen(store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(store.engine, "before_cursor_execute", note)
