"""Valid bytes with absurd contents: whatever JSON a stream or a refusal holds, it is the other side's fault."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.wires import (
    BOTH,
    KEY,
    PLAN,
    STREAMS,
    Wire,
    chunk,
    claude_end,
    claude_start,
    claude_text,
    drafted,
    last_failure,
    listed,
    of_claude,
    refused,
    sse,
    text_of,
)
from tests.running import run
from workbench.domain.events import DraftEvent, Failed, Finished
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers._failures import as_event

DIGITS = b"1" + b"0" * 5000
NESTED = b"[" * 5000 + b"]" * 5000
HOSTILE = {"a number of 5,001 digits": DIGITS, "an array 5,000 deep": NESTED}
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_frame_no_parser_takes_is_a_damaged_answer(name: str, value: bytes) -> None:
    whole = STREAMS[name]("{", "}")
    upto = whole.index(b"\n\n", whole.index(b'"{"')) + 2
    body = whole[:upto] + b'data: {"type":"message_delta","choices":[],"x":' + value + b"}\n\n" + whole[upto:]
    events = run(drafted(BOTH[name](Wire(body=body))))
    assert (text_of(events), last_failure(events)) == ("{", "cut_off")
    error = run(refused(BOTH[name](Wire(body=b"data: " + value + b"\n\n"))))
    assert error.kind == "cut_off" or value is DIGITS


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("status", [400, 422, 429, 500])
def test_a_refusal_no_parser_takes_is_a_refusal(name: str, value: bytes, status: int) -> None:
    wire = Wire(body=b'{"error":{"message":' + value + b'},"detail":' + value + b"}", status=status, headers=JSON)
    error = run(refused(BOTH[name](wire)))
    assert error.remedy
    assert len(error.message) < 300


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_list_or_a_count_no_parser_takes_is_not_the_vendors(name: str, value: bytes) -> None:
    body = b'{"data":[' + value + b'],"input_tokens":' + value + b"}"
    with pytest.raises(ProviderError):
        run(listed(BOTH[name](Wire(body=body, headers=JSON))))
    with suppress(ProviderError):
        assert run(BOTH[name](Wire(body=body, headers=JSON)).count(PLAN)) is None


@pytest.mark.parametrize("index", [[1], {"a": 1}], ids=["a list", "an object"])
def test_a_block_whose_index_can_be_none_is_a_damaged_answer(index: object) -> None:
    start = {"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}}
    assert last_failure(of_claude(claude_start(), start, *claude_end())) == "cut_off"
    more = {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": "x"}}
    events = of_claude(claude_start(), *claude_text("{"), more, *claude_end())
    assert (text_of(events), last_failure(events)) == ("{", "cut_off")


# --- a law ---------------------------------------------------------------------------------------------------

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
USAGE: dict[str, Any] = {
    "input_tokens": 3,
    "cache_creation": {"ephemeral_1h_input_tokens": 1},
    "iterations": [{"input_tokens": 1}],
}
CALL = {"id": "a", "index": 0, "function": {"name": "f", "arguments": "{}"}}
DIALECTS: dict[str, list[Any]] = {
    "claude": [
        claude_start(**USAGE),
        *claude_text("{", "}"),
        {"type": "message_delta", "delta": {"stop_reason": "refusal", "stop_details": {"category": "bio"}}},
        *claude_end(output_tokens=1),
    ],
    "codestral": [
        chunk(""),
        chunk([{"type": "text", "text": "{"}, {"type": "thinking", "thinking": []}]),
        {"choices": [{"index": 0, "delta": {"tool_calls": [CALL]}, "finish_reason": None}]},
        chunk("}", "stop", usage={"prompt_tokens": 3, "prompt_tokens_details": {"cached_tokens": 1}}),
    ],
}


def places(value: object) -> list[tuple[Any, Any]]:
    """Every place in the JSON value: what holds it, and its key or number there."""
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = [(value, key) for key in cast("dict[str, Any]", value)]
    if isinstance(value, list):
        inside = [(value, at) for at in range(len(cast("list[object]", value)))]
    return [*inside, *(deeper for holder, key in inside for deeper in places(holder[key]))]


def ended(provider: Provider) -> DraftEvent:
    """How a draft ended; an error before its first event as the event it would be within."""
    try:
        return run(drafted(provider))[-1]
    except ProviderError as error:
        return as_event(error)


@pytest.mark.parametrize("name", BOTH)
@settings(max_examples=150)
@given(data=st.data())
def test_any_json_in_any_place_of_a_stream_ends_in_words_and_never_in_a_bug(name: str, data: st.DataObject) -> None:
    frames: list[Any] = json.loads(json.dumps(DIALECTS[name]))
    for holder, key in data.draw(st.lists(st.sampled_from(places(frames)), min_size=1, max_size=3)):
        holder[key] = data.draw(ANY_JSON)
    lines = [f"data: {json.dumps(frame)}\n\n" for frame in frames]
    end = ["data: [DONE]\n\n"] if name == "codestral" else []
    last = ended(BOTH[name](Wire(body="".join([*lines, *end]).encode())))
    assert isinstance(last, Finished | Failed)
    assert isinstance(last, Finished) or (last.remedy and KEY not in last.message)


def test_an_error_is_known_by_its_body_where_only_the_events_name_says_so() -> None:
    bare = {"error": {"type": "overloaded_error", "message": "Overloaded"}}
    flat = {"type": "overloaded_error", "message": "Overloaded"}
    for frame in (bare, flat):
        body = sse(claude_start(), *claude_text("{")) + f"event: error\ndata: {json.dumps(frame)}\n\n".encode()
        events = run(drafted(BOTH["claude"](Wire(body=body))))
        assert (text_of(events), last_failure(events)) == ("{", "overloaded")
