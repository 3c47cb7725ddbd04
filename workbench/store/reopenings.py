"""In the database: since when facts an approved quote rests on are no longer so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workbench.domain.ids import PersonaId, ToolId
from workbench.store.tables import CellRow, ToolRow
from workbench.store.tools import settle_tool


class SqlReopenings:
    """The `Reopenings` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def mark(self, tool_id: ToolId, since: Mapping[PersonaId, datetime | None], revision: int) -> None:
        for persona_id, at in since.items():
            cell = update(CellRow).where(CellRow.tool_id == tool_id, CellRow.persona_id == persona_id)
            self._session.execute(cell.values(reopened_at=at, weighed=revision))
        settle_tool(self._session, tool_id)

    def unweighed(self) -> list[ToolId]:
        behind = select(ToolRow.id).join(CellRow, CellRow.tool_id == ToolRow.id)
        found = behind.where(CellRow.approved, CellRow.weighed < ToolRow.revision).distinct().order_by(ToolRow.id)
        return [ToolId(one) for one in self._session.scalars(found)]
