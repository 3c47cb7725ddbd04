"""Processor time of one streamed event: ours against the barest reader of the same bytes and the vendors' own.

The bytes are the rehearsal server's, captured once and served from memory, one chunk for each event, so that neither
sockets nor the server blur the figures. Ours is what a draft takes on its way to a page that looks at every piece:
adapter, fold, and the partial parse of the whole text; theirs is iteration alone. Time is the loop thread's, from the
first event.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import statistics
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import anthropic
import httpx2
from mistralai.client import Mistral

from benchmarks.figures import Figure, report
from benchmarks.rehearsing import PATHS, configs, plan
from benchmarks.shipped import as_shipped
from workbench.domain.draft import Draft, Origin, advance
from workbench.domain.events import DraftEvent
from workbench.domain.ids import Digest, DraftId, PersonaId, ProviderName, RunId, ToolId
from workbench.domain.plan import Plan
from workbench.ports import Provider, ProviderConfig
from workbench.providers import claude, codestral
from workbench.providers._wrapping import wrap
from workbench.rehearsal.server import RehearsalServer
from workbench.services.live import Feed

ROUNDS = 21
URL = "http://tape.invalid"
LENGTHS = (600, 120)
"""Tokens of the answers."""
BARE, OURS, THEIRS = (
    "bare EventSource and json.loads",
    "ours: adapter, fold, partial parse",
    "the vendor's own iterator",
)
ADAPTER, UNSEEN = "of it: the adapter alone", "of it: adapter and fold, when nobody looks"
WRAPPED = "more than it: with clocks and retries, too"
AGAINST_BARE = 2.0
AGAINST_THEIRS = {"anthropic": 1.2, "mistral": 0.15}

Events = AsyncIterator[object]
Side = Callable[[], tuple[Events, Callable[[Any], None]]]


class Tape(httpx2.AsyncBaseTransport):
    """Answers every request with the same stream, one chunk for each event."""

    def __init__(self, data: bytes) -> None:
        self.chunks = [one + b"\n\n" for one in data.split(b"\n\n") if one]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The stream."""
        del request
        headers = {"content-type": "text/event-stream; charset=utf-8"}
        return httpx2.Response(200, headers=headers, stream=_Chunks(self.chunks))


class _Chunks(httpx2.AsyncByteStream):
    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        for chunk in self._chunks:
            yield chunk


def main() -> None:
    """Measure, print and write the table."""
    found: list[Figure] = []
    for config in configs(URL):
        for length in LENGTHS:
            asked = plan(length)
            tape = Tape(_captured(config, asked))
            found += _figures(config, f"{length} tokens", len(tape.chunks), asyncio.run(_measured(config, asked, tape)))
    report("events", found)


def _figures(config: ProviderConfig, length: str, events: int, spent: dict[str, float]) -> list[Figure]:
    head = f"{config.name}, {length}"
    each = {name: 1e6 * seconds / events for name, seconds in spent.items()}
    ratios = {BARE: AGAINST_BARE, THEIRS: AGAINST_THEIRS[config.api]}
    found = [
        Figure(
            what=f"{head}: ours / {'bare' if base == BARE else 'vendor'}",
            value=spent[OURS] / spent[base],
            unit="×",
            limit=limit,
            beside=f"{each[OURS]:.0f} µs / {each[base]:.0f} µs for each of {events} events",
        )
        for base, limit in ratios.items()
    ]
    return found + [Figure(what=f"{head}, {part}", value=each[part], unit="µs") for part in (ADAPTER, UNSEEN, WRAPPED)]


def _captured(config: ProviderConfig, asked: Plan) -> bytes:
    """The server's bytes to this plan, at no pace."""
    body = (
        claude.request_body(asked, config, "schema")
        if config.api == "anthropic"
        else codestral.request_body(asked, config)
    )
    server = RehearsalServer(first_token=0, tokens_per_second=100_000)
    url = server.start()
    try:
        answer = httpx2.post(
            url + PATHS[config.api],
            json={**body, "stream": True},
            headers={"authorization": "Bearer rehearsal", "anthropic-version": "2026-10-21"},
        )
    finally:
        server.stop()
    return answer.raise_for_status().content


async def _measured(config: ProviderConfig, asked: Plan, tape: Tape) -> dict[str, float]:
    """Seconds of processor time for a whole stream but its first event, by side: medians of interleaved rounds."""
    sides = _sides(config, asked, tape)
    seen: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    gc.freeze()  # the SDKs' half a million objects are nobody's garbage
    for number in range(ROUNDS + 1):
        random.shuffle(order)
        for name in order:
            gc.collect()
            with as_shipped() if name == THEIRS else nullcontext():
                spent = await _spent(*sides[name]())
            if number:  # the first round only warms up
                seen[name].append(spent)
    return {name: statistics.median(spent) for name, spent in seen.items()}


async def _spent(events: Events, each: Callable[[Any], None]) -> float:
    each(await anext(events))
    began = time.thread_time()
    async for event in events:
        each(event)
    return time.thread_time() - began


def _sides(config: ProviderConfig, asked: Plan, tape: Tape) -> dict[str, Side]:
    bare = httpx2.AsyncClient(transport=tape, base_url=URL)
    ours: Provider = (claude.Claude if config.api == "anthropic" else codestral.Codestral)(config, tape)
    wrapped = wrap(ours, first_text=30, gap=20, whole=180, limit=100_000, attempts=3, retry_wait=60)
    theirs = _anthropics(config, asked, tape) if config.api == "anthropic" else _mistrals(config, asked, tape)
    return {
        BARE: lambda: (_bare(bare, PATHS[config.api]), _nothing),
        ADAPTER: lambda: (ours.stream(asked), _nothing),
        UNSEEN: lambda: (ours.stream(asked), _Folded(seen=False).take),
        OURS: lambda: (ours.stream(asked), _Folded(seen=True).take),
        WRAPPED: lambda: (wrapped.stream(asked), _Folded(seen=True).take),
        THEIRS: lambda: (theirs(), _nothing),
    }


async def _bare(client: httpx2.AsyncClient, path: str) -> AsyncGenerator[object]:
    async with client.stream("POST", path) as response:
        async for event in httpx2.EventSource(response):
            yield event.data if event.data == "[DONE]" else json.loads(event.data)


def _anthropics(config: ProviderConfig, asked: Plan, tape: Tape) -> Callable[[], Events]:
    client = anthropic.AsyncAnthropic(
        api_key="rehearsal", base_url=URL, max_retries=0, http_client=httpx2.AsyncClient(transport=tape)
    )
    body = claude.request_body(asked, config, "schema")

    async def events() -> AsyncGenerator[object]:
        async for event in await client.messages.create(**body, stream=True):
            yield event

    return events


def _mistrals(config: ProviderConfig, asked: Plan, tape: Tape) -> Callable[[], Events]:
    client = Mistral(api_key="rehearsal", server_url=URL, async_client=httpx2.AsyncClient(transport=tape))
    body = codestral.request_body(asked, config)

    async def events() -> AsyncGenerator[object]:
        async for event in await client.chat.stream_async(**body):
            yield event

    return events


class _Folded:
    """What the engine does with each event, and a page that is open (`seen`) with what came of it."""

    def __init__(self, *, seen: bool) -> None:
        self._feed = Feed()
        self._draft = Draft(origin=ORIGIN)
        self._seen = seen

    def take(self, event: DraftEvent) -> None:
        self._draft = advance(self._draft, event, datetime.now(UTC))
        self._feed.publish(self._draft)
        snapshot = self._feed.get(self._draft.id)
        if self._seen and snapshot is not None:
            _ = snapshot.review


def _nothing(_event: object) -> None:
    return


ORIGIN = Origin(
    id=DraftId("0" * 16),
    run_id=RunId("0" * 16),
    tool_id=ToolId("lantern-0"),
    persona_id=PersonaId("builder"),
    provider=ProviderName("claude"),
    model="model",
    take=1,
    dossier_digest=Digest(""),
    persona_digest=Digest(""),
    plan_digest=Digest(""),
    rehearsal=True,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
