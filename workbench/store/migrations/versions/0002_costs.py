"""What a draft should cost, what it did, and who asked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; drafts made before have no forecast and nobody's name."""
    for name in ("editor", "message_id", "miss"):
        op.add_column("draft", sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''")))
    for name in ("characters", "missed_tokens"):
        op.add_column("draft", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    for name in ("uncached", "forecast"):
        op.add_column("draft", sa.Column(name, sa.Text))
    op.create_index("ix_draft_created_at", "draft", ["created_at"])
    op.create_table(
        "charge",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("provider", "model", "editor")),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("input_tokens", sa.Integer, nullable=False),
        sa.Column("cache_read_tokens", sa.Integer, nullable=False),
        sa.Column("cache_write_5m_tokens", sa.Integer, nullable=False),
        sa.Column("cache_write_1h_tokens", sa.Integer, nullable=False),
        sa.Column("cost", sa.Text),
        sa.Column("uncached", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="pk_charge"),
    )
    op.create_index("ix_charge_at", "charge", ["at"])
