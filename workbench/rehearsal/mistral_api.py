"""Mistral's endpoints: chat completions and the list of models."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4
from zlib import crc32

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workbench.rehearsal import tokens
from workbench.rehearsal.admission import AdmissionError, body_of, fault_of, key_of, refused
from workbench.rehearsal.caching import KeyedCache
from workbench.rehearsal.composer import as_json
from workbench.rehearsal.faults import HEADER, STRAY, Course, Ending, Fault, RateLimits, course, known
from workbench.rehearsal.mistral_rules import TurnedDownError, check, failure
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.payload import Body, compact, items, mapping, quoted, texts
from workbench.rehearsal.playback import Frame, Playback, Script
from workbench.rehearsal.writer import Writer

_PADDING = "abcdefghijklmnopqrstuvwxyz0123456789"
_STOPS: dict[Ending, str] = {"complete": "stop", "truncated": "length", "refused": "error"}
_PING = b": still here\n\n"
_DONE = b"data: [DONE]\n\n"
_ALIASES = ["codestral-latest", "mistral-code-latest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What will be said, what it costs, and what to call when it begins."""

    id: str
    model: object
    course: Course
    usage: dict[str, object]
    cost: int
    tool: str
    begin: Callable[[], None]


class MistralApi:
    """Chat completions over one cache and one count of turned-away requests."""

    def __init__(self, pace: Pace, limits: RateLimits, writer: Writer) -> None:
        self._pace = pace
        self._writer = writer
        self._limits = limits
        self._cache = KeyedCache()

    async def chat(self, request: Request) -> Response:
        """`POST /v1/chat/completions`, streamed or whole."""
        trace = {"mistral-correlation-id": str(uuid4())}
        try:
            body, base, fault = await self._admit(request)
        except TurnedDownError as error:
            return JSONResponse(error.body, status_code=error.status, headers=trace | error.headers)
        answer = self._answer(body, key_of(request), base, fault)
        headers = trace | _headers(answer)
        if body.get("stream") is True:
            return Playback(_streamed(answer), self._pace, headers)
        if answer.course.ending == "error":
            return JSONResponse(_capacity().body, status_code=503, headers=trace)
        return Playback(_whole(answer), self._pace, headers, media_type="application/json")

    def answer(self, body: Body, key: str) -> tuple[int, dict[str, object]]:
        """The status and the completion, or the error's body, to a request that comes without HTTP: in a batch."""
        try:
            base, fault = self._let_in(body, key, "")
        except TurnedDownError as error:
            return error.status, error.body
        answer = self._answer(body, key, base, fault)
        answer.begin()
        return 200, _completion(answer)

    async def models(self, request: Request) -> Response:
        """`GET /v1/models`; each alias is listed again as a model of its own."""
        trace = {"mistral-correlation-id": str(uuid4())}
        if refused(key_of(request), ""):
            return JSONResponse(_key_refused().body, status_code=401, headers=trace)
        cards = [_card(name) for name in ("codestral-2508", *_ALIASES)]
        return JSONResponse({"object": "list", "data": cards}, headers=trace)

    async def _admit(self, request: Request) -> tuple[Body, str, Fault | None]:
        key = key_of(request)
        if refused(key, ""):
            raise _key_refused()
        try:
            body = await body_of(request)
        except AdmissionError as error:
            raise failure(error.status, error.message, "invalid_request_error", "3000") from None
        return body, *self._let_in(body, key, request.headers.get(HEADER, ""))

    def _let_in(self, body: Body, key: str, header: str) -> tuple[str, Fault | None]:
        try:
            base, fault = fault_of(header, str(body.get("model", "")))
        except AdmissionError as error:
            raise failure(error.status, error.message, "invalid_request_error", "3000") from None
        if refused(key, fault):
            raise _key_refused()
        check(body)
        if fault == "overloaded":
            raise _capacity()
        if fault == "rate-limit" and self._limits.turns_away(key, base):
            turned_down = failure(429, "Rate limit exceeded", "rate_limited", "1300")
            turned_down.headers = {
                "retry-after": "1",
                "x-ratelimit-limit-req-minute": "1",
                "x-ratelimit-remaining-req-minute": "0",
            }
            raise turned_down
        return base, known(fault)

    def _answer(self, body: Body, key: str, base: str, fault: Fault | None) -> _Answer:
        prompt = _prompt(body)
        limit = body.get("max_tokens")
        written = course(_pieces(body, self._writer, base, fault), fault, limit if isinstance(limit, int) else None)
        cached, begin = 0, _nothing
        cache_key = body.get("prompt_cache_key")
        if isinstance(cache_key, str) and cache_key:
            scope = f"{key}\x00{base}\x00{cache_key}"
            cached, begin = self._cache.use(scope, prompt, tokens.CHARACTERS)
        asked = tokens.tokens_in(prompt)
        usage: dict[str, object] = {
            "prompt_tokens": asked,
            "total_tokens": asked + written.tokens,
            "completion_tokens": written.tokens,
            "prompt_tokens_details": {"cached_tokens": cached},
            "service_tier": "standard",
        }
        return _Answer(
            id=uuid4().hex,
            model=body["model"],
            course=written,
            usage=usage,
            cost=asked + written.tokens - cached,
            tool=_tool(body) if fault != "prose" else "",
            begin=begin,
        )


def _nothing() -> None:
    """What begins when there is nothing to cache."""


def _prompt(body: Body) -> str:
    messages = [mapping(message) for message in items(body.get("messages"))]
    return "".join(f"[{one.get('role')}]{''.join(texts(one.get('content')))}" for one in messages)


def _pieces(body: Body, writer: Writer, model: str, fault: Fault | None) -> list[tokens.Piece]:
    said = {"system": "", "user": ""}
    for message in map(mapping, items(body.get("messages"))):
        role = str(message.get("role"))
        if role in said:
            said[role] += "\n\n" + "\n\n".join(texts(message.get("content")))
    review = writer.write(said["system"], said["user"], model)
    shaped = mapping(body.get("response_format")).get("type") in {"json_schema", "json_object"} or bool(_tool(body))
    if fault == "prose" or not shaped:
        return tokens.cut(review.quote, tokens.CHAT)
    return tokens.cut(STRAY if fault == "bad-shape" else as_json(review), tokens.CHAT)


def _tool(body: Body) -> str:
    """The name of the tool the answer goes into; empty when it goes into the text."""
    if body.get("response_format") is not None or body.get("tool_choice") == "none":
        return ""
    names = (mapping(mapping(tool).get("function")).get("name") for tool in items(body.get("tools")))
    return next((name for name in names if isinstance(name, str)), "")


def _streamed(answer: _Answer) -> Script:
    ended = answer.course.ending
    role = _chunk(answer, {"role": "assistant", "content": ""}, None, padded=False)
    return Script(
        opening=b"" if ended == "empty" else role,
        frames=_frames(answer),
        closing=_error_frame() if ended == "error" else _DONE if ended in _STOPS else b"",
        ending=ended,
        begin=answer.begin,
        ping=_PING,
    )


def _frames(answer: _Answer) -> tuple[Frame, ...]:
    """The deltas; the last carries why it stopped and the usage. A tool call comes whole, in one chunk."""
    stop = _STOPS.get(answer.course.ending)
    if answer.tool:
        delta: dict[str, object] = {"tool_calls": [_call(answer)]}
        reason = "tool_calls" if stop == "stop" else stop
        whole = _chunk(answer, delta, reason) if reason else b""
        return (Frame(data=whole, after=float(answer.course.tokens)),)
    chunk = _cut_open(answer)
    found = [Frame(data=chunk(quoted(piece.text)), after=piece.after) for piece in answer.course.pieces]
    if stop is not None:
        found.append(Frame(data=_chunk(answer, {"content": ""}, stop), after=float(answer.course.tokens)))
    return tuple(found)


def _cut_open(answer: _Answer) -> Callable[[str], bytes]:
    """The chunk of each piece, given as JSON: written once, since most of a stream is these."""
    mark = "\x00"
    whole = _chunk(answer, {"content": mark}, None, padded=False).decode()
    head, _, tail = whole.partition(quoted(mark))

    def chunk(text: str) -> bytes:
        padding = _padding('{"content":' + text + "}")
        return f'{head}{text}{tail[:-3]},"p":"{padding}"}}\n\n'.encode()

    return chunk


def _call(answer: _Answer) -> dict[str, object]:
    function = {"name": answer.tool, "arguments": answer.course.text}
    return {"id": answer.id[:9], "type": "function", "index": 0, "function": function}


def _chunk(answer: _Answer, delta: dict[str, object], stop: str | None, *, padded: bool = True) -> bytes:
    data: dict[str, object] = {
        "id": answer.id,
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": answer.model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": stop}],
    }
    if stop is not None:
        data["usage"] = answer.usage
    if padded:
        data["p"] = _padding(compact(delta))
    return f"data: {compact(data)}\n\n".encode()


def _padding(delta: str) -> str:
    return _PADDING[: 1 + crc32(delta.encode()) % len(_PADDING)]


def _error_frame() -> bytes:
    return f"data: {compact(_capacity().body)}\n\n".encode()


def _whole(answer: _Answer) -> Script:
    """The completion in one piece, ready when its last token is."""
    ended = answer.course.ending
    data = compact(_completion(answer)).encode()
    sent = data if ended in _STOPS else b"" if ended in {"empty", "pings", "silent"} else data[: len(data) // 2]
    frame = Frame(data=sent, after=float(answer.course.tokens))
    return Script(opening=b"", frames=(frame,), closing=b"", ending=ended, begin=answer.begin)


def _completion(answer: _Answer) -> dict[str, object]:
    ended = answer.course.ending
    called = bool(answer.tool)
    message = {
        "role": "assistant",
        "tool_calls": [_call(answer)] if called else None,
        "content": "" if called else answer.course.text,
    }
    stop = "tool_calls" if called and ended == "complete" else _STOPS.get(ended, "stop")
    return {
        "id": answer.id,
        "object": "chat.completion",
        "created": int(time.time()),
        "model": answer.model,
        "usage": answer.usage,
        "choices": [{"index": 0, "finish_reason": stop, "message": message}],
    }


def _headers(answer: _Answer) -> dict[str, str]:
    return {
        "x-ratelimit-limit-req-minute": "125",
        "x-ratelimit-remaining-req-minute": "124",
        "x-ratelimit-limit-tokens-minute": "625000",
        "x-ratelimit-remaining-tokens-minute": str(max(0, 625_000 - answer.cost)),
        "x-ratelimit-tokens-query-cost": str(answer.cost),
    }


def _key_refused() -> TurnedDownError:
    return TurnedDownError(401, {"detail": "Invalid API Key"})


def _capacity() -> TurnedDownError:
    return failure(503, "Service tier capacity exceeded for this model.", "service_tier_capacity_exceeded", "3505")


def _card(name: str) -> dict[str, object]:
    return {
        "id": name,
        "object": "model",
        "created": 1_756_339_200,
        "owned_by": "mistralai",
        "capabilities": {"completion_chat": True, "function_calling": True, "completion_fim": False, "vision": False},
        "name": "codestral-2508",
        "description": "Rehearsal: drafts composed by rule.",
        "max_context_length": 256_000,
        "aliases": [alias for alias in ("codestral-2508", *_ALIASES) if alias != name],
        "deprecation": None,
        "deprecation_replacement_model": None,
        "default_model_temperature": 0.3,
        "type": "base",
    }
