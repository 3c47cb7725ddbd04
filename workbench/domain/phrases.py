"""Text as words with their places, for finding one phrase in another text whatever its case and typography."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.domain.review import Review
from workbench.domain.text import sentence_spans

_WORD = re.compile(r"\w(?:[\w'’‐‑-]*\w)?")
_ALIKE = str.maketrans("’‐‑", "'--")
_BORROWED = re.compile(r"“[^“”]*”|\"[^\"]*\"|`[^`]*`")

_SMALL = """
    a about after all also am an and any are as at be because been before being below between both but by can cannot
    could did do does doing down during each either else even ever every few for from further had has have having he her
    here hers him his how i if in into is it its itself just may me might more most much must my neither no nor not now
    of off on once one only onto or other our ours out over own per rather same shall she should since so some still
    such than that the their theirs them then there these they this those though through to too under until up upon us
    very was we were what when where whether which while who whom whose why will with within without would yet you your
    aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't it's shouldn't that's they're wasn't weren't
    what's won't wouldn't you're
"""
FUNCTION_WORDS = frozenset(_SMALL.split())
"""Words that carry a sentence and none of its matter."""


class Word(NamedTuple):
    """A word in lower case with straight apostrophes and hyphens, and where it stands in its text."""

    text: str
    start: int
    end: int


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words between two offsets of the text, as the text counts them."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(one.group().lower().translate(_ALIKE), one.start(), one.end()) for one in found]


def plain(text: str) -> tuple[str, ...]:
    """The text's words without their places."""
    return tuple(one.text for one in words(text))


def matter(found: Sequence[Word]) -> list[Word]:
    """The words that say what a sentence is about."""
    return [one for one in found if one.text not in FUNCTION_WORDS]


def places(found: Sequence[Word], phrase: Sequence[str]) -> Iterator[int]:
    """Where in the words the phrase begins, as indices; none for an empty phrase."""
    if not phrase:
        return
    for index, word in enumerate(found):
        if word.text == phrase[0] and [one.text for one in found[index : index + len(phrase)]] == list(phrase):
            yield index


def sentences_of(review: Review) -> list[tuple[int, int]]:
    """Where each sentence of the quote stands in it; a text typed in one piece counts as the sentences it holds."""
    found: list[tuple[int, int]] = []
    for sentence, (offset, _) in zip(review.sentences, review.spans, strict=True):
        found.extend((offset + start, offset + end) for start, end in sentence_spans(sentence.text.strip()))
    return found


def own_words(text: str) -> str:
    """The text with blanks in place of what it quotes, in double quotation marks or backticks; as long as before."""
    return _BORROWED.sub(lambda found: " " * len(found.group()), text)
