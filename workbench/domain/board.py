"""What stands between a page and its sign-off, and whether the page keeps what its deck promises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from workbench.domain.comparison import Page
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.review import Verdict
from workbench.domain.scorecard import Quote, Scorecard
from workbench.domain.staleness import told

PointKind = Literal[
    "unapproved",
    "undecided",
    "second",
    "call",
    "conflict",
    "reopened",
    "contradiction",
    "disagreement",
    "finding",
    "answered",
]
BLOCKING: frozenset[PointKind] = frozenset({"unapproved", "undecided", "second", "call", "conflict", "reopened"})
"""What has to be settled before anybody signs; the rest is advice, or was `answered`: kept with a reason.

A `contradiction` is of a verdict and its own text, a `disagreement` of two quotes, or of a quote and the card."""
_NAMED = re.compile(r"\b(?:an?|the)\s+(ship|skip)\b|\b(ship|skip)\s+it\b", re.IGNORECASE)
"""Only where the word is the verdict: tools ship features, and readers skip pages."""
_PRICE = re.compile(r"\bpric(?:e[sd]?|ing)\b|[$€£]\s?\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something open on a page; `tool_id` and `persona_id` name the cell, as far as it is about one, and `rule` the
    check whose finding it is."""

    kind: PointKind
    text: str
    tool_id: ToolId | None = None
    persona_id: PersonaId | None = None
    rule: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it has to be settled before anybody signs."""
        return self.kind in BLOCKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One thing the deck says the page has; `why` says what there is, or which tool lacks it."""

    label: str
    kept: bool
    why: str


def contradiction(text: str, verdict: Verdict | None) -> str:
    """The words of a quote that name the other verdict and nowhere its own; empty when there are none."""
    named = {(one.group(1) or one.group(2)).lower(): one.group() for one in _NAMED.finditer(text)}
    return "" if verdict is None or verdict in named else " ".join("".join(named.values()).split())


def open_points(page: Page, personas: Mapping[PersonaId, str]) -> Iterator[Point]:
    """What can be told from the page alone, in its order; `personas` are the panel's labels."""
    for persona_id, label in personas.items():
        for card in page.cards:
            quote = next((one for one in card.quotes if one.persona_id == persona_id), None)
            name = f"{label} of {card.tool.name}"
            for kind, text in _about(quote, name):
                yield Point(kind=kind, text=text, tool_id=card.tool.id, persona_id=persona_id)
    if not page.comparison.call:
        yield Point(kind="call", text="The page asks which one to ship with, and there is no editor’s call yet.")


def _about(quote: Quote | None, name: str) -> Iterator[tuple[PointKind, str]]:
    if quote is None:
        yield "unapproved", f"{name} has no approved quote."
        return
    if quote.verdict is None:
        yield "undecided", f"{name} has no verdict."
    if words := contradiction(quote.text, quote.verdict):
        yield "contradiction", f"{name} is a {quote.verdict}, and its text says “{words}”."
    if quote.reopened is not None:
        changes = "; ".join(told(one) for one in quote.reopened.changes)
        since = quote.reopened.since.date().isoformat()
        yield "reopened", f"{name} is under review since {since}, for what it rests on has changed. {changes}."


def promises(page: Page) -> tuple[Promise, ...]:
    """What the deck promises, in its order, and the answer to its question."""
    votes = {one.tool.id: one.tool.community.votes if one.tool.community is not None else 0 for one in page.cards}
    undecided = _names(one for one in page.cards if one.panel is None)
    unpriced = _names(one for one in page.cards if not any(_PRICE.search(quote.text) for quote in one.quotes))
    unvoted = _names(one for one in page.cards if not votes[one.tool.id])
    return (
        _promise("panel verdict", undecided, "no decided verdict", "Both tools have decided verdicts."),
        _promise(
            "pricing read", unpriced, "no approved quote that speaks of its price", "A quote on each speaks of it."
        ),
        _promise("reviewer split", undecided, "no decided verdict", "Ships and skips are counted for both."),
        _promise("community vote", unvoted, "no votes", "Readers have voted on both."),
        Promise(
            label="editor’s call",
            kept=bool(page.comparison.call),
            why="The question has its answer." if page.comparison.call else "Nobody has answered the page’s question.",
        ),
    )


def _promise(label: str, lacking: str, what: str, kept: str) -> Promise:
    return Promise(label=label, kept=not lacking, why=f"{lacking}: {what}." if lacking else kept)


def _names(cards: Iterable[Scorecard]) -> str:
    return " and ".join(card.tool.name for card in cards)


# --- what a signature is under ---------------------------------------------------------------------------

Standing = Mapping[ToolId, Mapping[PersonaId, tuple[str, Verdict | None]]]
"""The approved texts and verdicts of a page's tools."""


def content(call: str, standing: Standing) -> str:
    """What is signed, as JSON: the same for the same call, texts and verdicts, whichever tool stands left."""
    return json.dumps({"call": call, "quotes": standing}, ensure_ascii=False, sort_keys=True)


def standing_of(page: Page) -> Standing:
    """The page's quotes as they are signed."""
    return {card.tool.id: {one.persona_id: (one.text, one.verdict) for one in card.quotes} for card in page.cards}


def changed_since(signed: str, page: Page) -> tuple[str, ...]:
    """What of a page is not as it was signed, by name; raises ValueError when `signed` is no content."""
    then = cast("dict[str, object]", json.loads(signed))
    now = cast("dict[str, object]", json.loads(content(page.comparison.call, standing_of(page))))
    labels = {(card.tool.id, one.persona_id): one.persona_label for card, one in page.quotes}
    changed = ["the editor’s call"] if then["call"] != now["call"] else []
    for card in page.cards:
        before, after = (
            cast("dict[str, dict[str, object]]", one["quotes"]).get(card.tool.id, {}) for one in (then, now)
        )
        for persona in sorted({*before, *after}):
            if before.get(persona) != after.get(persona):
                label = labels.get((card.tool.id, PersonaId(persona)), persona.capitalize())
                changed.append(f"{label} of {card.tool.name}")
    return tuple(changed)
