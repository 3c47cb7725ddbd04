"""Pages for the export tests, made from plain values."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from workbench.domain.comparison import Comparison, Page
from workbench.domain.dossier import Community, Dossier, Entry, Fact, Tool
from workbench.domain.ids import ComparisonId, Digest, DraftId, PersonaId, ToolId
from workbench.domain.review import Verdict
from workbench.domain.scorecard import Provenance, Quote, Scorecard
from workbench.domain.staleness import Change, Reopened
from workbench.domain.submission import Submission, check

LENSES = ("Builder", "Skeptic", "Futurist", "Business")
DECIDED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DOSSIER = Digest("d" * 64)
PERSONA = Digest("a" * 64)

BY_HAND = Provenance(editor="Ada Example", decided_at=DECIDED, dossier_digest=DOSSIER, persona_digest=PERSONA)
DRAFTED = replace(
    BY_HAND,
    draft_id=DraftId("draft00000000001"),
    provider="claude",
    model="claude-example-1",
    take=1,
    edited=True,
    kept=0.8,
)
REHEARSED = replace(DRAFTED, rehearsal=True)


def quote(
    text: str = "It ships one thing well.",
    *,
    lens: int = 0,
    verdict: Verdict | None = "ship",
    provenance: Provenance = DRAFTED,
) -> Quote:
    label = LENSES[lens]
    return Quote(
        persona_id=PersonaId(label.lower()),
        persona_label=label,
        persona_order=lens + 1,
        text=text,
        verdict=verdict,
        provenance=provenance,
    )


def tool(name: str = "Alpha Tool", *, tagline: str = "Does one thing, well") -> Tool:
    return Tool(
        id=ToolId(name.lower().replace(" ", "-")),
        name=name,
        vendor="Example Ltd",
        category="Developer Tools",
        tagline=tagline,
        entry=Entry.FREEMIUM,
        url="https://example.test/alpha",
        community=Community(ships=70, votes=113),
    )


def card(
    about: Tool | None = None,
    *quotes: Quote,
    description: str = "A tool for tests. It does what it says.",
    missing: tuple[str, ...] = (),
) -> Scorecard:
    return Scorecard(
        tool=about or tool(), description=description, dossier_digest=DOSSIER, quotes=quotes, missing=missing
    )


def page(left: Scorecard, right: Scorecard, *, call: str = "") -> Page:
    made = Comparison(
        id=ComparisonId("alpha-vs-beta"),
        left=left.tool.id,
        right=right.tool.id,
        call=call,
        call_editor="Ada Example" if call else "",
        call_at=DECIDED if call else None,
    )
    return Page(comparison=made, left=left, right=right, made_at=DECIDED if left.quotes or right.quotes else None)


BARE = Tool(id=ToolId("bare"), name="Bare")


def empty_page() -> Page:
    return page(card(BARE, description=""), card(tool()))


def full_page(*, provenance: Provenance = DRAFTED) -> Page:
    verdicts: tuple[Verdict | None, ...] = ("ship", "ship", "skip", None)
    left = [quote(f"Left {lens} `code`.", lens=n, provenance=provenance) for n, lens in enumerate(LENSES)]
    right = [
        quote(f"Right {lens}.", lens=n, verdict=verdicts[n], provenance=provenance) for n, lens in enumerate(LENSES)
    ]
    return page(card(tool(), *left), card(tool("Beta Tool"), *right), call="Ship Alpha if you have `one` hour.")


def reopened_page() -> Page:
    """A page whose left quote rests on a fact that has changed, and whose right one does not."""
    said = Fact(number=2, text="It holds 256K.", source="description")
    why = Reopened(
        since=DECIDED, revision=2, changes=(Change(before=said, after=replace(said, text="It holds 128K.")),)
    )
    return page(card(tool(), replace(quote(), reopened=why)), card(tool("Beta Tool"), quote("Right.")))


def reference_page(folder: Path) -> Page:
    """The publication's page, its quotes as approved by hand."""
    told = cast("dict[str, Any]", json.loads((folder / "comparison.json").read_text("utf-8")))
    left, right = (_reference_card(one) for one in told["tools"])
    return page(left, right)


def _reference_card(told: dict[str, Any]) -> Scorecard:
    dossier = _dossier(told)
    origin = replace(BY_HAND, dossier_digest=dossier.digest)
    quotes = [
        quote(one["quote"], lens=number, verdict=one["verdict"], provenance=origin)
        for number, one in enumerate(told["quotes"])
    ]
    return Scorecard(
        tool=dossier.tool,
        description=dossier.description,
        dossier_digest=dossier.digest,
        quotes=tuple(quotes),
    )


def _dossier(told: dict[str, Any]) -> Dossier:
    fields = ("name", "description", "category", "tagline", "entry")
    return check(Submission(**{field: told[field] for field in fields})).dossier
