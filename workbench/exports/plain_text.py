"""The page as plain text: the publication's lines in order, and every line we add in square brackets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.comparison import (
    CALL_HEADING,
    DECK,
    FOOTER,
    KICKER,
    NO_QUOTES,
    REHEARSAL_NOTICE,
    SCORECARD_HEADING,
    SPLIT_LABEL,
    Page,
    disclosure,
    interest_notice,
    kept_lines,
    provenance_line,
    under_review,
    verdict_label,
)
from workbench.domain.scorecard import NO_FIGURE, Quote, Scorecard, community_label, panel_label
from workbench.domain.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainText:
    """Exports a page line by line as readers see it."""

    name: str = "text"
    label: str = "Plain text"
    suffix: str = ".txt"
    media_type: str = "text/plain"

    def render(self, page: Page) -> bytes:
        """The lines joined by `\\n`, without one at the end."""
        return "\n".join(_lines(page)).encode()


def _lines(page: Page) -> Iterator[str]:
    yield from (KICKER, one_line(page.title), DECK)
    if page.rehearsal:
        yield _added(REHEARSAL_NOTICE)
    yield from map(_added, filter(None, (page.byline, page.sign_off)))
    yield from _call(page)
    for card in page.cards:
        yield from _tool(card)
    yield SCORECARD_HEADING
    for card, quote in page.quotes:
        yield from _quote(card, quote)
    for card in page.cards:
        yield from _standing(card)
    if notice := interest_notice(page):
        yield _added(notice)
    yield from FOOTER


def _call(page: Page) -> Iterator[str]:
    if not page.comparison.call:
        return
    signature = f" · {page.call_signature}" if page.call_signature else ""
    yield _added(f"{CALL_HEADING}{signature}: {page.comparison.call}")


def _tool(card: Scorecard) -> Iterator[str]:
    tool = card.tool
    yield from filter(None, map(one_line, (tool.category, tool.name, tool.tagline)))
    yield from (panel_label(card.panel), "Panel ship")
    yield from (community_label(tool.community), "Community")
    yield from (tool.entry.value if tool.entry is not None else NO_FIGURE, "Entry")
    if card.description:
        yield card.description


def _quote(card: Scorecard, quote: Quote) -> Iterator[str]:
    yield _added(f"{quote.persona_label} · {card.tool.name} · {verdict_label(quote.verdict)}")
    yield f"“{quote.text}”"
    if quote.reopened is not None:
        yield _added(under_review(quote))
    yield _added(disclosure(quote))
    yield _added(provenance_line(quote))
    yield from map(_added, kept_lines(quote))


def _standing(card: Scorecard) -> Iterator[str]:
    if not card.quotes:
        yield _added(f"{card.tool.name} · {NO_QUOTES}")
        return
    yield _added(f"{SPLIT_LABEL} · {card.tool.name} · {card.split}")
    if card.missing:
        yield _added(f"{NO_QUOTES} · {card.tool.name} · {', '.join(card.missing)}")


def _added(text: str) -> str:
    return f"[{one_line(text)}]"


EXPORTER = PlainText()
