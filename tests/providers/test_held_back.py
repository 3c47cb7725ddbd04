"""What a model says beside its answer: kept when nothing else comes, however the stream ends, and never without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.scripts import Sleeps
from tests.providers.wires import (
    EVENTS,
    PLAN,
    Pieces,
    Wire,
    chunk,
    claude,
    claude_config,
    claude_end,
    claude_start,
    claude_text,
    codestral,
    codestral_config,
    drafted,
    last_failure,
    of_claude,
    sse,
    text_of,
)
from tests.running import run
from workbench.domain.events import Delta, DraftEvent, Finished
from workbench.ports import Provider
from workbench.providers._aside import LONGEST, Aside
from workbench.providers._wrapping import wrap
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral

TOOL = claude_config(mode="tool")
OVERLOADED = {"type": "error", "error": {"details": None, "type": "overloaded_error", "message": "Overloaded"}}
CAPACITY = {"object": "error", "message": "Service tier capacity exceeded for this model.", "code": "3505"}


def called(*pieces: str, place: int = 1) -> list[dict[str, object]]:
    """A block of the review tool with its arguments in pieces."""
    block = {"type": "tool_use", "id": "toolu_1", "name": "submit_review", "input": {}}
    arguments: list[dict[str, object]] = [
        {"type": "content_block_delta", "index": place, "delta": {"type": "input_json_delta", "partial_json": piece}}
        for piece in ("", *pieces)
    ]
    start: dict[str, object] = {"type": "content_block_start", "index": place, "content_block": block}
    return [start, *arguments, {"type": "content_block_stop", "index": place}]


def calling(arguments: str) -> dict[str, Any]:
    function = {"index": 0, "function": {"name": "", "arguments": arguments}}
    return {"choices": [{"index": 0, "delta": {"tool_calls": [function]}, "finish_reason": None}]}


def broken(provider: Provider, attempts: int = 3) -> list[DraftEvent]:
    """The events of a draft that would be tried again if nothing had been seen of it."""

    async def draft() -> list[DraftEvent]:
        outer = wrap(
            provider, first_text=60, gap=60, whole=60, limit=5000, attempts=attempts, retry_wait=60, sleep=Sleeps()
        )
        return await drafted(outer)

    return run(draft())


BREAKS: list[tuple[bytes | Exception, str]] = [
    (httpx2.ReadError("reset"), "cut_off"),
    (httpx2.RemoteProtocolError("peer closed"), "cut_off"),
    (httpx2.ReadTimeout("silence"), "timed_out"),
    (b"data: {]\n\n", "cut_off"),
    (b"data: \xff\xfe\n\n", "cut_off"),
    (b"", "cut_off"),
]


@pytest.mark.parametrize(("end", "kind"), [*BREAKS, (sse(OVERLOADED), "overloaded")])
def test_claudes_prose_outlives_the_stream_that_breaks_before_the_tool(end: bytes | Exception, kind: str) -> None:
    wire = Wire(body=Pieces(sse(claude_start(), *claude_text("I think ", "this")), end))
    events = broken(claude(wire, TOOL))
    assert (text_of(events), last_failure(events)) == ("I think this", kind)
    assert [event.kind for event in events] == ["started", "delta", "failed"]
    assert len(wire.requests) == 1  # something was seen, so nothing is tried again


@pytest.mark.parametrize(("end", "kind"), [*BREAKS, (sse(CAPACITY, named=False), "overloaded")])
def test_codestrals_call_outlives_the_stream_that_breaks(end: bytes | Exception, kind: str) -> None:
    wire = Wire(body=Pieces(sse(chunk(""), calling('{"quo'), calling('te":'), named=False), end))
    events = broken(codestral(wire))
    assert (text_of(events), last_failure(events)) == ('{"quote":', kind)
    assert len(wire.requests) == 1


def test_a_stream_that_breaks_before_any_word_is_still_tried_again() -> None:
    wire = Wire(body=Pieces(sse(claude_start()), httpx2.ReadError("reset")))
    assert [event.kind for event in broken(claude(wire, TOOL))].count("waiting") == 2
    assert len(wire.requests) == 3


def test_half_a_character_before_a_break_is_shown_as_damaged() -> None:
    half = b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\\ud83d"}}\n\n'
    body = Pieces(sse(claude_start(), *claude_text("a")[:2]), half, httpx2.ReadError("reset"))
    assert text_of(run(drafted(claude(Wire(body=body))))) == "a\ufffd"


def test_prose_beside_a_tool_called_with_nothing_is_kept_and_is_no_review() -> None:
    events = of_claude(claude_start(), *claude_text("I will"), *called(), *claude_end("tool_use"), config=TOOL)
    assert (text_of(events), last_failure(events)) == ("I will", "wrong_shape")


def test_a_tool_called_with_nothing_and_nothing_beside_it_is_an_empty_answer() -> None:
    events = of_claude(claude_start(), *called(), *claude_end("tool_use"), config=TOOL)
    assert (text_of(events), last_failure(events)) == ("", "empty_answer")
    assert last_failure(of_claude(claude_start(), *claude_end(), config=TOOL)) == "empty_answer"


def test_prose_before_a_tool_is_not_part_of_the_review_even_when_it_breaks() -> None:
    whole = [claude_start(), *claude_text("I will"), *called('{"a":', "1}")]
    events = of_claude(*whole, *claude_end("tool_use"), config=TOOL)
    assert (text_of(events), events[-1]) == ('{"a":1}', Finished(stop="complete"))
    wire = Wire(body=Pieces(sse(*whole[:-2]), httpx2.ReadError("reset")))
    assert text_of(run(drafted(claude(wire, TOOL)))) == '{"a":'


class Endless(httpx2.AsyncByteStream):
    """A head, and then the same piece until somebody stops reading."""

    def __init__(self, head: bytes, piece: bytes) -> None:
        self.head = head
        self.piece = piece
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.head
        while self.sent < 60_000_000:
            self.sent += len(self.piece)
            yield self.piece
            await asyncio.sleep(0)


def test_prose_without_end_is_stopped_early_and_its_first_part_kept() -> None:
    more = claude_text("x" * 2000)[1]
    assert_stopped(Endless(sse(claude_start(), claude_text()[0]), sse(more)), "claude")


@pytest.mark.parametrize("piece", ["x" * 2000, ""], ids=["one long call", "calls without arguments"])
def test_calls_without_end_are_stopped_early_and_their_first_part_kept(piece: str) -> None:
    call = {"id": "", "function": {"name": "f" if not piece else "", "arguments": piece}}
    more = {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}
    assert_stopped(Endless(sse(chunk(""), named=False), sse(more, named=False)), "codestral", bool(piece))


def assert_stopped(body: Endless, name: str, spoken: bool = True) -> None:
    async def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers=EVENTS, stream=body)

    transport = httpx2.MockTransport(answer)
    provider: Provider = Claude(TOOL, transport) if name == "claude" else Codestral(codestral_config(), transport)
    events = broken(provider, attempts=1)
    assert last_failure(events) == "too_much_text"
    assert text_of(events) == ("x" * 5000 if spoken else "")
    assert body.sent < 5_000_000


@given(sizes=st.lists(st.integers(min_value=0, max_value=LONGEST // 2) | st.just(LONGEST), max_size=8))
def test_of_an_aside_the_first_part_is_kept_and_it_says_when_there_was_more(sizes: list[int]) -> None:
    aside, pieces = Aside(), [chr(97 + place) * size for place, size in enumerate(sizes)]
    fits = [aside.add(piece) for piece in pieces]
    whole = "".join(pieces)
    assert aside.text() == whole[:LONGEST]
    assert all(fits) is (len(whole) <= LONGEST)
    assert bool(aside) is bool(whole)


@pytest.mark.parametrize("mode", ["schema", "tool"])
def test_a_reader_who_leaves_is_told_nothing_more(mode: str) -> None:
    async def leave() -> int:
        body = Pieces(sse(claude_start(), *claude_text("I think")), asyncio.Event())
        provider = claude(Wire(body=body), claude_config(mode=mode))
        stream = provider.stream(PLAN)
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # the port promises an iterator; ours can be closed
        await provider.close()
        return sum(isinstance(event, Delta) for event in [event async for event in stream])

    assert run(leave()) == 0
