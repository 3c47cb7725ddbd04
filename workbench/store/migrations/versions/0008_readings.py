"""What second models have read in quotes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the log."""
    op.create_table(
        "reading",
        sa.Column("seq", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tool_id", "persona_id", "reading", "reading_sha256")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_reading"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_reading_tool_id_tool"),
    )
    op.create_index("ix_reading_tool_id", "reading", ["tool_id"])
