"""Budgets: refused before the start, stopped in the middle, and counted by what things really cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, an_answer
from tests.services.engines import Engine
from workbench.domain.events import Delta, Finished, Started, Usage
from workbench.domain.forecast import Forecast
from workbench.errors import BudgetError, ProviderError
from workbench.services.budgeting import Budgets, Ledger, Purse, Standing
from workbench.services.planning import Job

GOOD = an_answer("The claim holds.", "It ships.")
MakeEngine = Callable[[Budgets], Engine]


@pytest.fixture
def make_engine(store: WilfulStore, clock: FakeClock, library: FakeLibrary) -> Generator[MakeEngine]:
    made: list[Engine] = []

    def make(budgets: Budgets) -> Engine:
        # One at a time: what a draft cost is known before the next one leaves.
        made.append(Engine(store=store, clock=clock, library=library, budgets=budgets, concurrency=1))
        return made[-1]

    yield make
    for one in made:
        one.drafting.close()


def costing(dollars: int) -> list[Started | Delta | Usage | Finished]:
    """A whole draft of that many dollars, at the fake price of a dollar per thousand tokens."""
    return [
        Started(model="a-model"),
        Delta(text=GOOD),
        Usage(input_tokens=1000 * dollars),
        Finished(stop="complete"),
    ]


def expecting(jobs: list[Job], dollars: str | None) -> list[Job]:
    cost = None if dollars is None else Decimal(dollars)
    return [replace(job, forecast=Forecast(usage=Usage(), cost=cost, uncached=cost, counted=False)) for job in jobs]


def test_a_run_that_should_cost_more_than_its_budget_is_not_started(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(run=Decimal(10)))
    provider = engine.play("claude", costing(1))
    jobs = expecting(engine.jobs("a-tool", "b-tool"), "1.50")
    with pytest.raises(BudgetError, match=r"8 drafts should cost \$12\.00.*this run.*\$10\.00") as caught:
        engine.drafting.start(jobs, editor="Ann")
    assert "budgets.run" in caught.value.remedy
    assert engine.drafting.of_tool(jobs[0].dossier.tool.id) == []
    assert provider.plans == []


def test_a_run_that_turns_out_dearer_than_foreseen_is_stopped_when_its_money_is_gone(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(run=Decimal(10)))
    provider = engine.play("claude", costing(4))
    drafts = engine.finish(*engine.drafting.start(expecting(engine.jobs("a-tool", "b-tool"), "1.00"), editor="Ann"))
    assert [one.state for one in drafts].count("done") == len(provider.plans) == 3
    stopped = [one.failure for one in drafts if one.failure is not None]
    assert {one.failure for one in stopped} == {"over_budget"}
    assert all("not sent" in one.message and "budgets.run" in one.remedy for one in stopped)


def test_the_day_s_budget_counts_what_everybody_spent_today(make_engine: MakeEngine, clock: FakeClock) -> None:
    engine = make_engine(Budgets(day=Decimal(10)))
    engine.play("claude", costing(2))
    jobs = expecting(engine.jobs("a-tool"), "2.00")
    engine.finish(*engine.drafting.start(jobs, editor="Ann"))
    with pytest.raises(BudgetError, match=r"today\) leaves \$2\.00 of \$10\.00"):
        engine.drafting.start(jobs, editor="Bob")
    clock.forward(timedelta(days=1).total_seconds())
    assert len(engine.finish(*engine.drafting.start(jobs, editor="Bob"))) == 4


def test_an_editor_s_budget_is_that_editor_s_alone(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(editor_day=Decimal(9)))
    engine.play("claude", costing(2))
    jobs = expecting(engine.jobs("a-tool"), "2.00")
    engine.finish(*engine.drafting.start(jobs, editor="Ann"))
    with pytest.raises(BudgetError, match=r"today, Ann.* leaves \$1\.00"):
        engine.drafting.start(jobs, editor="Ann")
    assert len(engine.finish(*engine.drafting.start(jobs, editor="Bob"))) == 4


def test_live_drafts_count_by_what_they_should_cost(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(day=Decimal(10)))
    gate = asyncio.Event()
    engine.play("claude", [Started(model="a-model"), gate, *costing(1)[1:]])
    a_tool, b_tool = expecting(engine.jobs("a-tool"), "2.00"), expecting(engine.jobs("b-tool"), "2.00")
    drafts = engine.drafting.start(a_tool, editor="Ann")
    with pytest.raises(BudgetError, match=r"leaves \$2\.00"):
        engine.drafting.start(b_tool, editor="Bob")
    engine.release(gate)
    engine.finish(*drafts)
    (standing,) = engine.drafting._budgeting.standings("Bob")
    assert (standing.spent, standing.left) == (Decimal(4), Decimal(6))


@pytest.mark.parametrize(
    ("budgets", "second", "done"),
    [
        (Budgets(day=Decimal(10)), "Bob", 3),
        (Budgets(editor_day=Decimal(10)), "Ann", 3),
        (Budgets(editor_day=Decimal(10)), "Bob", 6),
        (Budgets(run=Decimal(10)), "Ann", 6),
    ],
    ids=["the day's, of two editors", "one editor's, in two runs", "each editor's own", "each run's own"],
)
def test_runs_that_are_under_way_together_draw_on_the_same_money(
    make_engine: MakeEngine, budgets: Budgets, second: str, done: int
) -> None:
    engine = make_engine(budgets)
    gate = asyncio.Event()
    dear = costing(4)
    engine.play("claude", [Started(model="a-model"), gate, *dear[1:]], *[dear] * 7)
    drafts = engine.drafting.start(expecting(engine.jobs("a-tool"), "1.00"), editor="Ann")
    drafts += engine.drafting.start(expecting(engine.jobs("b-tool"), "1.00"), editor=second)
    engine.release(gate)
    states = [one.state for one in engine.finish(*drafts)]
    assert (states.count("done"), len(states)) == (done, 8)


def test_what_a_run_has_spent_counts_once_in_the_next(make_engine: MakeEngine, clock: FakeClock) -> None:
    engine = make_engine(Budgets(day=Decimal(20)))
    engine.play("claude", costing(2))
    jobs = expecting(engine.jobs("a-tool"), "2.00")
    for _ in range(2):  # 8 dollars each: the second would be refused if the first counted twice
        assert {one.state for one in engine.finish(*engine.drafting.start(jobs, editor="Ann"))} == {"done"}
    with pytest.raises(BudgetError, match=r"leaves \$4\.00"):
        engine.drafting.start(jobs, editor="Ann")
    clock.forward(timedelta(days=1).total_seconds())
    for _ in range(2):
        assert {one.state for one in engine.finish(*engine.drafting.start(jobs, editor="Ann"))} == {"done"}


def test_a_rehearsal_spends_nothing_unless_it_is_to_rehearse_that_too(make_engine: MakeEngine) -> None:
    for budgets, refused in ((Budgets(run=Decimal(1)), False), (Budgets(run=Decimal(1), rehearsal=True), True)):
        engine = make_engine(budgets)
        engine.play("rehearsal", costing(1))
        jobs = expecting(engine.jobs("a-tool"), "1.00")
        if refused:
            with pytest.raises(BudgetError):
                engine.drafting.start(jobs)
        else:
            assert {one.state for one in engine.finish(*engine.drafting.start(jobs))} == {"done"}


def test_drafts_that_failed_without_a_price_leave_the_day_s_money_where_it_was(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(day=Decimal(10)))
    down = ProviderError("unreachable", "It is down.", "Wait.", retryable=False)
    engine.play("claude", *[[down]] * 8, *[costing(2)] * 4)
    jobs = expecting(engine.jobs("a-tool"), "2.00")
    for state in ("failed", "failed", "done"):
        assert {one.state for one in engine.finish(*engine.drafting.start(jobs, editor="Ann"))} == {state}


SPENDING = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 9), st.booleans()), min_size=1, max_size=30
)


@given(limit=st.integers(0, 30), spending=SPENDING)
def test_no_order_of_runs_takes_more_than_the_day_allows_but_for_what_was_under_way(
    limit: int, spending: list[tuple[int, int, int, bool]]
) -> None:
    ledger, day = Ledger(), datetime(2026, 11, 22, tzinfo=UTC)
    standing = Standing(name="today", setting="budgets.day", limit=Decimal(limit), spent=Decimal(0))
    purses = [
        Purse(standings=(standing,), ledger=ledger, run_id=str(run), editor="Ann", rehearsal=False, day=day)
        for run in range(4)
    ]
    for one in purses:
        ledger.add(one)
    for number, (run, share, cost, ends) in enumerate(spending):
        before = sum(one.taken for one in purses)
        refused = purses[run].reserve(str(number), Decimal(share))
        assert (refused is not None) is (before + share > limit)
        if refused is None and ends:
            purses[run].settle(str(number), Decimal(cost))
    assert all(one.taken == sum(one.shares.values()) for one in purses)


def test_rehearsed_drafts_are_no_part_of_a_real_day(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(day=Decimal(8)))
    engine.play("rehearsal", costing(2))
    engine.finish(*engine.drafting.start(expecting(engine.jobs("a-tool"), "2.00")))
    assert [one.spent for one in engine.drafting._budgeting.standings("Ann")] == [0]


def test_a_draft_whose_price_nobody_knows_is_drafted_and_costs_nothing_here(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets(run=Decimal(1)))
    engine.play("local", [Started(model="mystery"), *costing(9)[1:]], model="mystery")
    drafts = engine.finish(*engine.drafting.start(expecting(engine.jobs("a-tool"), None)))
    assert {one.state for one in drafts} == {"done"}
    assert {one.cost for one in drafts} == {None}


def test_a_draft_keeps_who_asked_for_it_what_it_should_cost_and_what_it_did(make_engine: MakeEngine) -> None:
    engine = make_engine(Budgets())
    engine.play("claude", costing(3))
    (job, *_) = expecting(engine.jobs("a-tool"), "2.50")
    (draft,) = engine.finish(*engine.drafting.start([job], editor="Ann"))
    assert draft.origin.editor == "Ann"
    assert draft.origin.characters == job.plan.characters
    assert draft.origin.forecast == job.forecast
    assert (draft.cost, draft.uncached) == (Decimal(3), Decimal(3))
