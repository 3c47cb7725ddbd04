"""Which versions of prompts each plan was made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Of the plans there are nobody knows it: a filled prompt does not say which version it was."""
    op.create_table(
        "plan_prompt",
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("prompt_digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("plan_digest", "prompt_digest", name="pk_plan_prompt"),
    )
