"""Dated predictions of approved quotes, and the log of what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the ledger and its log; every approved quote is to be looked at once more, for what it foretells."""
    op.create_table(
        "forecast",
        sa.Column("id", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tool_id", "persona_id", "what", "said", "editor")),
        sa.Column("due", sa.Date, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forecast"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_forecast_tool_id_tool"),
    )
    op.create_index("ix_forecast_tool_id", "forecast", ["tool_id"])
    op.create_index("ix_forecast_due_on_id", "forecast", ["due_on", "id"])
    op.create_index("ix_forecast_open", "forecast", ["due_on"], sqlite_where=sa.text("state = 'open'"))
    op.create_table(
        "forecast_event",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("forecast_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("event_sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_forecast_event"),
        sa.ForeignKeyConstraint(["forecast_id"], ["forecast.id"], name="fk_forecast_event_forecast_id_forecast"),
    )
    op.create_index("ix_forecast_event_forecast_id", "forecast_event", ["forecast_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER forecast_event_no_{verb.lower()} BEFORE {verb} ON forecast_event "
                "BEGIN SELECT RAISE(ABORT, 'forecast_event rows are never changed'); END"
            )
    op.execute("UPDATE cell SET weighed = 0")
