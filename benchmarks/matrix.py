"""A hundred tools × four personas × two providers through the real engine: wall, processor time, bill, memory.

The rehearsal server runs in a process of its own; 32 drafts of each provider stream at once. Its first token comes
after 0.3 s, the others 12 ms apart, and the token limit cuts every answer at 120: drafts end as `truncated`, all of
the same length. Beside it, in the same run, the same requests in the barest loops: over the vendors' SDKs, and over
httpx2 alone, which shows what the server and the machine can do at all.
"""

from __future__ import annotations

import asyncio
import gc
import json
import math
import time
import tracemalloc
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import anthropic
import httpx2
from mistralai.client import Mistral

from benchmarks import sized
from benchmarks.figures import Figure, report
from benchmarks.rehearsing import PATHS, configs, rehearsal
from benchmarks.shipped import as_shipped
from workbench.bootstrap import Workbench, build
from workbench.clock import SystemClock
from workbench.domain import models
from workbench.domain.events import Usage
from workbench.domain.forecast import weight
from workbench.domain.plan import LAYOUTS, compose
from workbench.providers import claude, codestral
from workbench.rehearsal.tokens import tokens_in
from workbench.services.planning import Job
from workbench.settings import BudgetSettings, DraftingSettings, ProviderSettings, Settings

TOOLS = 100
AT_ONCE = 32
FIRST_TOKEN, PER_TOKEN, TOKENS = 0.3, 0.012, 120
ONE = FIRST_TOKEN + PER_TOKEN * TOKENS
WALL, CPU, BILL, MEMORY = 1.06, 12.0, 16.8, 20.0
TRACED = 500
"""Drafts whose memory is traced."""
Senders = dict[str, Callable[[Job], AsyncGenerator[object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """A matrix from start to end, in seconds."""

    wall: float
    cpu: float


def main() -> None:
    """Measure, print and write the table."""
    with (
        TemporaryDirectory() as folder,
        rehearsal(first_token=FIRST_TOKEN, tokens_per_second=1 / PER_TOKEN) as url,
        rehearsal(first_token=0, tokens_per_second=100_000) as fast,
    ):
        figures = [*_matrix(Path(folder), url), _memory(Path(folder), fast)]
    report("matrix", figures)


def _matrix(folder: Path, url: str) -> list[Figure]:
    with _workbench(folder, url) as bench:
        began = time.perf_counter()
        jobs = [_cut(job) for job in bench.planning.plan(_jobs(bench, range(TOOLS))).jobs]
        planned = time.perf_counter() - began
        _draft(bench, [_other(job) for job in jobs[:8]])  # the SDKs are imported, the clients open
        before = _resident()
        took, usages = _draft(bench, jobs)
        grown = _resident() - before
        bills = _bills(bench, jobs, usages)
    with as_shipped():
        sdks = asyncio.run(_all(_sdks, url, jobs))
    theirs = {"the vendors' SDKs": sdks, "httpx2": asyncio.run(_all(_bare, url, jobs))}
    ideal = math.ceil(len(jobs) / (2 * AT_ONCE)) * ONE
    each = 1e3 / len(jobs)
    walls = [
        Figure(
            what=f"{len(jobs)} drafts, {2 * AT_ONCE} at once: wall against the ideal",
            value=took.wall / ideal,
            unit="×",
            limit=WALL,
            beside=f"{took.wall:.1f} s of {ideal:.1f} s; planned in {planned:.2f} s",
        ),
        *(
            Figure(what=f"the same in a bare loop over {name}: wall", value=one.wall / ideal, unit="×")
            for name, one in theirs.items()
        ),
        Figure(
            what="processor time of the workbench for each draft",
            value=took.cpu * each,
            unit="ms",
            limit=CPU,
            beside=f"the process grew by {grown / 1e6:.1f} MB",
        ),
        *(
            Figure(what=f"the same in a bare loop over {name}: processor time", value=one.cpu * each, unit="ms")
            for name, one in theirs.items()
        ),
    ]
    return walls + bills


def _bills(bench: Workbench, jobs: Sequence[Job], usages: Sequence[Usage]) -> list[Figure]:
    """What Claude's prompts cost against prompts without a cache, which would hold their own brief only."""
    mine = [(job, usage) for job, usage in zip(jobs, usages, strict=True) if job.provider.api == "anthropic"]
    prompts, personas = bench.library.prompts(), bench.library.personas()
    alone = sum(
        tokens_in(part.text)
        for job, _ in mine
        for part in compose(prompts, personas, job.persona, job.dossier, LAYOUTS[-1]).segments
    )
    spent = [usage for _, usage in mine]
    prompt = sum(one.prompt_tokens for one in spent)
    read = sum(one.cache_read_tokens for one in spent)
    written = sum(one.prompt_tokens - one.cache_read_tokens - one.input_tokens for one in spent)
    planned = [job.forecast.usage for job, _ in mine if job.forecast is not None]
    found: list[Figure] = []
    for model in ("claude-sonnet-5-5", "claude-haiku-5-5"):
        facts = models.facts("anthropic", model)
        assert facts is not None
        found.append(
            Figure(
                what=f"Claude's input against no caching, reads at {facts.read:g}×",
                value=100 * weight(spent, facts) / alone,
                unit="%",
                limit=BILL,
                beside=f"{100 * weight(spent, facts) / prompt:.1f}% of the same tokens uncached; "
                f"planned {100 * weight(planned, facts) / alone:.1f}%; {read:,} tokens read, {written:,} written",
            )
        )
    return found


def _memory(folder: Path, url: str) -> Figure:
    """What finished drafts leave behind while the workbench stays open, for a thousand of them."""
    tools = math.ceil(TRACED / 8)
    with _workbench(folder, url, at_once=8) as bench:  # tracing slows us down, and connecting has a limit
        warming, jobs = (list(_jobs(bench, range(first, first + tools))) for first in (0, tools))
        _draft(bench, warming[:80])
        gc.collect()
        tracemalloc.start()
        _draft(bench, warming[80:160])
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        _draft(bench, jobs)
        gc.collect()
        held = (tracemalloc.get_traced_memory()[0] - before) / len(jobs)
        tracemalloc.stop()
    return Figure(
        what="memory held by 1,000 finished drafts",
        value=held / 1e3,
        unit="MB",
        limit=MEMORY,
        beside=f"{held / 1e3:.1f} kB each, of {len(jobs)} whole answers",
    )


@contextmanager
def _workbench(folder: Path, url: str, at_once: int = AT_ONCE) -> Generator[Workbench]:
    """A workbench over a fresh workspace, with both providers at `url`."""
    place = folder / f"{len(list(folder.iterdir()))}"
    place.mkdir()
    sized.library(place)
    providers = {
        one.name: ProviderSettings.model_validate(
            {"api": one.api, "model": one.model, "base_url": one.base_url, **one.options}
        )
        for one in configs(url)
    }
    settings = Settings(
        workspace=place / "work.db",
        personas=place / "personas",
        prompts=place / "prompts",
        sample=False,
        providers=providers,
        drafting=DraftingSettings(concurrency=at_once),
        budgets=BudgetSettings(run=None, day=None),
    )
    bench = build(settings)
    try:
        yield bench
    finally:
        bench.close()


def _jobs(bench: Workbench, numbers: Iterable[int]) -> list[Job]:
    """Every persona and provider for these tools, whose dossiers are in the workspace then."""
    dossiers = [sized.dossier(number) for number in numbers]
    with bench.store.writing() as repositories:
        for one in dossiers:
            repositories.tools.add(one, SystemClock().now())
    return [job for one in dossiers for job in bench.planning.jobs(one)]


def _cut(job: Job) -> Job:
    return replace(job, plan=replace(job.plan, max_tokens=TOKENS))


def _other(job: Job) -> Job:
    """The same draft with another prefix: it leaves nothing in the cache that the matrix could read."""
    first, *rest = job.plan.segments
    return replace(
        job, plan=replace(job.plan, segments=(replace(first, text=first.text + " "), *rest), cache_key="other")
    )


def _draft(bench: Workbench, jobs: Sequence[Job]) -> tuple[Took, list[Usage]]:
    """Draft them all. Raises AssertionError when one did not come to its end."""
    gc.collect()
    cpu, began = time.process_time(), time.perf_counter()
    drafts = bench.drafting.start(jobs)
    bench.drafting.wait(one.id for one in drafts)
    took = Took(wall=time.perf_counter() - began, cpu=time.process_time() - cpu)
    ended = [bench.drafting.get(one.id).draft for one in drafts]
    assert {one.state for one in ended} <= {"done", "truncated"}, [one.failure for one in ended if one.failure][:3]
    return took, [one.usage or Usage() for one in ended]


async def _all(open_client: Callable[[str, httpx2.AsyncClient], Senders], url: str, jobs: Sequence[Job]) -> Took:
    """The same requests at the same concurrency, each read to its end and thrown away."""
    places = {api: asyncio.Semaphore(AT_ONCE) for api in PATHS}
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=2 * AT_ONCE)
    async with httpx2.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        send = open_client(url, client)

        async def one(job: Job) -> None:
            async with places[job.provider.api]:
                async for _ in send[job.provider.api](job):
                    pass

        gc.collect()
        cpu, began = time.process_time(), time.perf_counter()
        await asyncio.gather(*(one(job) for job in jobs))
        return Took(wall=time.perf_counter() - began, cpu=time.process_time() - cpu)


def _body(job: Job) -> dict[str, Any]:
    if job.provider.api == "anthropic":
        return claude.request_body(job.plan, job.provider, "schema")
    return codestral.request_body(job.plan, job.provider)


def _sdks(url: str, client: httpx2.AsyncClient) -> Senders:
    theirs = anthropic.AsyncAnthropic(api_key="bare", base_url=url, max_retries=0, http_client=client)
    others = Mistral(api_key="bare", server_url=url, async_client=client)

    async def messages(job: Job) -> AsyncGenerator[object]:
        async for event in await theirs.messages.create(**_body(job), stream=True):
            yield event

    async def chat(job: Job) -> AsyncGenerator[object]:
        async for event in await others.chat.stream_async(**_body(job)):
            yield event

    return {"anthropic": messages, "mistral": chat}


def _bare(_url: str, client: httpx2.AsyncClient) -> Senders:
    headers = {"authorization": "Bearer barest", "anthropic-version": "2026-10-21"}

    async def events(job: Job) -> AsyncGenerator[object]:
        body = {**_body(job), "stream": True}
        async with client.stream("POST", PATHS[job.provider.api], json=body, headers=headers) as response:
            async for event in httpx2.EventSource(response):
                yield event.data if event.data == "[DONE]" else json.loads(event.data)

    return {"anthropic": events, "mistral": events}


def _resident() -> int:
    """Bytes of this process in memory."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
