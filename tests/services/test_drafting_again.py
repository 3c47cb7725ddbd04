"""Stopping, starting twice, and another take."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.fakes import an_answer, streamed, until
from tests.services.engines import Engine
from workbench.domain.draft import Draft
from workbench.domain.events import Delta, Started
from workbench.domain.ids import ToolId
from workbench.errors import StoreError
from workbench.services import drafting, saving
from workbench.services.beginning import Run
from workbench.services.planning import Job

GOOD = an_answer("The claim holds.")
BEGUN = GOOD[:30]


def endless(engine: Engine, name: str = "claude") -> asyncio.Event:
    gate = asyncio.Event()
    engine.play(name, [Started(model="m"), Delta(text=BEGUN), gate, *streamed(GOOD)[2:]])
    return gate


def test_stopping_one_draft_leaves_the_others(engine: Engine) -> None:
    gate = endless(engine)
    drafts = engine.drafting.start(engine.jobs())
    for draft in drafts:
        engine.until_text(draft, BEGUN)
    engine.drafting.stop([drafts[0].id])
    (stopped,) = engine.finish(drafts[0])
    assert (stopped.state, stopped.text) == ("stopped", BEGUN)
    assert all(engine.now(one).live for one in drafts[1:])
    engine.release(gate)
    assert {one.state for one in engine.finish(*drafts[1:])} == {"failed"}


def test_stopping_a_tool_stops_all_its_drafts_and_no_other_tools(engine: Engine) -> None:
    endless(engine)
    drafts = engine.drafting.start(engine.jobs("a-tool", "b-tool"))
    for draft in drafts:
        engine.until_text(draft, BEGUN)
    engine.drafting.stop_tool(ToolId("a-tool"))
    mine = [one for one in drafts if one.origin.tool_id == "a-tool"]
    others = [one for one in drafts if one.origin.tool_id == "b-tool"]
    assert {(one.state, one.text) for one in engine.finish(*mine)} == {("stopped", BEGUN)}
    assert all(engine.now(one).live for one in others)
    engine.drafting.stop(one.id for one in others)
    assert {one.state for one in engine.finish(*others)} == {"stopped"}


def test_a_stopped_draft_closes_its_stream(engine: Engine) -> None:
    endless(engine)
    scripted = engine.play("codestral", [Started(model="m"), asyncio.Event()])
    draft = engine.start_one("codestral")
    until(lambda: scripted.open_streams == 1)
    engine.drafting.stop([draft.id])
    engine.finish(draft)
    assert scripted.open_streams == 0


def test_drafts_stopped_before_their_first_step_end_as_stopped(engine: Engine) -> None:
    scripted = engine.play("claude", streamed(GOOD))
    busy = threading.Event()
    engine.drafting._loop.call(busy.wait, 10)
    drafts = engine.drafting.start(engine.jobs())
    engine.drafting.stop(one.id for one in drafts)
    busy.set()
    assert {(one.state, one.text) for one in engine.finish(*drafts)} == {("stopped", "")}
    assert scripted.plans == []


def test_a_draft_stopped_while_it_waits_for_its_turn_never_asks_its_provider(engine: Engine) -> None:
    engine.drafting._running._concurrency = 1
    gate = endless(engine)
    first, second = (engine.start_one("claude", persona) for persona in ("builder", "skeptic"))
    engine.until_text(first, BEGUN)
    engine.drafting.stop([second.id])
    assert engine.finish(second)[0].state == "stopped"
    engine.release(gate)
    engine.finish(first)
    assert len(engine.providers["claude"].plans) == 1  # type: ignore[attr-defined] # a scripted one


def test_stopping_a_draft_that_has_ended_or_never_was_changes_nothing(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    draft = engine.run_one("claude")
    engine.drafting.stop([draft.id])
    engine.settle()
    assert engine.now(draft) == draft


def test_stopping_one_draft_does_not_stop_the_opening_the_others_wait_for(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    opening, may_open = threading.Event(), threading.Event()
    open_at_once = engine.drafting._running._open

    def open_slowly(name: str) -> object:
        opening.set()
        assert may_open.wait(10)
        return open_at_once(name)

    engine.drafting._running._open = open_slowly  # type: ignore[assignment] # the same, only slower
    drafts = engine.drafting.start(engine.jobs())
    assert opening.wait(10)
    engine.drafting.stop([drafts[0].id])
    assert engine.finish(drafts[0])[0].state == "stopped"
    may_open.set()
    assert {one.state for one in engine.finish(*drafts[1:])} == {"done"}


def test_a_second_click_starts_nothing_twice(engine: Engine) -> None:
    gate = endless(engine)
    first = engine.drafting.start(engine.jobs())
    assert engine.drafting.start(engine.jobs()) == []
    assert [one.draft.id for one in engine.drafting.of_tool(ToolId("a-tool"))] == [one.id for one in first]
    engine.release(gate)
    engine.finish(*first)


def test_two_clicks_at_the_same_moment_start_each_draft_once(engine: Engine) -> None:
    gate = endless(engine)
    jobs = engine.jobs("a-tool", "b-tool")
    both = threading.Barrier(2)

    def click() -> list[Draft]:
        both.wait(10)
        return engine.drafting.start(jobs)

    with ThreadPoolExecutor(2) as clicks:
        started = [one for future in [clicks.submit(click), clicks.submit(click)] for one in future.result()]
    assert len(started) == len(jobs)
    assert len({(one.origin.tool_id, one.origin.persona_id) for one in started}) == len(jobs)
    engine.release(gate)
    engine.finish(*started)


def test_the_same_job_twice_in_one_run_is_drafted_once(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    job = engine.jobs(personas=["builder"])[0]
    drafts = engine.drafting.start([job, job])
    assert len(drafts) == 1
    assert engine.finish(*drafts)[0].state == "done"


def test_another_take_is_a_new_draft_and_the_first_stays(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD), streamed(an_answer("Another claim.")))
    engine.play("codestral", streamed(GOOD))
    first = engine.run_one("claude")
    second = engine.run_one("claude")
    other = engine.run_one("codestral")
    assert [one.origin.take for one in (first, second, other)] == [1, 2, 1]
    assert engine.stored(first.id) == first
    assert first.text != second.text


def test_another_take_starts_although_the_end_of_the_first_is_not_stored_yet(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 3600)
    gate = asyncio.Event()
    engine.play("claude", [Started(model="m"), gate, *streamed(GOOD)[2:]])
    first = engine.start_one("claude")
    attempts = engine.store.attempts
    engine.store.refusing = True
    engine.release(gate)
    until(lambda: engine.store.attempts > attempts, "the end was refused by the store")
    engine.store.refusing = False
    assert engine.stored(first.id).live
    second = engine.start_one("claude")
    assert second.origin.take == 2
    assert {one.state for one in engine.finish(first, second)} == {"done"}


def test_nothing_starts_when_the_drafts_cannot_be_kept(engine: Engine) -> None:
    scripted = engine.play("claude", streamed(GOOD))
    jobs = engine.jobs()
    engine.store.refusing = True
    with pytest.raises(StoreError):
        engine.drafting.start(jobs)
    engine.settle()
    assert engine.drafting.feed.drafts() == []
    assert scripted.plans == []


def test_a_long_run_s_first_drafts_leave_while_the_others_are_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "KEPT_TOGETHER", 1)
    scripted = engine.play("claude", streamed(GOOD))
    jobs = engine.jobs()
    keep, kept = engine.drafting._beginning.keep, 0

    def after_the_others_left(run: Run, wanted: Sequence[Job]) -> list[tuple[Job, Draft]]:
        nonlocal kept
        until(lambda: len(scripted.plans) == kept, "who was kept before has left")
        kept += len(wanted)
        return keep(run, wanted)

    monkeypatch.setattr(engine.drafting._beginning, "keep", after_the_others_left)
    drafts = engine.drafting.start(jobs)
    assert [one.origin.cell for one in drafts] == [job.cell for job in jobs]
    assert len({one.origin.run_id for one in drafts}) == 1
    assert {one.state for one in engine.finish(*drafts)} == {"done"}


def test_what_was_kept_before_the_store_refused_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "KEPT_TOGETHER", 1)
    engine.play("claude", streamed(GOOD))
    jobs = engine.jobs()
    keep = engine.drafting._beginning.keep

    def only_the_first(run: Run, wanted: Sequence[Job]) -> list[tuple[Job, Draft]]:
        if wanted[0] is not jobs[0]:
            raise StoreError("The disk is full.")
        return keep(run, wanted)

    monkeypatch.setattr(engine.drafting._beginning, "keep", only_the_first)
    with pytest.raises(StoreError, match="full"):
        engine.drafting.start(jobs)
    (draft,) = engine.drafting.feed.drafts()
    assert [one.state for one in engine.finish(draft)] == ["done"]
    monkeypatch.setattr(engine.drafting._beginning, "keep", keep)
    assert len(engine.drafting.start(jobs)) == len(jobs)
