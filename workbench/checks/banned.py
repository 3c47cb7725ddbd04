"""Finds words and phrases the quote's lens does without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review

_ALIKE = {"'": "['’]", "’": "['’]", "-": "[-‐‑]"}


@dataclass(frozen=True, slots=True)
class BannedCheck:
    """Whole words in any letter case; blanks, apostrophes and hyphens match their typographic kin."""

    name: str = "banned"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One warning for each place, the longest phrase where several begin."""
        persona = background.persona
        pattern = _pattern(persona.banned)
        if pattern is None:
            return []
        return [
            Finding(
                rule=self.name,
                severity="warning",
                reason=f"The {persona.label} lens does without “{match.group()}”.",
                start=match.start(),
                end=match.end(),
                evidence=match.group(),
            )
            for match in pattern.finditer(review.quote)
        ]


@lru_cache(maxsize=64)
def _pattern(banned: tuple[str, ...]) -> re.Pattern[str] | None:
    phrases = sorted((phrase for phrase in banned if phrase.strip()), key=len, reverse=True)
    if not phrases:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(_loosely(phrase) for phrase in phrases)})(?!\w)", re.IGNORECASE)


def _loosely(phrase: str) -> str:
    return r"\s+".join("".join(_ALIKE.get(one, re.escape(one)) for one in word) for word in phrase.split())


CHECK = BannedCheck()
