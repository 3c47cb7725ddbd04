"""What an editor lets be opinion, and what dossiers came from, as it came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "opinion",
        sa.Column("seq", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tool_id", "persona_id", "beat", "editor")),
        sa.Column("opinion", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_opinion"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_opinion_tool_id_tool"),
    )
    op.create_index("ix_opinion_tool_id", "opinion", ["tool_id"])
    op.create_table(
        "original",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("digest", "name", "format")),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_original"),
    )
    op.create_table(
        "original_of",
        sa.Column("tool_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tool_id", "revision", name="pk_original_of"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_original_of_tool_id_tool"),
        sa.ForeignKeyConstraint(["digest"], ["original.digest"], name="fk_original_of_digest_original"),
    )
