"""Databases as earlier versions left them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import make_url

import bot.store.migrations
from bot.store.session import Store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def of_revision(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """An empty database of its own, brought to a revision and no further."""
    name, opened = f"old_{uuid4().hex}", []

    def at(revision: str) -> Store:
        if request.param == "sqlite":
            store = Store(f"sqlite:///{tmp_path / 'old.sqlite3'}")
        else:
            _admin(request, f"CREATE DATABASE {name}")
            server = make_url(request.getfixturevalue("postgres_server"))
            store = Store(server.set(database=name).render_as_string(hide_password=False))
        opened.append(store)
        config = Config()
        config.set_main_option("script_location", str(Path(bot.store.migrations.__file__).parent))
        with store.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        return store

    yield at
    for store in opened:
        store.close()
    if opened and request.param == "postgresql":
        _admin(request, f"DROP DATABASE {name} WITH (FORCE)")


def _admin(request: pytest.FixtureRequest, statement: str) -> None:
    with request.getfixturevalue("postgres_admin").connect() as connection:
        connection.execute(text(statement))
