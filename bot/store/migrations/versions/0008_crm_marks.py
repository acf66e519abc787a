"""What HubSpot's webhooks named and nobody has read yet, and the contacts that a run had before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing is marked yet; of contacts that left a run before, nobody kept the ids."""
    op.create_table(
        "crm_marks",
        sa.Column("object_type", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("object_type", "object_id", name=op.f("pk_crm_marks")),
    )
    op.create_table(
        "past_contacts",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_past_contacts_run_id")),
        sa.PrimaryKeyConstraint("run_id", "contact_id", name=op.f("pk_past_contacts")),
    )
    op.create_index(op.f("ix_past_contacts_contact_id"), "past_contacts", ["contact_id"])
