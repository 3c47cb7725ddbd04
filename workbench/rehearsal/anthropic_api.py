"""Anthropic's endpoints: messages, the token counter and the list of models."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workbench.rehearsal import anthropic_models as models
from workbench.rehearsal.admission import AdmissionError, Arrival, Door, key_of
from workbench.rehearsal.allowance import BATCHED, Buckets, OverLimitError, Standing
from workbench.rehearsal.anthropic_frames import PING, Carrier, closing, opening, pieces, stop
from workbench.rehearsal.anthropic_prompt import answer_pieces, parts, scope, tool_of
from workbench.rehearsal.anthropic_rules import check, longest
from workbench.rehearsal.caching import CacheUse, Part, PrefixCache
from workbench.rehearsal.course import OWN_WORD, Course, course
from workbench.rehearsal.diagnosing import Diagnoses
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.payload import Body, compact, mapping
from workbench.rehearsal.playback import Frame, Playback, Script
from workbench.rehearsal.refusals import Refusal, RefusalError, anthropic
from workbench.rehearsal.replies import (
    anthropic_body,
    anthropic_headers,
    anthropic_refused,
    anthropic_turned_away,
    fresh,
)
from workbench.rehearsal.spoiling import spoilt
from workbench.rehearsal.writer import Writer


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
    standing: dict[str, Standing]


class AnthropicApi:
    """The Messages API over one cache, behind a door."""

    def __init__(self, pace: Pace, door: Door, writer: Writer) -> None:
        self._pace = pace
        self._writer = writer
        self._door = door
        self._cache = PrefixCache()
        self._diagnoses = Diagnoses()
        most = door.allowance.limits
        self._limits = {
            "requests": most.requests,
            "input-tokens": most.input_tokens,
            "output-tokens": most.output_tokens,
        }

    async def messages(self, request: Request) -> Response:
        """`POST /v1/messages`, streamed or whole."""
        request_id = fresh("req_")
        try:
            arrival = await self._arrived(request, drafting=True)
            async with self._writer.turn:
                answer = self._answer(arrival)
        except RefusalError as error:
            return anthropic_refused(error.refusal, request_id)
        fault = arrival.fault
        headers = {**anthropic_headers(request_id), **_standing(answer.standing), **fault.headers}
        if arrival.body.get("stream") is True and not fault.whole:
            said = {**fault.error.get("anthropic", {}), "request_id": request_id}
            return Playback(spoilt(_streamed(answer, said), fault), self._pace, headers)
        if answer.course.ending == "error":
            return anthropic_refused(anthropic(529, "Overloaded", again=True), request_id)
        return Playback(_whole(answer), self._pace, headers, media_type="application/json")

    def answer(self, body: Body, key: str, *, batched: bool = False) -> tuple[int, dict[str, object]]:
        """The status and the whole message, or the error's body, to a request without HTTP, as in a batch."""
        try:
            arrival = self._door.judge(body, key, "anthropic")
            check(body, models.LATEST, counting=False)
            answer = self._answer(arrival, batched=batched)
        except AdmissionError as error:
            return error.status, anthropic_body(anthropic_turned_away(error, key), fresh("req_"))
        except RefusalError as error:
            return error.refusal.status, anthropic_body(error.refusal, fresh("req_"))
        answer.begin()
        return 200, _message(answer)

    async def count_tokens(self, request: Request) -> Response:
        """`POST /v1/messages/count_tokens`."""
        request_id = fresh("req_")
        try:
            arrival = await self._arrived(request, drafting=False)
            total = sum(part.tokens for part in _fitting(arrival.body))
        except RefusalError as error:
            return anthropic_refused(error.refusal, request_id)
        return JSONResponse({"input_tokens": total}, headers=anthropic_headers(request_id))

    async def _arrived(self, request: Request, *, drafting: bool) -> Arrival:
        try:
            arrival = await self._door.arrival(request, "anthropic", drafting=drafting)
        except AdmissionError as error:
            raise RefusalError(anthropic_turned_away(error, key_of(request))) from None
        check(arrival.body, request.headers.get("anthropic-version", ""), counting=not drafting)
        return arrival

    def _answer(self, order: Arrival, *, batched: bool = False) -> _Answer:
        body, model = order.body, order.model
        use = self._cache.use(scope(body, order.key, model), _fitting(body), models.cache_minimum(model))
        buckets = self._charged(order, use.fresh, batched=batched)
        thinking = models.thinks(model, mapping(body.get("thinking")))
        spent_thinking = models.THINKING_TOKENS if thinking else 0
        tool = tool_of(body) if order.fault.calls_tool else {}
        limit = cast("int", body["max_tokens"])
        if limit:
            said = answer_pieces(body, self._writer, model, order.fault, tool)
            written = course(said, order.fault, limit - spent_thinking)
        else:  # it only warms the cache
            written, thinking, spent_thinking = Course(pieces=(), ending="truncated"), False, 0
        spent = written.tokens + spent_thinking
        buckets.spend({"output-tokens": spent})
        message_id = fresh("msg_")
        return _Answer(
            message={
                "model": body["model"],
                "id": message_id,
                "type": "message",
                "role": "assistant",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "stop_details": None,
                "usage": _usage(use, 1, started=True),
                "diagnostics": self._diagnoses.tell(body, order.key, model, message_id),
            },
            block=_block(tool) if limit else {},
            carrier="tool" if tool else "text",
            course=written,
            thinking=thinking,
            usage=_usage(use, spent, started=False) | _thought(thinking=thinking),
            begin=use.begin,
            standing=buckets.standing(),
        )

    def _charged(self, order: Arrival, tokens: int, *, batched: bool) -> Buckets:
        """What the key has left of the model after these. Raises RefusalError when it has not so many."""
        limits = dict.fromkeys(self._limits, BATCHED) if batched else self._limits
        buckets = self._door.allowance.of(order.key, f"batches of {order.model}" if batched else order.model, limits)
        try:
            buckets.take({"requests": 1, "input-tokens": tokens})
        except OverLimitError as error:
            raise RefusalError(_over_limit(error, buckets.standing())) from None
        return buckets


def _fitting(body: Body) -> list[Part]:
    """The prompt's parts. Raises RefusalError when they are more than the model takes."""
    found, (most, _) = parts(body), longest(str(body["model"]))
    total = sum(part.tokens for part in found)
    if total > most:
        raise RefusalError(anthropic(400, f"prompt is too long: {total} tokens > {most} maximum"))
    return found


def _block(tool: Body) -> dict[str, object]:
    if not tool:
        return {"type": "text", "text": ""}
    called = {"type": "tool_use", "id": fresh("toolu_"), "name": tool.get("name"), "input": {}}
    return {**called, "caller": {"type": "direct"}}


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


def _streamed(answer: _Answer, error: Body) -> Script:
    empty = answer.course.ending == "empty"
    block = answer.block
    return Script(
        opening=b"" if empty else opening(answer.message, answer.carrier, block, thinking=answer.thinking),
        frames=pieces(answer.course, answer.carrier, thinking=answer.thinking),
        closing=closing(answer.course, answer.carrier, answer.usage, error, thinking=answer.thinking),
        ending=answer.course.ending,
        begin=answer.begin,
        ping=PING,
    )


def _whole(answer: _Answer) -> Script:
    """The message in one piece, ready when its last token is."""
    data = compact(_message(answer)).encode()
    own = answer.course.ending in OWN_WORD
    sent = data if own else data[: len(data) // 2] if answer.course.pieces else b""
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
    message["content"] = [*(content if answer.thinking else []), *([block] if answer.block else [])]
    message["usage"] = {**mapping(answer.message["usage"]), **answer.usage}
    return message


def _input(text: str) -> Body:
    try:
        return mapping(json.loads(text))
    except ValueError:
        return {}


def _standing(standing: dict[str, Standing]) -> dict[str, str]:
    found: dict[str, str] = {}
    now = datetime.now(UTC)
    for name, bucket in standing.items():
        left = bucket.left if name == "requests" else round(bucket.left, -3)
        full = now + timedelta(seconds=bucket.full_in)
        found[f"anthropic-ratelimit-{name}-limit"] = str(bucket.limit)
        found[f"anthropic-ratelimit-{name}-remaining"] = str(left)
        found[f"anthropic-ratelimit-{name}-reset"] = f"{full:%Y-%m-%dT%H:%M:%SZ}"
    return found


def _over_limit(error: OverLimitError, standing: dict[str, Standing]) -> Refusal:
    what = f"{standing[error.bucket].limit:,} {error.bucket.replace('-', ' ')} per minute"
    message = f"This request would exceed your organization's rate limit of {what}."
    return anthropic(429, message, again=True, headers={"retry-after": str(error.seconds), **_standing(standing)})
