"""Finds phrases that the lens has used up: they stand in its approved quotes of other tools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.finding import Background, Finding
from workbench.domain.phrases import Word, matter, places, sentences_of, words
from workbench.domain.review import Review
from workbench.domain.text import sentence_spans

_WORDS = 4
"""Words of matter in a row that make a phrase worth noticing; the small words between them may differ."""
Gram = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FatigueCheck:
    """Beat openers are house style and may return; everything else should be the tool's own."""

    name: str = "fatigue"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One finding for each shared phrase, as long as it is: a note for one earlier quote, a warning for more."""
        openers = tuple(_content(beat.opener) for beat in background.persona.beats)
        quote = review.quote
        # The exemplars are approved quotes of other tools, too, and the ones a model has just read.
        approved = (*background.archive, *(one.text for one in background.persona.exemplars))
        archive = tuple(one for one in approved if one != quote)
        known = _known(archive, openers)
        return [
            self._shared(quote, run, archive, known)
            for start, end in sentences_of(review)
            for spoken in _between(matter(words(quote, start, end)), openers)
            for run in _runs(spoken, known)
        ]

    def _shared(
        self, quote: str, run: Sequence[Word], archive: Sequence[str], known: Mapping[Gram, frozenset[int]]
    ) -> Finding:
        start, end = run[0].start, run[-1].end
        where = sorted(frozenset[int]().union(*(known[gram] for gram in _grams(run))))
        count = "An approved quote says" if len(where) == 1 else f"{len(where)} approved quotes say"
        return Finding(
            rule=self.name,
            severity="note" if len(where) == 1 else "warning",
            reason=f"{count} “{quote[start:end]}”, too.",
            start=start,
            end=end,
            evidence=archive[where[0]],
        )


def _runs(spoken: Sequence[Word], known: Mapping[Gram, frozenset[int]]) -> Iterator[Sequence[Word]]:
    """The longest stretches of words all of whose phrases are known."""
    begin: int | None = None
    shared = [gram in known for gram in _grams(spoken)]
    for place, one in enumerate([*shared, False]):
        if one and begin is None:
            begin = place
        elif not one and begin is not None:
            yield spoken[begin : place - 1 + _WORDS]
            begin = None


@lru_cache(maxsize=64)
def _known(archive: tuple[str, ...], openers: tuple[Gram, ...]) -> Mapping[Gram, frozenset[int]]:
    """Every phrase of the archive with the places of the quotes that use it."""
    found: defaultdict[Gram, set[int]] = defaultdict(set)
    for number, quote in enumerate(archive):
        for gram in _said(quote, openers):
            found[gram].add(number)
    return {gram: frozenset(where) for gram, where in found.items()}


@lru_cache(maxsize=2_048)
def _said(quote: str, openers: tuple[Gram, ...]) -> frozenset[Gram]:
    """Every phrase of a quote: of an archive that has grown by one, only that one is read."""
    return frozenset(
        gram
        for start, end in sentence_spans(quote)
        for spoken in _between(matter(words(quote, start, end)), openers)
        for gram in _grams(spoken)
    )


def _between(spoken: Sequence[Word], openers: Sequence[Gram]) -> Iterator[Sequence[Word]]:
    """What is left of the words when the openers are cut out of them."""
    cuts = sorted((place, place + len(opener)) for opener in openers for place in places(spoken, opener))
    begin = 0
    for start, end in [*cuts, (len(spoken), len(spoken))]:
        yield spoken[begin:start]
        begin = max(begin, end)


def _content(opener: str) -> Gram:
    return tuple(one.text for one in matter(words(opener)))


def _grams(spoken: Sequence[Word]) -> list[Gram]:
    return [tuple(one.text for one in spoken[at : at + _WORDS]) for at in range(len(spoken) - _WORDS + 1)]


CHECK = FatigueCheck()
