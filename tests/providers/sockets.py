"""Real servers on loopback that answer with whatever bytes a test wants."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve, context: ssl.SSLContext | None = None) -> AsyncGenerator[int]:
    """A port on which `serve` answers; at the end every connection is closed and its handler done."""
    done: list[asyncio.Future[None]] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended = asyncio.get_running_loop().create_future()
        done.append(ended)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        if context is None:
            writer.close()
        else:
            writer.transport.abort()  # asyncio would wait half a minute for the other side's farewell
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set_result(None)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*done)
