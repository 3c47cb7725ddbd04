"""Finds words of a draft that repeat an order its dossier holds."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.finding import Background, Finding
from workbench.domain.injection import echoes
from workbench.domain.review import Review


@dataclass(frozen=True, slots=True)
class EchoCheck:
    """A dossier is material: a draft that says what it tells a model to say has taken it for an instruction."""

    name: str = "echo"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One warning for each place."""
        return [
            Finding(
                rule=self.name,
                severity="warning",
                reason=f"“{one.words}” stands in a sentence of the dossier that gives orders to a model.",
                start=one.start,
                end=one.end,
                evidence=one.order,
            )
            for one in echoes(review.quote, background.dossier)
        ]


CHECK = EchoCheck()
