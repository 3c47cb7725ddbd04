"""What is put together and not saved, by cell, in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ForeignKey, delete
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.piece import Piece, Working
from workbench.store import codec
from workbench.store.tables import Base


class ScratchRow(Base):
    """What is being put together for a cell and is not saved: its pieces as JSON, and the text they make."""

    __tablename__ = "scratch"

    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    changed_at: Mapped[datetime]
    pieces: Mapped[str] = mapped_column(server_default=sql("''"))
    editor: Mapped[str] = mapped_column(server_default=sql("''"))
    revision: Mapped[int] = mapped_column(server_default="0")


class SqlScratch:
    """The `Scratch` port within one transaction."""

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        self._session = session
        self._now = now

    def put(self, tool_id: ToolId, persona_id: PersonaId, working: Working | None) -> None:
        if working is None:
            mine = delete(ScratchRow).where(ScratchRow.tool_id == tool_id, ScratchRow.persona_id == persona_id)
            self._session.execute(mine)
            return
        row = self._session.get(ScratchRow, (tool_id, persona_id)) or ScratchRow(tool_id=tool_id, persona_id=persona_id)
        pieces = tuple(replace(one, text=codec.storable(one.text)) for one in working.pieces)
        row.text = replace(working, pieces=pieces).text
        row.pieces = codec.encode(codec.PIECES, pieces, "What is being put together")
        row.editor, row.revision, row.changed_at = working.editor, working.revision, self._now()
        self._session.add(row)
        self._session.flush()

    def get(self, tool_id: ToolId, persona_id: PersonaId) -> Working | None:
        row = self._session.get(ScratchRow, (tool_id, persona_id))
        if row is None:
            return None
        # Text kept before there were pieces is one of the editor's own.
        what = f"What is being put together for {persona_id} and {tool_id}"
        pieces = codec.decode(codec.PIECES, row.pieces, what) if row.pieces else (Piece(text=row.text),)
        return Working(pieces=pieces, editor=row.editor, revision=row.revision)
