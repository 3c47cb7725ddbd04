"""Which needs of a lens a dossier meets, and what to add."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import a_persona
from workbench.domain.dossier import AddedFact, Dossier, Entry, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.persona import Beat, Need, Persona
from workbench.domain.sufficiency import ASKS, sufficiency
from workbench.domain.text import sentences

NEEDS: tuple[Need, ...] = get_args(Need)
TOOL = Tool(id=ToolId("loom"), name="Loom Weaver", vendor="Thread Works", entry=Entry.PAID, tagline="Weaves any cloth")
BARE = "Loom Weaver turns patterns into cloth. Teams reach it through an API. It is faster than Spindle."

MET: list[tuple[Need, str]] = [
    ("api", "A pattern is sent to the `weave` endpoint."),
    ("api", "The field thread_count sets the density."),
    ("api", "The model is called weave-2409."),
    ("api", "Run it with --dry to see the cloth first."),
    ("api", "Patterns are posted to /v1/patterns/new as text."),
    ("dated_trend", "Trend: hand looms have been retired by mills since 2019."),
    ("dated_trend", "Adoption doubled between 2023 and 2025."),
    ("limit", "Limit: 400 threads."),
    ("limit", "It cannot weave silk."),
    ("payer", "The buyer is the head of a mill."),
    ("payer", "It is sold per seat."),
    ("payer", "Mills that subscribe get colour; it is billed to the mill."),
    ("price", "It costs $12 a month."),
    ("price", "A metre is billed at 3 cents."),
    ("price", "There is a free tier."),
    ("rival", "Rival: Spindle weaves the same patterns."),
    ("rival", "It is slower than Spindle on linen."),
]
UNMET: list[tuple[Need, str]] = [
    ("api", "Patterns go in, cloth comes out."),
    ("dated_trend", "Looms are being adopted everywhere."),
    ("dated_trend", "Version 4 came out in 2024."),
    ("limit", "It weaves cotton and silk, up to 90 metres a day."),
    ("payer", "It weaves for everyone."),
    ("price", "It is cheap, they say."),
    ("rival", "It is slower than other looms."),
    ("rival", "Unlike before, Loom's weaver and Thread Works agree."),
]


def lens(*needs: Need) -> Persona:
    beats = (Beat(id="first", label="First", brief="Say it.", opener="First,", needs=needs),)
    return replace(a_persona("skeptic"), beats=(*beats, *a_persona().beats))


def with_fact(text: str) -> Dossier:
    return make_dossier(TOOL, "It weaves.", (AddedFact(text=text, source="mill survey"),))


@pytest.mark.parametrize(("need", "text"), MET)
def test_a_fact_that_speaks_of_it_meets_a_need(need: Need, text: str) -> None:
    found = sufficiency(lens(need), with_fact(text))
    assert [(one.need, one.fact.text if one.fact is not None else "") for one in found.supplies] == [(need, text)]
    assert found.missing == ()


@pytest.mark.parametrize(("need", "text"), UNMET)
def test_a_fact_that_does_not_leaves_it_open(need: Need, text: str) -> None:
    (supply,) = sufficiency(lens(need), with_fact(text)).missing
    assert (supply.need, supply.beat.id, supply.asks) == (need, "first", ASKS[need])


def test_a_bare_description_feeds_nobody_and_says_what_to_add() -> None:
    found = sufficiency(lens("rival", "price"), make_dossier(TOOL, BARE))
    assert found.summary == "Skeptic 0/2"
    assert [one.asks for one in found.missing] == ["a named rival, with a source", "a price line"]


def test_a_rival_only_the_vendor_names_has_no_source() -> None:
    assert sufficiency(lens("rival"), make_dossier(TOOL, BARE)).missing
    assert not sufficiency(lens("rival"), with_fact(sentences(BARE)[2])).missing


def test_a_beat_left_to_opinion_is_answered_and_its_need_still_told() -> None:
    found = sufficiency(lens("rival"), make_dossier(TOOL, BARE), opinions=["first"])
    assert (found.summary, found.missing) == ("Skeptic 1/1", ())
    assert [(one.need, one.fact, one.opinion) for one in found.supplies] == [("rival", None, True)]


def test_a_lens_without_needs_has_nothing_to_count() -> None:
    assert sufficiency(a_persona("skeptic"), make_dossier(TOOL, BARE)).supplies == ()


@given(st.lists(st.sampled_from([text for _, text in (*MET, *UNMET)]), max_size=6))
def test_another_fact_never_takes_away_what_was_met(texts: list[str]) -> None:
    facts = tuple(AddedFact(text=text, source="mill survey") for text in texts)
    before = sufficiency(lens(*NEEDS), make_dossier(TOOL, BARE, facts[:-1]))
    after = sufficiency(lens(*NEEDS), make_dossier(TOOL, BARE, facts))
    assert {one.need for one in after.missing} <= {one.need for one in before.missing}
    assert [one for one in before.supplies if one.fact] == [
        one for one in after.supplies if one in before.supplies and one.fact
    ]


def test_everything_a_beat_may_need_can_be_asked_for() -> None:
    assert set(ASKS) == set(NEEDS)
