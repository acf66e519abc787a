"""An index that says who owns an open run, without a walk through the book."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_runs_stage_owner_id_gone_at", "runs", ["stage", "owner_id", "gone_at"])
