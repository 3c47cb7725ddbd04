"""Streams that break, lie or are left: the text stays, the reason is an event, the connection closes."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from tests.providers.wires import (
    BOTH,
    EVENTS,
    PLAN,
    STREAMS,
    Pieces,
    Wire,
    chunk,
    claude,
    claude_start,
    claude_text,
    codestral,
    codestral_stream,
    drafted,
    last_failure,
    of_claude,
    of_codestral,
    refused,
    sse,
    text_of,
)
from tests.running import run
from workbench.domain.events import Delta, DraftEvent, Finished


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("broken", "failure"),
    [
        (b'data: {"type":"content_bl', "cut_off"),
        (b"data: {]\n\n", "cut_off"),
        (b"data: \xff\xfe\n\n", "cut_off"),
        (httpx2.RemoteProtocolError("peer closed"), "cut_off"),
        (httpx2.ReadError("reset"), "cut_off"),
        (httpx2.ReadTimeout("silence"), "timed_out"),
        (b"data: " + b"x" * 1_100_000, "too_much_text"),
    ],
)
def test_damage_inside_the_stream_keeps_the_text_and_is_an_event(
    name: str, broken: bytes | Exception, failure: str
) -> None:
    whole = STREAMS[name]('{"a":', "1}")
    upto = whole.index(b"\n\n", whole.index(b'{\\"a\\":')) + 2
    body = Pieces(whole[:upto], broken)
    events = run(drafted(BOTH[name](Wire(body=body))))
    assert text_of(events) == '{"a":'
    assert last_failure(events) == failure
    assert body.closed


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("overloaded_error", "overloaded"),
        ("api_error", "provider_error"),
        ("rate_limit_error", "rate_limited"),
        ("a_new_error", "provider_error"),
    ],
)
def test_claudes_error_frame_is_an_event_after_the_start_and_raised_before(kind: str, failure: str) -> None:
    frame = {"type": "error", "error": {"details": None, "type": kind, "message": "Oh no"}}
    events = of_claude(claude_start(), *claude_text("{"), frame)
    assert (text_of(events), last_failure(events)) == ("{", failure)
    error = run(refused(claude(Wire(body=sse(frame)))))
    assert (error.kind, error.retryable) == (failure, True)
    assert "Oh no" in error.message


@pytest.mark.parametrize(
    ("frame", "failure"),
    [
        ({"object": "error", "message": "Rate limit exceeded", "type": "rate_limited", "code": "1300"}, "rate_limited"),
        ({"message": "Service tier capacity exceeded for this model.", "code": None}, "overloaded"),
        ({"error": {"message": "boom", "code": 500}}, "provider_error"),
        ({"detail": [{"msg": "odd", "loc": ["body", "x"]}]}, "provider_error"),
        (["what"], "provider_error"),
    ],
)
def test_codestrals_frame_without_choices_is_an_error(frame: object, failure: str) -> None:
    events = of_codestral(chunk("{"), frame)
    assert (text_of(events), last_failure(events)) == ("{", failure)
    assert run(refused(codestral(Wire(body=sse(frame, named=False))))).kind == failure


@pytest.mark.parametrize("name", BOTH)
def test_a_reader_who_leaves_closes_the_connection(name: str) -> None:
    async def leave() -> Pieces:
        whole = STREAMS[name]("{", "}")
        upto = whole.index(b"\n\n", whole.index(b'"{"')) + 2
        body = Pieces(whole[:upto], asyncio.Event(), whole[upto:])
        provider = BOTH[name](Wire(body=body))
        stream = provider.stream(PLAN)
        async for event in stream:
            if isinstance(event, Delta):
                break
        assert not body.closed
        await stream.aclose()  # type: ignore[attr-defined]  # the port promises an iterator; ours can be closed
        await provider.close()
        return body

    assert run(leave()).closed


@pytest.mark.parametrize("name", BOTH)
def test_a_body_that_goes_on_after_the_end_mark_delays_nobody_for_long(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.providers._wire.DRAIN", 0.01)

    async def draft() -> list[DraftEvent]:
        body = Pieces(STREAMS[name]("{}"), asyncio.Event())
        return await drafted(BOTH[name](Wire(body=body)))

    assert run(draft())[-1] == Finished(stop="complete")


def test_a_deprecated_model_still_drafts() -> None:
    headers = {**EVENTS, "x-model-deprecation-timestamp": "2026-12-01T00:00:00Z"}
    assert run(drafted(codestral(Wire(body=codestral_stream("{}"), headers=headers))))[-1] == Finished(stop="complete")
