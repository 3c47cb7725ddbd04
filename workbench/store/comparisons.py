"""Comparisons in the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.comparison import Comparison
from workbench.domain.ids import ComparisonId, Digest, ToolId
from workbench.errors import ConflictError
from workbench.store.tables import Base


class ComparisonRow(Base):
    """A comparison; `version` counts its saves, `signed_digest` is of the page that was signed off."""

    __tablename__ = "comparison"

    id: Mapped[str] = mapped_column(primary_key=True)
    left_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    right_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    call: Mapped[str]
    call_editor: Mapped[str]
    call_at: Mapped[datetime | None]
    version: Mapped[int]
    changed_at: Mapped[datetime]
    signed_by: Mapped[str] = mapped_column(server_default=sql("''"))
    signed_at: Mapped[datetime | None]
    signed_digest: Mapped[str] = mapped_column(server_default=sql("''"))
    statement: Mapped[str] = mapped_column(server_default=sql("''"))


_SIGN_OFF = ("signed_by", "signed_at", "signed_digest", "statement")


class SqlComparisons:
    """The `Comparisons` port within one transaction."""

    def __init__(self, session: Session, now: Callable[[], datetime]) -> None:
        self._session = session
        self._now = now

    def get(self, comparison_id: ComparisonId) -> Comparison | None:
        row = self._session.get(ComparisonRow, comparison_id, populate_existing=True)
        return None if row is None else _comparison(row)

    def save(self, comparison: Comparison) -> Comparison:
        saved = replace(comparison, version=comparison.version + 1)
        values = {
            "left_id": saved.left,
            "right_id": saved.right,
            "call": saved.call,
            "call_editor": saved.call_editor,
            "call_at": saved.call_at,
            "version": saved.version,
            "changed_at": self._now(),
        }
        if comparison.version == 0 and self._session.get(ComparisonRow, saved.id) is None:
            self._session.add(ComparisonRow(id=saved.id, **values))
            self._session.flush()
            return saved
        swapped = self._session.scalars(
            update(ComparisonRow)
            .where(ComparisonRow.id == saved.id, ComparisonRow.version == comparison.version)
            .values(values)
            .returning(ComparisonRow.id)
        ).one_or_none()
        if swapped is None:
            raise self._conflict(comparison)
        return saved

    def begin(self, comparison: Comparison) -> None:
        if self._session.get(ComparisonRow, comparison.id) is None:
            pair = {"left_id": comparison.left, "right_id": comparison.right}
            self._session.add(
                ComparisonRow(id=comparison.id, **pair, call="", call_editor="", version=0, changed_at=self._now())
            )
            self._session.flush()

    def sign(self, comparison: Comparison) -> None:
        signed = {name: getattr(comparison, name) for name in _SIGN_OFF}
        self._session.execute(
            update(ComparisonRow).where(ComparisonRow.id == comparison.id).values(changed_at=self._now(), **signed)
        )

    def all(self, *, offset: int = 0, limit: int | None = None) -> list[Comparison]:
        rows = select(ComparisonRow).order_by(ComparisonRow.changed_at.desc(), ComparisonRow.id)
        return [_comparison(row) for row in self._session.scalars(rows.offset(offset).limit(limit))]

    def _conflict(self, comparison: Comparison) -> ConflictError:
        row = self._session.get(ComparisonRow, comparison.id, populate_existing=True)
        if row is None:
            return ConflictError(
                f"The comparison {comparison.id} is not in the workspace any more.", "Make it again to save your call."
            )
        who = row.call_editor or "Somebody"
        return ConflictError(
            f"{who} saved the comparison {comparison.id} first, on {row.changed_at:%Y-%m-%d at %H:%M} UTC.",
            "Your text is still here: compare it with theirs, then save again.",
        )


def _comparison(row: ComparisonRow) -> Comparison:
    return Comparison(
        id=ComparisonId(row.id),
        left=ToolId(row.left_id),
        right=ToolId(row.right_id),
        call=row.call,
        call_editor=row.call_editor,
        call_at=row.call_at,
        version=row.version,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        signed_digest=Digest(row.signed_digest) if row.signed_digest else None,
        statement=row.statement,
    )
