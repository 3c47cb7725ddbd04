"""The first tables: tools, dossiers, drafts, decisions, cells and unsaved text, comparisons, the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the triggers that keep history as it was."""
    _make_tools()
    _make_drafts()
    _make_decisions()
    _make_pages()
    for table in ("decision", "dossier"):
        _refuse_changes(table)


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _make_tools() -> None:
    op.create_table(
        "tool",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("tagline", sa.Text, nullable=False),
        sa.Column("entry", sa.Text),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("community_ships", sa.Integer),
        sa.Column("community_votes", sa.Integer),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("changed_at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tool"),
    )
    op.create_index("ix_tool_changed_at_id", "tool", ["changed_at", "id"])
    op.create_table(
        "dossier",
        sa.Column("tool_id", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("body_sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tool_id", "revision", name="pk_dossier"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_dossier_tool_id_tool"),
    )
    op.create_index("ix_dossier_tool_id_digest", "dossier", ["tool_id", "digest"])


def _make_drafts() -> None:
    op.create_table(
        "draft",
        sa.Column("seq", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("id", "run_id", "tool_id", "persona_id", "provider", "model")
        ),
        sa.Column("take", sa.Integer, nullable=False),
        sa.Column("dossier_digest", sa.Text, nullable=False),
        sa.Column("persona_digest", sa.Text, nullable=False),
        sa.Column("plan_digest", sa.Text, nullable=False),
        sa.Column("rehearsal", sa.Boolean, nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("input_tokens", sa.Integer),
        sa.Column("cache_read_tokens", sa.Integer),
        sa.Column("cache_write_5m_tokens", sa.Integer),
        sa.Column("cache_write_1h_tokens", sa.Integer),
        sa.Column("output_tokens", sa.Integer),
        sa.Column("cost", sa.Text),
        sa.Column("model_reported", sa.Text, nullable=False),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.Column("waiting", sa.Text),
        sa.Column("waiting_since", _time()),
        sa.Column("failure", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("started_at", _time()),
        sa.Column("first_text_at", _time()),
        sa.Column("ended_at", _time()),
        sa.Column("text_sha256", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_draft"),
        sa.UniqueConstraint("id", name="uq_draft_id"),
        sa.UniqueConstraint(
            "tool_id", "persona_id", "provider", "take", name="uq_draft_tool_id_persona_id_provider_take"
        ),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_draft_tool_id_tool"),
    )
    op.create_index("ix_draft_state", "draft", ["state"])


def _make_decisions() -> None:
    op.create_table(
        "decision",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("tool_id", sa.Text, nullable=False),
        sa.Column("persona_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("editor", sa.Text, nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("act_sha256", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_decision"),
        sa.UniqueConstraint("tool_id", "persona_id", "number", name="uq_decision_tool_id_persona_id_number"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_decision_tool_id_tool"),
    )
    op.create_table(
        "cell",
        sa.Column("tool_id", sa.Text, nullable=False),
        sa.Column("persona_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        sa.Column("verdict", sa.Text),
        sa.PrimaryKeyConstraint("tool_id", "persona_id", name="pk_cell"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_cell_tool_id_tool"),
    )
    op.create_table(
        "scratch",
        sa.Column("tool_id", sa.Text, nullable=False),
        sa.Column("persona_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("tool_id", "persona_id", name="pk_scratch"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_scratch_tool_id_tool"),
    )


def _make_pages() -> None:
    op.create_table(
        "comparison",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("left_id", sa.Text, nullable=False),
        sa.Column("right_id", sa.Text, nullable=False),
        sa.Column("call", sa.Text, nullable=False),
        sa.Column("call_editor", sa.Text, nullable=False),
        sa.Column("call_at", _time()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_comparison"),
        sa.ForeignKeyConstraint(["left_id"], ["tool.id"], name="fk_comparison_left_id_tool"),
        sa.ForeignKeyConstraint(["right_id"], ["tool.id"], name="fk_comparison_right_id_tool"),
    )
    op.create_table(
        "archive",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_archive"),
    )


def _refuse_changes(table: str) -> None:
    """SQLite's spelling only; PostgreSQL gets a trigger function with the step that brings it in."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        )
