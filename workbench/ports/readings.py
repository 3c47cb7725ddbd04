"""What second models have read in quotes."""

from __future__ import annotations

from typing import Protocol

from workbench.domain.ids import ToolId
from workbench.domain.second_reading import Reading


class Readings(Protocol):
    """Second readings, never changed."""

    def append(self, reading: Reading) -> None:
        """Keep it."""
        ...

    def of_tool(self, tool_id: ToolId) -> list[Reading]:
        """A tool's readings, oldest first."""
        ...
