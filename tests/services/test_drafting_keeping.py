"""Not a word is lost: saving while it streams, a store that refuses, a process that dies, a close."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import (
    FakeClock,
    FakeLibrary,
    WilfulStore,
    a_config,
    a_dossier,
    a_store,
    an_answer,
    keep,
    streamed,
    until,
)
from tests.services.engines import Engine
from workbench.domain.draft import Draft
from workbench.domain.events import Delta, DraftEvent, Finished, Started, Usage
from workbench.domain.ids import DraftId
from workbench.errors import StoreError
from workbench.providers._scripted import ScriptedProvider
from workbench.services import saving

GOOD = an_answer("The claim holds.")
BEGUN = GOOD[:30]


def paused(engine: Engine, name: str = "claude") -> asyncio.Event:
    gate = asyncio.Event()
    engine.play(name, [Started(model="m"), Delta(text=BEGUN), gate, Delta(text=GOOD[30:]), *streamed("")[2:]])
    return gate


def test_text_is_in_the_store_while_it_streams(engine: Engine) -> None:
    gate = paused(engine)
    draft = engine.start_one("claude")
    engine.until_text(draft, BEGUN)
    engine.save()
    assert (engine.stored(draft.id).state, engine.stored(draft.id).text) == ("streaming", BEGUN)
    engine.release(gate)
    assert engine.finish(draft)[0].text == GOOD


def test_streaming_text_reaches_the_store_unasked(engine: Engine) -> None:
    gate = paused(engine)
    draft = engine.start_one("claude")
    until(lambda: engine.stored(draft.id).text == BEGUN, "the text is stored")
    assert engine.stored(draft.id).state == "streaming"
    engine.release(gate)
    engine.finish(draft)


def test_the_saves_keep_up_with_a_fast_stream() -> None:
    assert saving.SAVE_EVERY <= 1
    assert saving.SAVE_EVERY * 80 * 5 <= 200


def test_an_end_is_stored_at_once_so_that_it_can_be_accepted(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 3600)
    engine.play("claude", streamed(GOOD))
    draft = engine.start_one("claude")
    until(lambda: engine.stored(draft.id).state == "done", "the end is stored")
    assert engine.stored(draft.id).text == GOOD


def test_waiting_for_an_end_waits_for_the_write_that_is_under_way(engine: Engine) -> None:
    gate = paused(engine)
    draft = engine.start_one("claude")
    engine.until_text(draft, BEGUN)
    engine.save()
    attempts = engine.store.attempts
    engine.store.hold.clear()
    engine.release(gate)
    until(lambda: not engine.now(draft).live and engine.store.attempts > attempts, "a write is under way")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(engine.drafting.wait, [draft.id])
        engine.settle()
        assert not waiting.done()
        engine.store.hold.set()
        waiting.result()
    assert engine.stored(draft.id).state == "done"


def test_text_the_store_refuses_stays_in_memory_and_is_stored_later(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 0.01)
    gate = paused(engine)
    draft = engine.start_one("claude")
    engine.store.refusing = True
    until(lambda: "could not be stored" in caplog.text, "a save was refused")
    engine.release(gate)
    until(lambda: engine.now(draft).state == "done", "the draft has ended")
    with pytest.raises(StoreError):
        engine.drafting.wait([draft.id])
    assert (engine.stored(draft.id).live, engine.now(draft).text) == (True, GOOD)
    engine.store.refusing = False
    until(lambda: engine.stored(draft.id).text == GOOD, "the text is stored")


def test_a_fault_in_the_store_does_not_end_the_saving(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 0.01)
    save = engine.drafting._saving.save
    faults = [ZeroDivisionError("divided in vain")]

    async def once_broken(only: set[DraftId] | None = None) -> None:
        if faults:
            raise faults.pop()
        await save(only)

    monkeypatch.setattr(engine.drafting._saving, "save", once_broken)
    engine.play("claude", streamed(GOOD))
    draft = engine.start_one("claude")
    until(lambda: engine.stored(draft.id).state == "done", "the end is stored")
    assert "divided in vain" in caplog.text


def too_large() -> list[DraftEvent]:
    return [Started(model="m"), Delta(text=GOOD), Usage(input_tokens=2**70), Finished(stop="complete")]


def test_a_draft_no_database_can_keep_does_not_hold_up_the_others(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.play("broken", too_large())
    engine.play("sound", streamed(GOOD))
    drafts = engine.drafting.start(engine.jobs())
    broken = [one for one in drafts if one.origin.provider == "broken"]
    sound = [one for one in drafts if one.origin.provider == "sound"]
    until(lambda: all(not engine.now(one).live for one in drafts), "every draft has ended")
    assert {(one.state, one.text) for one in engine.finish(*sound)} == {("done", GOOD)}
    with pytest.raises(StoreError, match=broken[0].id):
        engine.drafting.wait([broken[0].id])
    assert f"Draft {broken[0].id} could not be stored" in caplog.text
    assert engine.now(broken[0]).text == GOOD
    for one in broken:
        engine.drafting.feed.publish(replace(engine.now(one), usage=None))
    assert {one.text for one in engine.finish(*broken)} == {GOOD}


def test_a_draft_that_was_set_aside_is_tried_again_unasked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 0.01)
    monkeypatch.setattr(saving, "SAVE_AGAIN", 0.01)
    engine.play("broken", too_large())
    draft = engine.start_one("broken")
    until(lambda: draft.id in engine.drafting._saving._set_aside, "the draft is set aside")
    assert engine.stored(draft.id).live
    engine.drafting.feed.publish(replace(engine.now(draft), usage=None))
    until(lambda: engine.stored(draft.id).text == GOOD, "the text is stored")


def test_a_store_that_refuses_while_drafts_are_tried_one_by_one_keeps_them_all_to_be_stored(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = engine.drafting._saving._write
    faults: list[Exception] = [StoreError("The disk is full."), ZeroDivisionError()]

    def broken(drafts: list[Draft]) -> None:
        if faults:
            raise faults.pop()
        write(drafts)

    monkeypatch.setattr(saving, "SAVE_EVERY", 3600)
    gate = paused(engine)
    draft = engine.start_one("claude")
    engine.until_text(draft, BEGUN)
    monkeypatch.setattr(engine.drafting._saving, "_write", broken)
    with pytest.raises(StoreError, match="full"):
        engine.save()
    engine.save()
    assert engine.stored(draft.id).text == BEGUN
    engine.release(gate)
    engine.finish(draft)


def test_a_store_that_refuses_is_asked_ever_more_seldom(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 0.01)
    pauses: list[float] = []
    wait_for = asyncio.wait_for

    async def noted(awaitable: object, timeout: float) -> object:  # noqa: ASYNC109 - the signature it stands in for
        pauses.append(timeout)
        return await wait_for(awaitable, min(timeout, 0.01))  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(asyncio, "wait_for", noted)
    gate = paused(engine)
    draft = engine.start_one("claude")
    engine.until_text(draft, BEGUN)
    engine.store.refusing = True
    engine.release(gate)
    until(lambda: max(pauses) > saving.SAVE_AGAIN - 1, "the longest pause")
    assert max(pauses) <= saving.SAVE_AGAIN
    engine.store.refusing = False
    until(lambda: pauses[-1] <= 0.01, "the usual pace again")
    assert engine.finish(draft)[0].state == "done"


def test_an_ended_draft_leaves_the_feed_and_is_read_from_the_store(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "KEEP_ENDED", 0)
    gate = paused(engine, "slow")
    engine.play("claude", streamed(GOOD))
    live = engine.start_one("slow")
    engine.until_text(live, BEGUN)
    ended = engine.run_one("claude")
    until(lambda: [one.id for one in engine.drafting.feed.drafts()] == [live.id], "only the live one is left")
    seen = engine.drafting.get(ended.id)
    assert (seen.draft, seen.review.quote) == (ended, "The claim holds.")
    engine.release(gate)
    engine.finish(live)


def test_an_ended_draft_stays_in_the_feed_for_pages_that_catch_up(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    draft = engine.run_one("claude")
    snapshot = engine.drafting.feed.get(draft.id)
    assert snapshot is not None
    assert snapshot.draft == draft


def test_drafts_a_dead_process_left_become_interrupted_with_their_text(
    tmp_path: Path, clock: FakeClock, library: FakeLibrary, engine: Engine
) -> None:
    other = Engine(store=WilfulStore(a_store(tmp_path, clock)), clock=clock, library=library)
    gate = paused(other)
    left = other.start_one("claude")
    other.until_text(left, BEGUN)
    other.save()
    assert engine.drafting.recover() == []
    other.store.close()
    clock.forward()
    (recovered,) = engine.drafting.recover()
    assert (recovered.id, recovered.state, recovered.text) == (left.id, "interrupted", BEGUN)
    assert recovered.ended_at == clock.now()
    assert engine.stored(left.id) == recovered
    assert engine.drafting.recover() == []
    engine.play("claude", streamed(GOOD))
    again = engine.run_one("claude")
    assert (again.state, again.origin.take) == ("done", 2)
    other.release(gate)
    other.drafting.close()


def left_by_another_process(
    tmp_path: Path, clock: FakeClock, library: FakeLibrary
) -> tuple[Engine, Draft, asyncio.Event]:
    """A process of its own as far as the workspace can tell, and its draft; closing its store is its death."""
    other = Engine(store=WilfulStore(a_store(tmp_path, clock)), clock=clock, library=library)
    gate = paused(other)
    left = other.start_one("claude")
    other.until_text(left, BEGUN)
    other.save()
    return other, left, gate


def test_a_draft_whose_process_died_meanwhile_can_be_taken_again_at_once(
    tmp_path: Path, clock: FakeClock, library: FakeLibrary, engine: Engine
) -> None:
    engine.play("claude", streamed(GOOD))
    other, left, gate = left_by_another_process(tmp_path, clock, library)
    mine = engine.jobs(personas=["builder"])
    assert engine.drafting.start(mine) == []
    other.store.close()
    (again,) = engine.drafting.start(mine)
    assert (again.origin.take, engine.finish(again)[0].state) == (2, "done")
    assert (engine.stored(left.id).state, engine.stored(left.id).text) == ("interrupted", BEGUN)
    other.release(gate)
    other.drafting.close()


def test_stopping_ends_a_draft_whose_process_died_as_soon_as_the_store_lets_it(
    tmp_path: Path, clock: FakeClock, library: FakeLibrary, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    other, left, gate = left_by_another_process(tmp_path, clock, library)
    paused(engine)
    mine = engine.start_one("claude", "skeptic")
    other.store.close()
    engine.store.refusing = True
    engine.drafting.stop([left.id, mine.id])
    assert "could not be looked for" in caplog.text
    until(lambda: engine.now(mine).state == "stopped", "ours is stopped although the store refuses")
    assert engine.stored(left.id).live
    engine.store.refusing = False
    engine.drafting.stop([left.id])
    assert (engine.stored(left.id).state, engine.stored(left.id).text) == ("interrupted", BEGUN)
    other.release(gate)
    other.drafting.close()


def test_closing_goes_on_asking_a_store_that_refuses_for_a_moment(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "SAVE_EVERY", 3600)
    monkeypatch.setattr(saving, "INSIST_EVERY", 0.01)
    paused(engine)
    draft = engine.start_one("claude")
    engine.until_text(draft, BEGUN)
    engine.store.refusing = True
    attempts = engine.store.attempts
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(engine.drafting.close)
        until(lambda: engine.store.attempts > attempts + 3, "the store was asked again and again")
        engine.store.refusing = False
        closing.result()
    assert (engine.stored(draft.id).state, engine.stored(draft.id).text) == ("stopped", BEGUN)
    assert not [one for one in threading.enumerate() if one.name.startswith("draft")]


def test_closing_stops_what_streams_stores_it_and_closes_the_providers(engine: Engine) -> None:
    paused(engine)
    scripted = engine.providers["claude"]
    assert isinstance(scripted, ScriptedProvider)
    drafts = engine.drafting.start(engine.jobs())
    for draft in drafts:
        engine.until_text(draft, BEGUN)
    engine.drafting.close()
    assert {(engine.stored(one.id).state, engine.stored(one.id).text) for one in drafts} == {("stopped", BEGUN)}
    assert scripted.closed
    assert not [one for one in threading.enumerate() if one.name == "drafting"]


def test_closing_again_stores_what_could_not_be_stored(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "INSIST", 0)
    paused(engine)
    draft = engine.start_one("claude")
    engine.until_text(draft, BEGUN)
    engine.save()
    attempts = engine.store.attempts
    engine.store.hold.clear()
    engine.store.refusing = True
    engine.drafting.stop([draft.id])
    until(lambda: engine.store.attempts > attempts, "a write is under way")
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(engine.drafting.close)
        engine.store.hold.set()
        with pytest.raises(StoreError):
            closing.result()
    assert not [one for one in threading.enumerate() if one.name == "drafting"]
    assert engine.stored(draft.id).live
    engine.store.refusing = False
    engine.drafting.close()
    assert (engine.stored(draft.id).state, engine.stored(draft.id).text) == ("stopped", BEGUN)


def test_a_client_that_cannot_be_closed_does_not_keep_the_others_open(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    class Stuck(ScriptedProvider):
        async def close(self) -> None:
            raise OSError("stuck")

    engine.install(Stuck(a_config("stuck"), streamed(GOOD)))
    sound = engine.play("sound", streamed(GOOD))
    engine.finish(*engine.drafting.start(engine.jobs(personas=["builder"])))
    with caplog.at_level(logging.ERROR):
        engine.drafting.close()
    assert sound.closed
    assert "stuck" in caplog.text


def test_an_engine_that_never_drafted_closes_too(engine: Engine) -> None:
    engine.drafting.close()
    assert engine.drafting.feed.drafts() == []


def test_closing_leaves_alone_a_provider_that_could_not_be_opened(engine: Engine) -> None:
    engine.play("claude", streamed(GOOD))
    engine.providers.clear()
    assert engine.run_one("claude").state == "failed"
    engine.drafting.close()
    assert engine.opened == ["claude"]


def test_the_ids_of_a_run_do_not_say_which_provider_was_asked_first(engine: Engine) -> None:
    engine.play("claude", *[streamed(GOOD)] * 20)
    engine.play("codestral", *[streamed(GOOD)] * 20)
    tools = [a_dossier(f"tool-{number}") for number in range(20)]
    keep(engine.store, tools)
    drafts = engine.drafting.start(engine.jobs(*(one.tool.id for one in tools), personas=["builder"]))
    engine.finish(*drafts)
    ids = {(one.origin.tool_id, str(one.origin.provider)): one.id for one in drafts}
    asked_first = {ids[tool, "claude"] < ids[tool, "codestral"] for tool, _ in ids}
    assert asked_first == {True, False}  # twenty draws alike would be one chance in half a million
