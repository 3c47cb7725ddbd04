"""The clocks that stop a draft which hangs, trickles or never ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.providers.scripts import DONE, FOREVER, STARTED, TICK, Sleeps, drafted_by, failure_of, scripted, wrapped
from tests.providers.wires import PLAN, claude_config
from tests.running import run
from workbench.domain.events import Delta, DraftEvent, Usage
from workbench.errors import ProviderError
from workbench.providers._clocks import Clocked
from workbench.providers._scripted import ScriptedProvider, Step


async def watched(
    inner: ScriptedProvider, *, first_text: float = FOREVER, gap: float = FOREVER, whole: float = FOREVER
) -> list[DraftEvent]:
    clocked = Clocked(inner, first_text=first_text, gap=gap, whole=whole, limit=20)
    return [event async for event in clocked.stream(PLAN)]


def test_a_draft_in_time_passes_unchanged() -> None:
    script: list[Step] = [STARTED, Usage(input_tokens=1), Delta(text="{}"), Usage(output_tokens=1), DONE]
    assert run(watched(scripted(script))) == script


def test_silence_before_the_first_event_is_raised() -> None:
    async def draft() -> None:
        inner = scripted([asyncio.Event()])
        with pytest.raises(ProviderError, match=r"wrote nothing for 0\.02 s.*drafting\.first_text") as caught:
            await watched(inner, first_text=TICK)
        assert (caught.value.kind, caught.value.retryable) == ("timed_out", True)
        assert inner.open_streams == 0

    run(draft())


def test_silence_after_the_start_is_an_event() -> None:
    async def draft() -> tuple[list[DraftEvent], int]:
        inner = scripted([STARTED, asyncio.Event()])
        return await watched(inner, first_text=TICK), inner.open_streams

    events, left_open = run(draft())
    assert events[0] == STARTED
    assert failure_of(events).failure == "timed_out"
    assert "drafting.first_text" in failure_of(events).remedy
    assert left_open == 0


def test_silence_between_texts_is_an_event() -> None:
    async def draft() -> list[DraftEvent]:
        return await watched(scripted([STARTED, Delta(text="{"), asyncio.Event()]), gap=TICK)

    events = run(draft())
    assert events[:-1] == [STARTED, Delta(text="{")]
    assert "fell silent" in failure_of(events).message


class Chattering(ScriptedProvider):
    """Sends usage, for ever, and never a word of text after the first."""

    async def stream(self, plan: object) -> AsyncIterator[DraftEvent]:  # noqa: ARG002  # any plan will do
        yield STARTED
        yield Delta(text="{")
        while True:
            await asyncio.sleep(TICK / 10)
            yield Usage(output_tokens=1)


def test_events_that_are_not_text_do_not_count_as_text() -> None:
    events = run(watched(Chattering(claude_config()), gap=TICK))
    assert "fell silent" in failure_of(events).message
    assert any(isinstance(event, Usage) for event in events)


def test_the_whole_draft_has_a_clock_of_its_own() -> None:
    events = run(watched(Chattering(claude_config()), whole=TICK))
    assert "was not done" in failure_of(events).message
    assert "drafting.whole" in failure_of(events).remedy


def test_a_slow_reader_is_not_the_providers_silence() -> None:
    async def draft() -> list[DraftEvent]:
        clocked = Clocked(
            scripted([STARTED, Delta(text="{"), Delta(text="}"), DONE]),
            first_text=TICK,
            gap=TICK,
            whole=FOREVER,
            limit=20,
        )
        events: list[DraftEvent] = []
        async for event in clocked.stream(PLAN):
            events.append(event)
            await asyncio.sleep(2 * TICK)
        return events

    assert run(draft())[-1] == DONE


def test_text_that_grows_without_end_is_stopped() -> None:
    inner = scripted([STARTED, *[Delta(text="x" * 8)] * 5, DONE])
    events = run(watched(inner))
    assert [event.text for event in events if isinstance(event, Delta)] == ["x" * 8, "x" * 8, "x" * 4]
    assert failure_of(events).failure == "too_much_text"
    assert inner.open_streams == 0


def test_of_one_piece_too_long_the_first_part_is_kept() -> None:
    events = run(watched(scripted([STARTED, Delta(text="x" * 8), Delta(text="y" * 1000), DONE])))
    assert "".join(event.text for event in events if isinstance(event, Delta)) == "x" * 8 + "y" * 12
    assert failure_of(events).failure == "too_much_text"


def test_text_of_exactly_the_limit_is_whole() -> None:
    assert run(watched(scripted([STARTED, Delta(text="x" * 20), DONE])))[-1] == DONE


def test_a_timeout_of_the_inner_provider_is_not_mistaken_for_a_clock() -> None:
    with pytest.raises(TimeoutError):
        run(watched(scripted([STARTED, TimeoutError("a bug of its own")])))


@pytest.mark.parametrize("steps", [1, 2])
def test_a_reader_who_leaves_closes_the_inner_stream(steps: int) -> None:
    async def leave() -> int:
        inner = scripted([STARTED, Delta(text="{"), asyncio.Event()])
        stream = wrapped(inner, Sleeps()).stream(PLAN)
        for _ in range(steps):
            await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # the port promises an iterator; ours can be closed
        return inner.open_streams

    assert run(leave()) == 0


def test_cancelling_the_reader_closes_the_inner_stream() -> None:
    async def cancel() -> int:
        inner = scripted([STARTED, asyncio.Event()])
        reader = asyncio.create_task(drafted_by(wrapped(inner, Sleeps())))
        await asyncio.sleep(TICK)
        assert inner.open_streams == 1
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        return inner.open_streams

    assert run(cancel()) == 0
