"""What an account's card shows beside the run itself: NPS, links, and further contacts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make both tables, empty: the next sync or import fills them."""
    op.create_table(
        "run_details",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("nps_score", sa.Integer(), nullable=True),
        sa.Column("nps_on", sa.Date(), nullable=True),
        sa.Column("nps_why", sa.Text(), nullable=True),
        sa.Column("reports_url", sa.Text(), nullable=True),
        sa.Column("analytics_url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_details_run_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_details")),
    )
    op.create_table(
        "run_contacts",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_contacts_run_id")),
        sa.PrimaryKeyConstraint("run_id", "place", name=op.f("pk_run_contacts")),
    )
    op.create_index(op.f("ix_run_contacts_contact_id"), "run_contacts", ["contact_id"])
