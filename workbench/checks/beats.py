"""Finds beats no sentence serves or several do, sentences that serve none or out of order, and another lens's lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.finding import Background, Finding
from workbench.domain.persona import Persona
from workbench.domain.phrases import FUNCTION_WORDS, Word, plain, sentences_of, words
from workbench.domain.review import Review, Sentence
from workbench.domain.text import sentence_spans

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
            elif (inside := len(sentence_spans(sentence.text.strip()))) > 1:
                label = persona.beats[place].label
                found.append(self._about(sentence, span, f"{inside} sentences for the beat “{label}”; one is enough."))
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
        strange = _strange_lines(background.persona, background.others)
        quote = review.quote
        for start, end in sentences_of(review) if strange else ():
            spoken = words(quote, start, end)
            for place, word in enumerate(spoken):
                for line in strange.get(word.text, ()):
                    if line.spoken(spoken, place):
                        yield Finding(
                            rule=self.name,
                            severity="warning",
                            reason=f"This is how the {line.lens} lens speaks: “{line.opener}”.",
                            start=word.start,
                            end=spoken[place + len(line.core) - 1].end,
                            evidence=line.opener,
                        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A beat's opener as its lens has it, in words, and without the small words around it, which writers vary."""

    lens: str
    opener: str
    whole: tuple[str, ...]
    core: tuple[str, ...]

    def spoken(self, sentence: Sequence[Word], place: int) -> bool:
        """Whether the sentence's words from `place` on are the line's."""
        begin, line = place, self.core
        if len(line) < _TELLING:
            begin, line = 0, self.whole
            if place != line.index(self.core[0]):
                return False
        return tuple(one.text for one in sentence[begin : begin + len(line)]) == line


def _lines(persona: Persona) -> Iterator[_Line]:
    for beat in persona.beats:
        whole = plain(beat.opener)
        telling = [place for place, word in enumerate(whole) if word not in FUNCTION_WORDS]
        if telling:
            yield _Line(persona.label, beat.opener, whole, whole[telling[0] : telling[-1] + 1])


@lru_cache(maxsize=64)
def _strange_lines(persona: Persona, others: tuple[Persona, ...]) -> Mapping[str, Sequence[_Line]]:
    """The other lenses' lines that are not this one's, too, by the first word that tells."""
    own = {line.core for line in _lines(persona)}
    found: defaultdict[str, list[_Line]] = defaultdict(list)
    for line in (line for other in others if other.id != persona.id for line in _lines(other)):
        if line.core not in own:
            found[line.core[0]].append(line)
    return found


CHECK = BeatsCheck()
