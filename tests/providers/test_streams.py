"""How a stream is read: what is text, what counts, and what is an end."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.wires import (
    BOTH,
    STREAMS,
    Wire,
    chunk,
    claude,
    claude_config,
    claude_end,
    claude_start,
    claude_stream,
    claude_text,
    codestral,
    codestral_stream,
    drafted,
    last_failure,
    of_claude,
    of_codestral,
    refused,
    text_of,
    usage_of,
)
from tests.running import run
from workbench.domain.events import Delta, Failed, Finished, Started, Usage
from workbench.providers._characters import Characters


@pytest.mark.parametrize("name", BOTH)
def test_a_draft_starts_streams_counts_and_finishes(name: str) -> None:
    events = run(drafted(BOTH[name](Wire(body=STREAMS[name]('{"a":', "1}")))))
    assert isinstance(events[0], Started)
    assert text_of(events) == '{"a":1}'
    assert usage_of(events) is not None
    assert events[-1] == Finished(stop="complete")


def test_thinking_and_unknown_frames_are_not_text() -> None:
    events = of_claude(
        claude_start(),
        {"type": "ping"},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm."}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "x"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "tomorrow", "index": 5},
        {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "{}"}},
        *claude_end(),
    )
    assert [event for event in events if isinstance(event, Delta)] == [Delta(text="{}")]
    assert events[-1] == Finished(stop="complete")


def test_in_tool_mode_the_tools_arguments_are_the_text() -> None:
    call = {"type": "tool_use", "id": "t", "name": "submit_review", "input": {}}
    events = of_claude(
        claude_start(),
        *claude_text("Here is the review."),
        {"type": "content_block_start", "index": 1, "content_block": call},
        *(
            {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": piece}}
            for piece in ("", '{"verdict', '":"ship"}')
        ),
        *claude_end("tool_use"),
        config=claude_config(mode="tool"),
    )
    assert text_of(events) == '{"verdict":"ship"}'
    assert events[-1] == Finished(stop="complete")


def test_prose_instead_of_a_tool_call_is_the_wrong_shape_and_says_so() -> None:
    events = of_claude(claude_start(), *claude_text("I think…"), *claude_end(), config=claude_config(mode="tool"))
    assert last_failure(events) == "wrong_shape"
    last = events[-1]
    assert isinstance(last, Failed)
    assert "prose" in last.message
    assert "providers.claude.mode" in last.remedy


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("end_turn", Finished(stop="complete")),
        ("max_tokens", Finished(stop="truncated")),
        ("model_context_window_exceeded", Finished(stop="truncated")),
        ("refusal", Finished(stop="refused")),
    ],
)
def test_claudes_stop_reasons_are_ends(reason: str, expected: Finished) -> None:
    assert run(drafted(claude(Wire(body=claude_stream("{}", reason=reason)))))[-1] == expected


@pytest.mark.parametrize("reason", ["pause_turn", "stop_sequence", "tool_use", "compaction"])
def test_any_other_stop_reason_is_a_cut(reason: str) -> None:
    assert last_failure(run(drafted(claude(Wire(body=claude_stream("{}", reason=reason)))))) == "cut_off"


def test_a_refusal_carries_its_category() -> None:
    delta = {"stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "cyber", "explanation": None}}
    events = of_claude(
        claude_start(), *claude_text("{"), {"type": "message_delta", "delta": delta}, {"type": "message_stop"}
    )
    assert events[-1] == Finished(stop="refused", detail="cyber")


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("stop", Finished(stop="complete")),
        ("length", Finished(stop="truncated")),
        ("model_length", Finished(stop="truncated")),
    ],
)
def test_codestrals_finish_reasons_are_ends(finish: str, expected: Finished) -> None:
    assert run(drafted(codestral(Wire(body=codestral_stream("{}", finish=finish)))))[-1] == expected


@pytest.mark.parametrize(
    ("finish", "failure"), [("error", "provider_error"), ("tool_calls", "wrong_shape"), ("new", "cut_off")]
)
def test_any_other_finish_reason_is_a_failure(finish: str, failure: str) -> None:
    assert last_failure(run(drafted(codestral(Wire(body=codestral_stream("{}", finish=finish)))))) == failure


def test_claudes_usage_is_replaced_by_key_and_never_added() -> None:
    start = claude_start(
        input_tokens=2225,
        output_tokens=57,
        cache_read_input_tokens=10,
        cache_creation_input_tokens=100,
        cache_creation={"ephemeral_5m_input_tokens": 40, "ephemeral_1h_input_tokens": 60},
    )
    events = of_claude(start, *claude_text("{}"), *claude_end(input_tokens=9447, output_tokens=57, unknown=None))
    assert [event for event in events if isinstance(event, Usage)] == [
        Usage(
            input_tokens=tokens,
            output_tokens=57,
            cache_read_tokens=10,
            cache_write_5m_tokens=40,
            cache_write_1h_tokens=60,
        )
        for tokens in (2225, 9447)
    ]


@pytest.mark.parametrize(
    "cached",
    [
        {"prompt_tokens_details": {"cached_tokens": 64}},
        {"prompt_token_details": {"cached_tokens": 64}},
        {"num_cached_tokens": 64},
        {"prompt_tokens_details": None, "num_cached_tokens": 64},
        {"prompt_tokens_details": {"cached_tokens": 64}, "num_cached_tokens": 0},
    ],
)
def test_codestrals_cached_tokens_are_found_under_any_name(cached: dict[str, object]) -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 4, **cached}
    events = of_codestral(chunk("{}"), chunk("", "stop", usage=usage), "[DONE]")
    assert usage_of(events) == Usage(input_tokens=36, cache_read_tokens=64, output_tokens=4)


def test_codestrals_content_may_be_a_list_with_thinking_in_it() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    events = of_codestral(
        chunk([thinking]),
        chunk([{"type": "text", "text": "{"}, thinking, {"type": "text", "text": "}"}]),
        {**chunk("zwei"), "choices": [{"index": 1, "delta": {"content": "zwei"}, "finish_reason": None}]},
        chunk(None, "stop"),
        "[DONE]",
    )
    assert text_of(events) == "{}"
    assert events[-1] == Finished(stop="complete")


@pytest.mark.parametrize("tail", [[], [chunk("", "stop")], ["[DONE]"]])
def test_codestral_without_reason_or_end_mark_is_cut_off(tail: list[object]) -> None:
    assert last_failure(of_codestral(chunk("{}"), *tail)) == "cut_off"


def test_claude_without_its_end_mark_is_cut_off() -> None:
    assert last_failure(of_claude(claude_start(), *claude_text("{}"), claude_end()[0])) == "cut_off"


@pytest.mark.parametrize("name", BOTH)
def test_the_last_event_may_lack_its_blank_line(name: str) -> None:
    events = run(drafted(BOTH[name](Wire(body=STREAMS[name]("{}").rstrip(b"\n")))))
    assert events[-1] == Finished(stop="complete")


@pytest.mark.parametrize("name", BOTH)
def test_a_finished_stream_without_text_is_an_empty_answer(name: str) -> None:
    assert last_failure(run(drafted(BOTH[name](Wire(body=STREAMS[name]()))))) == "empty_answer"


@pytest.mark.parametrize("name", BOTH)
def test_a_reply_without_any_event_is_refused_as_an_empty_answer(name: str) -> None:
    error = run(refused(BOTH[name](Wire(body=b""))))
    assert (error.kind, error.retryable) == ("empty_answer", True)


@pytest.mark.parametrize("name", BOTH)
def test_a_character_cut_in_two_arrives_whole(name: str) -> None:
    raw = STREAMS[name]("AB", "CD", "E").replace(b"B", b"\\ud83d").replace(b"C", b"\\ude00")
    raw = raw.replace(b'"E"', b'"\\ud83d"')
    events = run(drafted(BOTH[name](Wire(body=raw))))
    assert text_of(events) == "A😀D\ufffd"
    assert json.dumps(text_of(events), ensure_ascii=False).encode()


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-16")), st.data())
def test_characters_join_whatever_was_cut(whole: str, cuts: st.DataObject) -> None:
    units = whole.encode("utf-16-le")
    at = sorted(cuts.draw(st.sets(st.integers(min_value=0, max_value=len(units) // 2))))
    characters = Characters()
    bounds = zip([0, *at], [*at, len(units) // 2], strict=True)
    pieces = (units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass") for start, end in bounds)
    assert "".join(characters.feed(piece) for piece in pieces) + characters.rest() == whole
