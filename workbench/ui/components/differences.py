"""Two wordings of a text in one: what was taken out is struck through, what came in is underlined."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from workbench.domain.wording import word_diff

_TAGS = {"same": "span", "added": "ins", "removed": "del"}
_WORDS = re.compile(r"\s*\S+\s*")
_KEPT = 24
"""Words of what stayed that are shown on each side of a change."""


def differences(before: str, after: str, *, whole: bool = False) -> None:
    """Draw them; long stretches that stayed are left out unless the text is wanted `whole`."""
    if before == after:
        st.caption("Not a word is different.")
        return
    runs = word_diff(before, after)
    pieces: list[str] = []
    for place, (kind, text) in enumerate(runs):
        shown = text if whole or kind != "same" else _around(text, place, len(runs) - 1)
        pieces.append(f"<{_TAGS[kind]}>{escape(shown)}</{_TAGS[kind]}>")
    st.html(f'<div class="differences">{"".join(pieces)}</div>')


def _around(text: str, place: int, last: int) -> str:
    """The ends of a stretch that touch a change."""
    words = _WORDS.findall(text)
    head = words[:_KEPT] if place > 0 else []
    tail = words[-_KEPT:] if place < last else []
    return text if len(words) <= len(head) + len(tail) else f"{''.join(head)} […] {''.join(tail)}"
