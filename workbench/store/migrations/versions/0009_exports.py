"""What was exported when and by whom; how the page read then is in the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the log; exports made so far were not remembered."""
    texts = ("comparison_id", "left_id", "editor", "format", "file_sha256", "text_sha256")
    op.create_table(
        "export",
        sa.Column("seq", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_export"),
        sa.ForeignKeyConstraint(["left_id"], ["tool.id"], name="fk_export_left_id_tool"),
        sa.ForeignKeyConstraint(["text_sha256"], ["archive.digest"], name="fk_export_text_sha256_archive"),
    )
    op.create_index("ix_export_comparison_id_left_id", "export", ["comparison_id", "left_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER export_no_{verb.lower()} BEFORE {verb} ON export "
                "BEGIN SELECT RAISE(ABORT, 'export rows are never changed'); END"
            )
