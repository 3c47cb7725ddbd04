"""What is followed after it was approved: quotes whose facts change, forecasts that fall due, pages that left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from workbench.domain.exported import Exported
from workbench.domain.ids import ComparisonId, PersonaId, ToolId
from workbench.domain.ledger import Event, Foretold
from workbench.domain.prediction import Prediction


class Reopenings(Protocol):
    """Which approved quotes wait for a decision because facts they rest on have changed."""

    def mark(self, tool_id: ToolId, since: Mapping[PersonaId, datetime | None], revision: int) -> None:
        """Keep since when each of the tool's quotes is re-opened, None for not at all; looked up against `revision`."""
        ...

    def unweighed(self) -> list[ToolId]:
        """The tools with approved quotes that were not looked up against their newest revision yet."""
        ...


class Ledger(Protocol):
    """Forecasts and the append-only log of what became of them."""

    def add(self, predictions: Iterable[Prediction], *, editor: str, decided_at: datetime) -> None:
        """Keep the predictions of a quote that `editor` approved."""
        ...

    def record(self, number: int, event: Event) -> Foretold:
        """Keep what became of a forecast that is there, and give it back as it stands then."""
        ...

    def get(self, number: int) -> Foretold | None:
        """One forecast."""
        ...

    def of_tool(self, tool_id: ToolId) -> list[Foretold]:
        """A tool's forecasts, oldest first."""
        ...

    def all(self, *, due_before: date | None = None, offset: int = 0, limit: int | None = None) -> list[Foretold]:
        """Every forecast by the day it is due; with `due_before` only the open ones that are due on an earlier day."""
        ...

    def count_due(self, before: date) -> int:
        """How many open ones are due on an earlier day."""
        ...


class Exports(Protocol):
    """The append-only log of pages that left."""

    def add(self, exported: Exported) -> None:
        """Keep it."""
        ...

    def last(self, comparison_id: ComparisonId, left: ToolId) -> Exported | None:
        """The newest export of the pair with this tool on the left."""
        ...
