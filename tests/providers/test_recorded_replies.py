"""Real replies, byte by byte, through the real SDKs: what the drafts must hold is what the recorder found in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.wires import (
    EVENTS,
    PLAN,
    Pieces,
    Wire,
    claude,
    claude_config,
    codestral,
    drafted,
    listed,
    refused,
    text_of,
    usage_of,
)
from tests.running import run
from tests.shared_data import SHARED, needs_shared
from workbench.domain.bill import total
from workbench.domain.events import DraftEvent, Failed, Finished, Started, Usage
from workbench.errors import FailureKind
from workbench.ports import Provider

pytestmark = needs_shared

# Expectations are the APIs' rules, applied to what the recorder found: another set of recordings must pass too.
ENDS: dict[str, tuple[str, str]] = {
    "end_turn": ("finished", "complete"),
    "tool_use": ("finished", "complete"),
    "max_tokens": ("finished", "truncated"),
    "model_context_window_exceeded": ("finished", "truncated"),
    "refusal": ("finished", "refused"),
}
"""Any other stop reason is a cut: a paused turn is never continued, a stop sequence never sent."""
ERRORS: dict[str, str] = {
    "overloaded_error": "overloaded",
    "rate_limit_error": "rate_limited",
    "api_error": "provider_error",
    "timeout_error": "timed_out",
    "invalid_request_error": "bad_request",
}
MISTRAL_ENDS: dict[str, tuple[str, str]] = {
    "stop": ("finished", "complete"),
    "length": ("finished", "truncated"),
    "model_length": ("finished", "truncated"),
    # No tool is ever offered, so a call is no review.
    "tool_calls": ("failed", "wrong_shape"),
    "error": ("failed", "provider_error"),
}


def cases(vendor: str, body: str, *endpoints: str, refused: bool = False) -> list[str]:
    """The recorded answers of these endpoints that came as `body`."""
    folder = SHARED / "recordings" / vendor
    found = sorted(one.parent.name for one in folder.glob(f"*/{body}")) if folder.is_dir() else []
    return [
        case
        for case in found
        if (not endpoints or meta(vendor, case)["endpoint"].partition("?")[0] in endpoints)
        and (meta(vendor, case)["status"] >= 400) is refused
    ]


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


def claude_end(expected: dict[str, Any]) -> tuple[str, str]:
    if expected["error"]:
        return "failed", ERRORS.get(expected["error"]["error"]["type"], "provider_error")
    end = ENDS.get(expected["stop_reason"] or "", ("failed", "cut_off"))
    if not expected["message_stop"]:
        return "failed", "cut_off"
    # Nothing was said: a tool called without arguments hands in nothing.
    return end if claude_words(expected) or end[1] != "complete" else ("failed", "empty_answer")


def claude_words(expected: dict[str, Any]) -> str:
    calls = [call for call in expected["tool_calls"] if call["kind"] == "tool_use"]
    return "".join(call["arguments_raw"] for call in calls) if calls else expected["text"]


def claude_tokens(total: dict[str, Any]) -> Usage:
    split = total.get("cache_creation") or {}
    written = total.get("cache_creation_input_tokens") or 0
    hour = min(split.get("ephemeral_1h_input_tokens", 0), written)
    return Usage(
        input_tokens=total["input_tokens"],
        cache_read_tokens=total.get("cache_read_input_tokens") or 0,
        cache_write_5m_tokens=written - hour,
        cache_write_1h_tokens=hour,
        output_tokens=total["output_tokens"],
    )


def codestral_words(choice: dict[str, Any]) -> str:
    calls = [call["arguments_raw"] for call in choice["tool_calls"]]
    return choice["text"] or "\n".join(filter(None, calls))


def codestral_end(expected: dict[str, Any]) -> tuple[str, str]:
    choice = expected["choices"]["0"]
    end = MISTRAL_ENDS.get(choice["finish_reason"] or "", ("failed", "cut_off"))
    if not expected["done_marker"]:
        return "failed", "cut_off"
    return end if choice["text"] or end[1] != "complete" else ("failed", "empty_answer")


def told(event: DraftEvent) -> tuple[str, str]:
    match event:
        case Finished():
            return "finished", event.stop
        case Failed():
            return "failed", event.failure
        case _:
            return event.kind, ""


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("case", cases("anthropic", "response.sse", "/v1/messages"))
def test_a_recorded_claude_stream_gives_its_text_usage_and_end(case: str, cut: str) -> None:
    expected = meta("anthropic", case)["expected"]
    events = replayed("anthropic", case, CUTS[cut](body("anthropic", case)))
    first = events[0]
    assert isinstance(first, Started)
    assert (first.model, first.request_id) == (expected["model"], "req_1")
    assert text_of(events) == claude_words(expected)
    assert told(events[-1]) == claude_end(expected)
    merged = expected["usage_merged"]
    usage = usage_of(events)
    assert usage is not None
    assert replace(usage, iterations=()) == total(map(claude_tokens, merged.get("iterations") or [merged]))


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(
    "case", cases("mistral", "response.sse", "/v1/chat/completions", "/v1/fim/completions", "/v1/agents/completions")
)
def test_a_recorded_mistral_stream_gives_its_text_usage_and_end(case: str, cut: str) -> None:
    expected = meta("mistral", case)["expected"]
    events = replayed("mistral", case, CUTS[cut](body("mistral", case)))
    first, choice, usage = events[0], expected["choices"]["0"], expected["usage"] or {}
    assert isinstance(first, Started)
    assert (first.model, first.request_id) == (expected["model"], "req_1")
    assert text_of(events) == codestral_words(choice)
    assert told(events[-1]) == codestral_end(expected)
    cached = (usage.get("prompt_tokens_details") or usage).get("cached_tokens") or usage.get("num_cached_tokens") or 0
    said = Usage(
        input_tokens=usage.get("prompt_tokens", 0) - cached,
        cache_read_tokens=cached,
        output_tokens=usage.get("completion_tokens", 0),
    )
    assert usage_of(events) == (said if usage else None)


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


BY_STATUS: dict[int, FailureKind] = {
    401: "key_refused",
    402: "spend_limit",
    403: "not_allowed",
    404: "unknown_model",
    408: "timed_out",
    409: "provider_error",
    413: "too_long",
    429: "rate_limited",
    503: "overloaded",
    504: "timed_out",
    529: "overloaded",
}
BY_WORDS: dict[str, FailureKind] = {
    "prompt is too long": "too_long",
    "too large for model": "too_long",
    "credit balance": "spend_limit",
    "invalid model": "unknown_model",
    "capacity exceeded": "overloaded",
}


def by_rule(recorded: dict[str, Any], headers: dict[str, str]) -> tuple[FailureKind, bool, float | None]:
    """Kind, whether to try again, and the wish, by what both vendors' documents and the wire say."""
    status, words = recorded["status"], json.dumps(recorded["expected"].get("error_message")).lower()
    fallback: FailureKind = BY_STATUS.get(status, "provider_error" if status >= 500 else "bad_request")
    named: list[FailureKind] = [kind for part, kind in BY_WORDS.items() if part in words]
    kind: FailureKind = named[0] if named and status in {400, 422, 429, 503} else fallback
    if status == 404 and "model" not in words:
        kind = "not_a_provider"
    if headers.get("x-ratelimit-limit-req-minute") == "0":
        kind = "not_allowed"
    again = (status in {408, 409, 429} or status >= 500) and kind not in {"not_allowed", "spend_limit", "too_long"}
    again = {"true": True, "false": False}.get(headers.get("x-should-retry", ""), again)
    wish = headers.get("retry-after", "")
    return kind, again, float(wish) if again and wish else None


def refused_cases() -> list[tuple[str, str]]:
    both = ("anthropic", "mistral")
    return [(vendor, case) for vendor in both for case in cases(vendor, "response.json", refused=True)]


@pytest.mark.parametrize(("vendor", "case"), refused_cases())
def test_a_recorded_refusal_is_raised_with_its_reason(vendor: str, case: str) -> None:
    recorded = meta(vendor, case)
    raw = (SHARED / "recordings" / vendor / case / "response.json").read_bytes()
    skipped = {"content-encoding", "transfer-encoding", "content-length"}
    headers = {name.lower(): value for name, value in recorded["response_headers"] if name.lower() not in skipped}
    wire = Wire(body=raw, status=recorded["status"], headers={"content-type": "application/json", **headers})
    error = run(refused(claude(wire) if vendor == "anthropic" else codestral(wire)))
    rule = by_rule(recorded, headers)
    assert REFUSALS.get((vendor, case), rule) == rule
    assert (error.kind, error.retryable, error.retry_after) == rule
    assert error.remedy
    assert "{" not in error.message
    assert len(error.message) < 300
    assert len(wire.requests) == 1


@pytest.mark.parametrize("case", cases("anthropic", "response.json", "/v1/models"))
def test_a_recorded_list_of_claudes_models_gives_a_card_for_each(case: str) -> None:
    raw = (SHARED / "recordings" / "anthropic" / case / "response.json").read_bytes()
    cards = run(listed(claude(Wire(body=raw, headers={"content-type": "application/json"}))))
    found = json.loads(raw)["data"]
    assert [(card.id, card.name, card.context, card.longest_answer) for card in cards] == [
        (one["id"], one["display_name"], one.get("max_input_tokens"), one.get("max_tokens")) for one in found
    ]


@pytest.mark.parametrize("case", cases("mistral", "response.json", "/v1/models"))
def test_a_recorded_list_of_mistrals_models_gives_a_card_for_each(case: str) -> None:
    raw = (SHARED / "recordings" / "mistral" / case / "response.json").read_bytes()
    cards = run(listed(codestral(Wire(body=raw, headers={"content-type": "application/json"}))))
    found = json.loads(raw)["data"]
    assert [(card.id, list(card.aliases), card.context, card.replacement) for card in cards] == [
        (one["id"], one["aliases"], one["max_context_length"], one["deprecation_replacement_model"] or "")
        for one in found
    ]
    ends = [(card.lifecycle, str(card.retires_on)) for card in cards]
    assert ends == [
        ("deprecated", one["deprecation"][:10]) if one["deprecation"] else ("active", "None") for one in found
    ]


@pytest.mark.parametrize("case", cases("anthropic", "response.json", "/v1/messages/count_tokens"))
def test_a_recorded_count_is_the_plans_size(case: str) -> None:
    raw = (SHARED / "recordings" / "anthropic" / case / "response.json").read_bytes()
    provider = claude(Wire(body=raw, headers={"content-type": "application/json"}))
    assert run(provider.count(PLAN)) == json.loads(raw)["input_tokens"]
