from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exports import pages
from workbench import exports
from workbench.domain.answer import Answer, Mark
from workbench.domain.comparison import REHEARSAL_NOTICE
from workbench.domain.ids import PersonaId
from workbench.domain.scorecard import Remarked
from workbench.plugins import discover
from workbench.ports import Exporter

EXPORTERS: list[Exporter] = discover(exports, "EXPORTER")
every_format = pytest.mark.parametrize("exporter", EXPORTERS, ids=[one.name for one in EXPORTERS])


def test_there_are_five_formats_with_names_endings_and_types_of_their_own() -> None:
    assert {one.name for one in EXPORTERS} == {"html", "markdown", "text", "json", "csv"}
    assert {one.suffix for one in EXPORTERS} == {".html", ".md", ".txt", ".json", ".csv"}
    assert len({one.media_type for one in EXPORTERS}) == len({one.label for one in EXPORTERS}) == 5


@every_format
def test_the_same_page_gives_the_same_bytes(exporter: Exporter) -> None:
    assert exporter.render(pages.full_page()) == exporter.render(pages.full_page())


@every_format
def test_a_rehearsal_says_so_and_nothing_else_does(exporter: Exporter) -> None:
    rehearsed = pages.full_page(provenance=pages.REHEARSED)
    undeclared = exporter.render(pages.full_page()).decode("utf-8").replace(f'"const": "{REHEARSAL_NOTICE}"', "")
    assert REHEARSAL_NOTICE in exporter.render(rehearsed).decode("utf-8")
    assert REHEARSAL_NOTICE not in undeclared


@every_format
def test_a_page_nobody_decided_anything_on_still_renders(exporter: Exporter) -> None:
    assert b"Alpha Tool" in exporter.render(pages.empty_page()) or exporter.name == "csv"


@every_format
def test_one_card_with_quotes_and_one_without_render(exporter: Exporter) -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote("The only one.")), pages.card(pages.BARE))
    assert b"The only one." in exporter.render(page)


@every_format
def test_an_undecided_verdict_is_never_printed_as_a_ship_or_a_skip(exporter: Exporter) -> None:
    page = pages.page(pages.card(pages.tool(), pages.quote(verdict=None)), pages.card(pages.BARE))
    made = exporter.render(page).decode("utf-8").lower()
    assert ("undecided" in made) or ('"verdict": null' in made)


@every_format
def test_every_quote_says_who_approved_it_with_what_and_which_version_it_rests_on(exporter: Exporter) -> None:
    made = exporter.render(pages.full_page()).decode("utf-8")
    wanted = ["claude-example-1", "Ada Example", "2026-11-23", "draft00000000001", "a" * 12, "d" * 12]
    assert [word for word in wanted if made.count(word) < 8] == []


@every_format
def test_the_editor_s_call_is_there_when_it_was_made(exporter: Exporter) -> None:
    page = pages.full_page()
    silent = replace(page, comparison=replace(page.comparison, call=""))
    assert b"Ship Alpha if you have" in exporter.render(page)
    assert "Editor’s call".encode() not in exporter.render(silent)


@every_format
def test_a_quote_under_review_says_so_in_every_format(exporter: Exporter) -> None:
    shown = exporter.render(pages.reopened_page()).decode("utf-8")
    assert "Under review since 2026-11-23" in shown or '"since": "2026-11-23T09:30:00+00:00"' in shown
    assert shown.count("Under review") <= 1
    assert b"Under review" not in exporter.render(pages.full_page())


@every_format
def test_why_words_stay_leaves_with_their_quote(exporter: Exporter) -> None:
    mark = Mark(rule="claims", severity="conflict", words="=512K", sentence=pages.DOSSIER)
    answer = Answer(
        tool_id=pages.BARE.id,
        persona_id=PersonaId("builder"),
        kind="kept",
        mark=mark,
        editor="Ann",
        at=pages.DECIDED,
        reason="The vendor wrote to us.",
    )
    kept = replace(pages.quote("The only one."), remarked=Remarked(open=2, kept=(answer,), sourced=1))
    page = pages.page(pages.card(pages.tool(), kept, pages.quote("Another.", lens=1)), pages.card(pages.BARE))
    made = exporter.render(page).decode("utf-8")
    assert made.count("The vendor wrote to us.") == 1
    if exporter.name != "json":
        assert made.rindex("The only one.") < made.index("Kept by Ann on 2026-11-23") < made.rindex("Another.")
