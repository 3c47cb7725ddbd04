"""How far tools have come, drawn: a segment for each persona's cell, and the desk's figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

from workbench.domain.bill import Spent
from workbench.domain.ids import PersonaId
from workbench.domain.persona import Persona
from workbench.domain.tally import APART, Mark, Shelf
from workbench.services.budgeting import Standing
from workbench.ui.components.words import COARSE, count, money

SHELF_NAMES: dict[Shelf, str] = {
    "progress": "In progress",
    "second": "Needs a second look",
    "reopened": "Re-opened",
    "ready": "Ready to publish",
    "undrafted": "Not drafted",
}
_EXPLAINED: dict[Shelf, str] = {
    "progress": "Tools somebody has drafted or decided on and that are not ready: a quote, a verdict or another look "
    "is still missing.",
    "second": "Those in progress with a quote that a model of their own maker wrote and nobody edited: a second editor "
    "reads it.",
    "reopened": "Those in progress with a quote that rests on a fact which has changed since: decide on it again.",
    "ready": "Tools with an approved quote and a verdict from every persona, and nothing left to look at.",
}
_MARKS: dict[Mark | None, tuple[str, str]] = {
    "settled": ("✓", "approved, with a verdict"),
    "reopened": ("↻", "under review: a fact it rests on has changed"),
    "approved": ("?", "approved, without a verdict"),
    "drafted": ("●", "drafted: waits for your decision"),
    "streaming": ("◔", "streaming"),
    "rejected": ("✗", "every draft rejected: wants another take"),
    "failed": ("!", "no usable draft: wants another take"),
    None: ("○", "not drafted"),
}


def segments(personas: Sequence[Persona], marks: Mapping[PersonaId, Mark], name: str = "") -> str:
    """A segment for each persona in its colour; filled once it is settled."""
    drawn = []
    for persona in personas:
        mark = marks.get(persona.id)
        glyph, meaning = _MARKS[mark]
        told = escape(f"{persona.label}{f' of {name}' if name else ''}: {meaning}")
        drawn.append(
            f'<i class="seg {mark or "empty"}" style="--lens:{escape(persona.color)}" role="img" aria-label="{told}" '
            f'title="{told}">{glyph}</i>'
        )
    return f'<span class="segs">{"".join(drawn)}</span>'


def line(name: str, told: Sequence[str], drawn: str, done: int, whole: int) -> str:
    """A row of the desk: a name, what is told of it (behind `!` what an editor has to look at), and how far it is."""
    said = "".join(
        f'<span class="warn">{escape(one[1:])}</span>' if one.startswith("!") else f"<span>{escape(one)}</span>"
        for one in told
    )
    return (
        f'<div class="desk-row"><div class="who"><b>{escape(name)}</b><small>{said}</small></div>{drawn}'
        f'<span class="of" title="Quotes with a verdict, of {whole}">{done}/{whole}</span></div>'
    )


def legend(personas: Sequence[Persona]) -> str:
    """Which colour is whose, and what the glyphs say."""
    lenses = "".join(
        f'<span><i class="dot" style="--lens:{escape(one.color)}"></i>{escape(one.label)}</span>' for one in personas
    )
    said: tuple[tuple[Mark, str], ...] = (
        ("settled", "settled"),
        ("approved", "no verdict"),
        ("drafted", "to decide"),
        ("reopened", "under review"),
    )
    glyphs = "".join(f"<span><b>{_MARKS[mark][0]}</b> {words}</span>" for mark, words in said)
    return f'<div class="desk-legend">{lenses}<span class="gap"></span>{glyphs}</div>'


def figures(counts: Mapping[Shelf, int], today: Spent, budget: Standing | None, bound: Decimal | None = None) -> str:
    """The desk's figures, each with a meter and, on hover or focus, how it came about.

    `bound`: what the day stays under, where no more than that may be told of it.
    """
    tools = sum(counts[one] for one in APART)
    shares = [
        _figure(
            SHELF_NAMES[shelf],
            f"{counts[shelf]:,}",
            f"of {count(tools, 'tool')}",
            counts[shelf] / max(1, tools),
            why,
            shelf,
        )
        for shelf, why in _EXPLAINED.items()
    ]
    return f'<div class="desk-figures">{"".join(shares)}{_spent(today, budget, bound)}</div>'


def _spent(today: Spent, budget: Standing | None, bound: Decimal | None) -> str:
    if bound is not None:
        label, limit = "Spent today", f"of ${budget.limit:.2f}" if budget is not None else "no budget set"
        if today.rehearsal:
            label, limit = "Rehearsed today", "not spent"
        return _figure(label, f"under ${bound:.2f}", limit, 0, COARSE, "spent")
    unknown = f" {count(today.unpriced, 'draft')} at a price nobody knows are not in it." if today.unpriced else ""
    how = f"List prices of {count(today.drafts, 'draft')} since midnight UTC.{unknown}"
    value = money(today.cost) if today.drafts else "$0"
    if today.rehearsal:
        how = f"{how} Rehearsed: no model was called and nothing was spent."
        return _figure("Rehearsed today", value, "not spent", 0, how, "spent")
    if budget is None:
        return _figure("Spent today", value, "no budget set", 0, f"{how} Set budgets.day for a limit.", "spent")
    how = f"{how} What streaming drafts have set aside counts against the budget of {budget.name}."
    share = float(budget.spent / budget.limit) if budget.limit else 1.0
    return _figure("Spent today", value, f"of ${budget.limit:.2f}", share, how, "spent")


def _figure(label: str, value: str, below: str, share: float, why: str, kind: str) -> str:
    width = round(100 * min(1.0, max(0.0, share)))
    return (
        f'<div class="fig tip {kind}" role="group" tabindex="0" '
        f'aria-label="{escape(f"{label}: {value} {below}. {why}")}">'
        f"<span>{escape(label)}</span><b>{escape(value)}</b><small>{escape(below)}</small>"
        f'<i class="bar"><i style="width:{width}%"></i></i><em class="why" aria-hidden="true">{escape(why)}</em></div>'
    )


def settled(personas: Sequence[Persona], marks: Mapping[PersonaId, Mark]) -> int:
    """How many of these personas' cells have a quote and a verdict."""
    return sum(marks.get(one.id) == "settled" for one in personas)


def left_of(standings: Sequence[Standing]) -> Standing | None:
    """The budget of the day that leaves least."""
    days = [one for one in standings if one.name != "this run"]
    return min(days, key=lambda one: one.limit - one.spent, default=None)
