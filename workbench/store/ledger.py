"""Forecasts in the database: what was foretold, the log of what became of it, and how it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Select, func, literal_column, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.ledger import Event, Foretold
from workbench.domain.prediction import Prediction
from workbench.domain.text import digest
from workbench.store import codec
from workbench.store.tables import Base


class ForecastRow(Base):
    """A dated prediction of an approved quote; `due_on` and `state` are what its events come to."""

    __tablename__ = "forecast"
    __table_args__ = (
        Index(None, "tool_id"),
        Index(None, "due_on", "id"),
        Index("ix_forecast_open", "due_on", sqlite_where=sql("state = 'open'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    persona_id: Mapped[str]
    what: Mapped[str]
    said: Mapped[str]
    due: Mapped[date]
    editor: Mapped[str]
    decided_at: Mapped[datetime]
    due_on: Mapped[date]
    state: Mapped[str]


class ForecastEventRow(Base):
    """What became of a forecast, never changed: triggers refuse it. `event` is the whole of it as JSON."""

    __tablename__ = "forecast_event"
    __table_args__ = (Index(None, "forecast_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    forecast_id: Mapped[int] = mapped_column(ForeignKey("forecast.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    event: Mapped[str]
    event_sha256: Mapped[str]


class SqlLedger:
    """The `Ledger` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, predictions: Iterable[Prediction], *, editor: str, decided_at: datetime) -> None:
        for one in predictions:
            self._session.add(
                ForecastRow(
                    tool_id=one.tool_id,
                    persona_id=one.persona_id,
                    what=one.what,
                    said=one.when,
                    due=one.due,
                    editor=editor,
                    decided_at=decided_at,
                    due_on=one.due,
                    state="open",
                )
            )
        self._session.flush()

    def record(self, number: int, event: Event) -> Foretold:
        text = codec.encode(codec.FORETOLD_EVENT, event, "What became of the forecast")
        self._session.add(
            ForecastEventRow(forecast_id=number, kind=event.kind, at=event.at, event=text, event_sha256=digest(text))
        )
        self._session.flush()
        row = self._session.get_one(ForecastRow, number)
        (found,) = self._with_events([row])
        row.state, row.due_on = found.state, found.due_on
        self._session.flush()
        return found

    def get(self, number: int) -> Foretold | None:
        found = self._found(select(ForecastRow).where(ForecastRow.id == number))
        return found[0] if found else None

    def of_tool(self, tool_id: ToolId) -> list[Foretold]:
        return self._found(select(ForecastRow).where(ForecastRow.tool_id == tool_id).order_by(ForecastRow.id))

    def all(self, *, due_before: date | None = None, offset: int = 0, limit: int | None = None) -> list[Foretold]:
        rows = due_forecasts(due_before) if due_before is not None else select(ForecastRow)
        return self._found(rows.order_by(ForecastRow.due_on, ForecastRow.id).offset(offset).limit(limit))

    def count_due(self, before: date) -> int:
        return self._session.scalars(due_forecasts(before).with_only_columns(func.count())).one()

    def _found(self, rows: Select[ForecastRow]) -> list[Foretold]:
        return self._with_events(self._session.scalars(rows.execution_options(populate_existing=True)).all())

    def _with_events(self, rows: Sequence[ForecastRow]) -> list[Foretold]:
        events: dict[int, list[Event]] = {row.id: [] for row in rows}
        log = select(ForecastEventRow).where(ForecastEventRow.forecast_id.in_(events)).order_by(ForecastEventRow.seq)
        for one in self._session.scalars(log):
            what = f"What became of forecast {one.forecast_id}"
            events[one.forecast_id].append(
                codec.decode(codec.FORETOLD_EVENT, codec.opened(one.event, one.event_sha256, what), what)
            )
        return [_foretold(row, events[row.id]) for row in rows]


def due_forecasts(before: date) -> Select[ForecastRow]:
    """The forecasts that somebody has to judge."""
    return select(ForecastRow).where(ForecastRow.state == literal_column("'open'"), ForecastRow.due_on < before)


def _foretold(row: ForecastRow, events: Sequence[Event]) -> Foretold:
    return Foretold(
        number=row.id,
        tool_id=ToolId(row.tool_id),
        persona_id=PersonaId(row.persona_id),
        what=row.what,
        when=row.said,
        due=row.due,
        editor=row.editor,
        decided_at=row.decided_at,
        events=tuple(events),
    )
