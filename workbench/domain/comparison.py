"""Two scorecards, the editor's call, and the page made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from workbench.domain.ids import ComparisonId, Digest, ToolId
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
CALL_HEADING = "Editor’s call"
SPLIT_LABEL = "Reviewer split"
NO_QUOTES = "No approved quotes yet"
NO_QUOTE = "No approved quote yet"
LENS_KIND = "AI lens"
"""What a persona is to a reader: never a person who tested the tool."""
_KEPT_WHOLE = 0.95
_KEPT_NOTHING = 0.05
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SOURCE_TERMS = "https://schema.org/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two tools on one page. `call` answers the page's question in the editor's words; `version` counts its saves.

    `signed_digest` is of exactly what was signed off; None: nobody has signed.
    """

    id: ComparisonId
    left: ToolId
    right: ToolId
    call: str = ""
    call_editor: str = ""
    call_at: datetime | None = None
    version: int = 0
    signed_by: str = ""
    signed_at: datetime | None = None
    signed_digest: Digest | None = None
    statement: str = ""


def pair_id(left: ToolId, right: ToolId) -> ComparisonId:
    """The comparison's id: the same for the pair, whichever stands left."""
    return ComparisonId("--vs--".join(sorted((left, right))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an exporter gets: approved text only. `made_at` is the newest decision's time, so that the
    same decisions always make the same bytes; None when nothing is decided. `changed` names what is no longer as it
    was signed off."""

    comparison: Comparison
    left: Scorecard
    right: Scorecard
    made_at: datetime | None
    changed: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The headline."""
        return f"{self.left.tool.name} vs {self.right.tool.name}"

    @property
    def slug(self) -> str:
        """The file's name without its extension."""
        return f"{self.comparison.left}-vs-{self.comparison.right}"

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

    @property
    def rows(self) -> tuple[Row, ...]:
        """The quotes persona by persona, the two tools' side by side."""
        found: dict[tuple[int, str], Row] = {}
        for card, quote in self.quotes:
            key = (quote.persona_order, quote.persona_id)
            row = found.get(key, Row(persona_label=quote.persona_label))
            found[key] = replace(row, left=quote) if card is self.left else replace(row, right=quote)
        return tuple(found.values())

    @property
    def unseconded(self) -> tuple[tuple[Scorecard, Quote], ...]:
        """The quotes that wait for a second editor."""
        return tuple((card, quote) for card, quote in self.quotes if quote.provenance.needs_second)

    @property
    def byline(self) -> str:
        """Who answers for the page and when the last decision fell; empty when nothing is approved."""
        editors = dict.fromkeys(quote.provenance.editor for _, quote in self.quotes)
        if not editors:
            return ""
        when = f"; last decision on {self.made_at.date().isoformat()}" if self.made_at is not None else ""
        return f"Approved by {', '.join(editors)}{when}."

    @property
    def call_signature(self) -> str:
        """Who made the editor's call and when, as far as it is known."""
        made = self.comparison
        when = f" on {made.call_at.date().isoformat()}" if made.call_at is not None else ""
        return f"{made.call_editor}{when}".strip()

    @property
    def sign_off(self) -> str:
        """Who signed the page and when, in their words, and what has changed since; empty when nobody has."""
        made = self.comparison
        if made.signed_at is None:
            return ""
        said = f" (“{made.statement}”)" if made.statement else ""
        changed = f"; changed since: {', '.join(self.changed)}" if self.changed else ""
        return f"Signed off by {made.signed_by} on {made.signed_at.date().isoformat()}{said}{changed}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One persona's quotes; a side without an approved quote is None."""

    persona_label: str
    left: Quote | None = None
    right: Quote | None = None

    @property
    def sides(self) -> tuple[Quote | None, Quote | None]:
        """Both quotes, left first."""
        return (self.left, self.right)


def verdict_label(verdict: Verdict | None) -> str:
    """`Ship`, `Skip`, or `Undecided`."""
    return "Undecided" if verdict is None else verdict.capitalize()


def disclosure(quote: Quote) -> str:
    """The reader's line under a quote: who drafted, who edited, who approved, and when."""
    origin = quote.provenance
    day = origin.decided_at.date().isoformat()
    lens = f"under our {quote.persona_label} lens"
    if origin.draft_id is None and not origin.rehearsal:
        return f"Written {lens} and approved by {origin.editor} on {day}."
    drafted = REHEARSAL_NOTICE if origin.rehearsal else f"Drafted with {origin.model} {lens}"
    if origin.rehearsal and origin.models:
        drafted += f" for a part of this, the rest drafted with {' and '.join(origin.models)} {lens}"
    how = "edited and approved" if origin.edited else "approved unedited"
    seconded = f", seconded by {origin.seconded_by}" if origin.seconded_by else ""
    return f"{drafted}, {how} by {origin.editor} on {day}{seconded}."


def kept_lines(quote: Quote) -> tuple[str, ...]:
    """Why words stay that a check found: a line for each, with who said so and when."""
    return tuple(
        f"Kept by {one.editor} on {one.at.date().isoformat()} ({one.mark.rule}, “{one.mark.words}”): {one.reason}"
        for one in quote.remarked.kept
    )


def interest_notice(page: Page) -> str:
    """The page's sentence on its drafters' makers, for readers; empty when none of them makes a tool on it."""
    stakes = [quote.provenance.interest for _, quote in page.quotes]
    how = "rehearsed for" if page.rehearsal else "drafted with"
    subjects = {"self": "the tool the quote is about", "rival": "the other tool"}
    told: list[str] = []
    for stake, what in subjects.items():
        if some := sum(one == stake for one in stakes):
            many = "all" if some == len(stakes) > 1 else _spelt(some)
            told.append(f"{many} {'was' if some == 1 else 'were'} {how} a model of the company that makes {what}")
    return f"Of the {_spelt(len(stakes))} quotes on this page, {' and '.join(told)}." if told else ""


def _spelt(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def under_review(quote: Quote) -> str:
    """What the page says of a quote whose facts have changed; empty for any other."""
    if quote.reopened is None:
        return ""
    return f"Under review since {quote.reopened.since.date().isoformat()}: a fact it rests on has changed."


def is_against_older_dossier(card: Scorecard, quote: Quote) -> bool:
    """Whether the dossier has moved on since the quote was approved."""
    return quote.provenance.dossier_digest != card.dossier_digest


def kept_of_draft(quote: Quote) -> float:
    """Share of the draft that is published, 0…1: all of it when unedited, none when written by hand."""
    origin = quote.provenance
    if origin.draft_id is None:
        return 0.0
    return origin.kept if origin.edited else 1.0


def digital_source_type(quote: Quote) -> str:
    """The schema.org term for how the text came about, from what was kept of the draft.

    Empty for a text that is a person's own, and for a rehearsal, which no model wrote.
    """
    kept = kept_of_draft(quote)
    if kept < _KEPT_NOTHING or (quote.provenance.rehearsal and not quote.provenance.models):
        return ""
    if kept >= _KEPT_WHOLE:
        return f"{_SOURCE_TERMS}TrainedAlgorithmicMediaDigitalSource"
    return f"{_SOURCE_TERMS}CompositeWithTrainedAlgorithmicMediaDigitalSource"


def provenance_line(quote: Quote) -> str:
    """The record behind the disclosure: the draft and how much of it was kept, the lens' and the dossier's versions."""
    origin = quote.provenance
    versions = f"lens {origin.persona_digest[:12]}; dossier {origin.dossier_digest[:12]}"
    if origin.masked:
        versions += "; decided without seeing which model wrote it"
    if origin.draft_id is None:
        return f"No draft; {versions}."
    return f"Draft {origin.draft_id}, take {origin.take}, {kept_of_draft(quote) * 100:.0f} % kept; {versions}."
