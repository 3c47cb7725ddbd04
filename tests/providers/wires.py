"""Providers over a scripted wire: what they send is kept, what they get is given, cut as the test likes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.running import run
from workbench.domain.events import Delta, DraftEvent, Failed, Usage
from workbench.domain.models import ModelCard
from workbench.domain.plan import Plan, Segment
from workbench.errors import ProviderError
from workbench.ports import Provider, ProviderConfig, Secret
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral

KEY = "sk-test-0123456789abcdef"
PLAN = Plan(
    segments=(
        Segment(kind="house", role="system", text="House rules."),
        Segment(kind="briefs", role="system", text="Four briefs.", breakpoint="1h"),
        Segment(kind="dossier", role="user", text="A dossier.", breakpoint="5m"),
        Segment(kind="ask", role="user", text="As the builder."),
    ),
    cache_key="workbench-1",
    max_tokens=900,
)
EVENTS = {"content-type": "text/event-stream; charset=utf-8"}


class Pieces(httpx2.AsyncByteStream):
    """A body in these pieces; an exception among them is raised, an `asyncio.Event` waited for."""

    def __init__(self, *pieces: bytes | Exception | asyncio.Event) -> None:
        self.pieces = pieces
        self.closed = False
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            if isinstance(piece, asyncio.Event):
                await piece.wait()
            else:
                self.read += 1
                yield piece

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Wire:
    """One reply for every request, and the requests."""

    body: bytes | Pieces = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: EVENTS)
    error: Exception | None = None
    requests: list[httpx2.Request] = field(default_factory=list[httpx2.Request])

    @property
    def transport(self) -> httpx2.MockTransport:
        async def answer(request: httpx2.Request) -> httpx2.Response:
            self.requests.append(request)
            if self.error is not None:
                raise self.error
            body = self.body if isinstance(self.body, Pieces) else Pieces(self.body)
            return httpx2.Response(self.status, headers=self.headers, stream=body)

        return httpx2.MockTransport(answer)

    @property
    def sent(self) -> Any:
        return json.loads(self.requests[-1].content)


def claude_config(*, base_url: str = "", model: str = "claude-sonnet-5-5", **options: str) -> ProviderConfig:
    return ProviderConfig(
        name="claude", api="anthropic", model=model, key=Secret(KEY), base_url=base_url, options=options
    )


def codestral_config(*, base_url: str = "", model: str = "codestral-2508", **options: str) -> ProviderConfig:
    return ProviderConfig(
        name="codestral", api="mistral", model=model, key=Secret(KEY), base_url=base_url, options=options
    )


def claude(wire: Wire, config: ProviderConfig | None = None) -> Provider:
    return Claude(config or claude_config(), wire.transport)


def codestral(wire: Wire, config: ProviderConfig | None = None) -> Provider:
    return Codestral(config or codestral_config(), wire.transport)


BOTH: dict[str, Callable[[Wire], Provider]] = {"claude": claude, "codestral": codestral}


async def drafted(provider: Provider, plan: Plan = PLAN) -> list[DraftEvent]:
    """Every event of one draft; the provider is closed afterwards."""
    try:
        return [event async for event in provider.stream(plan)]
    finally:
        await provider.close()


async def listed(provider: Provider) -> tuple[ModelCard, ...]:
    """The provider's models; it is closed afterwards."""
    try:
        return await provider.models()
    finally:
        await provider.close()


async def refused(provider: Provider) -> ProviderError:
    """The error the provider raises before its first event."""
    try:
        events = await drafted(provider)
    except ProviderError as error:
        return error
    raise AssertionError(f"it was not refused: {events}")


def text_of(events: Iterable[DraftEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, Delta))


def usage_of(events: Iterable[DraftEvent]) -> Usage | None:
    return next((event for event in reversed(list(events)) if isinstance(event, Usage)), None)


def sse(*frames: object, named: bool = True) -> bytes:
    """Frames as server-sent events; with `named`, each carries its type as the event's name."""
    parts: list[str] = []
    for frame in frames:
        if named and isinstance(frame, dict):
            parts.append(f"event: {frame['type']}\n")
        parts.append(f"data: {frame if isinstance(frame, str) else json.dumps(frame, ensure_ascii=False)}\n\n")
    return "".join(parts).encode()


def claude_start(model: str = "claude-sonnet-5-5", **usage: object) -> dict[str, object]:
    return {"type": "message_start", "message": {"model": model, "content": [], "usage": usage}}


def claude_text(*pieces: str) -> list[dict[str, object]]:
    opening: dict[str, object] = {
        "type": "content_block_start",
        "index": 0,
        "content_block": {"type": "text", "text": ""},
    }
    deltas: list[dict[str, object]] = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}} for piece in pieces
    ]
    return [opening, *deltas, {"type": "content_block_stop", "index": 0}]


def claude_end(reason: str = "end_turn", **usage: object) -> list[dict[str, object]]:
    return [
        {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage},
        {"type": "message_stop"},
    ]


def claude_stream(*pieces: str, reason: str = "end_turn") -> bytes:
    return sse(claude_start(input_tokens=7), *claude_text(*pieces), *claude_end(reason, output_tokens=3))


def chunk(content: object = None, finish: str | None = None, **more: object) -> dict[str, object]:
    delta = {} if content is None else {"content": content}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "model": "codestral-2508", "choices": [choice], **more}


def codestral_stream(*pieces: str, finish: str = "stop") -> bytes:
    chunks = [chunk(piece, p="abc") for piece in pieces]
    usage = {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14}
    return sse(chunk(""), *chunks, chunk("", finish, usage=usage), "[DONE]", named=False)


STREAMS: dict[str, Callable[..., bytes]] = {"claude": claude_stream, "codestral": codestral_stream}


def of_claude(*frames: object, config: ProviderConfig | None = None) -> list[DraftEvent]:
    return run(drafted(claude(Wire(body=sse(*frames)), config)))


def of_codestral(*frames: object) -> list[DraftEvent]:
    return run(drafted(codestral(Wire(body=sse(*frames, named=False)))))


def last_failure(events: list[DraftEvent]) -> str:
    last = events[-1]
    assert isinstance(last, Failed)
    assert last.remedy
    return last.failure
