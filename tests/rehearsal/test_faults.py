"""Every fault of the table, asked for over HTTP: it can be reached, is described, and does what it says."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

import httpx2
import pytest

from tests.rehearsal import test_anthropic, test_mistral
from workbench.domain.review import WrongShapeError, strict_review
from workbench.rehearsal.course import BOTH, Vendor
from workbench.rehearsal.faults import FAULTS, listed
from workbench.rehearsal.server import RehearsalServer

KEY = "sk-rehearsal-0123456789"
LONGEST = 40_000_000
EVENTS_SEEN = 2000
MODELS = {"anthropic": test_anthropic.MODEL, "mistral": test_mistral.MODEL}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a client saw: `error` is the exception that ended it, or "enough" when it left by itself."""

    vendor: Vendor
    status: int
    headers: httpx2.Headers
    chunks: list[bytes]
    error: str

    @cached_property
    def body(self) -> bytes:
        whole = b"".join(self.chunks)
        return zlib.decompressobj(wbits=31).decompress(whole) if self.headers.get("content-encoding") else whole

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @cached_property
    def events(self) -> list[Any]:
        lines = (line[6:] for line in self.body.decode("utf-8", "replace").split("\n") if line.startswith("data: {"))
        return [json.loads(line) for line in lines]

    @cached_property
    def text(self) -> str:
        return "".join(map(_piece, self.events))

    @property
    def stop(self) -> str | None:
        if self.vendor == "anthropic":
            return next((one["delta"]["stop_reason"] for one in self.events if one["type"] == "message_delta"), None)
        return next((x["finish_reason"] for e in self.events for x in e.get("choices", []) if x["finish_reason"]), None)

    @property
    def usage(self) -> Any:
        found = [one["usage"] for one in self.events if "usage" in one]
        return found[-1] if found else None

    @property
    def message(self) -> str:
        told = self.json
        said = told.get("error", told)
        return str(said.get("message") or said.get("detail"))


def _piece(event: Any) -> str:
    if "choices" not in event:
        delta = event.get("delta", {})
        return str(delta.get("text") or delta.get("partial_json") or "")
    delta = event["choices"][0]["delta"] if event["choices"] else {}
    calls = "".join(call["function"]["arguments"] for call in delta.get("tool_calls") or [])
    content = delta.get("content") or ""
    if isinstance(content, list):
        content = "".join(part.get("text", "") for part in content)
    return calls + content


def see(
    url: str, vendor: Vendor, fault: str = "", *, enough: int = EVENTS_SEEN, patience: float = 20, **changes: Any
) -> Seen:
    """Ask for a streamed draft under a fault, and read until it ends, goes quiet, or is more than `enough` chunks."""
    made: dict[Vendor, Any] = {"anthropic": test_anthropic.body, "mistral": test_mistral.body}
    path = "/v1/messages" if vendor == "anthropic" else "/v1/chat/completions"
    headers = {"authorization": f"Bearer {KEY}", "anthropic-version": "2026-10-21", "accept-encoding": "identity"}
    if fault:
        headers["x-rehearsal-fault"] = fault
    status, answered, chunks, error = 0, httpx2.Headers(), list[bytes](), ""
    limits = httpx2.Timeout(20, read=patience)
    try:
        with httpx2.stream(
            "POST",
            url + path,
            json=made[vendor](stream=True, **changes),
            headers=headers,
            trust_env=False,
            timeout=limits,
        ) as reply:
            status, answered = reply.status_code, reply.headers
            for chunk in reply.iter_raw():
                chunks.append(chunk)
                if len(chunks) >= enough:
                    error = "enough"
                    break
    except httpx2.TransportError as failure:
        error = type(failure).__name__
    return Seen(vendor=vendor, status=status, headers=answered, chunks=chunks, error=error)


Claim = Callable[[Seen], object]


def status(both: int, mistral: int = 0, **headers: str | None) -> Claim:
    """This status, and headers that match, or are not there."""

    def claim(seen: Seen) -> bool:
        expected = mistral if seen.vendor == "mistral" and mistral else both
        found = {name: seen.headers.get(name.replace("_", "-")) for name in headers}
        matches = [
            value is None if wanted is None else re.fullmatch(wanted, value or "") is not None
            for (wanted, value) in zip(headers.values(), found.values(), strict=True)
        ]
        return seen.status == expected and all(matches)

    return claim


def ends(how: str, *, text: bool = True) -> Claim:
    """A 200 that ends in this exception, or in none, with or without text before, and without the vendor's word."""

    def claim(seen: Seen) -> bool:
        return (seen.status, seen.error, seen.stop) == (200, how, None) and bool(seen.text) is text

    return claim


def stops(anthropic: str, mistral: str, *, text: bool = True) -> Claim:
    return lambda seen: seen.stop == (anthropic if seen.vendor == "anthropic" else mistral) and bool(seen.text) is text


def tells(anthropic: str, mistral: str, *, text: bool = True) -> Claim:
    """The last event is an error with these words; nothing follows."""

    def claim(seen: Seen) -> bool:
        last = json.dumps(seen.events[-1])
        wanted = anthropic if seen.vendor == "anthropic" else mistral
        return wanted in last and seen.stop is None and bool(seen.text) is text and b"[DONE]" not in seen.body

    return claim


def writes(check: Callable[[str], object]) -> Claim:
    """A proper end, and text that is so and no review."""

    def claim(seen: Seen) -> bool:
        try:
            strict_review(json.loads(seen.text))
        except (ValueError, WrongShapeError):
            return seen.stop in {"end_turn", "stop"} and bool(check(seen.text))
        return False

    return claim


def whole_review(seen: Seen) -> bool:
    return bool(strict_review(json.loads(seen.text)).sentences) and seen.stop in {"end_turn", "stop", "tool_calls"}


def healthy(check: Callable[[Seen], object]) -> Claim:
    """A review, whole, and this besides."""
    return lambda seen: whole_review(seen) and check(seen)


def kinds(seen: Seen) -> list[Any]:
    return [one["content_block"]["type"] for one in seen.events if one["type"] == "content_block_start"]


def calls(seen: Seen) -> list[Any]:
    deltas = (one["choices"][0]["delta"] for one in seen.events)
    return [call for delta in deltas for call in delta.get("tool_calls", [])]


def an_hour_fast(seen: Seen) -> bool:
    later, now = (parsedate_to_datetime(seen.headers[name]) for name in ("retry-after", "date"))
    return seen.status == 429 and (later - now).total_seconds() == 30


def starts(seen: Seen) -> int:
    first = [one for one in seen.events if one.get("type") == "message_start"]
    roles = [one for one in seen.events for x in one.get("choices", []) if x["delta"].get("role")]
    return len(first) + len(roles)


def pieces(seen: Seen) -> list[str]:
    return [piece for piece in map(_piece, seen.events) if piece]


def broken_json(seen: Seen) -> bool:
    with pytest.raises(json.JSONDecodeError):
        _ = seen.events
    return seen.status == 200


def spend(seen: Seen) -> bool:
    return str(seen.json["error"]["details"]["error_code"]).endswith("spend_limit_reached")


CLAIMS: dict[str, Claim] = {
    "refuse-key": lambda seen: seen.status == 401 and "nvalid" in seen.message,
    "refuse-key-other": lambda seen: seen.status == 401 and seen.message in {"API key is invalid.", "Unauthorized"},
    "unpaid": status(402),
    "not-allowed": status(403),
    "unknown-model": lambda seen: status(404, 400)(seen) and MODELS[seen.vendor] in seen.message,
    "unknown-model-404": lambda seen: seen.status == 404 and set(seen.json) == {"detail"},
    "retired-model": lambda seen: (
        status(404, 400)(seen) and bool({"sunset", "x-model-deprecation-timestamp"} & {*seen.headers})
    ),
    "spend-limit": lambda seen: status(429, retry_after=None)(seen) and spend(seen),
    "no-allowance": status(429, x_ratelimit_limit_req_minute="0", retry_after=None),
    "no-allowance-tokens": status(429, x_ratelimit_limit_tokens_minute="0", retry_after=None),
    "no-allowance-10-seconds": status(429, x_ratelimit_limit_req_10_second="0", retry_after=None),
    "no-allowance-month": status(429, x_ratelimit_limit_tokens_month="0", retry_after=None),
    "no-allowance-by-size": status(429, x_ratelimitbysize_limit_minute="0", retry_after=None),
    "no-allowance-old": status(429, ratelimitbysize_limit="0", retry_after=None),
    "too-large": status(413),
    "too-long": lambda seen: seen.status == 400 and "too l" in seen.message,
    "invalid": lambda seen: seen.status == 422 and isinstance(seen.json["message"], dict),
    "invalid-bare": lambda seen: seen.status == 422 and isinstance(seen.json["detail"], list),
    "invalid-text": lambda seen: seen.status == 422 and json.loads(seen.json["message"])["detail"],
    "rate-limit": status(429, retry_after="1"),
    "rate-limit-date": an_hour_fast,
    "rate-limit-hour": status(429, retry_after="3600"),
    "rate-limit-years": status(429, retry_after="99999999"),
    "rate-limit-soon": status(429, retry_after="soon"),
    "rate-limit-negative": status(429, retry_after="-5"),
    "rate-limit-ms": status(429, retry_after=None, retry_after_ms="1500"),
    "rate-limit-bare": status(429, retry_after=None, retry_after_ms=None),
    "capacity": lambda seen: seen.status == 429 and "capacity" in seen.message and seen.json["code"] is None,
    "bare-error": lambda seen: seen.status == 429 and len(seen.message) < 30,
    "server-error": status(500),
    "bad-gateway": status(502, content_type="text/html.*"),
    "unavailable": status(503),
    "gateway-timeout": status(504),
    "overloaded": status(529, 503),
    "echo": lambda seen: seen.status == 400 and KEY in seen.message and "You draft reviews" in seen.message,
    "html": lambda seen: status(200, content_type="text/html.*")(seen) and seen.body.startswith(b"<!DOCTYPE"),
    "redirect": status(307, location=r"http://localhost:\d+/v1/.*"),
    "cut": ends("RemoteProtocolError"),
    "reset": ends("ReadError"),
    "clean-end": ends(""),
    "stall": ends("ReadTimeout"),
    "mute": lambda seen: (seen.status, seen.error) == (0, "ReadTimeout"),
    "silent": lambda seen: (seen.status, seen.error, seen.body) == (200, "ReadTimeout", b""),
    "pings-only": lambda seen: ends("enough", text=False)(seen) and len(seen.chunks) > 3,
    "empty": lambda seen: (seen.status, seen.error, seen.body) == (200, "", b""),
    "endless": lambda seen: ends("enough")(seen) and len(seen.text) > 4000,
    "trickle": lambda seen: seen.error == "enough" and {*map(len, seen.chunks)} == {1},
    "max-tokens": stops("max_tokens", "length"),
    "max-tokens-empty": stops("max_tokens", "length", text=False),
    "refusal": stops("refusal", "error"),
    "refusal-empty": lambda seen: stops("refusal", "error", text=False)(seen) and b"content_block" not in seen.body,
    "error-mid": tells("overloaded_error", "3505"),
    "error-first": tells("overloaded_error", '"error": {', text=False),
    "error-api": tells("api_error", "detail"),
    "error-rate": tells("rate_limit_error", "rate limit"),
    "prose": writes(lambda text: not text.startswith("{")),
    "bad-shape": writes(lambda text: "sentences" not in json.loads(text)),
    "bad-verdict": writes(lambda text: json.loads(text)["verdict"] == "SHIP IT!!"),
    "no-sentences": writes(lambda text: "sentences" not in json.loads(text)),
    "two-objects": writes(lambda text: text[: len(text) // 2] * 2 == text),
    "prose-around": writes(lambda text: "```json" in text and json.loads(text.split("```")[1][4:])["verdict"]),
    "no-text": stops("end_turn", "stop", text=False),
    "bad-json": broken_json,
    "bad-utf8": lambda seen: b"\xff" in seen.body and seen.stop is not None,
    "huge-delta": lambda seen: max(map(len, map(_piece, seen.events))) == 20_000_000 and seen.stop is not None,
    "delta-first": healthy(lambda seen: b"content_block_start" not in seen.body and b'"role"' not in seen.body[300:]),
    "novelties": healthy(lambda seen: seen.body.count(b"novelty") > 20 and b"\n: a comment" in seen.body),
    "twice": lambda seen: pieces(seen)[::2] == pieces(seen)[1::2] and seen.stop in {"end_turn", "stop"},
    "start-twice": healthy(lambda seen: starts(seen) == 2),
    "gzip": healthy(lambda seen: seen.headers["content-encoding"] == "gzip"),
    "gzip-bomb": healthy(lambda seen: len(seen.body) > 64_000_000 > 40 * sum(map(len, seen.chunks))),
    "whole": lambda seen: status(200, content_type="application/json")(seen) and "usage" in seen.json,
    "deprecated": healthy(lambda seen: "x-model-deprecation-timestamp" in seen.headers),
    "content-list": healthy(lambda seen: b'"content":[{"type":"thinking"' in seen.body),
    "tool-fragments": healthy(lambda seen: [bool(call.get("id")) for call in calls(seen)][:3] == [True, False, False]),
    "tool-no-index": healthy(lambda seen: {*calls(seen)[0]} == {"id", "function"}),
    "thinking": healthy(lambda seen: kinds(seen) == ["thinking", "text"] and b"Weighing" in seen.body),
    "thinking-redacted": healthy(lambda seen: kinds(seen) == ["redacted_thinking", "text"]),
    "thinking-empty": healthy(lambda seen: kinds(seen) == ["thinking", "text"] and b"thinking_delta" not in seen.body),
    "diagnosis-pending": healthy(lambda seen: seen.events[0]["message"]["diagnostics"] == {"cache_miss_reason": None}),
    "usage-grows": healthy(lambda seen: seen.usage["input_tokens"] == 404_500),
    "usage-shrinks": healthy(lambda seen: seen.usage["iterations"][0]["type"] == "compaction"),
    "usage-iterations": healthy(lambda seen: seen.usage["iterations"][1]["model"] == "claude-opus-4-8"),
    "usage-scant": healthy(lambda seen: len(seen.usage or {}) < 2),
    "usage-renamed": healthy(lambda seen: "num_cached_tokens" in seen.usage),
}
TOOL = {"response_format": None, "tools": [test_mistral.TOOL], "tool_choice": "any"}
ASKED: dict[str, dict[str, Any]] = {
    "stall": {"patience": 0.6},
    "mute": {"patience": 0.6},
    "silent": {"patience": 0.6},
    "pings-only": {"enough": 5},
    "endless": {"enough": 600},
    "trickle": {"enough": 5},
    "tool-fragments": TOOL,
    "tool-no-index": TOOL,
}
TABLE = [(vendor, name) for name, fault in FAULTS.items() for vendor in fault.vendors]


def test_every_fault_is_claimed_and_described() -> None:
    lines = listed().splitlines()
    assert set(CLAIMS) == set(FAULTS)
    assert [line.split()[0] for line in lines] == list(FAULTS)
    assert all(fault.says.endswith(".") for fault in FAULTS.values())


@pytest.mark.parametrize(("vendor", "name"), TABLE, ids=lambda one: one)
def test_a_fault_does_what_it_says(url: str, vendor: Vendor, name: str) -> None:
    asked: dict[str, Any] = {"model": f"{MODELS[vendor]}-0{len(name)}"} if name == "rate-limit" else {}
    seen = see(url, vendor, name, **asked, **ASKED.get(name, {}))
    kept = bool(CLAIMS[name](seen))
    assert kept, (seen.status, dict(seen.headers), seen.error, seen.chunks[:2], seen.chunks[-2:])


@pytest.mark.parametrize("vendor", BOTH)
def test_without_a_fault_the_review_is_whole(url: str, vendor: Vendor) -> None:
    assert whole_review(see(url, vendor))


def test_an_unknown_fault_and_one_of_the_other_vendor_are_named_with_what_there_is(url: str) -> None:
    for fault in ("sneeze", "tool-fragments"):
        told = see(url, "anthropic", fault).message
        assert f"“{fault}”" in told
        assert "thinking-redacted" in told
        assert "content-list" not in told


def test_the_front_page_lists_every_fault(url: str) -> None:
    page = httpx2.get(url, trust_env=False).text
    assert listed() in page
    assert "x-rehearsal-fault" in page


def test_a_script_names_the_fault_of_the_nth_draft_over_both_vendors() -> None:
    server = RehearsalServer(
        first_token=0, tokens_per_second=1_000_000, script={2: "overloaded", 3: "cut", 4: "tool-fragments"}
    )
    url = server.start()
    vendors: tuple[Vendor, ...] = ("anthropic", "mistral", "anthropic", "anthropic", "mistral")
    found = [see(url, vendor) for vendor in vendors]
    server.stop()
    assert [seen.status for seen in found] == [200, 503, 200, 400, 200]
    assert [seen.error for seen in found] == ["", "", "RemoteProtocolError", "", ""]


def test_a_header_outranks_the_model_and_the_model_the_script() -> None:
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000, script=dict.fromkeys(range(1, 9), "unpaid"))
    url = server.start()
    model = f"{test_mistral.MODEL}+not-allowed"
    found = [see(url, "mistral", "too-large", model=model), see(url, "mistral", model=model), see(url, "mistral")]
    server.stop()
    assert [seen.status for seen in found] == [413, 403, 402]


@pytest.mark.parametrize("entry", [(0, "cut"), (1, "sneeze"), (1, "")])
def test_a_script_with_an_entry_no_request_could_meet_is_refused_at_once(entry: tuple[int, str]) -> None:
    with pytest.raises(ValueError, match="is no fault for a request counted from 1"):
        RehearsalServer(first_token=0, tokens_per_second=1, script=dict([entry]))
