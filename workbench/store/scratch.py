"""Unsaved text by cell in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from workbench.domain.ids import PersonaId, ToolId
from workbench.store import codec
from workbench.store.tables import ScratchRow


class SqlScratch:
    """The `Scratch` port within one transaction."""

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        self._session = session
        self._now = now

    def put(self, tool_id: ToolId, persona_id: PersonaId, text: str) -> None:
        if not text:
            mine = delete(ScratchRow).where(ScratchRow.tool_id == tool_id, ScratchRow.persona_id == persona_id)
            self._session.execute(mine)
            return
        row = self._session.get(ScratchRow, (tool_id, persona_id)) or ScratchRow(tool_id=tool_id, persona_id=persona_id)
        row.text, row.changed_at = codec.storable(text), self._now()
        self._session.add(row)
        self._session.flush()

    def get(self, tool_id: ToolId, persona_id: PersonaId) -> str | None:
        row = self._session.get(ScratchRow, (tool_id, persona_id))
        return None if row is None else row.text
