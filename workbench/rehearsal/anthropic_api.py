"""Anthropic's endpoints: messages, the token counter and the list of models."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workbench.rehearsal import anthropic_models as models
from workbench.rehearsal.admission import AdmissionError, body_of, fault_of, key_of, refused
from workbench.rehearsal.anthropic_frames import PING, Carrier, closing, opening, pieces, stop
from workbench.rehearsal.anthropic_prompt import answer_pieces, parts, tool_of
from workbench.rehearsal.anthropic_rules import RefusalError, check
from workbench.rehearsal.caching import CacheUse, PrefixCache
from workbench.rehearsal.faults import HEADER, Course, Fault, RateLimits, course, known
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.payload import Body, compact, mapping
from workbench.rehearsal.playback import Frame, Playback, Script
from workbench.rehearsal.writer import Writer

_KINDS: dict[int, str] = {400: "invalid_request_error", 413: "request_too_large"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A request that was let in."""

    body: Body
    key: str
    model: str
    fault: Fault | None
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What will be said, carried how, and what it costs."""

    message: dict[str, object]
    block: dict[str, object]
    carrier: Carrier
    course: Course
    thinking: bool
    usage: dict[str, object]
    begin: Callable[[], None]


class AnthropicApi:
    """The Messages API over one cache and one count of turned-away requests."""

    def __init__(self, pace: Pace, limits: RateLimits, writer: Writer) -> None:
        self._pace = pace
        self._writer = writer
        self._limits = limits
        self._cache = PrefixCache()

    async def messages(self, request: Request) -> Response:
        """`POST /v1/messages`, streamed or whole."""
        request_id = _fresh("req_")
        try:
            order = await self._admit(request, request_id, counting=False)
        except RefusalError as error:
            return _refusal(error, request_id)
        answer = self._answer(order)
        if order.body.get("stream") is True:
            script = _streamed(answer, request_id)
            return Playback(script, self._pace, _headers(order, answer))
        if answer.course.ending == "error":
            return _refusal(RefusalError(529, "overloaded_error", "Overloaded"), request_id)
        return Playback(_whole(answer), self._pace, _headers(order, answer), media_type="application/json")

    def answer(self, body: Body, key: str) -> tuple[int, dict[str, object]]:
        """The status and the whole message, or the error's body, to a request that comes without HTTP: in a batch."""
        request_id = _fresh("req_")
        try:
            order = self._let_in(body, key, "", models.LATEST, request_id, counting=False)
        except RefusalError as error:
            return error.status, _error(error, request_id)
        answer = self._answer(order)
        answer.begin()
        return 200, _message(answer)

    async def count_tokens(self, request: Request) -> Response:
        """`POST /v1/messages/count_tokens`."""
        request_id = _fresh("req_")
        try:
            order = await self._admit(request, request_id, counting=True)
        except RefusalError as error:
            return _refusal(error, request_id)
        total = sum(part.tokens for part in parts(order.body))
        return JSONResponse({"input_tokens": total}, headers={"request-id": request_id})

    async def models(self, request: Request) -> Response:
        """`GET /v1/models`."""
        request_id = _fresh("req_")
        if refused(key_of(request), ""):
            return _refusal(_key_refused(key_of(request)), request_id)
        cards = models.cards()
        listed = {"data": cards, "has_more": False, "first_id": cards[0]["id"], "last_id": cards[-1]["id"]}
        return JSONResponse(listed, headers={"request-id": request_id})

    async def _admit(self, request: Request, request_id: str, *, counting: bool) -> _Order:
        key = key_of(request)
        if refused(key, ""):
            raise _key_refused(key)
        try:
            body = await body_of(request)
        except AdmissionError as error:
            raise RefusalError(error.status, _KINDS[error.status], error.message) from None
        header, version = request.headers.get(HEADER, ""), request.headers.get("anthropic-version", "")
        return self._let_in(body, key, header, version, request_id, counting=counting)

    def _let_in(self, body: Body, key: str, header: str, version: str, request_id: str, *, counting: bool) -> _Order:
        try:
            base, fault = fault_of(header, str(body.get("model", "")))
        except AdmissionError as error:
            raise RefusalError(error.status, _KINDS[error.status], error.message) from None
        if refused(key, fault):
            raise _key_refused(key)
        check(body, version, counting=counting)
        if sum(part.tokens for part in parts(body)) > models.MAX_INPUT:
            raise RefusalError(400, "invalid_request_error", f"prompt is too long: maximum {models.MAX_INPUT} tokens")
        if fault == "overloaded":
            raise RefusalError(529, "overloaded_error", "Overloaded", {"x-should-retry": "true"})
        if fault == "rate-limit" and self._limits.turns_away(key, base):
            message = "This request would exceed your organization's rate limit of 1 request (rehearsed)."
            raise RefusalError(429, "rate_limit_error", message, {"retry-after": "1", "x-should-retry": "true"})
        return _Order(body=body, key=key, model=base, fault=known(fault), request_id=request_id)

    def _answer(self, order: _Order) -> _Answer:
        body = order.body
        thinking = models.thinks(order.model, mapping(body.get("thinking")))
        tool = tool_of(body) if order.fault != "prose" else {}
        carrier: Carrier = "tool" if tool else "text"
        limit = cast("int", body["max_tokens"]) - (models.THINKING_TOKENS if thinking else 0)
        written = course(answer_pieces(body, self._writer, order.model, order.fault, tool), order.fault, limit)
        use = self._cache_use(order)
        spent = written.tokens + (models.THINKING_TOKENS if thinking else 0)
        tool_block: dict[str, object] = {
            "type": "tool_use",
            "id": _fresh("toolu_"),
            "name": tool.get("name"),
            "input": {},
        }
        return _Answer(
            message={
                "model": body["model"],
                "id": _fresh("msg_"),
                "type": "message",
                "role": "assistant",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "stop_details": None,
                "usage": _usage(use, 1, started=True),
                "diagnostics": None,
            },
            block={**tool_block, "caller": {"type": "direct"}} if tool else {"type": "text", "text": ""},
            carrier=carrier,
            course=written,
            thinking=thinking,
            usage=_usage(use, spent, started=False) | _thought(thinking=thinking),
            begin=use.begin,
        )

    def _cache_use(self, order: _Order) -> CacheUse:
        shape = mapping(order.body.get("output_config")).get("format")
        scope = "\x00".join((order.key, order.model, compact(shape)))
        return self._cache.use(scope, parts(order.body), models.cache_minimum(order.model))


def _usage(use: CacheUse, output: int, *, started: bool) -> dict[str, object]:
    usage: dict[str, object] = {
        "input_tokens": use.uncached,
        "cache_creation_input_tokens": use.written_5m + use.written_1h,
        "cache_read_input_tokens": use.read,
    }
    if started:
        split = {"ephemeral_5m_input_tokens": use.written_5m, "ephemeral_1h_input_tokens": use.written_1h}
        usage["cache_creation"] = split
    usage["output_tokens"] = output
    return usage | {"service_tier": "standard", "inference_geo": "not_available"} if started else usage


def _thought(*, thinking: bool) -> dict[str, object]:
    return {"output_tokens_details": {"thinking_tokens": models.THINKING_TOKENS}} if thinking else {}


def _streamed(answer: _Answer, request_id: str) -> Script:
    empty = answer.course.ending == "empty"
    block = answer.block
    return Script(
        opening=b"" if empty else opening(answer.message, answer.carrier, block, thinking=answer.thinking),
        frames=pieces(answer.course, answer.carrier, thinking=answer.thinking),
        closing=closing(answer.course, answer.carrier, answer.usage, request_id, thinking=answer.thinking),
        ending=answer.course.ending,
        begin=answer.begin,
        ping=PING,
    )


def _whole(answer: _Answer) -> Script:
    """The message in one piece, ready when its last token is."""
    data = compact(_message(answer)).encode()
    accident = answer.course.ending in {"cut", "clean-end", "stall", "pings", "silent", "empty"}
    sent = b"" if answer.course.ending in {"empty", "pings", "silent"} else data[: len(data) // 2] if accident else data
    return Script(
        opening=b"",
        frames=(Frame(data=sent, after=float(answer.course.tokens)),),
        closing=b"",
        ending=answer.course.ending,
        begin=answer.begin,
    )


def _message(answer: _Answer) -> dict[str, object]:
    text = answer.course.text
    content: list[dict[str, object]] = [{"type": "thinking", "thinking": "", "signature": "UkVI"}]
    block = {**answer.block, "input": _input(text)} if answer.carrier == "tool" else {**answer.block, "text": text}
    message = answer.message | stop(answer.course, answer.carrier)
    message["content"] = [*(content if answer.thinking else []), block]
    message["usage"] = {**mapping(answer.message["usage"]), **answer.usage}
    return message


def _input(text: str) -> Body:
    try:
        return mapping(json.loads(text))
    except ValueError:
        return {}


def _headers(order: _Order, answer: _Answer) -> dict[str, str]:
    asked = cast("int", answer.usage["input_tokens"]) + cast("int", answer.usage["cache_creation_input_tokens"])
    limits = {"requests": (4_000, 1), "input-tokens": (2_000_000, asked), "output-tokens": (400_000, 0)}
    found = {"request-id": order.request_id, "anthropic-organization-id": "00000000-0000-0000-0000-000000000000"}
    for name, (limit, used) in limits.items():
        left = limit - used if name == "requests" else round(limit - used, -3)
        found[f"anthropic-ratelimit-{name}-limit"] = str(limit)
        found[f"anthropic-ratelimit-{name}-remaining"] = str(left)
    return found | {"cache-control": "no-cache"}


def _key_refused(key: str) -> RefusalError:
    message = "invalid x-api-key" if key else "x-api-key header is required"
    return RefusalError(401, "authentication_error", message)


def _refusal(error: RefusalError, request_id: str) -> Response:
    headers = {"request-id": request_id, "x-should-retry": "false", **error.headers}
    return JSONResponse(_error(error, request_id), status_code=error.status, headers=headers)


def _error(error: RefusalError, request_id: str) -> dict[str, object]:
    return {"type": "error", "error": {"type": error.kind, "message": error.message}, "request_id": request_id}


def _fresh(prefix: Literal["req_", "msg_", "toolu_"]) -> str:
    return f"{prefix}01{uuid4().hex[:22]}"
