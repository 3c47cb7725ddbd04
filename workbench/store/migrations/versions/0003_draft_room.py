"""What the draft room keeps: answered takes, composed quotes, masked sides, sign-offs, and files as they were."""

from __future__ import annotations

import json
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_WHAT_STANDS = (
    """UPDATE cell SET changed_at = (SELECT max(one.at) FROM decision AS one
    WHERE one.tool_id = cell.tool_id AND one.persona_id = cell.persona_id)""",
    "UPDATE tool SET begun = 1 WHERE id IN (SELECT tool_id FROM draft UNION SELECT tool_id FROM decision)",
    """UPDATE tool SET settled = (SELECT count(*) FROM cell
    WHERE cell.tool_id = tool.id AND cell.approved AND cell.verdict IS NOT NULL)""",
)


def upgrade() -> None:
    """Add the columns and tables, and fill in what the decisions so far come to."""
    _text("draft", "note")
    op.add_column("draft", sa.Column("follows", sa.Text))
    op.add_column("charge", sa.Column("output_tokens", sa.Integer, nullable=False, server_default="0"))
    _text("scratch", "pieces", "editor")
    op.add_column("scratch", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    _text("comparison", "signed_by", "signed_digest", "statement")
    op.add_column("comparison", sa.Column("signed_at", sa.DateTime(timezone=True)))
    _text("cell", "second", "rejected")
    op.add_column("cell", sa.Column("draft_id", sa.Text))
    op.add_column("cell", sa.Column("changed_at", sa.DateTime(timezone=True)))
    op.create_index("ix_cell_second", "cell", ["tool_id"], sqlite_where=sa.text("second != ''"))
    op.add_column("tool", sa.Column("begun", sa.Boolean, nullable=False, server_default="0"))
    op.add_column("tool", sa.Column("settled", sa.Integer, nullable=False, server_default="0"))
    op.drop_index("ix_tool_changed_at_id", "tool")
    op.create_index("ix_tool_changed_at_id_begun_settled", "tool", ["changed_at", "id", "begun", "settled"])
    for statement in _WHAT_STANDS:
        op.execute(statement)
    _fold_decisions()
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


def _fold_decisions() -> None:
    """Each cell's draft and its rejected ones, from its decisions as they were written up to now."""
    bind = op.get_bind()
    read = "SELECT tool_id, persona_id, act FROM decision ORDER BY tool_id, persona_id, number"
    for cell, rows in groupby(bind.execute(sa.text(read)), key=lambda row: (row[0], row[1])):
        stood: list[tuple[str | None, frozenset[str]]] = [(None, frozenset())]
        for *_, text in rows:
            act = json.loads(text)
            draft_id, rejected = stood[-1]
            match act.get("kind"):
                case "accepted" | "edited":
                    draft_id = act.get("draft_id")
                    rejected -= {draft_id} if draft_id else set()
                case "rejected":
                    rejected |= {act["draft_id"]}
                    draft_id = None if draft_id == act["draft_id"] else draft_id
                case "withdrawn":
                    draft_id = None
                case "undone":
                    draft_id, rejected = stood[act["to"]]
                case _:  # a verdict
                    pass
            stood.append((draft_id, rejected))
        draft_id, rejected = stood[-1]
        bind.execute(
            sa.text("UPDATE cell SET draft_id = :d, rejected = :r WHERE tool_id = :t AND persona_id = :p"),
            {"d": draft_id, "r": "".join(f" {one} " for one in sorted(rejected)), "t": cell[0], "p": cell[1]},
        )


def _text(table: str, *names: str) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''")))
