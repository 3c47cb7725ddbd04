"""The order of masked providers by cell in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.ids import PersonaId, ToolId
from workbench.store import codec
from workbench.store.tables import Base


class SidesRow(Base):
    """In which order a cell's providers stand while nobody may know them; `names` is a JSON list."""

    __tablename__ = "sides"

    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[str]
    at: Mapped[datetime]


class SqlSides:
    """The `Sides` port within one transaction."""

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        self._session = session
        self._now = now

    def of_tool(self, tool_id: ToolId) -> dict[PersonaId, tuple[str, ...]]:
        rows = self._session.scalars(select(SidesRow).where(SidesRow.tool_id == tool_id))
        what = f"The order of {tool_id}'s masked drafts"
        return {PersonaId(row.persona_id): codec.decode(codec.NAMES, row.names, what) for row in rows}

    def put(self, tool_id: ToolId, orders: Mapping[PersonaId, tuple[str, ...]]) -> None:
        for persona_id, names in orders.items():
            kept = codec.encode(codec.NAMES, names, "A provider's name")
            self._session.merge(SidesRow(tool_id=tool_id, persona_id=persona_id, names=kept, at=self._now()))
        self._session.flush()
