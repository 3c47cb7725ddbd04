"""Real replies, byte by byte, through the real SDKs: what the drafts must hold is what the recorder found in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.wires import (
    EVENTS,
    Pieces,
    Wire,
    claude,
    claude_config,
    codestral,
    drafted,
    refused,
    text_of,
    usage_of,
)
from tests.running import run
from tests.shared_data import SHARED, needs_shared
from workbench.domain.events import DraftEvent, Failed, Finished, Started, Usage
from workbench.errors import FailureKind
from workbench.ports import Provider

pytestmark = needs_shared

# The last event, where it is not what the recorded stop reason alone says.
CLAUDE_ENDS: dict[str, tuple[str, str]] = {
    "midstream-error-overloaded": ("failed", "overloaded"),  # an error frame, then nothing
    "pause-turn-web-search": ("failed", "cut_off"),  # we never continue a paused turn
    "stop-sequence-unicode": ("failed", "cut_off"),  # we send no stop sequence: one that stops us is no answer's end
}


def cases(vendor: str, *, streams: bool) -> list[str]:
    folder = SHARED / "recordings" / vendor
    body = "response.sse" if streams else "response.json"
    return sorted(one.parent.name for one in folder.glob(f"*/{body}")) if folder.is_dir() else []


def meta(vendor: str, case: str) -> dict[str, Any]:
    path = SHARED / "recordings" / vendor / case / "meta.json"
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))


def body(vendor: str, case: str) -> bytes:
    return (SHARED / "recordings" / vendor / case / "response.sse").read_bytes()


def cut_anywhere(raw: bytes, seed: int) -> Pieces:
    chance = random.Random(seed)
    at = sorted(chance.sample(range(1, len(raw)), min(len(raw) - 1, chance.randint(1, 60))))
    return Pieces(*(raw[start:end] for start, end in zip([0, *at], [*at, len(raw)], strict=True)))


def cut_at_events(raw: bytes) -> Pieces:
    return Pieces(*(part + b"\n\n" for part in raw.split(b"\n\n") if part))


CUTS: dict[str, Callable[[bytes], Pieces]] = {
    "whole": Pieces,
    "at events": cut_at_events,
    "anywhere": lambda raw: cut_anywhere(raw, len(raw)),
}


# Streams with a tool call are replayed in tool mode: there the text is the tool's arguments.
def claude_for(case: str, wire: Wire) -> Provider:
    tool = any(block["type"] == "tool_use" for block in meta("anthropic", case)["expected"]["blocks"])
    return claude(wire, claude_config(mode="tool" if tool else "schema"))


def replayed(vendor: str, case: str, reply: Pieces) -> list[DraftEvent]:
    wire = Wire(body=reply, headers={**EVENTS, "request-id": "req_1", "mistral-correlation-id": "req_1"})
    return run(drafted(claude_for(case, wire) if vendor == "anthropic" else codestral(wire)))


def claude_end(expected: dict[str, Any], case: str) -> tuple[str, str]:
    by_reason = {
        "end_turn": ("finished", "complete"),
        "tool_use": ("finished", "complete"),
        "max_tokens": ("finished", "truncated"),
        "refusal": ("finished", "refused"),
    }
    return CLAUDE_ENDS.get(case) or by_reason[expected["stop_reason"]]


def claude_words(expected: dict[str, Any]) -> str:
    calls = [call for call in expected["tool_calls"] if call["kind"] == "tool_use"]
    return "".join(call["arguments_raw"] for call in calls) if calls else expected["text"]


def told(event: DraftEvent) -> tuple[str, str]:
    match event:
        case Finished():
            return "finished", event.stop
        case Failed():
            return "failed", event.failure
        case _:
            return event.kind, ""


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("case", cases("anthropic", streams=True))
def test_a_recorded_claude_stream_gives_its_text_usage_and_end(case: str, cut: str) -> None:
    expected = meta("anthropic", case)["expected"]
    events = replayed("anthropic", case, CUTS[cut](body("anthropic", case)))
    first = events[0]
    assert isinstance(first, Started)
    assert (first.model, first.request_id) == (expected["model"], "req_1")
    assert text_of(events) == claude_words(expected)
    end = claude_end(expected, case)
    # A tool called without arguments hands in nothing.
    assert told(events[-1]) == (end if claude_words(expected) or end[1] != "complete" else ("failed", "empty_answer"))
    total = expected["usage_merged"]
    split = total.get("cache_creation") or {}
    written = total.get("cache_creation_input_tokens") or 0
    hour = min(split.get("ephemeral_1h_input_tokens", 0), written)
    assert usage_of(events) == Usage(
        input_tokens=total["input_tokens"],
        cache_read_tokens=total.get("cache_read_input_tokens") or 0,
        cache_write_5m_tokens=written - hour,
        cache_write_1h_tokens=hour,
        output_tokens=total["output_tokens"],
    )


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("case", cases("mistral", streams=True))
def test_a_recorded_mistral_stream_gives_its_text_usage_and_end(case: str, cut: str) -> None:
    expected = meta("mistral", case)["expected"]
    events = replayed("mistral", case, CUTS[cut](body("mistral", case)))
    first, choice, usage = events[0], expected["choices"]["0"], expected["usage"]
    assert isinstance(first, Started)
    assert (first.model, first.request_id) == (expected["model"], "req_1")
    assert text_of(events) == choice["text"]
    ends = {
        "stop": ("finished", "complete"),
        "length": ("finished", "truncated"),
        # No tool is ever offered, so a call is no review.
        "tool_calls": ("failed", "wrong_shape"),
    }
    assert told(events[-1]) == ends[choice["finish_reason"]]
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
    assert usage_of(events) == Usage(
        input_tokens=usage["prompt_tokens"] - cached,
        cache_read_tokens=cached,
        output_tokens=usage["completion_tokens"],
    )


CUTTABLE = [
    ("anthropic", "text-emoji-zwj"),
    ("anthropic", "thinking-haiku45"),
    ("anthropic", "tool-eager-haiku45"),
    ("anthropic", "json-schema-text-opus46"),
    ("mistral", "cached-tokens-stream"),
    ("mistral", "small-reasoning-high"),
]


@settings(max_examples=60, deadline=None)
@given(case=st.sampled_from(CUTTABLE), cuts=st.data())
def test_where_the_network_cuts_the_bytes_changes_nothing(case: tuple[str, str], cuts: st.DataObject) -> None:
    raw = body(*case)
    at = sorted(cuts.draw(st.sets(st.integers(min_value=1, max_value=len(raw) - 1), max_size=40)))
    pieces = Pieces(*(raw[start:end] for start, end in zip([0, *at], [*at, len(raw)], strict=True)))
    assert replayed(*case, pieces) == replayed(*case, Pieces(raw))


@settings(max_examples=40, deadline=None)
@given(case=st.sampled_from(CUTTABLE), share=st.floats(min_value=0, max_value=0.999))
def test_a_stream_that_just_ends_is_never_a_whole_draft(case: tuple[str, str], share: float) -> None:
    raw = body(*case).rstrip()
    first = raw.index(b"\n\n") + 2
    # Everything but the end mark's last bytes; the padding before it is what the vendor likes.
    upto = first + int((len(raw) - first - 8) * share)
    events = replayed(*case, Pieces(raw[:upto]))
    assert told(events[-1]) == ("failed", "cut_off")
    assert text_of(replayed(*case, Pieces(raw))).startswith(text_of(events))


REFUSALS: dict[tuple[str, str], tuple[FailureKind, bool, float | None]] = {
    ("anthropic", "error-400-output-format-schema"): ("bad_request", False, None),
    ("anthropic", "error-400-prompt-too-long"): ("too_long", False, None),
    ("anthropic", "error-400-recursive-schema"): ("bad_request", False, None),
    ("anthropic", "error-400-too-many-optional"): ("bad_request", False, None),
    ("anthropic", "error-400-too-many-strict-tools"): ("bad_request", False, None),
    ("anthropic", "error-400-tool-result-missing"): ("bad_request", False, None),
    ("anthropic", "error-401-invalid-key"): ("key_refused", False, None),
    ("anthropic", "error-429-headers-retry-after-505"): ("rate_limited", True, 505.0),
    ("anthropic", "error-429-prompt-bytes"): ("rate_limited", True, None),
    ("anthropic", "error-429-second-try"): ("rate_limited", True, None),
    ("anthropic", "error-529-overloaded"): ("overloaded", True, None),
    ("anthropic", "error-529-url-in-message"): ("overloaded", True, None),
    ("mistral", "error-400-invalid-model"): ("unknown_model", False, None),
    ("mistral", "error-401"): ("key_refused", False, None),
    ("mistral", "error-401-models"): ("key_refused", False, None),
    ("mistral", "error-422-extra-forbidden"): ("bad_request", False, None),
    ("mistral", "error-429-gateway-shape"): ("rate_limited", True, None),
    ("mistral", "error-429-zero-allowance"): ("not_allowed", False, None),
}


@pytest.mark.parametrize(("vendor", "case"), REFUSALS)
def test_a_recorded_refusal_is_raised_with_its_reason(vendor: str, case: str) -> None:
    recorded = meta(vendor, case)
    raw = (SHARED / "recordings" / vendor / case / "response.json").read_bytes()
    skipped = {"content-encoding", "transfer-encoding", "content-length"}
    headers = {name: value for name, value in recorded["response_headers"] if name.lower() not in skipped}
    wire = Wire(body=raw, status=recorded["status"], headers={"content-type": "application/json", **headers})
    error = run(refused(claude(wire) if vendor == "anthropic" else codestral(wire)))
    assert (error.kind, error.retryable, error.retry_after) == REFUSALS[vendor, case]
    assert error.remedy
    assert "{" not in error.message
    assert len(error.message) < 300
    assert len(wire.requests) == 1


def test_every_recorded_refusal_is_tried() -> None:
    found = {
        (vendor, case)
        for vendor in ("anthropic", "mistral")
        for case in cases(vendor, streams=False)
        if meta(vendor, case)["status"] >= 400
    }
    assert found == set(REFUSALS)
