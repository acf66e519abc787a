"""Migrations: they make the tables the code expects, once, whoever runs them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from bot.store.errors import SchemaMismatch, StoreUnavailable
from bot.store.migrate import check_current, upgrade
from bot.store.session import Store
from bot.store.tables import Base


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server = make_url(request.getfixturevalue("postgres_server"))
    name = f"empty_{tmp_path.name}"[:60].lower().replace("-", "_").replace("[", "").replace("]", "")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield server.set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_the_migrations_make_what_the_code_expects(store: Store) -> None:
    check_current(store)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_empty_an_older_and_a_newer_database_are_refused(empty_url: str) -> None:
    store = Store(empty_url)
    with pytest.raises(SchemaMismatch, match="is empty: run `renewals migrate`"):
        check_current(store)
    upgrade(store)
    check_current(store)
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match="newer than this version of the app: upgrade the app"):
        check_current(store)
    with pytest.raises(SchemaMismatch, match="upgrade the app"):
        upgrade(store)
    store.close()


def test_two_processes_migrate_at_once(empty_url: str) -> None:
    fork = multiprocessing.get_context("fork")
    with fork.Pool(3) as pool:
        pool.map(upgrade, [empty_url] * 3)
    store = Store(empty_url)
    check_current(store)
    assert set(Base.metadata.tables) < set(inspect(store.engine).get_table_names())
    store.close()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    store = Store(empty_url)
    with store.write() as session:  # stands in the way of the last table
        session.execute(text("CREATE TABLE outbox (id INTEGER)"))
    with pytest.raises(Exception, match="outbox"):
        upgrade(store)
    assert inspect(store.engine).get_table_names() == ["outbox"]
    store.close()


def test_in_memory_too() -> None:
    store = Store("sqlite://")
    upgrade(store)
    check_current(store)
    store.close()


def test_an_address_that_is_none_is_said_to_be() -> None:
    with pytest.raises(StoreUnavailable, match="not a database address"):
        upgrade("renewals.db")
    with pytest.raises(StoreUnavailable, match="names mysql: use sqlite or postgresql"):
        Store("mysql://localhost/x")
