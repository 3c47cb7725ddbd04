"""Replays: drafts that belong to no cell, from the dossiers earlier drafts were made from, paid for all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes import FakeLibrary, FakePrices, WilfulStore, a_dossier, a_persona, an_answer, keep, streamed, until
from tests.services.cells import a_remarking
from tests.services.engines import Engine
from workbench.checks.beats import CHECK as BEATS
from workbench.domain.draft import REPLAY, Draft
from workbench.domain.ids import Digest, ToolId
from workbench.domain.persona import Band
from workbench.errors import BudgetError, InputError
from workbench.ports import Library
from workbench.services.budgeting import Budgets
from workbench.services.live import Snapshot
from workbench.services.planning import Planning
from workbench.services.replaying import Prepared, Replaying

A_TOOL = ToolId("a-tool")
NOW = streamed(an_answer("The claim holds."))


def replaying(engine: Engine) -> Replaying:
    def planning(library: Library) -> Planning:
        return Planning(library=library, providers=engine.configs, idle={}, prices=FakePrices(), clock=engine.clock)

    return Replaying(
        store=engine.store,
        planning=planning,
        drafting=engine.drafting,
        remarking=a_remarking(engine.library, BEATS),
    )


def prepared(engine: Engine, *, tools: Sequence[str] = ("a-tool",), providers: Sequence[str] = ("claude",)) -> Prepared:
    return replaying(engine).prepare(engine.library, "builder", [ToolId(one) for one in tools], providers)


def ended(engine: Engine, run: Prepared) -> list[Draft]:
    pairs = replaying(engine).start(run, editor="Ann")
    engine.drafting.wait(after for _, after in pairs)
    return [engine.drafting.get(after).draft for _, after in pairs]


def stored(engine: Engine, tool: ToolId = A_TOOL) -> list[Draft]:
    with engine.store.reading() as repositories:
        return repositories.drafts.of_tool(tool)


def test_a_replay_is_no_take_and_stands_on_no_board(engine: Engine) -> None:
    engine.play("claude", NOW)
    before = engine.run_one("claude")
    (after,) = ended(engine, prepared(engine))
    assert (after.state, after.origin.take, after.origin.editor) == ("done", REPLAY, "Ann")
    assert stored(engine) == [before]
    assert [one.draft for one in engine.drafting.of_tool(A_TOOL)] == [before]
    assert engine.start_one("claude").origin.take == 2


def test_what_a_replay_costs_is_charged_to_the_day(engine: Engine) -> None:
    engine.play("claude", NOW)
    before = engine.run_one("claude")
    (after,) = ended(engine, prepared(engine))
    with engine.store.reading() as repositories:
        charges = repositories.drafts.charges(since=engine.clock.now())
    assert [(one.draft, one.cost, one.editor) for one in charges] == [
        (True, before.cost, ""),
        (False, after.cost, "Ann"),
    ]
    assert after.cost == Decimal("0.2")
    assert charges[1].usage == after.usage


def test_a_replay_goes_by_the_unsaved_persona_and_the_dossier_its_earlier_draft_was_made_from(engine: Engine) -> None:
    engine.play("claude", NOW)
    before = engine.run_one("claude")
    keep(engine.store, [a_dossier("a-tool", description="It is all new. It sings.", revision=2)])
    edited = replace(a_persona("builder"), band=Band(low=1, high=3), digest=Digest("edited"))
    run = replaying(engine).prepare(FakeLibrary(edited), "builder", [A_TOOL], ["claude"])
    (job,) = run.run.jobs
    assert (job.persona.digest, job.dossier.digest) == ("edited", before.origin.dossier_digest)
    assert " 3" in job.plan.segments[-1].text
    (after,) = ended(engine, run)
    assert (after.origin.persona_digest, after.origin.dossier_digest) == ("edited", before.origin.dossier_digest)


def test_the_newest_whole_draft_is_the_one_to_compare_with(engine: Engine) -> None:
    engine.play("claude", NOW, NOW, NOW[:3])
    engine.run_one("claude")
    second, third = engine.run_one("claude"), engine.run_one("claude")
    assert third.state != "done"
    run = prepared(engine, tools=["a-tool", "b-tool"], providers=["claude"])
    assert list(run.before.values()) == [second]
    assert run.lacking == ("b-tool by claude",)


def test_more_than_five_tools_are_refused(engine: Engine) -> None:
    engine.play("claude", NOW)
    with pytest.raises(InputError, match="6 tools are too many"):
        prepared(engine, tools=[f"tool-{number}" for number in range(6)])


def test_a_second_click_replays_nothing_twice(engine: Engine) -> None:
    gate = asyncio.Event()
    engine.play("claude", NOW, [*NOW[:3], gate, *NOW[3:]])
    engine.run_one("claude")
    run = prepared(engine)
    ((_, first),) = replaying(engine).start(run, editor="Ann")
    assert replaying(engine).start(run, editor="Ann") == []
    engine.release(gate)
    engine.drafting.wait([first])
    assert engine.drafting.get(first).draft.state == "done"


def test_a_replay_can_be_stopped_and_what_it_took_is_charged(engine: Engine) -> None:
    engine.play("claude", NOW, [*NOW[:3], asyncio.Event()])
    engine.run_one("claude")
    ((_, after),) = replaying(engine).start(prepared(engine), editor="Ann")
    until(lambda: engine.drafting.get(after).draft.usage is not None, "usage was told")
    engine.drafting.stop_tool(A_TOOL)  # the board's button is not for replays
    engine.settle()
    assert engine.drafting.get(after).draft.live
    engine.drafting.stop([after])
    engine.drafting.wait([after])
    assert engine.drafting.get(after).draft.state == "stopped"
    with engine.store.reading() as repositories:
        assert [one.draft for one in repositories.drafts.charges(since=engine.clock.now())] == [True, False]


def test_a_close_in_mid_replay_charges_what_it_took_and_stores_no_draft(engine: Engine) -> None:
    engine.play("claude", NOW, [*NOW[:3], asyncio.Event()])
    before = engine.run_one("claude")
    ((_, after),) = replaying(engine).start(prepared(engine), editor="Ann")
    until(lambda: engine.drafting.get(after).draft.usage is not None, "usage was told")
    engine.drafting.close()
    assert stored(engine) == [before]
    with engine.store.reading() as repositories:
        assert [one.draft for one in repositories.drafts.charges(since=engine.clock.now())] == [True, False]


def test_a_workspace_that_refuses_the_charge_does_not_break_the_replay(engine: Engine, store: WilfulStore) -> None:
    engine.play("claude", NOW)
    engine.run_one("claude")
    run = prepared(engine)
    store.refusing = True
    ((_, after),) = replaying(engine).start(run, editor="Ann")
    until(lambda: not engine.drafting.get(after).draft.live, "it ended")
    engine.settle()
    store.refusing = False
    assert engine.drafting.get(after).draft.state == "done"


def test_a_replay_beyond_the_budget_is_refused_and_sends_nothing(store: WilfulStore, engine: Engine) -> None:
    engine.play("claude", NOW)
    engine.run_one("claude")
    poor = Engine(
        store=store, clock=engine.clock, library=engine.library, budgets=Budgets(run=Decimal("0.01"), rehearsal=True)
    )
    played = poor.play("claude", NOW)
    with pytest.raises(BudgetError, match="this run"):
        replaying(poor).start(prepared(poor), editor="Ann")
    assert played.plans == []
    poor.drafting.close()


def test_before_and_after_are_held_against_one_persona(engine: Engine) -> None:
    engine.play("claude", streamed(an_answer("The claim holds.", "And it holds.")))
    before = engine.run_one("claude")
    dossier = replaying(engine).dossier(before)
    found = replaying(engine).outcome(Snapshot(before), a_persona("builder"), dossier)
    assert (found.words, found.beats, found.of, found.findings, found.cost) == (6, 1, 1, 1, before.cost)
    other = replace(a_persona("builder"), beats=(replace(a_persona().beats[0], id="moat"),))
    found = replaying(engine).outcome(Snapshot(before), other, dossier)
    assert (found.beats, found.findings) == (0, 3)
