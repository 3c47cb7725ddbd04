"""The log of what editors answered to findings."""

from __future__ import annotations

from typing import Protocol

from workbench.domain.answer import Answer
from workbench.domain.ids import ToolId


class Answers(Protocol):
    """The append-only log of answers to findings."""

    def append(self, answer: Answer) -> None:
        """Keep it."""
        ...

    def of_tool(self, tool_id: ToolId) -> list[Answer]:
        """A tool's answers, oldest first."""
        ...
