"""What the draft room keeps: answered takes, composed quotes, masked sides, sign-offs, and files as they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables; nothing that is there changes."""
    _text("draft", "note")
    op.add_column("draft", sa.Column("follows", sa.Text))
    op.add_column("charge", sa.Column("output_tokens", sa.Integer, nullable=False, server_default="0"))
    _text("scratch", "pieces", "editor")
    op.add_column("scratch", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    _text("comparison", "signed_by", "signed_digest", "statement")
    op.add_column("comparison", sa.Column("signed_at", sa.DateTime(timezone=True)))
    _text("cell", "second")
    op.add_column("cell", sa.Column("draft_id", sa.Text))
    op.add_column("cell", sa.Column("changed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_cell_changed_at", "cell", ["changed_at"])
    op.create_table(
        "sides",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tool_id", "persona_id", "names")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tool_id", "persona_id", name="pk_sides"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_sides_tool_id_tool"),
    )
    op.create_table(
        "edition",
        sa.Column("seq", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "name", "digest", "text", "editor", "note")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_edition"),
    )
    op.create_index("ix_edition_kind_name", "edition", ["kind", "name"])


def _text(table: str, *names: str) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''")))
