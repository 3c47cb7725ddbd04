"""The log of decisions in the database, and what it comes to per cell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.decision import Accepted, Decision, Edited, cell_of
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import digest
from workbench.errors import ConflictError
from workbench.store import codec
from workbench.store.tables import Base, CellRow
from workbench.store.tools import touch_tool


class DecisionRow(Base):
    """A decision, never changed: triggers refuse it."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("tool_id", "persona_id", "number"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    persona_id: Mapped[str]
    number: Mapped[int]
    editor: Mapped[str]
    at: Mapped[datetime]
    act: Mapped[str]
    act_sha256: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="0")


class SqlDecisions:
    """The `Decisions` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, decision: Decision, *, second: str = "", reopened: datetime | None = None) -> None:
        tool_id, persona_id = decision.tool_id, decision.persona_id
        before = self._of_cell(tool_id, persona_id)
        _refuse_conflict(decision, before)
        act = codec.encode(codec.ACT, decision.act, "The decision")
        self._session.add(
            DecisionRow(
                tool_id=tool_id,
                persona_id=persona_id,
                number=decision.number,
                editor=decision.editor,
                at=decision.at,
                act=act,
                act_sha256=digest(act),
                revision=decision.revision,
            )
        )
        self._session.flush()
        cell = cell_of(tool_id, persona_id, [*before, decision])
        row = self._session.get(CellRow, (tool_id, persona_id)) or CellRow(tool_id=tool_id, persona_id=persona_id)
        row.version, row.approved, row.verdict = cell.version, cell.approved, cell.verdict
        row.second, row.reopened_at, row.weighed = second, reopened, decision.revision
        row.quoted = cell.quoted
        row.draft_id, row.changed_at = cell.draft_id, decision.at
        row.rejected = "".join(f" {one} " for one in sorted(cell.rejected))
        self._session.add(row)
        self._session.flush()
        touch_tool(self._session, tool_id, decision.at)

    def of_tool(self, tool_id: ToolId) -> list[Decision]:
        rows = self._session.scalars(
            select(DecisionRow).where(DecisionRow.tool_id == tool_id).order_by(DecisionRow.seq)
        )
        return [_decision(row) for row in rows]

    def quoted(self, persona_id: PersonaId, *, limit: int) -> list[tuple[ToolId, int]]:
        newest = (
            select(CellRow.tool_id, CellRow.quoted)
            .where(CellRow.persona_id == persona_id, CellRow.approved)
            .order_by(CellRow.changed_at.desc(), CellRow.tool_id.desc())
            .limit(limit)
        )
        return [(ToolId(tool_id), number) for tool_id, number in self._session.execute(newest)]

    def text(self, tool_id: ToolId, persona_id: PersonaId, number: int) -> str:
        mine = (DecisionRow.tool_id == tool_id, DecisionRow.persona_id == persona_id, DecisionRow.number == number)
        row = self._session.scalars(select(DecisionRow).where(*mine)).one_or_none()
        act = None if row is None else _decision(row).act
        return act.text if isinstance(act, Accepted | Edited) else ""

    def _of_cell(self, tool_id: ToolId, persona_id: PersonaId) -> list[Decision]:
        mine = select(DecisionRow).where(DecisionRow.tool_id == tool_id, DecisionRow.persona_id == persona_id)
        return [_decision(row) for row in self._session.scalars(mine.order_by(DecisionRow.number))]


def _refuse_conflict(decision: Decision, before: list[Decision]) -> None:
    expected = before[-1].number + 1 if before else 1
    if decision.number == expected:
        return
    theirs = next((one for one in before if one.number == decision.number), None)
    if theirs is None:
        raise ConflictError(
            f"This would be decision {decision.number} of {decision.persona_id} for {decision.tool_id}, "
            f"but the workspace awaits number {expected}.",
            "Reload to see where the quote stands, then decide again.",
        )
    raise ConflictError(
        f"{theirs.editor} saved a decision on {decision.persona_id} for {decision.tool_id} first, "
        f"on {theirs.at:%Y-%m-%d at %H:%M} UTC.",
        "Your text is still here: compare it with theirs, then save again.",
    )


def _decision(row: DecisionRow) -> Decision:
    what = f"Decision {row.number} of {row.persona_id} for {row.tool_id}"
    return Decision(
        tool_id=ToolId(row.tool_id),
        persona_id=PersonaId(row.persona_id),
        number=row.number,
        editor=row.editor,
        at=row.at,
        act=codec.decode(codec.ACT, codec.opened(row.act, row.act_sha256, what), what),
        revision=row.revision,
    )
