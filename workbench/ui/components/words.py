"""How figures and names are written on the screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from workbench.domain.bill import Bill, Spent, ceiling
from workbench.domain.dossier import Tool

COARSE = (
    "An upper bound and no more, while a cell counted in it has no quote: what a draft costs, or takes from a cache, "
    "tells who wrote it. Then the exact figures are shown. Budgets count exactly at any time."
)
"""Why a sum is `under` something."""
_NOT_SPENT = " at list price, not spent"
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
    return (f"${cost:.4f}" if cost < 1 else f"${cost:.2f}") + _NOT_SPENT * rehearsal


def count(number: int, noun: str) -> str:
    """`1 draft`, `2 drafts`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def price(one: Bill | Spent) -> str:
    """A bill's or a sum's cost in words, with the drafts whose price nobody knows."""
    unknown = (
        f" and {count(one.unpriced, 'draft')} at an unknown price" if one.unpriced and one.cost is not None else ""
    )
    return money(one.cost, rehearsal=one.rehearsal) + unknown


def under(each: Iterable[Bill | Spent]) -> str:
    """`under $0.70`: what providers took together, `each` of them; no draft’s own price can be read off it."""
    known = list(each)
    bound = ceiling(known)
    if bound is None:
        return "price unknown"
    unknown = " and some drafts at an unknown price" if any(one.unpriced for one in known) else ""
    return f"under ${bound:.2f}{_NOT_SPENT * all(one.rehearsal for one in known)}{unknown}"


def percent(share: float | None) -> str:
    """`38 %`; a dash when it is unknown."""
    return "–" if share is None else f"{100 * share:.0f} %"


def names(tools: Iterable[Tool]) -> dict[str, str]:
    """What each tool is called in a list, by its id: its name, and where two share one, what tells them apart.

    Streamlit's pickers send the label back, so equal labels would be one choice.
    """
    known = list(tools)
    shared = Counter(one.name for one in known)
    labels = {
        str(one.id): one.name if shared[one.name] == 1 else f"{one.name} ({one.vendor or one.id})" for one in known
    }
    doubled = Counter(labels.values())
    return {tool_id: label if doubled[label] == 1 else f"{label} [{tool_id}]" for tool_id, label in labels.items()}
