"""How a sentence means what it says: asserted, supposed, or judged."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import Literal, NamedTuple

Mood = Literal["asserted", "scenario", "opinion"]


def _any(*phrases: str) -> str:
    """A pattern for whole words of a text in lower case."""
    return rf"\b(?:{'|'.join(phrases)})(?!\w)"


_PREDICTION = (
    r"predictions?|forecasts?|thes[ie]s|future(?: state| world)?|second-order effects?|end[- ]state|dependency"
)
_WHAT_IF = "kills?|survives?|remains|happens|breaks|is left|would|could|will|might|stays|becomes?"
_SUPPOSED = "imagine|suppose|assume|picture|say you|if|unless|should|were|once|when"
_LATER = r"by (?:19|20)\d\d|in (?:\d{1,3}|a few|\w{1,12}) (?:months?|years?|weeks?)"
_SUPPOSING_SENTENCE = re.compile(
    rf"^\W{{0,3}}(?:(?:the|my|a|one|its|this)\s)?(?:\w{{1,12}}\s){{0,2}}?(?:{_PREDICTION})\b"
    rf"|^\W{{0,3}}what (?:\w{{1,10}}\s)?(?:{_WHAT_IF})\b"
    rf"|^\W{{0,3}}(?:{_SUPPOSED}|{_LATER})\b"
    r"|\b(?:have|has|had|need|needs) to (?:be true|hold)\b"
)
_SUPPOSING = re.compile(
    _any(
        "will|won['’]t|would|wouldn['’]t|shall|if|unless|whether|until|assuming",
        "suppose|imagine|expects?|predicts?|likely|probably|eventually|perhaps|maybe|hypothetical(?:ly)?|someday",
        "provided that|going to|about to|tomorrow|in the future|by 20\\d\\d",
        r"(?:in|within) (?:the next )?(?:\w{1,10} )?(?:months|years|quarters)",
        "moment of truth|(?:replicat|reproduc|clon|rebuil|copi)(?:e|d|t|ed) (?:it|this|that|with|by)",
    )
    + r"|['’]ll\b"
)
_FOR_ITSELF = re.compile(_any(r"could|couldn['’]t|might|may(?! \d)|scenario (?:where|in which)|case where"))
"""These suppose their own part only: where a tool breaks is a fact about it, once the announcement is over."""
_JUDGING = re.compile(
    _any(
        "matters?|mattered|sound|honest|worth|deserves?|viable|defensible|compelling|impressive|elegant|clever",
        "sensible|reasonable|fair|mediocre|underwhelming|excellent|great|good|bad|nice|solid|smart|serious|boring",
        "risky|earns?|earned|replacement|replace|friction|should|feels?|seems?|arguably|actually|exactly",
        "genuine(?:ly)?|means|meaning|enough|on-time",
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


def parts(sentence: str) -> list[Part]:
    """The sentence between its marks. A what-if goes on until a dash or semicolon, a prediction until the full stop.

    What stands before a first colon announces and asserts nothing.
    """
    predicting = _SUPPOSING_SENTENCE.search(sentence.lower()) is not None
    supposing = predicting
    found: list[Part] = []
    for start, end in _between(sentence, _MARK):
        said = sentence[start:end].lower()
        if _STRONG.search(sentence, max(0, start - 3), start):
            supposing = predicting
        supposing = supposing or _SUPPOSING.search(said) is not None
        announcing = not start and said.rstrip().endswith(":")
        judging = announcing or _JUDGING.search(said) is not None
        found.append(
            Part(
                start,
                end,
                "scenario" if supposing or _FOR_ITSELF.search(said) else "opinion" if judging else "asserted",
            )
        )
    return found


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
