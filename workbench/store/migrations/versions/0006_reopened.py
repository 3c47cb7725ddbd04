"""Which revision of a dossier each decision was made beside, and since when a quote's facts are no longer so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Nobody wrote the revision down so far (0), and no quote was looked up yet (`weighed` 0)."""
    op.add_column("decision", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cell", sa.Column("weighed", sa.Integer, nullable=False, server_default="0"))
    op.add_column("cell", sa.Column("reopened_at", sa.DateTime(timezone=True)))
    op.create_index("ix_cell_reopened", "cell", ["tool_id"], sqlite_where=sa.text("reopened_at IS NOT NULL"))
