"""Finds sentences of a quote that begin alike; the lens's own openers may."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.finding import Background, Finding
from workbench.domain.phrases import plain, sentences_of, words
from workbench.domain.review import Review

_ALIKE = 2
"""Sentences that share so many first words begin alike."""


@dataclass(frozen=True, slots=True)
class OpenersCheck:
    """A beat's opener repeats from quote to quote on purpose; what no beat asks for should not repeat within one."""

    name: str = "openers"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One note for each sentence that begins as an earlier one did."""
        quote = review.quote
        allowed = [opener for beat in background.persona.beats if (opener := plain(beat.opener))]
        earlier = dict[tuple[str, ...], str]()
        found: list[Finding] = []
        for start, end in sentences_of(review):
            spoken = words(quote, start, end)
            said = tuple(one.text for one in spoken)
            if len(said) < _ALIKE or any(said[: len(opener)] == opener for opener in allowed):
                continue
            begins = said[:_ALIKE]
            if begins in earlier:
                last = spoken[_ALIKE - 1].end
                reason = f"An earlier sentence begins with “{quote[spoken[0].start : last]}”, too."
                found.append(
                    Finding(
                        rule=self.name,
                        severity="note",
                        reason=reason,
                        start=spoken[0].start,
                        end=last,
                        evidence=earlier[begins],
                    )
                )
            earlier.setdefault(begins, quote[start:end])
        return found


CHECK = OpenersCheck()
