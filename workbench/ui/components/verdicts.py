"""The verdict board: what each persona says of both tools, the panel's figures, and what the deck promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from workbench.domain.bill import Bill
from workbench.domain.board import Promise
from workbench.domain.comparison import Page, kept_of_draft, verdict_label
from workbench.domain.contradiction import Contradiction, contradictions
from workbench.domain.decision import Cell
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.domain.scorecard import NO_FIGURE, Quote, Scorecard, community_label, panel_label
from workbench.domain.staleness import told
from workbench.ui.components.words import count, price

Cells = Mapping[ToolId, Mapping[PersonaId, Cell]]
Costs = Mapping[ToolId, Mapping[PersonaId, Bill]]
"""What the drafts of each cell took."""
_INTERESTS = {
    "self": ("self", "The model that drafted this quote is made by the company that makes this tool."),
    "rival": ("rival", "The model that drafted this quote is made by the company that makes the other tool."),
}


_SPLIT = "Ships – skips among the decided verdicts of each tool."
_KEPT = "The share of the draft’s words that stand in the quote, in the same order."
_KEPT_OF_DRAFTS = "The share of the quote’s own words that were taken from drafts as they stood there."


def board(page: Page, cells: Cells, costs: Costs, personas: Sequence[Persona]) -> str:
    """A row for each persona, a column for each tool; the panel's figures head the columns.

    A quote is shown with who drafted it and what its cell's drafts cost: masks end with the decision.
    """
    colors = {one.id: (one.label, one.color) for one in personas}
    for _, quote in page.quotes:  # a persona whose file is gone still has its say
        colors.setdefault(quote.persona_id, (quote.persona_label, "#77736a"))
    disagreeing = {card.tool.id: contradictions([card]) for card in page.cards}
    heads = "".join(f'<th scope="col">{_head(card)}</th>' for card in page.cards)
    rows = "".join(
        f'<tr><th scope="row" style="--lens:{escape(color)}">{escape(label)}</th>'
        f"{''.join(_cell(card, persona_id, cells, costs, disagreeing[card.tool.id]) for card in page.cards)}</tr>"
        for persona_id, (label, color) in colors.items()
    )
    return (
        f'<table class="verdicts"><caption title="{_SPLIT}">{_split(page)}</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def kept_promises(promised: Sequence[Promise]) -> str:
    """A chip for each thing the deck promises, ticked when the page has it."""
    chips = "".join(
        f'<span class="promise tip {"kept" if one.kept else "broken"}" tabindex="0">{"✓" if one.kept else "✗"} '
        f'{escape(one.label)}<em class="why">{escape(one.why)}</em></span>'
        for one in promised
    )
    return f'<div class="promises"><span>The deck promises</span>{chips}</div>'


def _split(page: Page) -> str:
    left, right = page.cards
    if left.panel is None and right.panel is None:
        return "Nobody has given a verdict yet."
    return f"Split: {left.split} vs {right.split}"


def _head(card: Scorecard) -> str:
    tool, ships, decided = card.tool, card.verdicts.count("ship"), len(card.verdicts)
    entry = tool.entry.value if tool.entry is not None else NO_FIGURE
    formula = (
        f"{count(ships, 'ship')} ÷ {count(decided, 'decided verdict')} = {panel_label(card.panel)}, halves rounded up"
        if decided
        else "No verdict is decided: a dash, never 0 %"
    )
    facts = (
        ("Split", card.split, "Ships – skips among the decided verdicts"),
        (
            "Community",
            community_label(tool.community),
            "The readers’ ships and the number of votes; a dash without votes",
        ),
        ("Entry", entry, "What it takes to begin; not a price"),
    )
    told = "".join(
        f'<span class="tip" tabindex="0">{label} <b>{escape(value)}</b><em class="why">{escape(why)}.</em></span>'
        for label, value, why in facts
    )
    return (
        f"<small>{escape(tool.category) or 'No category'}</small><strong>{escape(tool.name)}</strong>"
        f'<span class="panel tip" tabindex="0"><b>{panel_label(card.panel)}</b> panel ship'
        f'<i class="bar"><i style="width:{card.panel or 0}%"></i></i><em class="why">{escape(formula)}.</em></span>'
        f'<span class="facts">{told}</span>'
    )


def _cell(
    card: Scorecard, persona_id: PersonaId, cells: Cells, costs: Costs, disagreeing: Sequence[Contradiction]
) -> str:
    quote = next((one for one in card.quotes if one.persona_id == persona_id), None)
    if quote is None:
        return '<td><span class="verdict missing">No quote</span></td>'
    cell = cells[card.tool.id][persona_id]
    kind = quote.verdict or "undecided"
    return (
        f'<td><span class="verdict {kind} tip" tabindex="0">{verdict_label(quote.verdict)}'
        f'<em class="why">{escape(_reason(cell))}</em></span>{_sure(cell)}'
        f"{_origin(quote)}{_badges(quote, disagreeing)}{_drafted(quote, costs[card.tool.id].get(persona_id))}</td>"
    )


def _reason(cell: Cell) -> str:
    if cell.verdict is None:
        return "No verdict yet: it is left out of the panel’s figure."
    sure = f"{cell.confidence.capitalize()} confidence. " if cell.confidence is not None else ""
    return f"{sure}{cell.reason or 'No reason was given.'}"


def _sure(cell: Cell) -> str:
    if cell.confidence is None:
        return ""
    level = {"low": 1, "medium": 2, "high": 3}[cell.confidence]
    dots = "".join(f'<i class="{"on" if number < level else ""}"></i>' for number in range(3))
    told = f"{cell.confidence} confidence"
    return f'<span class="sure" role="img" aria-label="{told}" title="{told}">{dots}</span>'


def _origin(quote: Quote) -> str:
    origin = quote.provenance
    if origin.draft_id is None:
        return f"<small>{escape(f'by hand, {origin.editor}')}</small>"
    if not origin.edited:
        return f"<small>{escape(f'accepted by {origin.editor}')}</small>"
    kept = f"edited by {origin.editor}, {kept_of_draft(quote) * 100:.0f} % kept"
    why = _KEPT_OF_DRAFTS if origin.sources else _KEPT
    return f'<small class="tip" tabindex="0">{escape(kept)}<em class="why">{escape(why)}</em></small>'


def _drafted(quote: Quote, cost: Bill | None) -> str:
    origin = quote.provenance
    models = [one.model for one in origin.sources if one.draft_id is not None] or [origin.model]
    told = " + ".join(one for one in dict.fromkeys(models) if one)
    if cost is None or not cost.drafts:
        return f'<small class="drafted">{escape(told)}</small>' if told else ""
    why = f"What {count(cost.drafts, 'draft')} of this cell took at list price, rejected ones too."
    told = f"{told or 'drafts not used'} · {price(cost)}"
    return f'<small class="drafted tip" tabindex="0">{escape(told)}<em class="why">{escape(why)}</em></small>'


def _badges(quote: Quote, disagreeing: Sequence[Contradiction]) -> str:
    origin = quote.provenance
    badges = [_INTERESTS[origin.interest]] if origin.interest in _INTERESTS else []
    own = [one.reason for one in disagreeing if quote.persona_id in {one.one.persona_id, one.other.persona_id}]
    if own:
        badges.append(("disagrees", " ".join(own)))
    if origin.seconded_by:
        badges.append((f"seconded by {origin.seconded_by}", "A second editor stands by the quote."))
    elif origin.needs_second:
        badges.append(("second look", "Nobody edited it: a second editor has to stand by it."))
    if quote.reopened is not None:
        since = quote.reopened.since.date().isoformat()
        changes = "; ".join(told(one) for one in quote.reopened.changes)
        badges.append((f"under review since {since}", f"What it rests on has changed. {changes}."))
    return "".join(
        f'<span class="badge tip" tabindex="0">{escape(name)}<em class="why">{escape(why)}</em></span>'
        for name, why in badges
    )
