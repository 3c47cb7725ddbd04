"""Answers to findings, who made a dossier's revision, and where each quote's text is."""

from __future__ import annotations

import json
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the log and the columns, and find the decision that each approved text is from."""
    op.create_table(
        "answer",
        sa.Column("seq", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tool_id", "persona_id", "answer", "answer_sha256")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_answer"),
        sa.ForeignKeyConstraint(["tool_id"], ["tool.id"], name="fk_answer_tool_id_tool"),
    )
    op.create_index("ix_answer_tool_id", "answer", ["tool_id"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER answer_no_{verb.lower()} BEFORE {verb} ON answer "
                "BEGIN SELECT RAISE(ABORT, 'answer rows are never changed'); END"
            )
    op.add_column("dossier", sa.Column("editor", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("cell", sa.Column("quoted", sa.Integer, nullable=False, server_default="0"))
    _find_texts()
    op.create_index("ix_cell_quoted", "cell", ["persona_id", "approved", "changed_at", "tool_id", "quoted"])


def _find_texts() -> None:
    """The decision that each cell's text is from, out of its decisions as they were written up to now."""
    bind = op.get_bind()
    read = "SELECT tool_id, persona_id, act FROM decision ORDER BY tool_id, persona_id, number"
    for cell, rows in groupby(bind.execute(sa.text(read)), key=lambda row: (row[0], row[1])):
        stood: list[tuple[int, str | None]] = [(0, None)]
        for number, (*_, text) in enumerate(rows, start=1):
            act = json.loads(text)
            quoted, draft_id = stood[-1]
            match act.get("kind"):
                case "accepted" | "edited":
                    quoted, draft_id = number, act.get("draft_id")
                case "rejected" if draft_id == act["draft_id"]:
                    quoted, draft_id = 0, None
                case "withdrawn":
                    quoted, draft_id = 0, None
                case "undone":
                    quoted, draft_id = stood[act["to"]]
                case _:  # a verdict, a second signature, another draft's rejection
                    pass
            stood.append((quoted, draft_id))
        bind.execute(
            sa.text("UPDATE cell SET quoted = :q WHERE tool_id = :t AND persona_id = :p"),
            {"q": stood[-1][0], "t": cell[0], "p": cell[1]},
        )
