"""Two scorecards, the editor's call, and the page made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workbench.domain.ids import ComparisonId, ToolId
from workbench.domain.review import Verdict
from workbench.domain.scorecard import Quote, Scorecard

KICKER = "AI tool comparison"
DECK = (
    "Which one should you ship with? Here is the side-by-side panel verdict, pricing read, "
    "reviewer split, and community vote comparison."
)
SCORECARD_HEADING = "Reviewer scorecard"
FOOTER = (
    "Weekly AI Tool Verdicts",
    "Get the next comparison in your inbox",
    "New AI tools ship daily. We compare them before you waste an afternoon.",
)
REHEARSAL_NOTICE = "Rehearsal: no model was called"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two tools on one page. `call` answers the page's question in the editor's words; `version` counts its saves."""

    id: ComparisonId
    left: ToolId
    right: ToolId
    call: str = ""
    call_editor: str = ""
    call_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an exporter gets: approved text only. `made_at` is the newest decision's time, so that the
    same decisions always make the same bytes; None when nothing is decided."""

    comparison: Comparison
    left: Scorecard
    right: Scorecard
    made_at: datetime | None

    @property
    def title(self) -> str:
        """The headline."""
        return f"{self.left.tool.name} vs {self.right.tool.name}"

    @property
    def slug(self) -> str:
        """The file's name without its extension."""
        return self.comparison.id

    @property
    def cards(self) -> tuple[Scorecard, Scorecard]:
        """Both scorecards, left first."""
        return (self.left, self.right)

    @property
    def rehearsal(self) -> bool:
        """Whether any quote on the page was drafted without a model."""
        return self.left.rehearsal or self.right.rehearsal

    @property
    def quotes(self) -> tuple[tuple[Scorecard, Quote], ...]:
        """The quotes in the page's order: persona by persona, left tool before right."""
        placed = [
            (quote.persona_order, quote.persona_id, side, card, quote)
            for side, card in enumerate(self.cards)
            for quote in card.quotes
        ]
        return tuple((card, quote) for *_, card, quote in sorted(placed, key=lambda row: row[:3]))


def verdict_label(verdict: Verdict | None) -> str:
    """`Ship`, `Skip`, or `Undecided`."""
    return "Undecided" if verdict is None else verdict.capitalize()


def disclosure(quote: Quote) -> str:
    """The reader's line under a quote: who drafted, who edited, who approved, and when."""
    origin = quote.provenance
    day = origin.decided_at.date().isoformat()
    lens = f"under our {quote.persona_label} lens"
    if origin.draft_id is None:
        return f"Written {lens} and approved by {origin.editor} on {day}."
    drafted = REHEARSAL_NOTICE if origin.rehearsal else f"Drafted with {origin.model} {lens}"
    how = "edited and approved" if origin.edited else "approved unedited"
    return f"{drafted}, {how} by {origin.editor} on {day}."
