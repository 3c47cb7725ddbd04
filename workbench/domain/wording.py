"""What changed between two wordings of a text, word by word, and what stayed."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "added", "removed"]
_TOKEN = re.compile(r"\s+|\S+")


def word_diff(before: str, after: str) -> list[tuple[Change, str]]:
    """Runs of words in reading order, no two of a kind in a row, what was removed before what was added.

    `same` and `removed` joined give `before` back, `same` and `added` joined give `after`; no run is empty.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    runs: list[tuple[Change, str]] = []
    removed = added = ""
    for _, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        taken, put = "".join(old[from_old:to_old]), "".join(new[from_new:to_new])
        # A blank that stayed between two changed words belongs to the change: else every word would be one of its own.
        if taken != put or ((removed or added) and not taken.strip() and to_old < len(old)):
            removed, added = removed + taken, added + put
            continue
        runs += _change(removed, added)
        runs.append(("same", taken))
        removed = added = ""
    return runs + _change(removed, added)


def common_words(before: str, after: str) -> int:
    """How many of the words of `before` stand in `after` in the same order: the longest common subsequence."""
    theirs = after.split()
    row = [0] * (len(theirs) + 1)
    for word in before.split():
        diagonal = 0
        for column, other in enumerate(theirs, start=1):
            above = row[column]
            row[column] = diagonal + 1 if word == other else max(above, row[column - 1])
            diagonal = above
    return row[-1]


def _change(removed: str, added: str) -> list[tuple[Change, str]]:
    runs: list[tuple[Change, str]] = [("removed", removed), ("added", added)]
    return [(kind, text) for kind, text in runs if text]
