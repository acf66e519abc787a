"""Bringing the tables to the shape this version of the app expects, and refusing to start on another."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.store.errors import SchemaMismatch, translated
from bot.store.session import Store

# One key for every process that migrates; PostgreSQL holds the others until the transaction ends.
MIGRATION_LOCK = 7_236_310_254
PATIENCE = timedelta(minutes=5)


def upgrade(store: Store | str) -> None:
    """Run the migrations that are missing, all or none; safe when several processes do it at once.

    Raises SchemaMismatch when the database is newer than the app, StoreUnavailable when it cannot be used.
    """
    if isinstance(store, Store) and store.in_memory:
        opened = store  # another connection would be another database
    else:
        opened = Store(store if isinstance(store, str) else store.url, patience=PATIENCE)
    try:
        with translated(), opened.engine.begin() as connection:
            if opened.dialect == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config = _config()
            _refuse_newer(MigrationContext.configure(connection).get_current_heads(), config)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        if opened is not store:
            opened.close()


def check_current(store: Store) -> None:
    """Raise SchemaMismatch, with what to do, unless the tables are those of this version."""
    config = _config()
    with translated(), store.engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    _refuse_newer(heads, config)
    if set(heads) != set(ScriptDirectory.from_config(config).get_heads()):
        what = "is empty" if not heads else "is older than this version of the app"
        raise SchemaMismatch(f"The database {what}: run `renewals migrate`.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _refuse_newer(heads: tuple[str, ...], config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if set(heads) - known:
        raise SchemaMismatch("The database is newer than this version of the app: upgrade the app.")
