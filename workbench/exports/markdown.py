"""The page as Markdown that says the same text in every renderer: each line escaped for where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench.domain.comparison import (
    CALL_HEADING,
    DECK,
    FOOTER,
    KICKER,
    NO_QUOTE,
    NO_QUOTES,
    REHEARSAL_NOTICE,
    SCORECARD_HEADING,
    SPLIT_LABEL,
    Page,
    Row,
    disclosure,
    interest_notice,
    kept_lines,
    provenance_line,
    under_review,
    verdict_label,
)
from workbench.domain.scorecard import NO_FIGURE, Quote, community_label, panel_label
from workbench.domain.text import one_line

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_INLINE = re.compile(r"[\\`*_\[\]<|~#$]|&(?=[#A-Za-z0-9])")
_PLAIN_URL = re.compile(r"https?://[^\s<>|\\`]+\Z")
_LINE_START = re.compile(r"\A([>+\-=:]|\d{1,9}(?=[.)]))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """Exports a page as CommonMark with one table of facts."""

    name: str = "markdown"
    label: str = "Markdown"
    suffix: str = ".md"
    media_type: str = "text/markdown"

    def render(self, page: Page) -> bytes:
        """Blocks with an empty line between them, ending in a line break."""
        return ("\n\n".join(block for block in _blocks(page) if block) + "\n").encode()


def _blocks(page: Page) -> Iterator[str]:
    yield _line(KICKER)
    yield f"# {_line(page.title)}"
    yield _line(DECK)
    yield f"> **{REHEARSAL_NOTICE}**" if page.rehearsal else ""
    yield _line(page.byline)
    yield _line(page.sign_off)
    if page.comparison.call:
        yield f"## {CALL_HEADING}"
        yield _paragraphs(page.comparison.call)
        yield f"— {_line(page.call_signature)}" if page.call_signature else ""
    yield _table(page)
    for card in page.cards:
        yield f"## {_line(card.tool.name)}"
        yield _paragraphs(card.description)
        yield "" if card.quotes else NO_QUOTES
    yield f"## {SCORECARD_HEADING}"
    for row in page.rows:
        yield f"### {_line(row.persona_label)}"
        yield from _row(page, row)
    yield "---"
    yield _line(interest_notice(page))
    yield from map(_line, FOOTER)


def _table(page: Page) -> str:
    tools = [card.tool for card in page.cards]
    facts = {
        "Category": [tool.category for tool in tools],
        "Tagline": [tool.tagline for tool in tools],
        "Panel ship": [panel_label(card.panel) for card in page.cards],
        SPLIT_LABEL: [card.split for card in page.cards],
        "Community": [community_label(tool.community) for tool in tools],
        "Entry": [tool.entry.value if tool.entry is not None else NO_FIGURE for tool in tools],
    }
    rows = [_cells(["", *(_line(tool.name) for tool in tools)]), "| --- | --- | --- |"]
    rows += [_cells([label, *map(_line, values)]) for label, values in facts.items() if any(values)]
    if any(tool.url for tool in tools):
        rows.append(_cells(["Link", *(_link(tool.url) for tool in tools)]))
    return "\n".join(rows)


def _cells(values: Iterable[str]) -> str:
    return f"| {' | '.join(values)} |"


def _link(url: str) -> str:
    return f"<{url}>" if _PLAIN_URL.match(url) else _line(url)


def _row(page: Page, row: Row) -> Iterator[str]:
    for card, quote in zip(page.cards, row.sides, strict=True):
        if quote is None:
            yield f"#### {_line(card.tool.name)} — {NO_QUOTE}"
            continue
        yield f"#### {_line(card.tool.name)} — {verdict_label(quote.verdict)}"
        yield from _quote(quote)


def _quote(quote: Quote) -> Iterator[str]:
    yield "\n".join(f"> {line}".rstrip() for line in _prose(f"“{quote.text}”"))
    yield f"**{_line(under_review(quote))}**" if quote.reopened is not None else ""
    yield _line(disclosure(quote))
    yield _line(provenance_line(quote))
    yield from map(_line, kept_lines(quote))


def _line(text: str) -> str:
    return _LINE_START.sub(_guard, escape(one_line(text)))


def _paragraphs(text: str) -> str:
    return "\n".join(_prose(text))


def _prose(text: str) -> Iterator[str]:
    """The text line by line; a line break inside a paragraph is kept by a backslash."""
    lines = [_LINE_START.sub(_guard, line.strip()) for line in _with_code(text).split("\n")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        yield f"{line}\\" if line and following else line


def _with_code(text: str) -> str:
    """The text escaped, except for its code in backticks."""
    parts: list[str] = []
    for token in _code_only().parseInline(text)[0].children or []:
        if token.type == "code_inline":
            parts.append(_code(token.content, token.markup))
        else:
            parts.append(escape(token.content))
    return "".join(parts)


def _code(content: str, fence: str) -> str:
    padded = content.startswith("`") or content.endswith("`") or (content.strip() and content == f" {content[1:-1]} ")
    return f"{fence} {content} {fence}" if padded else f"{fence}{content}{fence}"


def escape(text: str) -> str:
    """The text with a backslash before all that means something inside a line."""
    return _INLINE.sub(r"\\\g<0>", text)


def _guard(match: re.Match[str]) -> str:
    found = match.group(1)
    # A number is guarded behind its digits, everything else before it.
    return f"{found}\\" if found.isdigit() else f"\\{found}"


@cache
def _code_only() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("zero").enable("backticks")


EXPORTER = Markdown()
