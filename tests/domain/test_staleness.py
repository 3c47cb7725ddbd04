"""What a new revision changed, and exactly the quotes that rested on it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import SHARED, needs_shared
from workbench.domain.dossier import AddedFact, Dossier, Entry, Fact, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.review import Review, Sentence
from workbench.domain.staleness import Change, compare, reopened, successors, told, touched

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOOM = Tool(id=ToolId("loom"), name="Loom 3", tagline="Weaves 40 languages", entry=Entry.FREE)
TEXT = "Loom 3 by Weavers is a code model with a 256K context window. It runs in an editor. It costs $4 per seat."


def a_dossier(text: str = TEXT, *added: AddedFact, tool: Tool = LOOM, revision: int = 1) -> Dossier:
    return make_dossier(tool, text, added, revision=revision)


def said(*texts: str, facts: tuple[str, ...] = ()) -> Review:
    return Review(sentences=tuple(Sentence(beat="", facts=facts, text=text) for text in texts))


def refs(changes: tuple[Change, ...]) -> list[str]:
    return [one.before.ref for one in changes]


# --- comparing


def test_a_changed_word_changes_its_fact_and_no_other() -> None:
    found = compare(a_dossier(), a_dossier(TEXT.replace("256K", "128K")))
    assert [(one.before.ref, one.after.ref if one.after else "") for one in found.changed] == [("F1", "F1")]
    assert (found.removed, found.added) == ((), ())


def test_a_fact_that_only_moved_is_the_same_fact() -> None:
    found = compare(a_dossier(), a_dossier(f"It is new. {TEXT}"))
    assert (found.gone, [one.text for one in found.added]) == ((), ["It is new."])
    assert successors(a_dossier(), a_dossier(f"It is new. {TEXT}"))["F1"] == "F2"


def test_a_fact_that_moved_and_changed_is_paired_with_what_it_became() -> None:
    found = compare(a_dossier(), a_dossier(f"It is new. {TEXT.replace('256K', '128K')}"))
    assert [(one.before.ref, one.after.ref if one.after else "") for one in found.changed] == [("F1", "F2")]
    assert [one.text for one in found.added] == ["It is new."]


def test_a_fact_checked_again_or_from_another_source_says_what_it_said() -> None:
    one = AddedFact(text="Free for students.", source="pricing page")
    other = AddedFact(text="free for  students", source="a reader", checked_on="2026-11-30")
    assert compare(a_dossier(TEXT, one), a_dossier(TEXT, other)).gone == ()


def test_a_removed_fact_and_another_way_in_are_told() -> None:
    found = compare(a_dossier(), a_dossier(TEXT.replace(" It runs in an editor.", ""), tool=_paid()))
    assert refs(found.removed) == ["F2"]
    assert [told(one) for one in found.gone] == ["F2 was removed: “It runs in an editor.”", "F5: “Free” became “Paid”"]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("It holds 256K.", "It holds 128K.", "F1: “256K.” became “128K.”"),
        ("It holds 256K.", "It holds 256K today.", "F1: “256K.” became “256K today.”"),
        ("It really works.", "It works.", "F1: “really” went out"),
        ("It works.", "It really works.", "F1: “really” came in"),
        ("One two.", "x" * 900, f"F1: {('“One two.” became “' + 'x' * 199)[:199]}…"),
    ],
)
def test_a_change_is_told_in_a_line(before: str, after: str, line: str) -> None:
    fact = Fact(number=1, text=before, source="description")
    assert told(Change(before=fact, after=replace(fact, text=after))) == line


def test_two_facts_of_the_same_words_are_two() -> None:
    found = compare(a_dossier("It runs. It runs."), a_dossier("It runs."))
    assert (refs(found.removed), found.changed, found.added) == (["F2"], (), ())


def test_dossiers_of_hundreds_of_facts_are_paired_by_their_places() -> None:
    before = a_dossier(" ".join(f"Line {number} says {number}." for number in range(150)))
    after = a_dossier(" ".join(f"Row {number} tells {number + 1000}." for number in range(150)))
    found = compare(before, after)
    assert [one.before.number for one in found.changed] == list(range(1, 151))
    assert all(one.after is not None and one.after.number == one.before.number for one in found.changed)


# --- what a quote rests on


def test_a_quote_that_uses_the_changed_figure_is_touched_and_no_other() -> None:
    now = a_dossier(TEXT.replace("256K", "128K"))
    assert refs(touched(said("With 256K it holds a repository."), a_dossier(), now)) == ["F1"]
    for text in ("Loom 3 runs in an editor.", "Weavers charge $4 per seat.", "It is a fine thing."):
        assert touched(said(text), a_dossier(), now) == ()


def test_a_quote_that_cites_the_changed_fact_is_touched_whatever_it_says() -> None:
    now = a_dossier(TEXT.replace("256K", "128K"))
    assert refs(touched(said("It holds a whole repository.", facts=("F1",)), a_dossier(), now)) == ["F1"]
    assert touched(said("It holds a whole repository.", facts=("F2", "F99")), a_dossier(), now) == ()


def test_a_removed_fact_touches_what_stood_on_it() -> None:
    now = a_dossier(TEXT.replace(" It costs $4 per seat.", ""))
    assert refs(touched(said("$4 per seat is cheap."), a_dossier(), now)) == ["F3"]


def test_a_fact_that_now_says_the_contrary_touches_the_quote() -> None:
    before, after = a_dossier("Loom weights are open."), a_dossier("Loom weights are closed.")
    assert touched(said("Loom weights are open, which helps."), before, after) != ()


def test_another_fact_of_the_same_figure_does_not_keep_the_quote_from_review() -> None:
    twice = f"{TEXT} Its window of 256K is a marketing line."
    now = a_dossier(twice.replace("a 256K", "a 128K"))
    assert refs(touched(said("With 256K it holds a repository."), a_dossier(twice), now)) == ["F1"]


def test_what_was_changed_back_waits_for_nobody_and_the_date_is_of_the_first_change() -> None:
    quote, first = said("With 256K it holds a repository."), a_dossier()
    halved = a_dossier(TEXT.replace("256K", "128K"), revision=2)
    quartered = a_dossier(TEXT.replace("256K", "64K"), revision=3)
    restored = a_dossier(revision=4)
    days = [(one, NOON + timedelta(days=day)) for day, one in enumerate((halved, quartered, restored))]
    found = reopened(quote, first, days[:2])
    assert found is not None
    assert (found.since, found.revision) == (NOON, 2)
    assert [one.after.text.split(" a ")[-1] for one in found.changes if one.after] == ["64K context window."]
    assert reopened(quote, first, days) is None
    assert reopened(quote, first, []) is None


@needs_shared
@pytest.mark.parametrize("also_the_tagline", [False, True])
def test_256k_to_128k_reopens_two_quotes_of_one_tool_of_the_published_page(also_the_tagline: bool) -> None:
    told_page = cast("dict[str, Any]", json.loads((SHARED / "seed" / "comparison.json").read_text("utf-8")))
    found: dict[str, list[str]] = {}
    for tool in told_page["tools"]:
        changed = {**tool, "description": tool["description"].replace("256K", "128K")}
        if also_the_tagline:
            changed["tagline"] = tool["tagline"].replace("256K", "128K")
        before, after = _published(tool), _published(changed)
        found[tool["name"]] = [
            str(number) for number, one in enumerate(tool["quotes"]) if touched(said(one["quote"]), before, after)
        ]
    assert list(found.values()) == [[], ["0", "2"]]  # Builder and Futurist of the second tool


def _published(tool: dict[str, Any]) -> Dossier:
    head = Tool(id=ToolId("x"), name=tool["name"], tagline=tool["tagline"], entry=Entry(tool["entry"]))
    return make_dossier(head, tool["description"])


def _paid() -> Tool:
    return replace(LOOM, entry=Entry.PAID)


# --- laws

SENTENCES = st.lists(
    st.sampled_from(
        (
            "Loom holds 256K.",
            "It runs in an editor.",
            "It costs $4.",
            "Version 3 is out.",
            "It holds 128K.",
            "It is free.",
        )
    ),
    min_size=1,
    max_size=6,
)


@given(SENTENCES, SENTENCES)
def test_every_fact_is_the_same_or_changed_or_gone_or_new(old: list[str], new: list[str]) -> None:
    before, after = a_dossier(" ".join(old)), a_dossier(" ".join(new))
    found = compare(before, after)
    names = successors(before, after)
    assert sorted([*names, *refs(found.removed)]) == sorted(one.ref for one in before.facts)
    assert sorted([*names.values(), *(one.ref for one in found.added)]) == sorted(one.ref for one in after.facts)
    assert compare(before, before).gone == ()


@given(SENTENCES, SENTENCES, SENTENCES)
def test_facts_that_were_only_added_touch_nothing(old: list[str], more: list[str], quote: list[str]) -> None:
    before = a_dossier(" ".join(old))
    after = a_dossier(" ".join(old), *(AddedFact(text=one, source="a reader") for one in more))
    assert touched(said(*quote, facts=("F1",)), before, after) == ()


@given(SENTENCES, SENTENCES, SENTENCES)
def test_a_quote_is_touched_by_nothing_but_what_is_gone(old: list[str], new: list[str], quote: list[str]) -> None:
    before, after = a_dossier(" ".join(old)), a_dossier(" ".join(new))
    assert set(touched(said(*quote), before, after)) <= set(compare(before, after).gone)
