"""Real sockets on loopback: connections are kept after a draft, and closed when its reader leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.providers.wires import PLAN, STREAMS, claude_config, codestral_config
from tests.running import run
from workbench.domain.events import Delta, DraftEvent, Finished
from workbench.ports import Provider
from workbench.providers._wrapping import wrap
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral

OPEN: dict[str, Callable[[str], Provider]] = {
    "claude": lambda url: Claude(claude_config(base_url=url)),
    "codestral": lambda url: Codestral(codestral_config(base_url=url)),
}
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


class Loopback:
    """Answers every request with one body; with `stalls`, sends its first half and waits for the reader to go."""

    def __init__(self, body: bytes, *, stalls: bool = False) -> None:
        self.body = body
        self.stalls = stalls
        self.connections = 0
        self.left = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("ascii").lower().split("\r\n")
                length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
                await reader.readexactly(length)
                half = self.body[: len(self.body) * 2 // 3]
                body = half if self.stalls else self.body
                writer.write(HEAD + f"{len(body):x}\r\n".encode() + body + b"\r\n")
                if self.stalls:
                    await reader.read(1)
                    self.left.set()
                    return
                writer.write(b"0\r\n\r\n")
        except asyncio.IncompleteReadError:
            self.left.set()
        finally:
            writer.close()

    async def __aenter__(self) -> str:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self.server.close()


@pytest.mark.parametrize("name", OPEN)
def test_one_connection_serves_draft_after_draft(name: str) -> None:
    async def three() -> tuple[list[DraftEvent], int]:
        loopback = Loopback(STREAMS[name]("{", "}"))
        async with loopback as url:
            provider = wrap(OPEN[name](url), first_text=30, gap=30, whole=30, limit=99, attempts=1, retry_wait=0)
            ends = [[event async for event in provider.stream(PLAN)][-1] for _ in range(3)]
            await provider.close()
            return ends, loopback.connections

    assert run(three()) == ([Finished(stop="complete")] * 3, 1)


@pytest.mark.parametrize("name", OPEN)
def test_the_server_sees_a_reader_leave(name: str) -> None:
    async def leave() -> bool:
        loopback = Loopback(STREAMS[name]("{", "}", "}"), stalls=True)
        async with loopback as url:
            provider = OPEN[name](url)
            stream = provider.stream(PLAN)
            async for event in stream:
                if isinstance(event, Delta):
                    break
            assert not loopback.left.is_set()
            await stream.aclose()  # type: ignore[attr-defined]  # the port promises an iterator; ours can be closed
            await asyncio.wait_for(loopback.left.wait(), 10)
            await provider.close()
            return loopback.left.is_set()

    assert run(leave())


def test_several_drafts_share_one_provider_at_once() -> None:
    async def eight() -> list[DraftEvent]:
        async with Loopback(STREAMS["claude"]("{}")) as url:
            provider = OPEN["claude"](url)

            async def draft() -> DraftEvent:
                return [event async for event in provider.stream(PLAN)][-1]

            ends = await asyncio.gather(*(draft() for _ in range(8)))
            await provider.close()
            return ends

    assert run(eight()) == [Finished(stop="complete")] * 8
