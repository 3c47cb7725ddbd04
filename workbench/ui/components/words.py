"""How figures and names are written on the screen."""

from __future__ import annotations

import re
from decimal import Decimal

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&])")
_ICON = re.compile(r":(?=material/|streamlit:)")
"""Streamlit looks for its icons after Markdown has taken the backslashes away: only a word joiner stops it."""


def plain(text: str) -> str:
    """Text for a label: labels are Markdown, and names must not be."""
    return _MARKDOWN.sub(r"\\\1", _ICON.sub(":\u2060", " ".join(text.split())))


def tokens(count: int) -> str:
    """`12,300 tokens`."""
    return f"{count:,} token{'' if count == 1 else 's'}"


def money(cost: Decimal | None, *, rehearsal: bool = False) -> str:
    """`$0.0042`; `price unknown` rather than $0; a rehearsal's list price is no spend."""
    if cost is None:
        return "price unknown"
    shown = f"${cost:.4f}" if cost < 1 else f"${cost:.2f}"
    return f"{shown} at list price, not spent" if rehearsal else shown


def count(number: int, noun: str) -> str:
    """`1 draft`, `2 drafts`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
