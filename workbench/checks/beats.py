"""Finds beats of the lens that no sentence serves, and sentences that serve none, twice or out of order."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review


@dataclass(frozen=True, slots=True)
class BeatsCheck:
    """A beat is present when a sentence names it; whether the sentence does it justice is the editor's to say."""

    name: str = "beats"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """Missing beats about the whole quote, then each sentence that repeats, misplaces or names no known beat."""
        persona = background.persona
        found = [
            self._missing(beat.id, beat.label)
            for beat in persona.beats
            if not any(sentence.beat == beat.id and sentence.text.strip() for sentence in review.sentences)
        ]
        places = {beat.id: place for place, beat in enumerate(persona.beats)}
        seen = set[str]()
        furthest = -1
        for number, sentence in enumerate(review.sentences):
            if not sentence.text.strip():
                continue
            place = places.get(sentence.beat)
            if place is None:
                named = f"no beat of this lens is called “{sentence.beat}”" if sentence.beat else "it names no beat"
                found.append(self._about(review, number, f"This sentence serves nothing: {named}."))
            elif sentence.beat in seen:
                label = persona.beats[place].label
                found.append(self._about(review, number, f"A second sentence for the beat “{label}”; one is enough."))
            elif place < furthest:
                before, label = persona.beats[furthest].label, persona.beats[place].label
                found.append(
                    self._about(review, number, f"The beat “{label}” comes after “{before}”; it goes before it.")
                )
            seen.add(sentence.beat)
            furthest = max(furthest, -1 if place is None else place)
        return found

    def _missing(self, beat: str, label: str) -> Finding:
        reason = f"No sentence serves the beat “{label}”."
        return Finding(rule=self.name, severity="warning", reason=reason, evidence=beat)

    def _about(self, review: Review, number: int, reason: str) -> Finding:
        start, end = review.span(number)
        return Finding(
            rule=self.name,
            severity="warning",
            reason=reason,
            start=start,
            end=end,
            evidence=review.sentences[number].beat,
        )


CHECK = BeatsCheck()
