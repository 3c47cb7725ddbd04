from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exports import pages
from workbench.domain.comparison import (
    digital_source_type,
    is_against_older_dossier,
    kept_of_draft,
    provenance_line,
)
from workbench.domain.scorecard import Provenance

COMPOSITE = "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
WHOLLY = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"


@pytest.mark.parametrize(
    ("kept", "term"), [(1.0, WHOLLY), (0.95, WHOLLY), (0.94, COMPOSITE), (0.05, COMPOSITE), (0.04, ""), (0.0, "")]
)
def test_the_source_term_follows_from_what_was_kept(kept: float, term: str) -> None:
    assert digital_source_type(pages.quote(provenance=replace(pages.DRAFTED, kept=kept))) == term


def test_an_unedited_draft_is_wholly_the_model_s() -> None:
    accepted = pages.quote(provenance=replace(pages.DRAFTED, edited=False, kept=0.0))
    assert kept_of_draft(accepted) == 1.0
    assert digital_source_type(accepted) == WHOLLY


@pytest.mark.parametrize(
    "provenance", [pages.BY_HAND, replace(pages.REHEARSED, kept=1.0)], ids=["by hand", "rehearsed"]
)
def test_no_model_means_no_term(provenance: Provenance) -> None:
    assert digital_source_type(pages.quote(provenance=provenance)) == ""


def test_rows_pair_the_two_tools_persona_by_persona() -> None:
    left = pages.card(pages.tool(), pages.quote("a", lens=0), pages.quote("b", lens=2))
    right = pages.card(pages.BARE, pages.quote("c", lens=1), pages.quote("d", lens=2))
    rows = pages.page(left, right).rows
    told = [(row.persona_label, [side.text if side is not None else None for side in row.sides]) for row in rows]
    assert told == [("Builder", ["a", None]), ("Skeptic", [None, "c"]), ("Futurist", ["b", "d"])]


def test_the_byline_names_each_editor_once() -> None:
    other = replace(pages.DRAFTED, editor="Bo Example")
    left = pages.card(pages.tool(), pages.quote(lens=0), pages.quote(lens=1, provenance=other))
    page = pages.page(left, pages.card(pages.BARE, pages.quote(lens=2)))
    assert page.byline == "Approved by Ada Example, Bo Example; last decision on 2026-11-23."
    assert replace(page, made_at=None).byline == "Approved by Ada Example, Bo Example."
    assert pages.empty_page().byline == ""


def test_the_call_is_signed_as_far_as_it_is_known() -> None:
    page = pages.full_page()
    assert page.call_signature == "Ada Example on 2026-11-23"
    assert replace(page, comparison=replace(page.comparison, call_at=None)).call_signature == "Ada Example"
    assert pages.empty_page().call_signature == ""


def test_a_quote_knows_whether_its_dossier_has_moved_on() -> None:
    quote = pages.quote()
    assert not is_against_older_dossier(pages.card(pages.tool(), quote), quote)
    assert is_against_older_dossier(replace(pages.card(pages.tool(), quote), dossier_digest=pages.PERSONA), quote)


def test_the_record_line_tells_a_draft_from_a_text_by_hand() -> None:
    versions = "lens aaaaaaaaaaaa; dossier dddddddddddd."
    assert provenance_line(pages.quote()) == f"Draft draft00000000001, take 1, 80 % kept; {versions}"
    assert provenance_line(pages.quote(provenance=pages.BY_HAND)) == f"No draft; {versions}"


def test_the_file_is_named_after_the_comparison() -> None:
    assert pages.full_page().slug == "alpha-tool-vs-beta-tool"
