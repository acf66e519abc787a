"""What was agreed when a run was won, and the deals that follow from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Runs that were won before have none: nobody said what was agreed, and nothing is seeded for them."""
    op.create_table(
        "new_deals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_period", sa.String(length=8), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=True),
        sa.Column("put_out_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("deal_id", sa.String(length=64), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_new_deals_fact_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_new_deals_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_deals")),
        sa.UniqueConstraint("fact_id", "kind", name=op.f("uq_new_deals_fact_id_kind")),
    )
    op.create_index(op.f("ix_new_deals_run_id"), "new_deals", ["run_id"])
