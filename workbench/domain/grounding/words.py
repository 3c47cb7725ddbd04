"""The words of a text, where they stand, and their stems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]{1,3}(?![^\W_]))?")
_ENDINGS = ("ations", "ation", "ness", "ing", "ies", "ied", "ed", "es", "ly", "ions", "ion", "s")
_SHORTEST_STEM = 3
_LONGEST = 40
"""Longer runs of letters are not words, and nothing is made of their endings."""


def listed(table: str) -> frozenset[str]:
    """The words of a table."""
    return frozenset(table.split())


EMPTY = listed(
    """a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing down during each else ever few for from further get gets getting go goes had has
    have having he her here hers him his how however i if in into is isn it its itself just less let lets like ll
    made make makes many may me might mine more most much must my no nor not now of off often on once one only or
    other our out over own per quite rather re really s same say says she should so some still such t than that the
    their them then there these they thing things this those through thus to too under until up upon us use used
    uses using ve very via was way we were what when where whether which while who whom whose why will with within
    without would yet you your"""
)
"""Words that say nothing about what a text is about."""


class Word(NamedTuple):
    """A word as it stands: `text` is what stands at `start` to `end`, `stem` what its inflections share."""

    start: int
    end: int
    text: str
    stem: str


def words(text: str) -> list[Word]:
    """Every word of the text in order. A hyphen parts words, an apostrophe does not."""
    return [Word(one.start(), one.end(), one.group(), stem(one.group())) for one in _WORD.finditer(text)]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """What a word's inflections share: lower case, without possessive, common endings, doubled letters and final e."""
    lowered = word.lower().replace("’", "'")
    bare = lowered.partition("'")[0] or lowered
    if len(bare) > _LONGEST or not bare.isalpha():
        return bare
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST_STEM:
            bare = bare[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
            break
    if len(bare) > _SHORTEST_STEM and bare[-1] == bare[-2]:
        bare = bare[:-1]
    return bare[:-1] if len(bare) > _SHORTEST_STEM and bare[-1] == "e" else bare


def telling(found: Iterable[Word]) -> Iterator[str]:
    """Each word's stem, or nothing where the word says nothing about what a text is about."""
    return ("" if one.text.lower() in EMPTY else one.stem for one in found)


def content(found: Iterable[Word]) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    return frozenset(filter(None, telling(found)))
