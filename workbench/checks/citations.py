"""Finds cited facts that the dossier does not have."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review


@dataclass(frozen=True, slots=True)
class CitationsCheck:
    """Only that the fact exists; whether the sentence follows from it is the editor's to say."""

    name: str = "citations"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One warning for each sentence and fact id that the dossier does not have."""
        known = {fact.ref for fact in background.dossier.facts}
        has = f"it has F1 to F{len(known)}" if known else "it has no facts"
        found: list[Finding] = []
        for sentence, (start, end) in zip(review.sentences, review.spans, strict=True):
            found.extend(
                Finding(
                    rule=self.name,
                    severity="warning",
                    reason=f"The sentence cites {ref}, which is not in the dossier; {has}.",
                    start=start,
                    end=end,
                    evidence=ref,
                )
                for ref in dict.fromkeys(sentence.facts)
                if ref not in known
            )
        return found


CHECK = CitationsCheck()
