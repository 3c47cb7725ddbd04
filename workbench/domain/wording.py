"""What changed between two wordings of a text, word by word."""

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


def _change(removed: str, added: str) -> list[tuple[Change, str]]:
    runs: list[tuple[Change, str]] = [("removed", removed), ("added", added)]
    return [(kind, text) for kind, text in runs if text]
