"""In the database: what was exported when, by whom, and how the page read then."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.exported import Exported
from workbench.domain.ids import ComparisonId, Digest, ToolId
from workbench.domain.text import digest
from workbench.store import codec
from workbench.store.archive import SqlArchive
from workbench.store.tables import ArchiveRow, Base


class ExportRow(Base):
    """A page that left, never changed: triggers refuse it. `text_sha256` is the page as plain text, in the archive."""

    __tablename__ = "export"
    __table_args__ = (Index(None, "comparison_id", "left_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[str]
    left_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    at: Mapped[datetime]
    editor: Mapped[str]
    format: Mapped[str]
    file_sha256: Mapped[str]
    text_sha256: Mapped[str] = mapped_column(ForeignKey("archive.digest"))


class SqlExports:
    """The `Exports` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._archive = SqlArchive(session)

    def add(self, exported: Exported) -> None:
        text = digest(exported.text)
        self._archive.put(text, exported.text)
        self._session.add(
            ExportRow(
                comparison_id=exported.comparison_id,
                left_id=exported.left,
                at=exported.at,
                editor=exported.editor,
                format=exported.format,
                file_sha256=exported.digest,
                text_sha256=text,
            )
        )
        self._session.flush()

    def last(self, comparison_id: ComparisonId, left: ToolId) -> Exported | None:
        mine = select(ExportRow, ArchiveRow.text).join(ArchiveRow, ArchiveRow.digest == ExportRow.text_sha256)
        newest = mine.where(ExportRow.comparison_id == comparison_id, ExportRow.left_id == left)
        found = self._session.execute(newest.order_by(ExportRow.seq.desc()).limit(1)).one_or_none()
        if found is None:
            return None
        row, text = found
        return Exported(
            comparison_id=ComparisonId(row.comparison_id),
            left=ToolId(row.left_id),
            at=row.at,
            editor=row.editor,
            format=row.format,
            digest=Digest(row.file_sha256),
            text=codec.opened(text, row.text_sha256, f"The page {row.comparison_id} as it was exported"),
        )
