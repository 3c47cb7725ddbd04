"""What a recorded reply must give by the vendors' documents and the wire: rules, never the names of cases.

Written apart from the adapters, so that each checks the other; another set of recordings must pass too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from tests.providers.recordings import Case
from workbench.domain.events import Usage
from workbench.errors import FailureKind

CLAUDE_ENDS: dict[str, tuple[str, str]] = {
    "end_turn": ("finished", "complete"),
    "tool_use": ("finished", "complete"),
    "max_tokens": ("finished", "truncated"),
    "model_context_window_exceeded": ("finished", "truncated"),
    "refusal": ("finished", "refused"),
}
"""Any other stop reason is a cut: a paused turn is never continued, a stop sequence never sent."""
MISTRAL_ENDS: dict[str, tuple[str, str]] = {
    "stop": ("finished", "complete"),
    "length": ("finished", "truncated"),
    "model_length": ("finished", "truncated"),
    # No tool is ever offered, so a call is no review.
    "tool_calls": ("failed", "wrong_shape"),
    "error": ("failed", "provider_error"),
}
BY_STATUS: dict[int, FailureKind] = {
    401: "key_refused",
    402: "spend_limit",
    403: "not_allowed",
    404: "unknown_model",
    407: "unreachable",
    408: "timed_out",
    409: "provider_error",
    413: "too_long",
    429: "rate_limited",
    503: "overloaded",
    504: "timed_out",
    529: "overloaded",
}
CLAUDE_TYPES: dict[str, FailureKind] = {
    "authentication_error": "key_refused",
    "billing_error": "spend_limit",
    "permission_error": "not_allowed",
    "not_found_error": "unknown_model",
    "request_too_large": "too_long",
    "rate_limit_error": "rate_limited",
    "timeout_error": "timed_out",
    "overloaded_error": "overloaded",
    "api_error": "provider_error",
    "invalid_request_error": "bad_request",
}
CLAUDE_WORDS: dict[str, FailureKind] = {
    "credit balance": "spend_limit",
    "prompt is too long": "too_long",
    "exceed context limit": "too_long",
}
MISTRAL_CODES: dict[str, FailureKind] = {"1300": "rate_limited", "1500": "unknown_model", "3505": "overloaded"}
MISTRAL_TYPES: dict[str, FailureKind] = {"rate_limited": "rate_limited", "invalid_model": "unknown_model"}
MISTRAL_WORDS: dict[str, FailureKind] = {
    "capacity exceeded": "overloaded",
    "too large for model": "too_long",
    "context length": "too_long",
    "context window": "too_long",
    "prompt is too long": "too_long",
    "rate limit": "rate_limited",
}
FINAL: frozenset[FailureKind] = frozenset({"not_allowed", "spend_limit", "too_long", "key_refused", "not_a_provider"})
"""What no waiting cures, whatever a header says."""
ZERO = re.compile(r"(x-)?ratelimit(bysize)?-limit(-.*)?")
"""Mistral's three spellings of a limit; of 0, it is the end of it."""


# --- streams -------------------------------------------------------------------------------------------------


def words(case: Case) -> str:
    """The text a draft of this stream holds."""
    if case.vendor == "anthropic":
        calls = [call for call in case.expected["tool_calls"] if call["kind"] == "tool_use"]
        # A tool called with nothing in it hands in nothing; what was said beside it is all there is.
        return "".join(call["arguments_raw"] for call in calls) or str(case.expected["text"])
    choice = case.expected["choices"]["0"]
    return choice["text"] or "\n".join(filter(None, (call["arguments_raw"] for call in choice["tool_calls"])))


def end(case: Case) -> tuple[str, str]:
    """How it ends: the kind of the last event, and its stop or failure."""
    return _claude_end(case.expected) if case.vendor == "anthropic" else _mistral_end(case.expected)


def _claude_end(expected: dict[str, Any]) -> tuple[str, str]:
    if expected["error"]:
        return "failed", CLAUDE_TYPES.get(expected["error"]["error"]["type"], "provider_error")
    if not expected["message_stop"]:
        return "failed", "cut_off"
    found = CLAUDE_ENDS.get(expected["stop_reason"] or "", ("failed", "cut_off"))
    calls = [call for call in expected["tool_calls"] if call["kind"] == "tool_use"]
    handed_in = "".join(call["arguments_raw"] for call in calls) if calls else expected["text"]
    if found[1] != "complete" or handed_in:
        return found
    return "failed", "wrong_shape" if expected["text"] else "empty_answer"


def _mistral_end(expected: dict[str, Any]) -> tuple[str, str]:
    choice = expected["choices"]["0"]
    if not expected["done_marker"]:
        return "failed", "cut_off"
    found = MISTRAL_ENDS.get(choice["finish_reason"] or "", ("failed", "cut_off"))
    if found[1] != "complete" or choice["text"]:
        return found
    return "failed", "wrong_shape" if choice["tool_calls"] else "empty_answer"


def tokens(case: Case) -> Usage | None:
    """The tokens it reports; None when it reports none."""
    if case.vendor == "anthropic":
        return claude_tokens(case.expected["usage_merged"]) if case.expected["usage_merged"] else None
    return mistral_tokens(case.expected["usage"]) if case.expected["usage"] else None


def claude_tokens(total: Mapping[str, Any]) -> Usage:
    """Sums over the passes where there are any: the totals beside them leave some out.

    What was written for an hour stands in a pass's own split, or else in the whole's, as far as it goes.
    """
    passes: list[dict[str, Any]] = total.get("iterations") or [dict(total)]
    written = {place: one.get("cache_creation_input_tokens") or 0 for place, one in enumerate(passes)}
    own = {
        place: min(one["cache_creation"].get("ephemeral_1h_input_tokens") or 0, written[place])
        for place, one in enumerate(passes)
        if one.get("cache_creation")
    }
    shared = (total.get("cache_creation") or {}).get("ephemeral_1h_input_tokens") or 0
    without = sum(count for place, count in written.items() if place not in own)
    hour = sum(own.values()) + min(max(shared - sum(own.values()), 0), without)
    return Usage(
        input_tokens=sum(one.get("input_tokens") or 0 for one in passes),
        cache_read_tokens=sum(one.get("cache_read_input_tokens") or 0 for one in passes),
        cache_write_5m_tokens=sum(written.values()) - hour,
        cache_write_1h_tokens=hour,
        output_tokens=sum(one.get("output_tokens") or 0 for one in passes),
    )


def mistral_tokens(usage: Mapping[str, Any]) -> Usage:
    """Cached tokens are among the prompt's; three spellings, and the first that holds a number counts."""
    spelled = [
        (usage.get("prompt_tokens_details") or {}).get("cached_tokens"),
        (usage.get("prompt_token_details") or {}).get("cached_tokens"),
        usage.get("num_cached_tokens"),
    ]
    cached = next((one for one in spelled if one is not None), 0)
    return Usage(
        input_tokens=(usage.get("prompt_tokens") or 0) - cached,
        cache_read_tokens=cached,
        output_tokens=usage.get("completion_tokens") or 0,
    )


# --- refusals ------------------------------------------------------------------------------------------------


def refusal(case: Case) -> tuple[FailureKind, bool, float | None]:
    """Kind, whether to try again, and the seconds it asks us to wait."""
    kind = _claude_kind(case) if case.vendor == "anthropic" else _mistral_kind(case)
    if case.status == 404 and "model" not in _said(case):
        kind = "not_a_provider"  # vendors name the model they miss; a bare 404 is a wrong address
    again = case.status in {408, 409, 429} or case.status >= 500 or kind == "overloaded"
    if case.vendor == "anthropic":
        again = {"true": True, "false": False}.get(case.headers.get("x-should-retry", ""), again)
    again = again and kind not in FINAL
    return kind, again, wish(case.headers) if again else None


def _said(case: Case) -> str:
    return json.dumps(case.expected.get("error_message")).lower()


def _body(case: Case) -> dict[str, Any]:
    try:
        found = json.loads(case.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _claude_kind(case: Case) -> FailureKind:
    by_status: FailureKind = BY_STATUS.get(case.status, "provider_error" if case.status >= 500 else "bad_request")
    error = _body(case).get("error")
    error = error if isinstance(error, dict) else {}
    # The status is the surer witness; only these can mean several things.
    if case.status not in {400, 402, 422, 429} and case.status < 500:
        return by_status
    if "spend_limit" in str((error.get("details") or {}).get("error_code")):
        return "spend_limit"
    for part, kind in CLAUDE_WORDS.items():
        if part in str(error.get("message")).lower():
            return kind
    named = CLAUDE_TYPES.get(str(error.get("type")), by_status)
    return by_status if named == "provider_error" else named


def _mistral_kind(case: Case) -> FailureKind:
    by_status: FailureKind = BY_STATUS.get(case.status, "provider_error" if case.status >= 500 else "bad_request")
    if case.status == 429 and any(ZERO.fullmatch(name) and value == "0" for name, value in case.headers.items()):
        return "not_allowed"
    error = _body(case)
    error = error["error"] if isinstance(error.get("error"), dict) else error
    for code, kind in (*MISTRAL_CODES.items(), *MISTRAL_TYPES.items()):
        if code in {str(error.get("code")), str(error.get("type"))}:
            return kind
    for part, kind in MISTRAL_WORDS.items():
        if part in _said(case):
            return kind
    return by_status


def wish(headers: Mapping[str, str]) -> float | None:
    """Seconds by `retry-after-ms`, then `retry-after`: a number, or a date counted from the server's own clock."""
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        raw = headers.get(name, "")
        if re.fullmatch(r"\d+(\.\d+)?", raw):
            return float(raw) / unit
        if re.match(r"[A-Z][a-z]{2},", raw) and "date" in headers:
            waits = (parsedate_to_datetime(raw) - parsedate_to_datetime(headers["date"])).total_seconds()
            return waits if waits >= 0 else None
    return None
