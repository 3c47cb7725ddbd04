"""What stands between a page and its sign-off, told from the page alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports import pages
from workbench.domain.board import changed_since, content, contradiction, open_points, promises, standing_of
from workbench.domain.comparison import Page
from workbench.domain.dossier import Community
from workbench.domain.ids import PersonaId
from workbench.domain.review import VERDICTS, Verdict
from workbench.domain.scorecard import Quote, Scorecard

LABELS = {PersonaId(one.lower()): one for one in pages.LENSES}


def card(name: str, *quotes: Quote, votes: int = 0) -> Scorecard:
    tool = replace(pages.tool(name), community=Community(ships=votes, votes=votes) if votes else None)
    return Scorecard(tool=tool, description="It is.", dossier_digest=pages.DOSSIER, quotes=quotes)


def page(left: Scorecard, right: Scorecard, call: str = "") -> Page:
    return replace(
        pages.empty_page(), left=left, right=right, comparison=replace(pages.empty_page().comparison, call=call)
    )


def panel(text: str = "Its price is fair.", verdict: Verdict | None = "ship") -> list[Quote]:
    return [pages.quote(text, lens=lens, verdict=verdict) for lens in range(4)]


@pytest.mark.parametrize(
    ("text", "verdict", "found"),
    [
        ("Still a skip because nobody asked.", "ship", "a skip"),
        ("For a team of two: ship it.", "skip", "ship it"),
        ("The specific win earns the ship.", "skip", "the ship"),
        ("The specific win earns the ship.", "ship", ""),
        ("Not a skip; still a ship.", "skip", ""),
        ("It ships weekly, and shipping it early pays.", "skip", ""),
        ("Users skip the tour and ship their features.", "ship", ""),
        ("Still a skip because nobody asked.", None, ""),
    ],
)
def test_only_a_verdict_in_so_many_words_contradicts_the_one_that_was_given(
    text: str, verdict: Verdict | None, found: str
) -> None:
    assert contradiction(text, verdict) == found


@given(text=st.text(), verdict=st.sampled_from(VERDICTS))
def test_a_text_that_names_its_own_verdict_never_contradicts_it(text: str, verdict: Verdict) -> None:
    assert contradiction(f"{text} A {verdict}.", verdict) == ""


def test_a_finished_page_has_no_open_point() -> None:
    whole = page(card("Alpha", *panel()), card("Beta", *panel("Pricing is per seat.")), "Alpha.")
    assert list(open_points(whole, LABELS)) == []


def test_open_points_name_their_cells_in_the_pages_order() -> None:
    skeptic = pages.quote("Still a skip.", lens=1)
    bare = page(card("Alpha", pages.quote(lens=0, verdict=None), skeptic), card("Beta", *panel()))
    told = [(one.kind, one.tool_id, one.persona_id, one.blocks) for one in open_points(bare, LABELS)]
    assert told == [
        ("undecided", "alpha", "builder", True),
        ("contradiction", "alpha", "skeptic", False),
        ("unapproved", "alpha", "futurist", True),
        ("unapproved", "alpha", "business", True),
        ("call", None, None, True),
    ]


def test_a_promise_is_kept_by_both_tools_or_names_the_one_that_breaks_it() -> None:
    whole = page(card("Alpha", *panel(), votes=3), card("Beta", *panel("It costs $20 a month."), votes=1), "Alpha.")
    assert [one.label for one in promises(whole) if not one.kept] == []
    bare = page(card("Alpha", *panel(), votes=3), card("Beta", *panel("It sings.", None)))
    broken = {one.label: one.why for one in promises(bare) if not one.kept}
    assert broken == {
        "panel verdict": "Beta: no decided verdict.",
        "pricing read": "Beta: no approved quote that speaks of its price.",
        "reviewer split": "Beta: no decided verdict.",
        "community vote": "Beta: no votes.",
        "editor’s call": "Nobody has answered the page’s question.",
    }


def test_what_is_signed_is_the_same_whichever_tool_stands_left() -> None:
    left, right = card("Alpha", *panel()), card("Beta", *panel())
    one, other = page(left, right, "Alpha."), page(right, left, "Alpha.")
    assert content("Alpha.", standing_of(one)) == content("Alpha.", standing_of(other))


def test_what_changed_since_is_named_and_a_change_taken_back_is_none() -> None:
    left, right = card("Alpha", *panel()), card("Beta", *panel())
    signed = content("Alpha.", standing_of(page(left, right, "Alpha.")))
    assert changed_since(signed, page(left, right, "Alpha.")) == ()
    fewer = replace(right, quotes=right.quotes[1:])
    other = replace(left, quotes=(replace(left.quotes[0], verdict="skip"), *left.quotes[1:]))
    changed = changed_since(signed, page(other, fewer, "Beta."))
    assert changed == ("the editor’s call", "Builder of Alpha", "Builder of Beta")
    assert json.loads(signed)["call"] == "Alpha."
