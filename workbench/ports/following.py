"""What is followed after it was approved: quotes whose facts change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from workbench.domain.ids import PersonaId, ToolId


class Reopenings(Protocol):
    """Which approved quotes wait for a decision because facts they rest on have changed."""

    def mark(self, tool_id: ToolId, since: Mapping[PersonaId, datetime | None], revision: int) -> None:
        """Keep since when each of the tool's quotes is re-opened, None for not at all; looked up against `revision`."""
        ...

    def unweighed(self) -> list[ToolId]:
        """The tools with approved quotes that were not looked up against their newest revision yet."""
        ...
