from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exports import pages
from tests.shared_data import SHARED, needs_shared
from workbench.domain.comparison import Page
from workbench.exports.plain_text import EXPORTER


def exported(page: Page) -> list[str]:
    return EXPORTER.render(page).decode("utf-8").split("\n")


def published(page: Page) -> list[str]:
    return [line for line in exported(page) if not (line.startswith("[") and line.endswith("]"))]


@needs_shared
def test_the_reference_page_comes_out_line_by_line() -> None:
    seed = SHARED / "seed"
    expected = (seed / "comparison-page.txt").read_bytes().decode("utf-8").split("\n")
    assert published(pages.reference_page(seed)) == expected


@needs_shared
def test_the_reference_page_gains_a_label_and_a_disclosure_for_each_of_its_eight_quotes() -> None:
    found = exported(pages.reference_page(SHARED / "seed"))
    quotes = [number for number, line in enumerate(found) if line.startswith("“")]
    assert len(quotes) == 8
    assert found[quotes[0] - 1].startswith("[Builder · ")
    assert found[quotes[7] - 1] == "[Business · Codestral 2.1 · Skip]"
    assert found[quotes[7] + 1] == "[Written under our Business lens and approved by Ada Example on 2026-11-23.]"
    assert "[Reviewer split · Codestral 2.1 · 3–1]" in found


def test_the_last_line_has_no_line_break() -> None:
    assert not EXPORTER.render(pages.full_page()).endswith(b"\n")


def test_what_is_unknown_about_a_tool_leaves_no_empty_line() -> None:
    found = exported(pages.empty_page())
    assert "" not in found
    start = found.index("Bare")
    assert found[start : start + 7] == ["Bare", "—", "Panel ship", "—", "Community", "—", "Entry"]


def test_a_tool_without_quotes_says_so() -> None:
    assert "[Bare · No approved quotes yet]" in exported(pages.empty_page())


def test_missing_personas_are_named() -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote(), missing=("Skeptic", "Futurist")), pages.card(pages.BARE))
    assert "[No approved quotes yet · Alpha Tool · Skeptic, Futurist]" in exported(page)


@pytest.mark.parametrize("breaking", ["a\nb", "a\r\nb", "a  b"])
def test_a_label_stays_on_one_line_whatever_the_editor_typed(breaking: str) -> None:
    page = pages.full_page()
    page = replace(page, comparison=replace(page.comparison, call=breaking))
    assert "[Editor’s call · Ada Example on 2026-11-23: a b]" in exported(page)


def test_a_quote_whose_facts_have_changed_is_marked() -> None:
    marked = "[Under review since 2026-11-23: a fact it rests on has changed.]"
    assert exported(pages.reopened_page()).count(marked) == 1
    assert marked not in exported(pages.full_page())
