"""What a person's Slack status says, and which of the named user groups each person is in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nobody's status is known yet, and nobody is in a group; the next sync of people reads both."""
    op.add_column("people", sa.Column("user_groups", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "slack_statuses",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("emoji", sa.String(length=100), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("event_ts", sa.String(length=32), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_slack_statuses_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_slack_statuses")),
    )
