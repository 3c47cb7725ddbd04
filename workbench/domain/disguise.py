"""Orders in dressed-up letters: “i g n o r e”, “1gn0r3”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

_SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:[ .\-_*·]{1,3}[^\W\d_]){5,}(?![^\W_])")
"""A run of letters that stand alone."""
_LETTER = re.compile(r"[^\W\d_]")
_SQUEEZED = re.compile(
    r"(?:ignore|disregard|forget|override)(?:all|any|every|everything|the|your|of|these|previous|prior|above|earlier)*"
    r"(?:instructions?|rules|prompts?|guidelines)"
    r"|systemprompt|verdict(?:is|mustbe)?(?:ship|skip)|youarenow|approveall|fromnowon|onlypraise"
)
_FIGURED = re.compile(
    r"(?<![^\W_])(?=[^\W\d_]*[0134578@$!|])(?=[0134578@$!|]*[^\W\d_])[A-Za-z0134578@$!|]{3,16}(?![^\W_])"
)
"""A word with figures for letters."""
_READINGS = (str.maketrans("0134578@$!|", "oieastbasil"), str.maketrans("0134578@$!|", "oleastbasll"))
"""1 passes for an i and for an l."""
_FEWEST = 2
"""One such word is a name: h264, sha1."""


def spaced(text: str) -> Iterator[tuple[int, int, str]]:
    """Where letters that stand alone spell an order: start, end, the letters."""
    for run in _SPACED.finditer(text):
        places = [one.start() for one in _LETTER.finditer(text, run.start(), run.end())]
        letters = "".join(text[place] for place in places).lower()
        for said in _SQUEEZED.finditer(letters):
            yield places[said.start()], places[said.end() - 1] + 1, said.group()


def figured(text: str) -> list[str]:
    """The text with letters for the figures in its words, in every way they may be read; as long as before.

    None where too few of its words hold any.
    """
    if len(_FIGURED.findall(text)) < _FEWEST:
        return []
    return [_FIGURED.sub(partial(_read, table), text) for table in _READINGS]


def _read(table: dict[int, int], word: re.Match[str]) -> str:
    return word.group().replace("11", "ll").translate(table)
