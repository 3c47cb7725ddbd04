"""The rehearsal server on one core: how many streams at 80 tokens/s keep their time, and what one of them costs.

The server is a process of its own, pinned to one core; the client reads raw sockets on the other. A stream's ideal
time is time to first token + tokens / pace; the table shows the slowest stream against its own. Half of the streams
speak each vendor's protocol, with the requests the workbench sends.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, report
from benchmarks.serving import free_port
from workbench.domain.dossier import AddedFact, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.plan import compose
from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.library.files import FileLibrary
from workbench.ports import ProviderConfig, Secret
from workbench.providers import claude, codestral

STREAMS = (8, 16, 32, 64, 96, 128)
ASKED = 64
"""Streams one core must serve in time."""
LIMIT = 1.05
"""Times its ideal that the slowest of them may take."""
FIRST_TOKEN = 0.3
TOKENS_PER_SECOND = 80
ROUNDS = 3
TOKENS = re.compile(rb'"(?:output|completion)_tokens":(\d+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One stream as its reader saw it."""

    late: float
    tokens: int
    events: int


def main() -> None:
    """Measure, print and keep the figures."""
    cores = sorted(os.sched_getaffinity(0))
    with _server(cores[0]) as (port, process):
        os.sched_setaffinity(0, set(cores[1:]) or set(cores))
        asyncio.run(_together(port, _requests(8)))
        figures = [_figure(port, process, streams) for streams in STREAMS]
    os.sched_setaffinity(0, set(cores))
    report("rehearsal_throughput", figures)


def _figure(port: int, process: int, streams: int) -> Figure:
    """The best of a few rounds: another program's turn on the core is not the server's."""
    found: list[Figure] = []
    for number in range(ROUNDS):
        requests = _requests(streams, number)
        before = _cpu(process)
        seen = asyncio.run(_together(port, requests))
        spent = _cpu(process) - before
        late = sorted(one.late for one in seen)
        events = sum(one.events for one in seen)
        wall = FIRST_TOKEN + max(one.tokens for one in seen) / TOKENS_PER_SECOND
        beside = (
            f"the median {late[len(late) // 2]:.3f}×; server CPU {spent / wall:.0%}, a stream "
            f"{1e3 * spent / streams:.1f} ms for {sum(one.tokens for one in seen) // streams} tokens, an event "
            f"{1e6 * spent / events:.0f} µs"
        )
        found.append(
            Figure(
                what=f"{streams} streams at {TOKENS_PER_SECOND} tokens/s: the slowest against its ideal time",
                value=late[-1],
                unit="×",
                limit=LIMIT if streams == ASKED else None,
                beside=beside,
            )
        )
    return min(found, key=lambda one: one.value)


def _requests(streams: int, seed: int = 0) -> list[bytes]:
    """As many different drafts, as the adapters ask for them."""
    library = FileLibrary(builtin_personas(), builtin_prompts())
    personas, prompts = library.personas(), library.prompts()
    sent: list[bytes] = []
    for number in range(streams):
        name = f"Lanternfish {seed}.{streams}.{number // 4}"
        added = (AddedFact(text="Costs $12 a month for each team.", source="price page"),)
        facts = f"{name} is a queue in one file. It answers on a local socket. Its rivals are RabbitMQ and NATS."
        plan = compose(
            prompts,
            personas,
            personas[number % len(personas)],
            make_dossier(Tool(id=ToolId(f"lantern-{number}"), name=name), facts, added),
        )
        if number // 4 % 2:
            config = ProviderConfig(name="codestral", api="mistral", model="codestral-2508", key=Secret("key"))
            path, body = "/v1/chat/completions", codestral.request_body(plan, config)
        else:
            config = ProviderConfig(name="claude", api="anthropic", model="claude-sonnet-5-5", key=Secret("key"))
            path, body = "/v1/messages", claude.request_body(plan, config, "schema")
        data = json.dumps({**body, "stream": True}, ensure_ascii=False).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer key\r\nanthropic-version: 2026-10-21\r\n"
            f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
        )
        sent.append(head.encode() + data)
    return sent


class _Reader(asyncio.Protocol):
    """Reads one chunked answer as cheaply as it can be read."""

    def __init__(self, ended: asyncio.Future[float]) -> None:
        self._ended = ended
        self.body = bytearray()

    def data_received(self, data: bytes) -> None:
        self.body += data
        if self.body.endswith(b"\r\n0\r\n\r\n") and not self._ended.done():
            self._ended.set_result(asyncio.get_running_loop().time())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_exception(exc or EOFError("the answer was cut"))


async def _together(port: int, requests: list[bytes]) -> list[Seen]:
    loop = asyncio.get_running_loop()
    open_ones: list[tuple[asyncio.Transport, _Reader, asyncio.Future[float]]] = []
    for _ in requests:
        ended: asyncio.Future[float] = loop.create_future()
        transport, reader = await loop.create_connection(partial(_Reader, ended), "127.0.0.1", port)
        open_ones.append((transport, reader, ended))
    began: list[float] = []
    for (transport, _, _), request in zip(open_ones, requests, strict=True):
        began.append(loop.time())
        transport.write(request)
    seen: list[Seen] = []
    for start, (transport, reader, ended) in zip(began, open_ones, strict=True):
        wall = await ended - start
        tokens = int(TOKENS.findall(reader.body)[-1])
        ideal = FIRST_TOKEN + tokens / TOKENS_PER_SECOND
        seen.append(Seen(late=wall / ideal, tokens=tokens, events=reader.body.count(b"data: ")))
        transport.close()
    return seen


@contextmanager
def _server(core: int) -> Generator[tuple[int, int]]:
    port = free_port()
    command = [sys.executable, "-m", "workbench", "rehearse", "--port", str(port)]
    command += ["--first-token", str(FIRST_TOKEN), "--tokens-per-second", str(TOKENS_PER_SECOND)]
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})  # a child stays where it was born
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    os.sched_setaffinity(0, mine)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # its address: it answers now
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _cpu(process: int) -> float:
    """Seconds of processor time the process has used."""
    threads = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(one.read_text("utf-8").split()[0]) for one in threads) / 1e9
