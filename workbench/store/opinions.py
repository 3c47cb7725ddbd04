"""Beats that may be opinion, in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.ids import PersonaId, ToolId
from workbench.store.tables import Base


class OpinionRow(Base):
    """An editor let a beat be opinion, or no longer; the newest row of a beat counts."""

    __tablename__ = "opinion"
    __table_args__ = (Index(None, "tool_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    persona_id: Mapped[str]
    beat: Mapped[str]
    editor: Mapped[str]
    opinion: Mapped[bool]
    at: Mapped[datetime]


class SqlOpinions:
    """The `Opinions` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_tool(self, tool_id: ToolId) -> dict[PersonaId, tuple[str, ...]]:
        rows = self._session.scalars(select(OpinionRow).where(OpinionRow.tool_id == tool_id).order_by(OpinionRow.seq))
        newest = {(row.persona_id, row.beat): row.opinion for row in rows}
        found: dict[PersonaId, tuple[str, ...]] = {}
        for (persona_id, beat), opinion in newest.items():
            if opinion:
                found[PersonaId(persona_id)] = (*found.get(PersonaId(persona_id), ()), beat)
        return found

    def mark(
        self, tool_id: ToolId, persona_id: PersonaId, beat: str, *, opinion: bool, editor: str, at: datetime
    ) -> None:
        row = {"tool_id": tool_id, "persona_id": persona_id, "beat": beat, "opinion": opinion}
        self._session.connection().execute(insert(OpinionRow), {**row, "editor": editor, "at": at})
