"""Beats that may be opinion, in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workbench.domain.ids import PersonaId, ToolId
from workbench.store.tables import OpinionRow


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
