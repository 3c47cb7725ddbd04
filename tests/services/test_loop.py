"""The loop's thread: what runs on it, what it raises, how it ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator

import pytest

from workbench.services.loop import LoopThread


@pytest.fixture
def loop() -> Generator[LoopThread, None, None]:
    made = LoopThread("a-loop")
    yield made
    made.stop()


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "a-loop"]


async def where() -> str:
    return threading.current_thread().name


def test_work_runs_on_one_thread_of_its_own(loop: LoopThread) -> None:
    assert [loop.submit(where()).result(), loop.submit(where()).result()] == ["a-loop", "a-loop"]
    assert threads() == ["a-loop"]


def test_an_exception_reaches_whoever_asked_and_the_loop_goes_on(loop: LoopThread) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        loop.submit(fail()).result()
    assert loop.submit(where()).result() == "a-loop"


def test_plain_calls_run_in_order(loop: LoopThread) -> None:
    seen: list[int] = []
    for number in range(100):
        loop.call(seen.append, number)
    loop.submit(asyncio.sleep(0)).result()
    assert seen == list(range(100))


def test_stopping_cancels_what_runs_and_lets_it_clean_up(loop: LoopThread) -> None:
    begun, cleaned = threading.Event(), threading.Event()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    future = loop.submit(endless())
    assert begun.wait(10)
    loop.stop()
    assert cleaned.is_set()
    assert future.cancelled()
    assert threads() == []


def test_a_stopped_loop_starts_again_with_the_next_work(loop: LoopThread) -> None:
    loop.submit(where()).result()
    loop.stop()
    loop.stop()
    assert threads() == []
    assert loop.submit(where()).result() == "a-loop"


def test_stopping_what_never_ran_starts_nothing(loop: LoopThread) -> None:
    loop.stop()
    assert threads() == []
