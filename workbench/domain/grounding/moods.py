"""How a sentence means what it says: asserted, supposed, or judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

Mood = Literal["asserted", "scenario", "opinion", "conditional"]
"""`conditional`: what holds when or once something does, with no “would” about it: a price there is still a price."""


def _any(*phrases: str) -> str:
    """A pattern for whole words of a text in lower case."""
    return rf"\b(?:{'|'.join(phrases)})(?!\w)"


_PREDICTION = (
    r"predictions?|forecasts?|thes[ie]s|future(?: state| world)?|second-order effects?|end[- ]state|dependency"
)
_WHAT_IF = "kills?|survives?|remains|happens|breaks|is left|would|could|will|might|stays|becomes?"
_SUPPOSED = "imagine|suppose|assume|picture|say you|should|were"
_CONDITION = re.compile(r"^\W{0,3}(?:if|unless|once|when|whenever)\b")
_LATER = r"by (?:19|20)\d\d|in (?:\d{1,3}|a few|\w{1,12}) (?:months?|years?|weeks?)"
_SUPPOSING_SENTENCE = re.compile(
    rf"^\W{{0,3}}(?:(?:the|my|a|one|its|this)\s)?(?:\w{{1,12}}\s){{0,2}}?(?:{_PREDICTION})\b"
    rf"|^\W{{0,3}}what (?:\w{{1,10}}\s)?(?:{_WHAT_IF})\b"
    rf"|^\W{{0,3}}(?:{_SUPPOSED}|{_LATER})\b"
    r"|\b(?:have|has|had|need|needs) to (?:be true|hold)\b"
)
_SUPPOSING = re.compile(
    _any(
        "will|won['’]t|would|wouldn['’]t|shall|whether|until(?! (?:19|20)\\d\\d)|assuming",
        "suppose|imagine|expects?|predicts?|likely|probably|eventually|perhaps|maybe|hypothetical(?:ly)?|someday",
        "provided that|going to|about to|tomorrow|in the future|by 20\\d\\d",
        r"(?:in|within) (?:the next )?(?:\w{1,10} )?(?:months|years|quarters)",
        "moment of truth|(?:replicat|reproduc|clon|rebuil|copi)(?:e|d|t|ed) (?:it|this|that|with|by)",
    )
    + r"|['’]ll\b"
)
_CONDITIONAL = re.compile(_any("if|unless"))
_PAST = re.compile(
    r"\b(?:bought|acquired|raised|launched|released|announced|founded|sold|cut|dropped|introduced|merged|paid|closed"
    r"|shipped|opened|spent|moved|hired)\b.{0,60}\b(?:in|on|since)\s(?:\w{1,9}\s)?(?:19|20)\d\d\b"
)
"""What happened on a day is no prediction, whatever the sentence began with."""
_BUT = re.compile(r"[\s,]*(?:but|yet|however|still)\b")
_AND = re.compile(r"[\s,]*(?:and|while|whereas)\b")
"""Behind a comma it begins a sentence of its own; under a condition it goes on with it."""
_NEVER = re.compile(r"(?!)")
_FOR_ITSELF = re.compile(
    _any(
        r"could|couldn['’]t|might|may(?! \d)|scenario (?:where|in which)|case where",
        r"(?:can(?:not|['’]t| not)|(?:nobody|no one|anybody|anyone|you) can|(?:hard|easy|difficult|possible) to)"
        r" (?:\w+ ){0,2}(?:replicate|reproduce|build|rebuild|copy|clone|recreate|imitate|fake)",
    )
)
"""These suppose their own part only: where a tool breaks is a fact about it, once the announcement is over."""
_LONGEST_WORD = 100
_JUDGING = re.compile(
    _any(
        "matters?|mattered|sound|honest|worth|deserves?|viable|defensible|compelling|impressive|elegant|clever",
        "sensible|reasonable|fair|mediocre|underwhelming|excellent|great|good|bad|nice|solid|smart|serious|boring",
        "risky|earns?|earned|replacement|replace|friction|should|feels?|seems?|arguably|actually|exactly(?!-)",
        "genuine(?:ly)?|means|meaning|enough|on-time|bolted[ -]on(?:to)?|afterthought",
        "(?:right|wrong) (?:bet|call|choice|move|answer|place|default|trade|size)",
        "real (?:value|question|pain|issue|win)|hard (?:one|question|part|problem)|mental model",
        "(?:looks?|reads?|sounds?) like|instead of guessing|in theory|i think|in my view|to me|the kind of",
        "the point|the question|the bet is on|too (?:early|late|much|little|far)|on time|ahead of the curve",
    )
)
_FULL_STOP = re.compile(r"(?<=[.!?…])[\"'”’)\]]{0,3}\s+(?=[\"'“‘(\[]?[A-Z0-9À-ÖØ-Þ`])|\n+")
_STRONG = re.compile(r"[;—–]|\s--?\s")
_MARK = re.compile(r"[;:—–()]|\s--?\s|,(?=\s)")
_CONJUNCTION = re.compile(r"\b(?:and|but|because|so|while|which|where|whereas|plus|or)\b")


class Part(NamedTuple):
    """A stretch of a sentence between marks, and how it is meant."""

    start: int
    end: int
    mood: Mood


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of the text stands; a line is a sentence of its own."""
    return _between(text, _FULL_STOP)


def pieces(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Where each sentence stands, and the pieces of one that is longer than any sentence, cut between words."""
    for start, end in sentences(text):
        begin = start
        while end - begin > longest:
            blank = text.find(" ", begin + longest - _LONGEST_WORD, begin + longest)
            cut = blank + 1 if blank >= 0 else begin + longest
            yield begin, cut
            begin = cut
        yield begin, end


def parts(sentence: str) -> list[Part]:
    """The sentence between its marks. A what-if goes on until a dash, a semicolon or a “but”, a prediction until the
    full stop; what happened on a day is in neither.

    What stands before a first colon announces and asserts nothing.
    """
    lowered = sentence.lower()
    predicting = _SUPPOSING_SENTENCE.search(lowered) is not None
    conditional = _CONDITION.search(lowered) is not None
    found: list[Part] = []
    joined = _NEVER if conditional or _CONDITIONAL.search(lowered) is not None else _AND
    for stretch in _stretches(sentence, lowered, joined):
        supposing = predicting
        conditional = conditional or any(_CONDITIONAL.search(lowered, *one) for one in stretch)
        # “If it cost less, teams would buy it”: what follows says how the condition is meant.
        supposed = conditional and any(
            one.search(lowered, *place) for place in stretch for one in (_SUPPOSING, _FOR_ITSELF)
        )
        for start, end in stretch:
            said = lowered[start:end]
            supposing = supposing or supposed or _SUPPOSING.search(said) is not None
            announcing = not start and said.rstrip().endswith(":")
            judging = announcing or _JUDGING.search(said) is not None
            found.append(Part(start, end, _mood(said, supposing=supposing, conditional=conditional, judging=judging)))
        conditional = False
    return found


def _stretches(sentence: str, lowered: str, joined: re.Pattern[str]) -> Iterator[list[tuple[int, int]]]:
    """The sentence's parts, up to each dash, semicolon and “but”, and to each word that joins two sentences."""
    stretch: list[tuple[int, int]] = []
    for start, end in _between(sentence, _MARK):
        strong = _STRONG.search(sentence, max(0, start - 3), start) is not None
        if stretch and (strong or _BUT.match(lowered, start, end) or joined.match(lowered, start, end)):
            yield stretch
            stretch = []
        stretch.append((start, end))
    if stretch:
        yield stretch


def _mood(said: str, *, supposing: bool, conditional: bool, judging: bool) -> Mood:
    if _PAST.search(said) is not None:
        return "asserted"
    if supposing or _FOR_ITSELF.search(said) is not None:
        return "scenario"
    return "conditional" if conditional else "opinion" if judging else "asserted"


def piece_starts(sentence: str) -> list[int]:
    """Where the parts begin once they are parted at conjunctions too: each is about as much as one claim."""
    marks = [*_MARK.finditer(sentence), *_CONJUNCTION.finditer(sentence)]
    return sorted({0, *(one.end() for one in marks)})


def place(starts: list[int], position: int) -> int:
    """Which of the stretches that begin at `starts` holds the position."""
    return max(0, bisect_right(starts, position) - 1)


def _between(text: str, marks: re.Pattern[str]) -> list[tuple[int, int]]:
    ends = [0, *(one.end() for one in marks.finditer(text)), len(text)]
    return [(first, last) for first, last in pairwise(ends) if last > first]
