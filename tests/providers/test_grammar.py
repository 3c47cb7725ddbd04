"""Both vendors' grammars in every variation they allow: blocks, usage, calls, padding, framing, cut at any byte."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.wires import (
    BOTH,
    STREAMS,
    Pieces,
    Wire,
    chunk,
    claude,
    claude_config,
    claude_end,
    claude_start,
    claude_text,
    codestral,
    drafted,
    last_failure,
    of_claude,
    of_codestral,
    text_of,
    usage_of,
)
from tests.running import run
from workbench.domain.events import DraftEvent, Finished, Iteration, Started, Usage

DONE = Finished(stop="complete")
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
PIECES = st.lists(WORDS, min_size=1, max_size=6)
COUNTS = st.none() | st.integers(min_value=0, max_value=10**6)


def cut(raw: bytes, data: st.DataObject) -> Pieces:
    at = sorted(data.draw(st.sets(st.integers(min_value=1, max_value=len(raw) - 1), max_size=12)))
    return Pieces(*(raw[start:end] for start, end in zip([0, *at], [*at, len(raw)], strict=True)))


# --- framing -------------------------------------------------------------------------------------------------


@st.composite
def framed(draw: st.DrawFn, events: Sequence[tuple[str, str]]) -> bytes:
    """The events as a server may write them: any line end, a mark at the start, comments, ids, data over lines."""
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    lines: list[str] = []
    for name, data in events:
        lines += draw(st.lists(st.sampled_from([": keep-alive", ":", "retry: 10", "id: 7"]), max_size=2))
        if name and draw(st.booleans()):
            lines.append(f"event: {name}")
        broken = data.replace(",", ",\n", 1) if draw(st.booleans()) and data.startswith("{") else data
        gap = draw(st.sampled_from(["", " "]))
        lines += [f"data:{gap}{part}" for part in broken.split("\n")]
        lines.append("")
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    raw = mark + end.join(lines).encode() + end.encode()
    return raw.rstrip() if draw(st.booleans()) else raw


@pytest.mark.parametrize("name", BOTH)
@given(data=st.data())
def test_a_stream_says_the_same_however_it_is_framed_and_cut(name: str, data: st.DataObject) -> None:
    plain = STREAMS[name]('{"a":', '"é, 😀\u2028\x85 "', "}")
    events = [("message", block.rpartition("data: ")[2]) for block in plain.decode().split("\n\n") if block.strip()]
    raw = data.draw(framed(events))
    assert run(drafted(BOTH[name](Wire(body=cut(raw, data))))) == run(drafted(BOTH[name](Wire(body=plain))))


# --- Anthropic -----------------------------------------------------------------------------------------------

PING = {"type": "ping"}


def odd_block(index: int, block: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    said = [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
    end = {"type": "content_block_stop", "index": index}
    return [{"type": "content_block_start", "index": index, "content_block": block}, *said, end]


ODD: st.SearchStrategy[list[dict[str, Any]]] = st.sampled_from(
    [
        [PING],
        [PING, PING],
        [{"type": "tomorrow", "index": 9}],
        odd_block(9, {"type": "advisor_tool_result", "text": "no"}, {"type": "text_delta", "text": "no"}),
        odd_block(9, {"type": "compaction"}, {"type": "compaction_delta", "content": "no"}),
        odd_block(8, {"type": "redacted_thinking", "data": "no"}),
        odd_block(7, {"type": "server_tool_use"}, {"type": "input_json_delta", "partial_json": "no"}),
        odd_block(6, {"type": "thinking", "thinking": "no"}, {"type": "thinking_delta", "thinking": "no"}),
        odd_block(6, {"type": "thinking", "thinking": ""}, {"type": "signature_delta", "signature": "no"}),
    ]
)


@st.composite
def among(draw: st.DrawFn, frames: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The frames with odd ones between them, after the first; an unknown key here and there."""
    mixed: list[dict[str, Any]] = [frames[0]]
    for frame in frames[1:]:
        mixed += [one for odd in draw(st.lists(ODD, max_size=2)) for one in odd]
        mixed.append({**frame, "caller": {"type": "direct"}} if draw(st.booleans()) else frame)
    return mixed


def padded(frames: Sequence[dict[str, Any]], blanks: int) -> bytes:
    """Frames with blanks before the last brace, as the vendor pads them."""
    lines = (json.dumps(one, ensure_ascii=False)[:-1] + " " * blanks + "}" for one in frames)
    return "".join(f"data: {line}\n\n" for line in lines).encode()


@given(pieces=PIECES, blanks=st.integers(min_value=0, max_value=40), data=st.data())
def test_claudes_text_is_its_text_blocks_whatever_stands_between(
    pieces: list[str], blanks: int, data: st.DataObject
) -> None:
    frames = data.draw(among([claude_start(input_tokens=1), *claude_text(*pieces), *claude_end(output_tokens=2)]))
    events = run(drafted(claude(Wire(body=cut(padded(frames, blanks), data)))))
    assert text_of(events) == "".join(pieces)
    assert events[-1] == DONE
    assert usage_of(events) == Usage(input_tokens=1, output_tokens=2)


@given(pieces=PIECES, said=st.lists(WORDS, max_size=2), data=st.data())
def test_claudes_tool_says_its_arguments_and_not_its_prose(
    pieces: list[str], said: list[str], data: st.DataObject
) -> None:
    call = {"type": "tool_use", "id": "t", "name": "submit_review", "input": {}, "caller": {"type": "direct"}}
    arguments = [
        {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": piece}}
        for piece in ("", *pieces)
    ]
    frames = [
        claude_start(),
        *(claude_text(*said) if said else []),
        {"type": "content_block_start", "index": 1, "content_block": call},
        *arguments,
        *claude_end("tool_use"),
    ]
    body = cut(padded(data.draw(among(frames)), 3), data)
    events = run(drafted(claude(Wire(body=body), claude_config(mode="tool"))))
    assert (text_of(events), events[-1]) == ("".join(pieces), DONE)


KEYS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
USAGES = st.dictionaries(st.sampled_from(KEYS), COUNTS)


@given(first=USAGES, last=USAGES)
def test_of_every_count_the_last_one_said_holds(first: dict[str, Any], last: dict[str, Any]) -> None:
    usage = usage_of(of_claude(claude_start(**first), *claude_text("{}"), *claude_end(**last)))
    held = {key: value for one in (first, last) for key, value in one.items() if value is not None}
    expected = Usage(
        input_tokens=held.get(KEYS[0], 0),
        output_tokens=held.get(KEYS[1], 0),
        cache_read_tokens=held.get(KEYS[2], 0),
        cache_write_5m_tokens=held.get(KEYS[3], 0),
    )
    assert usage == (expected if held else None)


PASSES = st.lists(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["message", "compaction", "advisor_message"])},
        optional={
            **dict.fromkeys(KEYS, COUNTS),
            "model": st.sampled_from(["claude-sonnet-5-5", "claude-opus-4-8"]),
            "cache_creation": st.just({"ephemeral_1h_input_tokens": 5}),
        },
    ),
    min_size=1,
    max_size=4,
)


@given(passes=PASSES, top=USAGES)
def test_passes_are_billed_one_by_one_and_the_totals_are_their_sums(
    passes: list[dict[str, Any]], top: dict[str, Any]
) -> None:
    events = of_claude(claude_start(**top), *claude_text("{}"), *claude_end(**top, iterations=passes))
    usage = usage_of(events)
    assert usage is not None
    several = len(passes) > 1 or passes[0].get("model") == "claude-opus-4-8"
    assert len(usage.iterations) == (len(passes) if several else 0)
    assert [one.model for one in usage.iterations] == [
        "claude-opus-4-8" if one.get("model") == "claude-opus-4-8" else "" for one in passes[: len(usage.iterations)]
    ]
    assert usage.output_tokens == sum(one.get("output_tokens") or 0 for one in passes)
    assert usage.prompt_tokens == sum(sum(one.get(key) or 0 for key in (KEYS[0], *KEYS[2:])) for one in passes) + sum(
        5 for one in passes if "cache_creation" in one and one.get(KEYS[3]) is None
    )


def test_a_pass_without_a_split_of_its_own_is_split_like_the_whole() -> None:
    split = {"ephemeral_1h_input_tokens": 60, "ephemeral_5m_input_tokens": 40}
    passes = [{"cache_creation_input_tokens": 100}, {"model": "claude-opus-4-8", "input_tokens": 7}]
    events = of_claude(
        claude_start(cache_creation=split), *claude_text("{}"), *claude_end(iterations=passes, output_tokens=1)
    )
    usage = usage_of(events)
    assert usage is not None
    assert usage.iterations == (
        Iteration(cache_write_5m_tokens=40, cache_write_1h_tokens=60),
        Iteration(model="claude-opus-4-8", input_tokens=7),
    )


@given(
    written=st.lists(st.integers(0, 1000), min_size=1, max_size=5),
    own=st.lists(st.none() | st.integers(0, 1000), min_size=5, max_size=5),
    hour=st.integers(0, 3000),
)
def test_what_was_written_for_an_hour_is_billed_once_over_all_passes(
    written: list[int], own: list[int | None], hour: int
) -> None:
    passes: list[dict[str, Any]] = [{"cache_creation_input_tokens": count} for count in written]
    for one, told in zip(passes, own, strict=False):
        if told is not None:
            one["cache_creation"] = {"ephemeral_1h_input_tokens": min(told, one["cache_creation_input_tokens"])}
    start = claude_start(cache_creation={"ephemeral_1h_input_tokens": hour})
    usage = usage_of(of_claude(start, *claude_text("{}"), *claude_end(iterations=passes)))
    assert usage is not None
    told_apart = sum(one["cache_creation"]["ephemeral_1h_input_tokens"] for one in passes if "cache_creation" in one)
    without = sum(one["cache_creation_input_tokens"] for one in passes if "cache_creation" not in one)
    assert usage.cache_write_1h_tokens == told_apart + min(max(hour - told_apart, 0), without)
    assert usage.cache_write_1h_tokens + usage.cache_write_5m_tokens == sum(written)


@pytest.mark.parametrize("reason", ["stop_sequence", "refusal", "max_tokens", "end_turn", "pause_turn"])
def test_an_end_without_any_block_is_still_an_end(reason: str) -> None:
    events = of_claude(claude_start(), *claude_end(reason))
    ends = {"refusal": "refused", "max_tokens": "truncated"}
    assert text_of(events) == ""
    assert getattr(events[-1], "stop", None) == ends.get(reason)


@pytest.mark.parametrize(
    ("diagnostics", "miss", "tokens"),
    [
        (None, "", 0),
        ({"cache_miss_reason": None}, "", 0),
        ({"cache_miss_reason": {"type": "system_changed", "cache_missed_input_tokens": 900}}, "system_changed", 900),
        ({"cache_miss_reason": {"type": "previous_message_not_found"}}, "previous_message_not_found", 0),
        ({"cache_miss_reason": {"type": "unavailable"}}, "unavailable", 0),
        ({"cache_miss_reason": {"type": 3, "cache_missed_input_tokens": "many"}}, "", 0),
    ],
)
def test_the_start_carries_the_messages_name_and_the_vendors_diagnosis(
    diagnostics: object, miss: str, tokens: int
) -> None:
    message = {"id": "msg_1", "model": "m", "content": [], "diagnostics": diagnostics}
    events = of_claude({"type": "message_start", "message": message}, *claude_text("{}"), *claude_end())
    assert events[0] == Started(model="m", message_id="msg_1", miss=miss, missed_tokens=tokens)


# --- Mistral -------------------------------------------------------------------------------------------------

EMPTY: dict[str, dict[str, Any]] = {"null": {"content": None}, "absent": {}, "empty list": {"content": []}}
CONTENT = st.sampled_from(["text", "list", "parts"])


def said_as(piece: str, shape: str) -> object:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "no"}]}
    parts = [{"type": "text", "text": piece[:1]}, thinking, {"type": "text", "text": piece[1:]}]
    return {"text": piece, "list": [{"type": "text", "text": piece}], "parts": parts}[shape]


@st.composite
def chunks(draw: st.DrawFn, pieces: Sequence[str]) -> list[dict[str, Any]]:
    """A chat stream: role first or not, padding or not, content in any shape, a second choice between."""
    frames: list[dict[str, Any]] = [{**chunk(""), "service_tier": "standard"}] if draw(st.booleans()) else []
    for piece in pieces:
        frames.append(chunk(said_as(piece, draw(CONTENT))))
        odd = draw(st.sampled_from(["", "other", "null", "absent", "unknown part", "empty list"]))
        if odd == "other":
            frames.append({"choices": [{"index": 1, "delta": {"content": "no"}, "finish_reason": "stop"}]})
        elif odd == "unknown part":
            frames.append(chunk([{"type": "reference", "reference_ids": [1]}]))
        elif odd:
            frames.append({"choices": [{"index": 0, "delta": EMPTY[odd], "finish_reason": None}]})
    return [{**one, "p": "abcdefghij"} if draw(st.booleans()) else one for one in frames]


@given(pieces=PIECES, data=st.data())
def test_mistrals_text_is_its_first_choices_text_in_whatever_shape(pieces: list[str], data: st.DataObject) -> None:
    frames = data.draw(chunks(pieces))
    usage = {"prompt_tokens": 9, "completion_tokens": 2}
    body = padded([*frames, chunk("", "stop", usage=usage)], 2) + b"data: [DONE]\n\n"
    events = run(drafted(codestral(Wire(body=cut(body, data)))))
    assert (text_of(events), events[-1]) == ("".join(pieces), DONE)
    assert usage_of(events) == Usage(input_tokens=9, output_tokens=2)


@pytest.mark.parametrize("index", [{"index": None}, {}, {"index": 0}], ids=["null", "absent", "0"])
def test_a_choice_without_a_number_is_the_first(index: dict[str, object]) -> None:
    only: dict[str, object] = {"choices": [{**index, "delta": {"content": "{}"}, "finish_reason": "stop"}]}
    events = of_codestral(only, "[DONE]")
    assert (text_of(events), events[-1]) == ("{}", DONE)


def test_a_chunk_of_a_kind_nobody_knows_is_no_error() -> None:
    events = of_codestral(chunk("{"), {"object": "ping", "p": "abc"}, chunk("}", "stop"), "[DONE]")
    assert (text_of(events), events[-1]) == ("{}", DONE)


def test_an_error_beside_choices_says_what_it_is() -> None:
    error = {"message": "Service tier capacity exceeded for this model.", "code": "3505"}
    events = of_codestral(chunk("{"), {**chunk("", "error"), "error": error}, "[DONE]")
    assert (text_of(events), last_failure(events)) == ("{", "overloaded")


def call(arguments: object, *, key: str = "", index: int | None = None, name: str = "") -> dict[str, Any]:
    fields = {"id": key or None, "index": index}
    said = {field: one for field, one in fields.items() if one is not None}
    return {"function": {"name": name, "arguments": arguments}, **said}


def called(*calls: list[dict[str, Any]], finish: str = "tool_calls", content: str = "") -> list[DraftEvent]:
    deltas = [
        {"choices": [{"index": 0, "delta": {"index": 0, "content": None, "tool_calls": one}, "finish_reason": None}]}
        for one in calls
    ]
    return of_codestral(chunk(content), *deltas, chunk("", finish), "[DONE]")


@pytest.mark.parametrize(
    "calls",
    [
        [[call('{"a":1}', key="one", index=0, name="f"), call('{"b":2}', key="two", index=1, name="g")]],
        [[call('{"a":1}', key="one", name="f"), call('{"b":2}', key="two", name="g")]],
        [[call("", key="one", index=0, name="f")], [call('{"a":1}', index=0)], [call('{"b":2}', key="two", index=1)]],
        [[call("", key="one", name="f")], [call('{"a"')], [call(":1}")], [call('{"b":2}', key="two", name="g")]],
        [
            [call("{", key="one", index=0), call("{", key="two", index=1)],
            [call('"b":2}', index=1)],
            [call('"a":1}', index=0)],
        ],
        [[call("{", key="one"), call("{", key="two")], [call('"a":1}', key="one"), call('"b":2}', key="two")]],
        [[call({"a": 1}, key="one", index=0, name="f")], [call({"b": 2}, key="two", index=0, name="f")]],
    ],
    ids=["whole", "without index", "continued by index", "continued by nothing", "interleaved", "by id", "objects"],
)
def test_a_call_is_known_by_its_id_then_its_index_then_its_place(calls: list[list[dict[str, Any]]]) -> None:
    events = called(*calls)
    assert text_of(events).replace(" ", "") == '{"a":1}\n{"b":2}'
    assert last_failure(events) == "wrong_shape"


@given(pieces=PIECES, named=st.booleans())
def test_a_call_in_any_number_of_pieces_is_read_whole(pieces: list[str], named: bool) -> None:
    first = call("", key="one", name="f", index=0 if named else None)
    rest = [[call(piece, index=0 if named else None)] for piece in pieces]
    assert text_of(called([first], *rest)) == "".join(pieces)


def test_the_text_is_what_was_said_and_a_call_beside_it_makes_no_review() -> None:
    events = called([call('{"a":1}', key="one")], content="{}")
    assert (text_of(events), last_failure(events)) == ("{}", "wrong_shape")
    assert called([call('{"a":1}', key="one")], content="{}", finish="stop")[-1] == DONE


def test_a_call_cut_at_the_token_limit_is_truncated_and_readable() -> None:
    events = called([call('{"a":', key="one")], finish="length")
    assert (text_of(events), events[-1]) == ('{"a":', Finished(stop="truncated"))
    events = called([call("", key="one")], finish="length")
    assert (text_of(events), events[-1]) == ("", Finished(stop="truncated"))


def test_a_call_that_ends_with_stop_is_no_review_either() -> None:
    assert last_failure(called([call('{"a":1}', key="one")], finish="stop")) == "wrong_shape"


# --- what nobody knows ---------------------------------------------------------------------------------------


def noted(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.name == "workbench.providers._unknown"]


def test_what_claude_sends_unknown_is_logged_once_by_its_name_and_never_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    odd = [
        {"type": "tomorrow", "secret": "private words"},
        {
            "type": "content_block_start",
            "index": 5,
            "content_block": {"type": "compaction", "content": "private words"},
        },
        {"type": "content_block_delta", "index": 5, "delta": {"type": "compaction_delta", "content": "private words"}},
        {"type": "private words, not a name"},
    ]
    with caplog.at_level(logging.DEBUG):
        events = of_claude(claude_start(), *odd, *odd, PING, *claude_text("{}"), *claude_end())
    assert events[-1] == DONE
    assert sorted(one.rpartition("unknown ")[2] for one in noted(caplog)) == [
        "block, which was ignored: compaction",
        "delta, which was ignored: compaction_delta",
        "event, which was ignored: tomorrow",
        "event, which was ignored: without a name",
        "key of a frame, which was ignored: secret",
    ]


def test_what_mistral_sends_unknown_is_logged_once_too(caplog: pytest.LogCaptureFixture) -> None:
    odd = {**chunk([{"type": "reference", "text": "private words"}]), "p": "abcdef"}
    with caplog.at_level(logging.DEBUG):
        events = of_codestral(odd, odd, chunk("{}"), chunk("", "stop"), "[DONE]")
    assert events[-1] == DONE
    assert sorted(one.rpartition("unknown ")[2] for one in noted(caplog)) == [
        "key of a chunk, which was ignored: p",
        "part, which was ignored: reference",
    ]


def test_who_makes_up_kinds_without_end_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        of_claude(claude_start(), *({"type": f"made-up-{number}"} for number in range(500)), *claude_end())
    assert len(noted(caplog)) == 32
