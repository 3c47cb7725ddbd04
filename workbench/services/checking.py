"""Runs every check on a review."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review
from workbench.ports import Check

MOST_KEPT = 512
"""Quotes whose findings are remembered: a board is drawn with every act, and few of its drafts have changed."""


class Checking:
    """All checks at once."""

    def __init__(self, *, checks: Sequence[Check]) -> None:
        self._checks = checks
        self._found = lru_cache(maxsize=MOST_KEPT)(self._look)

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """What is worth a look, in the order of the text, whole-quote findings first."""
        return list(self._found(review, background))

    def _look(self, review: Review, background: Background) -> tuple[Finding, ...]:
        found = (one for check in self._checks for one in check.findings(review, background))
        return tuple(sorted(found, key=lambda one: (one.start, one.end, one.rule)))
