"""The faults that are a reply instead of a draft: refused keys, limits, outages, pages of a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.rehearsal.course import Fault, Vendor
from workbench.rehearsal.refusals import Refusal, anthropic, invalid, mistral

_LIMIT = "This request would exceed your organization's rate limit of 1 request (rehearsed)."
_SPENT = "You have reached your specified API usage limits (rehearsed)."
_CAPACITY = "Service tier capacity exceeded for this model."
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_RETIRED = "2026-10-31T00:00:00Z"


def _both(claude: Refusal | None, codestral: Refusal | None) -> dict[Vendor, Refusal]:
    named: dict[Vendor, Refusal | None] = {"anthropic": claude, "mistral": codestral}
    return {vendor: refusal for vendor, refusal in named.items() if refusal is not None}


def _fault(
    name: str, says: str, claude: Refusal | None = None, codestral: Refusal | None = None, *, once: bool = False
) -> Fault:
    refusals = _both(claude, codestral)
    return Fault(name=name, says=says, vendors=tuple(refusals), refusals=refusals, once=once)


def _limited(headers: Mapping[str, str] | None = None) -> tuple[Refusal, Refusal]:
    request_count = {"x-ratelimit-limit-req-minute": "1", "x-ratelimit-remaining-req-minute": "0"}
    return (
        anthropic(429, _LIMIT, again=True, headers=headers),
        mistral(429, "Rate limit exceeded", "rate_limited", "1300", {**request_count, **(headers or {})}),
    )


def _waits() -> Iterator[Fault]:
    """429 in every way to say how long to wait."""
    waits: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("date", "an HTTP date 30 s ahead, by a server clock that is an hour fast", {"retry-after": "{later}"}),
        ("hour", "3600 s", {"retry-after": "3600"}),
        ("years", "99999999 s", {"retry-after": "99999999"}),
        ("soon", "“soon”", {"retry-after": "soon"}),
        ("negative", "-5 s", {"retry-after": "-5"}),
        ("ms", "1500 ms in `retry-after-ms`", {"retry-after-ms": "1500"}),
    )
    for name, wait, headers in waits:
        clock = {"date": "{fast}"} if name == "date" else {}
        yield _fault(f"rate-limit-{name}", f"429; `retry-after` says {wait}.", *_limited({**headers, **clock}))
    yield _fault("rate-limit-bare", "429 without a `retry-after`.", *_limited())
    yield _fault(
        "rate-limit",
        "429 with `retry-after: 1`, to the first request only.",
        *_limited({"retry-after": "1"}),
        once=True,
    )


def _nothing_allowed() -> Iterator[Fault]:
    """429 with a limit of 0, in each spelling and for each span of time there has been."""
    limits = {
        "no-allowance": "x-ratelimit-limit-req-minute",
        "no-allowance-tokens": "x-ratelimit-limit-tokens-minute",
        "no-allowance-10-seconds": "x-ratelimit-limit-req-10-second",
        "no-allowance-month": "x-ratelimit-limit-tokens-month",
        "no-allowance-by-size": "x-ratelimitbysize-limit-minute",
        "no-allowance-old": "ratelimitbysize-limit",
    }
    for name, header in limits.items():
        spent = {header: "0", header.replace("-limit", "-remaining"): "0"}
        refused = mistral(429, "Rate limit exceeded", "rate_limited", "1300", spent)
        yield _fault(name, f"429 with `{header}: 0`: waiting never helps.", None, refused)


def _server(status: int, words: str) -> tuple[Refusal, Refusal]:
    return anthropic(status, words, again=True), mistral(status, words, "internal_server_error", "3000")


def _page(status: int, title: str, headers: Mapping[str, str] | None = None) -> tuple[Refusal, Refusal]:
    page = Refusal(status=status, body=_PAGE.format(title), headers=headers or {})
    return page, page


_EXTRA: dict[str, object] = {
    "type": "extra_forbidden",
    "loc": ["body", "seed"],
    "msg": "Extra inputs are not permitted",
    "input": 7,
}

REFUSED: tuple[Fault, ...] = (
    _fault(
        "refuse-key",
        "401.",
        anthropic(401, "invalid x-api-key"),
        Refusal(status=401, body={"detail": "Invalid API Key"}),
    ),
    _fault(
        "refuse-key-other",
        "401 in its other wording.",
        anthropic(401, "API key is invalid."),
        Refusal(status=401, body={"detail": "Unauthorized"}),
    ),
    _fault(
        "unpaid",
        "402: a linked organisation's spend limit, or no payment.",
        anthropic(402, _SPENT, code="linked_organization_spend_limit_reached"),
        mistral(402, "Payment required", "payment_required", "3001"),
    ),
    _fault(
        "not-allowed",
        "403.",
        anthropic(403, "Your API key does not have permission to use the specified resource."),
        mistral(403, "You do not have access to this model", "forbidden", "1700"),
    ),
    _fault(
        "unknown-model",
        "404, or Mistral's 400: the model does not exist.",
        anthropic(404, "model: {model}"),
        mistral(400, "Invalid model: {model}", "invalid_model", "1500"),
    ),
    _fault(
        "unknown-model-404",
        "404 with a bare detail.",
        None,
        Refusal(status=404, body={"detail": "Model {model} not found"}),
    ),
    _fault(
        "retired-model",
        "404 with the headers of a deprecation, or Mistral's 400 with its own.",
        anthropic(404, "model: {model}", headers={"deprecation": "true", "sunset": "Sat, 31 Oct 2026 00:00:00 GMT"}),
        mistral(400, "Invalid model: {model}", "invalid_model", "1500", {"x-model-deprecation-timestamp": _RETIRED}),
    ),
    _fault(
        "spend-limit",
        "429 by a spend limit; waiting does not help, nothing says how long.",
        anthropic(429, _SPENT, code="enforced_spend_limit_reached"),
        None,
    ),
    *_nothing_allowed(),
    _fault(
        "too-large",
        "413.",
        anthropic(413, "Request exceeds the maximum size"),
        mistral(413, "Request entity too large", "invalid_request_error"),
    ),
    _fault(
        "too-long",
        "400: the prompt does not fit the model.",
        anthropic(400, "prompt is too long: 1048577 tokens > 1000000 maximum"),
        mistral(
            400,
            "Prompt contains 300000 tokens and 0 draft tokens, too large for model with 262144 maximum context length",
            "invalid_request_invalid_args",
            "3051",
        ),
    ),
    _fault("invalid", "422 whose message is an object.", None, invalid([_EXTRA])),
    _fault("invalid-bare", "422 with the bare detail.", None, Refusal(status=422, body={"detail": [_EXTRA]})),
    _fault(
        "invalid-text",
        "422 whose message is JSON in a string.",
        None,
        mistral(
            422,
            '{"detail":[{"loc":["body","seed"],"msg":"extra fields not permitted"}]}',
            "internal_error_proxy",
            "1000",
        ),
    ),
    *_waits(),
    _fault(
        "capacity",
        "429 that means capacity, not a limit of ours: no code.",
        None,
        mistral(429, _CAPACITY, "invalid_request_error"),
    ),
    _fault(
        "bare-error",
        "429 that says no more than “Error”.",
        anthropic(429, "Error", again=True),
        Refusal(status=429, body={"message": "Requests rate limit exceeded"}),
    ),
    _fault("server-error", "500.", *_server(500, "Internal server error")),
    _fault("bad-gateway", "502 with a proxy's HTML page.", *_page(502, "502 Bad Gateway")),
    _fault("unavailable", "503.", *_server(503, "Service unavailable")),
    _fault("gateway-timeout", "504.", *_server(504, "The request timed out")),
    _fault(
        "overloaded",
        "529, or Mistral's 503 about capacity.",
        anthropic(529, "Overloaded", again=True),
        mistral(503, _CAPACITY, "service_tier_capacity_exceeded", "3505"),
    ),
    _fault(
        "echo",
        "400 whose message holds the key and the prompt.",
        anthropic(400, "rejected with key {key}: {prompt}"),
        mistral(400, "rejected with Bearer {key}: {prompt}", "invalid_request_invalid_args", "3051"),
    ),
    _fault("html", "200 with the page of a captive portal.", *_page(200, "Sign in to this network")),
    _fault(
        "redirect",
        "307 to another host, which would get the prompt.",
        *_page(307, "Moved", {"location": "{elsewhere}"}),
    ),
)
