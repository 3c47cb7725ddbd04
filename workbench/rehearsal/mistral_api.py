"""Mistral's endpoints: chat completions and the list of models."""

from __future__ import annotations

from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from workbench.domain.review import as_json
from workbench.rehearsal import tokens
from workbench.rehearsal.admission import AdmissionError, Arrival, Door
from workbench.rehearsal.allowance import BATCHED, OverLimitError, Standing
from workbench.rehearsal.caching import KeyedCache
from workbench.rehearsal.course import Fault, course
from workbench.rehearsal.mistral_frames import Answer, completion, streamed, whole
from workbench.rehearsal.mistral_rules import CONTEXT, check, too_long
from workbench.rehearsal.obeying import obey
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.payload import Body, compact, items, mapping, texts
from workbench.rehearsal.playback import Playback
from workbench.rehearsal.refusals import Refusal, RefusalError, mistral
from workbench.rehearsal.replies import mistral_headers, mistral_refused, mistral_turned_away
from workbench.rehearsal.second import reading, reads
from workbench.rehearsal.spoiling import spoilt
from workbench.rehearsal.writer import Writer


class MistralApi:
    """Chat completions over one cache, behind a door."""

    def __init__(self, pace: Pace, door: Door, writer: Writer, *, misses: float = 0) -> None:
        self._pace = pace
        self._writer = writer
        self._door = door
        self._cache = KeyedCache(misses)
        most = door.allowance.limits
        self._limits = {"req-minute": most.requests, "tokens-minute": most.input_tokens}

    async def chat(self, request: Request) -> Response:
        """`POST /v1/chat/completions`, streamed or whole."""
        try:
            arrival = await self._door.arrival(request, "mistral", drafting=True)
            check(arrival.body)
            async with self._writer.turn:
                answer = self._answer(arrival)
        except AdmissionError as error:
            return mistral_refused(mistral_turned_away(error))
        except RefusalError as error:
            return mistral_refused(error.refusal)
        fault = arrival.fault
        headers = {**mistral_headers(), **_standing(answer.standing), **fault.headers}
        headers["x-ratelimit-tokens-query-cost"] = str(answer.cost)
        if arrival.body.get("stream") is True and not fault.whole:
            return Playback(spoilt(streamed(answer), fault), self._pace, headers)
        if answer.course.ending == "error":
            return mistral_refused(mistral(503, "Service unavailable", "internal_server_error", "3000"))
        return Playback(whole(answer), self._pace, headers, media_type="application/json")

    def answer(self, body: Body, key: str, *, batched: bool = False) -> tuple[int, dict[str, object]]:
        """The status and the completion, or the error's body, to a request without HTTP, as in a batch."""
        try:
            arrival = self._door.judge(body, key, "mistral")
            check(arrival.body)
            answer = self._answer(arrival, batched=batched)
        except AdmissionError as error:
            return error.status, dict(mapping(mistral_turned_away(error).body))
        except RefusalError as error:
            return error.refusal.status, dict(mapping(error.refusal.body))
        answer.begin()
        return 200, completion(answer)

    def _answer(self, order: Arrival, *, batched: bool = False) -> Answer:
        body, prompt = order.body, prompt_of(order.body)
        cached, begin = 0, _nothing
        cache_key = body.get("prompt_cache_key")
        if isinstance(cache_key, str) and cache_key:
            scope = f"{order.key}\x00{order.model}\x00{cache_key}"
            cached, begin = self._cache.use(scope, prompt, tokens.CHARACTERS)
        asked = tokens.tokens_in(prompt)
        if asked > CONTEXT:
            raise RefusalError(too_long(asked))
        limits = dict.fromkeys(self._limits, BATCHED) if batched else self._limits
        buckets = self._door.allowance.of(order.key, f"batches of {order.model}" if batched else order.model, limits)
        try:
            buckets.take({"req-minute": 1, "tokens-minute": asked - cached})
        except OverLimitError as error:
            raise RefusalError(_over_limit(error, buckets.standing())) from None
        limit = body.get("max_tokens")
        said = _pieces(body, self._writer, order.model, order.fault)
        written = course(said, order.fault, limit if isinstance(limit, int) else None)
        buckets.spend({"tokens-minute": written.tokens})
        usage: dict[str, object] = {
            "prompt_tokens": asked,
            "total_tokens": asked + written.tokens,
            "completion_tokens": written.tokens,
            "prompt_tokens_details": {"cached_tokens": cached},
            "service_tier": "standard",
        }
        return Answer(
            id=uuid4().hex,
            model=body["model"],
            course=written,
            usage=usage,
            cost=asked + written.tokens - cached,
            tool=_tool(body) if order.fault.calls_tool else "",
            error=order.fault.error.get("mistral", {}),
            begin=begin,
            standing=buckets.standing(),
        )


def _nothing() -> None:
    """What begins when there is nothing to cache."""


def prompt_of(body: Body) -> str:
    """What a request says in all, as its tokens are counted."""
    messages = [mapping(message) for message in items(body.get("messages"))]
    tools = compact(body["tools"]) if body.get("tools") else ""
    return tools + "".join(f"[{one.get('role')}]{''.join(texts(one.get('content')))}" for one in messages)


def _pieces(body: Body, writer: Writer, model: str, fault: Fault) -> list[tokens.Piece]:
    messages = [mapping(message) for message in items(body.get("messages"))]
    said = [(str(one.get("role")), "\n\n".join(texts(one.get("content")))) for one in messages]
    if reads(mapping(mapping(body.get("response_format")).get("json_schema")).get("schema")):
        return tokens.cut(reading(said), tokens.CHAT)
    system = "\n\n".join(text for role, text in said if role == "system")
    turns = [turn for turn in said if turn[0] != "system"]
    review = writer.write(system, turns, model)
    if fault.obeys:
        review = obey(review, system, "\n\n".join(text for _, text in turns))
    shaped = mapping(body.get("response_format")).get("type") in ("json_schema", "json_object") or bool(_tool(body))
    text = fault.said(review) if fault.said else as_json(review) if shaped else review.quote
    return tokens.cut(text, tokens.CHAT)


def _tool(body: Body) -> str:
    """The name of the tool the answer goes into; empty when it goes into the text."""
    if body.get("response_format") is not None or body.get("tool_choice") == "none":
        return ""
    names = (mapping(mapping(tool).get("function")).get("name") for tool in items(body.get("tools")))
    return next((name for name in names if isinstance(name, str)), "")


def _standing(standing: dict[str, Standing]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, bucket in standing.items():
        found[f"x-ratelimit-limit-{name}"] = str(bucket.limit)
        found[f"x-ratelimit-remaining-{name}"] = str(bucket.left)
    return found


def _over_limit(error: OverLimitError, standing: dict[str, Standing]) -> Refusal:
    """Too many requests are told by their own pair of headers alone; how long to wait is never said."""
    told = {name: one for name, one in standing.items() if error.bucket in {name, "tokens-minute"}}
    return mistral(429, "Rate limit exceeded", "rate_limited", "1300", _standing(told))
