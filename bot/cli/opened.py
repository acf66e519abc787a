"""An assistant for a command: settings read, tables checked, closed at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from bot.bootstrap import Assistant, build
from bot.clock import SystemClock
from bot.services.ports import Clock
from bot.settings import Settings, load_settings
from bot.store.errors import translated
from bot.store.migrate import check_current, upgrade
from bot.store.session import Store


@contextmanager
def opened(*needs: str, clock: Clock | None = None) -> Iterator[Assistant]:
    """The assistant of this environment. Raises SettingsError, ConfigError, StoreError, PolicyError."""
    with wired(load_settings(os.environ, needs), clock) as assistant:
        yield assistant


@contextmanager
def wired(settings: Settings, clock: Clock | None = None) -> Iterator[Assistant]:
    """An assistant on a database whose tables are those of this version; a new database gets them."""
    store = Store(settings.database_url)
    try:
        if is_empty(store):
            upgrade(store)
        check_current(store)
        yield build(settings, store=store, clock=clock or SystemClock())
    finally:
        store.close()


def is_empty(store: Store) -> bool:
    """Whether nobody has used this database yet."""
    from sqlalchemy import inspect

    with translated(), store.engine.connect() as connection:
        return not inspect(connection).get_table_names()
