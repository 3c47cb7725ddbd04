"""A tool's quotes, its panel ship % and its split."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from workbench.domain.answer import Answer
from workbench.domain.dossier import AddedFact, Community, Tool
from workbench.domain.ids import Digest, DraftId, PersonaId
from workbench.domain.interest import Interest
from workbench.domain.ledger import Foretold
from workbench.domain.piece import PieceSource
from workbench.domain.review import Verdict
from workbench.domain.staleness import Reopened
from workbench.domain.text import percent
from workbench.domain.wording import common_words

NO_FIGURE = "—"
"""Printed where there is nothing to count: never 0 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where one sentence of a quote was taken from, and the share of its words that are still the draft's, 0…1.

    `draft_id`, `provider` and `model` are empty for words of no draft, of which `source` says whether they were pasted;
    `rehearsal`: no model wrote the draft.
    """

    text: str
    beat: str = ""
    draft_id: DraftId | None = None
    provider: str = ""
    model: str = ""
    kept: float = 0.0
    rehearsal: bool = False
    source: PieceSource = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an approved quote comes from. `kept` is the share of the draft's words still there, 0…1.

    A quote put together from several drafts names them in `sources`; its `kept` is the share of its own words that
    are the drafts'. `draft_id`, `provider` and `model` are empty for a quote written by hand; `note` is the editor's
    that the draft answers. `rehearsal`: at least one of its drafts is by no model, however little of it was kept.

    `interest` is what the drafting models' makers have at stake on this page, the strongest; `masked`: the editor could
    not see which model had written what; `needs_second`: it may not leave before a second editor has looked.
    """

    editor: str
    decided_at: datetime
    dossier_digest: Digest
    persona_digest: Digest
    draft_id: DraftId | None = None
    provider: str = ""
    model: str = ""
    take: int = 0
    note: str = ""
    edited: bool = False
    kept: float = 0.0
    rehearsal: bool = False
    sources: tuple[Source, ...] = ()
    interest: Interest = "neutral"
    masked: bool = False
    seconded_by: str = ""
    needs_second: bool = False

    @property
    def models(self) -> tuple[str, ...]:
        """The models that were called for the quote, each once."""
        if self.sources:
            drafted = [one for one in self.sources if one.draft_id is not None and not one.rehearsal]
            return tuple(dict.fromkeys(one.model for one in drafted))
        return (self.model,) if self.draft_id is not None and not self.rehearsal else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarked:
    """What the checks said of a quote and what its editors answered: findings still `open`, words `kept` with a reason;
    facts `sourced` and sentences `reworded` for the persona's texts on this tool."""

    open: int = 0
    kept: tuple[Answer, ...] = ()
    sourced: int = 0
    reworded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The approved text of one persona for one tool. `verdict` None: not decided yet.

    `reopened`: facts it rests on have changed, and nobody has decided on it since; `forecasts` are those it makes.
    """

    persona_id: PersonaId
    persona_label: str
    persona_order: int
    text: str
    verdict: Verdict | None
    provenance: Provenance
    reopened: Reopened | None = None
    remarked: Remarked = Remarked()
    forecasts: tuple[Foretold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """`quotes` hold the approved ones only, in the personas' order; `missing` are the labels without one; `facts` are
    those that were added to the description."""

    tool: Tool
    description: str
    dossier_digest: Digest
    quotes: tuple[Quote, ...]
    missing: tuple[str, ...] = ()
    facts: tuple[AddedFact, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The decided verdicts."""
        return tuple(quote.verdict for quote in self.quotes if quote.verdict is not None)

    @property
    def panel(self) -> int | None:
        """Panel ship %: ships ÷ decided verdicts, halves up. None when nothing is decided."""
        return panel_percent(self.verdicts)

    @property
    def split(self) -> str:
        """Ships to skips, `3–1`; the dash for no figure when nothing is decided."""
        ships = self.verdicts.count("ship")
        return f"{ships}–{len(self.verdicts) - ships}" if self.verdicts else NO_FIGURE

    @property
    def rehearsal(self) -> bool:
        """Whether any quote was drafted without a model."""
        return any(quote.provenance.rehearsal for quote in self.quotes)


def panel_percent(verdicts: Iterable[Verdict]) -> int | None:
    """Ships ÷ decided verdicts in percent, halves up; None (never 0) when nothing is decided."""
    decided = list(verdicts)
    return percent(decided.count("ship"), len(decided)) if decided else None


def panel_label(panel: int | None) -> str:
    """`75%`, or the dash."""
    return NO_FIGURE if panel is None else f"{panel}%"


def community_label(community: Community | None) -> str:
    """`62 % (113)`: the share and the number of votes; the dash without votes."""
    if community is None or community.votes == 0:
        return NO_FIGURE
    return f"{percent(community.ships, community.votes)} % ({community.votes})"


def kept_share(draft_words: str, final_words: str) -> float:
    """Share of the draft's words that stand in the final text in the same order, 0…1."""
    words = len(draft_words.split())
    return common_words(draft_words, final_words) / words if words else 0.0
