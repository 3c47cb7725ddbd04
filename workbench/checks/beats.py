"""Finds beats no sentence serves, sentences that serve none, twice or out of order, and lines of another lens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.domain.finding import Background, Finding
from workbench.domain.persona import Persona
from workbench.domain.phrases import FUNCTION_WORDS, Word, places, plain, sentences_of, words
from workbench.domain.review import Review, Sentence

_TELLING = 3
"""A phrase of so many words gives a lens away wherever it stands; a shorter one only where a sentence opens with it."""


@dataclass(frozen=True, slots=True)
class BeatsCheck:
    """A beat is present when a sentence names it; whether the sentence does it justice is the editor's to say."""

    name: str = "beats"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """Missing beats about the whole quote, then each sentence that repeats, misplaces or names no known beat, then
        each line that is another lens's."""
        persona = background.persona
        found = [
            self._missing(beat.id, beat.label)
            for beat in persona.beats
            if not any(sentence.beat == beat.id and sentence.text.strip() for sentence in review.sentences)
        ]
        places_of = {beat.id: place for place, beat in enumerate(persona.beats)}
        seen = set[str]()
        furthest = -1
        for sentence, span in zip(review.sentences, review.spans, strict=True):
            if not sentence.text.strip():
                continue
            place = places_of.get(sentence.beat)
            if place is None:
                named = f"no beat of this lens is called “{sentence.beat}”" if sentence.beat else "it names no beat"
                found.append(self._about(sentence, span, f"This sentence serves nothing: {named}."))
            elif sentence.beat in seen:
                label = persona.beats[place].label
                found.append(self._about(sentence, span, f"A second sentence for the beat “{label}”; one is enough."))
            elif place < furthest:
                before, label = persona.beats[furthest].label, persona.beats[place].label
                found.append(
                    self._about(sentence, span, f"The beat “{label}” comes after “{before}”; it goes before it.")
                )
            seen.add(sentence.beat)
            furthest = max(furthest, -1 if place is None else place)
        return [*found, *self._strange(review, background)]

    def _missing(self, beat: str, label: str) -> Finding:
        reason = f"No sentence serves the beat “{label}”."
        return Finding(rule=self.name, severity="warning", reason=reason, evidence=beat)

    def _about(self, sentence: Sentence, span: tuple[int, int], reason: str) -> Finding:
        start, end = span
        return Finding(rule=self.name, severity="warning", reason=reason, start=start, end=end, evidence=sentence.beat)

    def _strange(self, review: Review, background: Background) -> Iterator[Finding]:
        """One warning for each line of another lens, on its words."""
        own = {line for line, _ in _lines(background.persona)}
        others = [one for one in background.others if one.id != background.persona.id]
        strange = [(other, line, opener) for other in others for line, opener in _lines(other) if line not in own]
        quote = review.quote
        for start, end in sentences_of(review):
            spoken = words(quote, start, end)
            for other, line, opener in strange:
                for place in _spoken(spoken, line, opener):
                    yield Finding(
                        rule=self.name,
                        severity="warning",
                        reason=f"This is how the {other.label} lens speaks: “{opener}”.",
                        start=spoken[place].start,
                        end=spoken[place + len(line) - 1].end,
                        evidence=opener,
                    )


def _lines(persona: Persona) -> list[tuple[tuple[str, ...], str]]:
    """Each beat's opener without the small words around it, which writers vary, and as the lens has it."""
    return [(_core(plain(beat.opener)), beat.opener) for beat in persona.beats]


def _core(opener: tuple[str, ...]) -> tuple[str, ...]:
    telling = [place for place, word in enumerate(opener) if word not in FUNCTION_WORDS]
    return opener[telling[0] : telling[-1] + 1] if telling else ()


def _spoken(spoken: Sequence[Word], line: tuple[str, ...], opener: str) -> Iterator[int]:
    if len(line) >= _TELLING:
        yield from places(spoken, line)
    elif line and [one.text for one in spoken[: len(plain(opener))]] == list(plain(opener)):
        yield next(places(spoken, line))


CHECK = BeatsCheck()
