"""Every way a vendor, a network or something in between can refuse, and what the editor reads then."""

from __future__ import annotations

import json

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.wires import (
    BOTH,
    KEY,
    Pieces,
    Wire,
    claude,
    claude_config,
    claude_stream,
    codestral,
    drafted,
    refused,
)
from tests.running import run
from workbench.errors import FailureKind
from workbench.providers._bodies import count, retry_after, said
from workbench.providers._failures import LONGEST_QUOTE, Remote, failure

JSON = {"content-type": "application/json"}


def anthropic_body(kind: str, message: str = "No.", **details: object) -> bytes:
    error = {"type": kind, "message": message, "details": details or None}
    return json.dumps({"type": "error", "error": error, "request_id": None}).encode()


def mistral_body(message: object, kind: str = "invalid_request_error", code: str | None = None) -> bytes:
    return json.dumps({"object": "error", "message": message, "type": kind, "param": None, "code": code}).encode()


ANTHROPIC: list[tuple[int, bytes, FailureKind, bool]] = [
    (400, anthropic_body("invalid_request_error"), "bad_request", False),
    (400, anthropic_body("invalid_request_error", "Your credit balance is too low"), "spend_limit", False),
    (400, anthropic_body("invalid_request_error", "prompt is too long: 3 tokens > 2 maximum"), "too_long", False),
    (401, anthropic_body("authentication_error"), "key_refused", False),
    (402, anthropic_body("billing_error"), "spend_limit", False),
    (403, anthropic_body("permission_error"), "not_allowed", False),
    (404, anthropic_body("not_found_error", "model: claude-9"), "unknown_model", False),
    (404, b"<html>nginx</html>", "not_a_provider", False),
    (404, anthropic_body("not_found_error", "Not Found"), "not_a_provider", False),
    (413, anthropic_body("request_too_large"), "too_long", False),
    (429, anthropic_body("rate_limit_error"), "rate_limited", True),
    (429, anthropic_body("rate_limit_error", error_code="enforced_spend_limit_reached"), "spend_limit", False),
    (429, anthropic_body("rate_limit_error", error_code="ramp_limit_exceeded"), "rate_limited", True),
    (500, anthropic_body("api_error"), "provider_error", True),
    (502, b"Bad gateway", "provider_error", True),
    (503, b"", "overloaded", True),
    (504, anthropic_body("timeout_error"), "timed_out", True),
    (529, anthropic_body("overloaded_error"), "overloaded", True),
]
MISTRAL: list[tuple[int, bytes, FailureKind, bool]] = [
    (400, mistral_body("Invalid model: x", "invalid_model", "1500"), "unknown_model", False),
    (400, mistral_body("Prompt contains 9 tokens, too large for model with 8 maximum"), "too_long", False),
    (401, b'{"detail":"Invalid API Key"}\n', "key_refused", False),
    (402, b"{}", "spend_limit", False),
    (403, b"{}", "not_allowed", False),
    (404, b"", "not_a_provider", False),
    (404, b'{"detail":"Not Found"}', "not_a_provider", False),
    (404, b'{"message":"The model x does not exist"}', "unknown_model", False),
    (413, b"", "too_long", False),
    (422, mistral_body({"detail": [{"msg": "Extra", "loc": ["body", "x"]}]}), "bad_request", False),
    (422, b'{"detail":[{"msg":"Extra","loc":["body","x"],"type":"t"}]}', "bad_request", False),
    (422, b'{"detail":"Extra"}', "bad_request", False),
    (422, mistral_body('{"detail":[{"msg":"Extra"}]}', "internal_error_proxy"), "bad_request", False),
    (429, mistral_body("Rate limit exceeded", "rate_limited", "1300"), "rate_limited", True),
    (429, b'{"message":"Requests rate limit exceeded"}', "rate_limited", True),
    (429, mistral_body("Service tier capacity exceeded for this model."), "overloaded", True),
    (503, mistral_body("Service tier capacity exceeded for this model.", code="3505"), "overloaded", True),
    (500, b"oops", "provider_error", True),
]


@pytest.mark.parametrize(("status", "body", "kind", "retryable"), ANTHROPIC)
def test_a_status_from_anthropic_has_its_kind(status: int, body: bytes, kind: str, retryable: bool) -> None:
    error = run(refused(claude(Wire(body=body, status=status, headers=JSON))))
    assert (error.kind, error.retryable) == (kind, retryable)
    assert error.remedy


@pytest.mark.parametrize(("status", "body", "kind", "retryable"), MISTRAL)
def test_a_status_from_mistral_has_its_kind(status: int, body: bytes, kind: str, retryable: bool) -> None:
    error = run(refused(codestral(Wire(body=body, status=status, headers=JSON))))
    assert (error.kind, error.retryable) == (kind, retryable)
    assert error.remedy
    assert "{" not in error.message


@pytest.mark.parametrize("name", BOTH)
def test_a_refused_request_is_sent_once(name: str) -> None:
    wire = Wire(body=b"{}", status=503, headers={**JSON, "x-should-retry": "true", "retry-after": "0"})
    run(refused(BOTH[name](wire)))
    assert len(wire.requests) == 1


@pytest.mark.parametrize(("advice", "status", "retryable"), [("false", 529, False), ("true", 400, True)])
def test_anthropics_own_advice_on_retrying_wins(advice: str, status: int, retryable: bool) -> None:
    wire = Wire(body=anthropic_body("x"), status=status, headers={**JSON, "x-should-retry": advice})
    assert run(refused(claude(wire))).retryable is retryable


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {"content-type": "text/html"}, b"<html>Please log in</html>"),
        (200, JSON, b'{"choices": []}'),
        (200, {}, b""),
        (307, {"location": "https://elsewhere.example/"}, b""),
    ],
)
def test_something_else_that_answers_is_not_a_provider(
    name: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    wire = Wire(body=body, status=status, headers=headers)
    error = run(refused(BOTH[name](wire)))
    assert (error.kind, error.retryable) == ("not_a_provider", False)
    assert f"providers.{name}.base_url" in error.remedy
    assert len(wire.requests) == 1


NO_ALLOWANCE = [
    "x-ratelimit-limit-req-minute",
    "x-ratelimit-limit-tokens-minute",
    "x-ratelimit-limit-req-10-second",
    "x-ratelimit-limit-tokens-10-second",
    "x-ratelimit-limit-req-month",
    "X-RateLimit-Limit-Tokens-Month",
    "ratelimitbysize-limit",
    "x-ratelimitbysize-limit-minute",
    "x-ratelimitbysize-limit-month",
]


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("header", NO_ALLOWANCE)
def test_an_allowance_of_zero_is_final_for_mistral(name: str, header: str) -> None:
    wire = Wire(body=mistral_body("Rate limit exceeded"), status=429, headers={**JSON, header: "0"})
    error = run(refused(BOTH[name](wire)))
    assert error.retryable is (name == "claude")
    assert (f"its allowance is 0 ({header.lower()})" in error.message) is (name == "codestral")


@pytest.mark.parametrize(
    ("header", "value"), [("x-ratelimit-remaining-req-minute", "0"), ("x-ratelimit-limit-req-minute", "10")]
)
def test_what_is_used_up_for_now_may_be_asked_again(header: str, value: str) -> None:
    wire = Wire(body=mistral_body("Rate limit exceeded"), status=429, headers={**JSON, header: value})
    error = run(refused(codestral(wire)))
    assert (error.kind, error.retryable) == ("rate_limited", True)


def test_the_remedy_names_the_key_the_setting_and_the_address() -> None:
    error = run(refused(claude(Wire(body=anthropic_body("x"), status=401, headers=JSON))))
    assert "ANTHROPIC_API_KEY" in error.remedy
    error = run(refused(codestral(Wire(body=b"{}", status=404, headers=JSON))))
    assert "providers.codestral" in error.remedy
    own = claude(Wire(error=httpx2.ConnectError("refused")), claude_config(base_url="http://127.0.0.1:4000/v1"))
    error = run(refused(own))
    assert "127.0.0.1:4000" in error.message
    assert "Anthropic" not in error.message


@pytest.mark.parametrize("name", BOTH)
def test_no_key_and_no_long_body_reaches_the_message(name: str) -> None:
    words = f"Bad key {KEY} and Bearer abc.def and sk-other-key-123456 " + "long " * 500
    body = anthropic_body("x", words) if name == "claude" else mistral_body(words)
    error = run(refused(BOTH[name](Wire(body=body, status=400, headers=JSON))))
    assert "Bad key •••• and •••• and •••• long" in error.message
    assert len(error.message) < LONGEST_QUOTE + 100


@settings(deadline=None)
@given(st.text())
def test_whatever_a_vendor_says_the_key_stays_out(words: str) -> None:
    remote = Remote(config=claude_config(), vendor="Anthropic", key_name="K", host="h")
    error = failure(remote, "bad_request", f"{words}{KEY}{words}")
    assert KEY not in str(error)
    assert "\n" not in error.message


@pytest.mark.parametrize("name", BOTH)
def test_half_a_surrogate_pair_does_not_reach_the_message(name: str) -> None:
    words = "Bad \ud83d word \udc00."
    body = anthropic_body("x", words) if name == "claude" else mistral_body(words)
    error = run(refused(BOTH[name](Wire(body=body, status=400, headers=JSON))))
    assert "Bad ? word ?" in error.message


@given(st.text(st.characters(exclude_categories=())))
def test_every_message_can_be_sent(words: str) -> None:
    remote = Remote(config=claude_config(), vendor="Anthropic", key_name="K", host="h")
    message = failure(remote, "bad_request", words).message
    assert message.encode("utf-8").decode("utf-8") == message


@pytest.mark.parametrize(
    ("value", "counted"),
    [(0, 0), (2**53 - 1, 2**53 - 1), (2**53, None), (10**30, None), (-1, None), (True, None), (1.0, None), ("1", None)],
)
def test_a_count_is_a_whole_number_that_makes_sense(value: object, counted: int | None) -> None:
    assert count(value) == counted


RETRY_AFTER: list[tuple[dict[str, str], float | None]] = [
    ({"retry-after": "1"}, 1.0),
    ({"retry-after": "0"}, 0.0),
    ({"retry-after": "1.5"}, 1.5),
    ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
    ({"retry-after-ms": "soon", "retry-after": "5"}, 5.0),
    ({"retry-after-ms": "-1", "retry-after": "5"}, 5.0),
    ({"retry-after": "3600"}, 3600.0),
    ({"retry-after": "99999999"}, 99_999_999.0),
    ({"retry-after": "-5"}, None),
    ({"retry-after": "nan"}, None),
    ({"retry-after": "inf"}, None),
    ({"retry-after": "soon"}, None),
    ({}, None),
    ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30.0),
    ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": "Sun, 22 Nov 2026 10:00:00 GMT"}, None),
    ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT"}, None),
    ({"retry-after": "Sun, 22 Nov 2026 10:00:30 GMT", "date": "yesterday"}, None),
]


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER)
def test_the_wish_to_wait_is_read_in_every_form(name: str, headers: dict[str, str], seconds: float | None) -> None:
    wire = Wire(body=anthropic_body("rate_limit_error"), status=429, headers={**JSON, **headers})
    assert run(refused(BOTH[name](wire))).retry_after == seconds


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_header_makes_the_wish_fail(wish: str, date: str) -> None:
    seconds = retry_after({"retry-after": wish, "date": date})
    assert seconds is None or seconds >= 0


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "msg", "loc", "type", "code"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON_VALUES)
def test_every_body_says_something_or_nothing_but_never_fails(body: object) -> None:
    assert isinstance(said(body), str)
    assert said(json.dumps(body)) == said(body) or not isinstance(body, dict | list)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectTimeout("slow"), "unreachable"),
        (httpx2.ConnectError("refused"), "unreachable"),
        (httpx2.ProxyError("407"), "unreachable"),
        (httpx2.RemoteProtocolError("gone"), "cut_off"),
        (httpx2.ReadTimeout("silent"), "timed_out"),
    ],
)
def test_a_connection_that_fails_says_which_way(name: str, error: Exception, kind: str) -> None:
    found = run(refused(BOTH[name](Wire(error=error))))
    assert (found.kind, found.retryable) == (kind, True)


@pytest.mark.parametrize("name", BOTH)
def test_a_bug_is_not_dressed_up_as_the_vendors_failure(name: str) -> None:
    wire = Wire(body=Pieces(claude_stream("{}")[:40], ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        run(drafted(BOTH[name](wire)))
