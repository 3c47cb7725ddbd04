"""What dossiers were made from, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_once
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.dossier import Dossier
from workbench.domain.ids import ToolId
from workbench.domain.original import Original
from workbench.store import codec
from workbench.store.tables import Base


class OriginalRow(Base):
    """What was pasted, filled in or uploaded, byte for byte, by its SHA-256; `format` names the reader."""

    __tablename__ = "original"

    digest: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    format: Mapped[str]
    data: Mapped[bytes]
    at: Mapped[datetime]


class OriginalOfRow(Base):
    """Which original a dossier's revision was read from."""

    __tablename__ = "original_of"

    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(ForeignKey("original.digest"))


_KEEP = insert_once(OriginalRow).on_conflict_do_nothing()
"""The same bytes are kept once, by the name they first came with."""


class SqlOriginals:
    """The `Originals` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, original: Original, dossiers: Sequence[Dossier], at: datetime) -> None:
        digest, connection = original.digest, self._session.connection()
        row = {"digest": digest, "name": original.name, "format": original.format, "data": original.data, "at": at}
        connection.execute(_KEEP, row)
        made = [{"tool_id": one.tool.id, "revision": one.revision, "digest": digest} for one in dossiers]
        connection.execute(insert(OriginalOfRow), made)

    def of(self, tool_id: ToolId) -> Original | None:
        newest = (
            select(OriginalRow)
            .join(OriginalOfRow, OriginalOfRow.digest == OriginalRow.digest)
            .where(OriginalOfRow.tool_id == tool_id)
            .order_by(OriginalOfRow.revision.desc())
        )
        row = self._session.scalars(newest.limit(1)).first()
        if row is None:
            return None
        data = codec.opened_bytes(row.data, row.digest, f"The original of {tool_id}")
        return Original(name=row.name, format=row.format, data=data)
