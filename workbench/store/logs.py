"""Append-only logs of what was said about a tool's quotes: each entry whole, as sealed JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.answer import Answer
from workbench.domain.ids import ToolId
from workbench.domain.second_reading import Reading
from workbench.domain.text import digest
from workbench.store import codec
from workbench.store.tables import Base

E = TypeVar("E", bound=Answer | Reading)


class SealedRow(Base):
    """An entry of a log; `said` is the whole of it as JSON."""

    __abstract__ = True

    seq: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"), index=True)
    persona_id: Mapped[str]
    at: Mapped[datetime]
    said: Mapped[str]
    seal: Mapped[str]


class AnswerRow(SealedRow):
    """What an editor answered to a finding, never changed: triggers refuse it."""

    __tablename__ = "answer"
    said: Mapped[str] = mapped_column("answer")
    seal: Mapped[str] = mapped_column("answer_sha256")


class ReadingRow(SealedRow):
    """What a second model read in a quote."""

    __tablename__ = "reading"
    said: Mapped[str] = mapped_column("reading")
    seal: Mapped[str] = mapped_column("reading_sha256")


class SqlLog(Generic[E]):
    """The `Log` port within one transaction. A message calls an entry `name` and says `on` what it is."""

    def __init__(
        self, session: Session, row: type[SealedRow], entries: TypeAdapter[E], *, name: str, on: str = "of"
    ) -> None:
        self._session = session
        self._row = row
        self._entries = entries
        self._name = name
        self._on = on

    def append(self, entry: E) -> None:
        said = codec.encode(self._entries, entry, f"The {self._name}")
        cell = {"tool_id": entry.tool_id, "persona_id": entry.persona_id}
        self._session.add(self._row(**cell, at=entry.at, said=said, seal=digest(said)))
        self._session.flush()

    def of_tool(self, tool_id: ToolId) -> list[E]:
        mine = select(self._row).where(self._row.tool_id == tool_id).order_by(self._row.seq)
        return [self._opened(row) for row in self._session.scalars(mine)]

    def _opened(self, row: SealedRow) -> E:
        what = f"{self._name.capitalize()} {row.seq}, {self._on} {row.persona_id} for {row.tool_id},"
        return codec.decode(self._entries, codec.opened(row.said, row.seal, what), what)


def answers(session: Session) -> SqlLog[Answer]:
    """The `Answers` port."""
    return SqlLog(session, AnswerRow, codec.ANSWER, name="answer", on="to a finding on")


def readings(session: Session) -> SqlLog[Reading]:
    """The `Readings` port."""
    return SqlLog(session, ReadingRow, codec.READING, name="second reading")
