"""Finds quotes outside their lens's length band."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review


@dataclass(frozen=True, slots=True)
class LengthCheck:
    """Words as `domain.text.word_count` counts them, both ends of the band included."""

    name: str = "length"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One warning about the whole quote when it is too short or too long."""
        persona = background.persona
        words, band = review.words, persona.band
        place = band.place(words)
        if place == "within":
            return []
        counted = f"{words} word" if words == 1 else f"{words} words"
        way = f"{band.low - words} too few" if place == "short" else f"{words - band.high} too many"
        reason = f"{counted}, {way}: this lens writes {band.low} to {band.high}."
        return [Finding(rule=self.name, severity="warning", reason=reason, evidence=counted)]


CHECK = LengthCheck()
