"""Append-only logs of what was said about a tool's quotes, each entry whole."""

from __future__ import annotations

from typing import Protocol, TypeVar

from workbench.domain.answer import Answer
from workbench.domain.ids import ToolId
from workbench.domain.second_reading import Reading

T = TypeVar("T")


class Log(Protocol[T]):
    """Entries, never changed."""

    def append(self, entry: T) -> None:
        """Keep it."""
        ...

    def of_tool(self, tool_id: ToolId) -> list[T]:
        """A tool's entries, oldest first."""
        ...


Answers = Log[Answer]
"""What editors answered to findings."""
Readings = Log[Reading]
"""What second models have read in quotes."""
