"""What a matrix of drafts should cost: the arithmetic of a prefix cache, by known figures and by laws."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.bill import total
from workbench.domain.events import Usage
from workbench.domain.forecast import (
    TOKENS_PER_DRAFT,
    Matrix,
    Sized,
    cheapest,
    foresee,
    outline,
    weight,
    without_cache,
)
from workbench.domain.models import MODELS, Lifetime, ModelFacts, facts
from workbench.domain.plan import LAYOUTS, SHARED, Kind, Layout, Plan, Segment

SONNET = next(one for one in MODELS if one.model == "claude-sonnet-5")
"""Reads at 0.1, writes at 1.25 for five minutes and 2 for an hour."""
CODESTRAL = next(one for one in MODELS if one.model == "codestral-2508")
HAIKU = next(one for one in MODELS if one.model == "claude-haiku-4-5")

HOUSE, BRIEF, DOSSIER, ASK = 6000, 600, 900, 17
HUNDRED_TOOLS = Matrix(house=HOUSE, briefs=4 * BRIEF, lenses=((BRIEF, 0),) * 4, dossiers=(DOSSIER,) * 100)
WITHOUT = 400 * (HOUSE + BRIEF + DOSSIER)
"""Every request whole, one brief each."""


def layout(*order: Kind, cached: str, hour: str = "") -> Layout:
    """The order, with breakpoints of five minutes after `cached`, and of an hour after `hour`."""
    lifetimes: dict[Kind, Lifetime] = {
        kind: "1h" if kind in hour.split() else "5m" for kind in order if kind in (cached + " " + hour).split()
    }
    return Layout(name="", order=order, breakpoints=lifetimes)


def share(of: Layout, matrix: Matrix = HUNDRED_TOOLS, one: ModelFacts = SONNET) -> float:
    """Percent of what the same drafts cost without a cache."""
    return round(100 * weight(foresee(outline(matrix, of, one), one), one) / WITHOUT, 1)


@pytest.mark.parametrize(
    ("of", "percent"),
    [
        (layout("house", "brief", "dossier", cached="house"), 28.2),
        (layout("house", "brief", "dossier", cached="house brief"), 21.1),
        (layout("house", "dossier", "brief", cached="house dossier"), 20.9),
    ],
    ids=["system prefix only", "house, persona, dossier", "house, dossier, persona"],
)
def test_a_hundred_tools_cost_these_shares_when_every_write_lasts_five_minutes(of: Layout, percent: float) -> None:
    assert share(of) == percent


@pytest.mark.parametrize(
    ("hour", "percent"), [("", 16.4), ("briefs", 16.6)], ids=["all for five minutes", "the shared part for an hour"]
)
def test_all_briefs_in_the_shared_prefix_cost_least(hour: str, percent: float) -> None:
    asked = replace(HUNDRED_TOOLS, lenses=((BRIEF, ASK),) * 4)
    assert share(layout("house", "briefs", "dossier", "ask", cached="briefs dossier", hour=hour), asked) == percent


def test_caching_what_differs_costs_a_quarter_more_than_no_cache() -> None:
    """The vendor's automatic breakpoint stands after the last block, which no other request begins with."""
    automatic = layout("brief", "dossier", "house", "ask", cached="ask")
    everyone_alone = [
        replace(one, plan=replace(one.plan, segments=(*one.plan.segments[:-1], unique(one.plan.segments[-1], place))))
        for place, one in enumerate(outline(replace(HUNDRED_TOOLS, lenses=((BRIEF, 1),) * 4), automatic, SONNET))
    ]
    assert round(100 * weight(foresee(everyone_alone, SONNET), SONNET) / WITHOUT) == 125


def test_the_layout_in_use_is_the_cheapest_for_every_claude_of_today() -> None:
    asked = replace(HUNDRED_TOOLS, lenses=((BRIEF, ASK),) * 4)
    assert {cheapest(asked, one).name for one in MODELS if one.minimum <= 4096} == {SHARED.name}


def test_with_one_lens_a_dossier_is_not_worth_a_breakpoint() -> None:
    alone = Matrix(house=HOUSE, briefs=BRIEF, lenses=((BRIEF, ASK),), dossiers=(DOSSIER,) * 8)
    assert "dossier" not in cheapest(alone, SONNET).breakpoints


def test_below_the_minimum_the_shortest_requests_win() -> None:
    small = Matrix(house=200, briefs=1200, lenses=((300, ASK),) * 4, dossiers=(400,) * 8)
    assert "brief" in cheapest(small, HAIKU).order


def test_a_request_reads_its_longest_known_prefix_and_writes_the_rest() -> None:
    one = sized(("house", 10, None), ("briefs", 20, "1h"), ("dossier", 30, "5m"), ("ask", 4, None))
    other_tool = sized(("house", 10, None), ("briefs", 20, "1h"), ("dossier", 31, "5m", "b"), ("ask", 4, None))
    assert foresee([one, one, other_tool], SONNET) == [
        used(input_tokens=4, cache_write_1h_tokens=30, cache_write_5m_tokens=30),
        used(input_tokens=4, cache_read_tokens=60),
        used(input_tokens=4, cache_read_tokens=30, cache_write_5m_tokens=31),
    ]


def test_a_vendor_that_bills_no_writes_reads_all_the_same() -> None:
    one = sized(("briefs", 20, "1h"), ("ask", 4, None))
    assert foresee([one, one], CODESTRAL) == [used(input_tokens=24), used(input_tokens=4, cache_read_tokens=20)]


def test_what_is_warm_is_read_at_once() -> None:
    one = sized(("briefs", 20, "1h"), ("dossier", 30, "5m"), ("ask", 4, None))
    shared, whole = one.plan.prefixes
    assert foresee([one], SONNET, [shared.digest])[0] == used(
        input_tokens=4, cache_read_tokens=20, cache_write_5m_tokens=30
    )
    assert foresee([one], SONNET, [whole.digest])[0] == used(input_tokens=4, cache_read_tokens=50)


def test_a_model_without_facts_is_promised_no_cache() -> None:
    one = sized(("briefs", 20, "1h"), ("ask", 4, None))
    assert facts("anthropic", "a-model") is None
    assert foresee([one, one], None) == [used(input_tokens=24)] * 2
    assert weight(foresee([one, one], None), None) == 48


def test_no_request_at_all_weighs_nothing() -> None:
    assert foresee([], SONNET) == []
    assert weight([], SONNET) == 0


# --- laws

lifetimes: st.SearchStrategy[Lifetime | None] = st.sampled_from([None, "5m", "1h"])
models = st.sampled_from(MODELS)


@st.composite
def boards(draw: st.DrawFn) -> list[Sized]:
    """Requests of a few tools and lenses, with breakpoints anywhere."""
    sizes = st.integers(0, 5000)
    briefs, dossier = draw(lifetimes), draw(lifetimes)
    shared = draw(sizes)
    tools = draw(st.lists(sizes, min_size=1, max_size=4))
    asks = draw(st.lists(sizes, min_size=1, max_size=4))
    return [
        sized(("briefs", shared, briefs), ("dossier", tool, dossier, f"t{at}"), ("ask", ask, None, f"a{who}"))
        for (at, tool), (who, ask) in product(enumerate(tools), enumerate(asks))
    ]


@given(boards(), models)
def test_no_token_is_lost_and_none_is_made(board: list[Sized], one: ModelFacts) -> None:
    usages = foresee(board, one)
    assert [usage.prompt_tokens for usage in usages] == [sum(each.tokens) for each in board]
    assert {usage.output_tokens for usage in usages} == {TOKENS_PER_DRAFT}
    assert total(without_cache(usage) for usage in usages) == without_cache(total(usages))


@given(boards(), models, st.integers(0, 20_000), st.integers(0, 20_000))
def test_fewer_breakpoints_never_read_more(board: list[Sized], one: ModelFacts, low: int, high: int) -> None:
    low, high = sorted((low, high))

    def read(minimum: int) -> int:
        cut = [replace(each, plan=each.plan.above(minimum, each.tokens)) for each in board]
        return total(foresee(cut, one)).cache_read_tokens

    assert read(high) <= read(low) <= read(0)


@given(st.data(), boards(), models)
def test_the_order_of_the_tools_changes_no_total(data: st.DataObject, board: list[Sized], one: ModelFacts) -> None:
    by_tool: dict[str, list[Sized]] = {}
    for each in board:
        by_tool.setdefault(each.plan.segments[1].text, []).append(each)
    shuffled = [each for own in data.draw(st.permutations(list(by_tool.values()))) for each in own]
    assert total(foresee(shuffled, one)) == total(foresee(board, one))


@given(boards(), models)
def test_a_second_board_at_once_writes_nothing(board: list[Sized], one: ModelFacts) -> None:
    again = foresee([*board, *board], one)[len(board) :]
    assert {usage.cache_write_1h_tokens + usage.cache_write_5m_tokens for usage in again} == {0}
    known = {prefix.digest for each in board for prefix in each.plan.prefixes}
    assert foresee(board, one, known) == again


@given(boards(), models)
def test_the_more_is_warm_the_less_it_weighs(board: list[Sized], one: ModelFacts) -> None:
    known = [prefix.digest for each in board for prefix in each.plan.prefixes]
    weights = [weight(foresee(board, one, known[:place]), one) for place in range(len(known) + 1)]
    assert weights == sorted(weights, reverse=True)


def sized(*parts: tuple[Kind, int, Lifetime | None] | tuple[Kind, int, Lifetime | None, str]) -> Sized:
    """Segments as kind, tokens, lifetime, and what tells one text of that kind from another."""
    segments = tuple(
        Segment(kind=kind, role="user", text="".join(text), breakpoint=lifetime) for kind, _, lifetime, *text in parts
    )
    return Sized(plan=Plan(segments=segments, cache_key=""), tokens=tuple(part[1] for part in parts))


def used(
    *, input_tokens: int, cache_read_tokens: int = 0, cache_write_5m_tokens: int = 0, cache_write_1h_tokens: int = 0
) -> Usage:
    return Usage(
        input_tokens=input_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_5m_tokens=cache_write_5m_tokens,
        cache_write_1h_tokens=cache_write_1h_tokens,
        output_tokens=TOKENS_PER_DRAFT,
    )


def unique(part: Segment, place: int) -> Segment:
    return replace(part, text=f"{part.text} {place}")


def test_every_layout_holds_each_lens_and_the_dossier_once() -> None:
    assert {tuple(sorted(one.order)) for one in LAYOUTS} == {
        ("ask", "briefs", "dossier", "house"),
        ("ask", "brief", "dossier", "house"),
    }
