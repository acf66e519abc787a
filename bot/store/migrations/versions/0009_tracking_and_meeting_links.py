"""How a logged email stands in HubSpot, customers' automatic answers, and each rep's page to book a time on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Of emails matched before only that they were is known; the daily re-read brings the rest."""
    op.add_column("people", sa.Column("meeting_link", sa.String(length=300), nullable=True))
    op.add_column("crm_records", sa.Column("at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("crm_records", sa.Column("opens", sa.Integer(), nullable=True))
    op.add_column("crm_records", sa.Column("clicks", sa.Integer(), nullable=True))
    op.create_table(
        "automatic_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sender", sa.String(length=300), nullable=False),
        sa.Column("quote", sa.String(length=300), nullable=False),
        sa.Column("says", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_automatic_replies_run_id")),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["people.id"], name=op.f("fk_automatic_replies_answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automatic_replies")),
        sa.UniqueConstraint("object_id", name=op.f("uq_automatic_replies_object_id")),
    )
    op.create_index(op.f("ix_automatic_replies_run_id"), "automatic_replies", ["run_id"])
    op.create_index(op.f("ix_automatic_replies_at"), "automatic_replies", ["at"])
