"""Time to the first text: our clocks, retries and adapter against a bare call of the vendor's SDK.

The rehearsal server runs in a process of its own and takes 0.3 s to its first token. Calls alternate, one at a time,
each on a connection that is open already where the SDK keeps one; the answer is read to its end.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable

import anthropic
import httpx2
from mistralai.client import Mistral

from benchmarks.figures import Figure, report
from benchmarks.rehearsing import configs, plan, rehearsal
from workbench.domain.events import Delta
from workbench.domain.plan import Plan
from workbench.ports import Provider, ProviderConfig
from workbench.providers import claude, codestral
from workbench.providers._wrapping import wrap

ROUNDS = 40
FIRST_TOKEN = 0.3
TOKENS = 12
FACTOR, MORE = 1.05, 2.0
"""Ours may take this many times as long as the bare call, and so many milliseconds more."""

Call = Callable[[Plan], AsyncIterator[bool]]
"""Yields for each event whether it brings text."""


def main() -> None:
    """Measure, print and write the table."""
    with rehearsal(first_token=FIRST_TOKEN, tokens_per_second=200) as url:
        figures = [asyncio.run(_figure(config)) for config in configs(url)]
    report("first-text", figures)


async def _figure(config: ProviderConfig) -> Figure:
    provider = _ours(config)

    async def our_events(asked: Plan) -> AsyncIterator[bool]:
        async for event in provider.stream(asked):
            yield isinstance(event, Delta)

    seen: tuple[list[float], list[float]] = ([], [])
    async with httpx2.AsyncClient(timeout=60) as client:
        calls: tuple[Call, Call] = (our_events, _theirs(config, client))
        for number in range(ROUNDS + 1):
            asked = plan(TOKENS, number)
            for side in (0, 1) if number % 2 else (1, 0):
                taken = await _first(calls[side](asked))
                if number:  # the first round opens the connections
                    seen[side].append(1000 * taken)
    await provider.close()
    ours, bare = (statistics.median(one) for one in seen)
    return Figure(
        what=f"{config.name}: time to first text through our stack",
        value=ours,
        unit="ms",
        limit=round(FACTOR * bare + MORE, 1),
        beside=f"bare SDK call {bare:.1f} ms: {ours / bare:.3f}×, {ours - bare:+.1f} ms; medians of {ROUNDS}",
    )


async def _first(events: AsyncIterator[bool]) -> float:
    """Seconds to the first event with text; the others are read, too."""
    began, first = time.perf_counter(), 0.0
    async for spoken in events:
        first = first or (time.perf_counter() - began if spoken else 0.0)
    return first


def _ours(config: ProviderConfig) -> Provider:
    opened = claude.open_claude(config) if config.api == "anthropic" else codestral.open_codestral(config)
    return wrap(opened, first_text=30, gap=20, whole=180, limit=100_000, attempts=3, retry_wait=60)


def _theirs(config: ProviderConfig, client: httpx2.AsyncClient) -> Call:
    claudes = anthropic.AsyncAnthropic(api_key="bare", base_url=config.base_url, max_retries=0, http_client=client)
    mistrals = Mistral(api_key="bare", server_url=config.base_url, async_client=client)

    async def messages(asked: Plan) -> AsyncIterator[bool]:
        async for event in await claudes.messages.create(**claude.request_body(asked, config, "schema"), stream=True):
            yield event.type == "content_block_delta"

    async def chat(asked: Plan) -> AsyncIterator[bool]:
        async for event in await mistrals.chat.stream_async(**codestral.request_body(asked, config)):
            yield bool(event.data.choices[0].delta.content)

    return messages if config.api == "anthropic" else chat
