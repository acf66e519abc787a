"""Who covers a leave, and what each person set for themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Leave of before has no cover; nobody has set anything yet."""
    with op.batch_alter_table("leave") as leave:
        leave.add_column(sa.Column("cover_id", sa.Integer(), nullable=True))
        leave.add_column(sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
        leave.create_foreign_key(op.f("fk_leave_cover_id"), "people", ["cover_id"], ["id"])
    op.create_table(
        "preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=True),
        sa.Column("quiet_from", sa.String(length=5), nullable=True),
        sa.Column("quiet_until", sa.String(length=5), nullable=True),
        sa.Column("nudges_off", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )
