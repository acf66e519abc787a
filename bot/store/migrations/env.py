"""How Alembic reaches the database: in the connection and transaction that `bot.store.migrate` opens."""

from __future__ import annotations

from alembic import context

from bot.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
