"""Plays a prepared response at its pace, and ends it the way it is meant to end."""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio.trsock import TransportSocket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from workbench.rehearsal.course import Ending
from workbench.rehearsal.pace import GRID, Clock, Pace

EVENT_STREAM = "text/event-stream"
BATCH = 24
"""Frames sent at once at most: a stream that is behind must not starve the others."""
UNREAD = 65_536
"""Bytes a client may leave unread before its stream waits for it."""
HEARTBEAT = 0.25
"""Seconds between pings of a stream that sends nothing else."""
TRICKLE = 0.05
"""Seconds between the bytes of a stream that sends one at a time."""


class Transport(Protocol):
    """The part of a connection playback needs."""

    def close(self) -> None:
        """Send what is written, then close."""
        ...

    def is_closing(self) -> bool:
        """Whether it is closed, or about to be."""
        ...

    def write(self, data: bytes) -> None:
        """Send without waiting."""
        ...

    def get_extra_info(self, name: str) -> object:
        """The socket, by that name."""
        ...

    def abort(self) -> None:
        """Close at once."""
        ...

    def get_write_buffer_size(self) -> int:
        """Bytes written and not sent yet."""
        ...


class Live:
    """What the streams of one server share: the clock that wakes them, and who is told when the server stops."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.streams: set[asyncio.Future[None]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Bytes to send once `after` tokens were written."""

    data: bytes
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A response before it is played. `opening` is sent when the response begins, `closing` after the last frame."""

    opening: bytes
    frames: tuple[Frame, ...]
    closing: bytes
    ending: Ending
    begin: Callable[[], None]
    ping: bytes = b""


class Playback(Response):
    """Streams a script, timed from when the request arrived; a client that leaves ends it."""

    def __init__(
        self,
        script: Script,
        pace: Pace,
        headers: Mapping[str, str],
        *,
        media_type: str = EVENT_STREAM,
    ) -> None:
        self.script = script
        self.pace = pace
        self.status_code = 200
        self.media_type = media_type
        self.background = None
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Play to the end, until the client leaves, or until the server stops."""
        gone = asyncio.ensure_future(_left(receive))
        live, transport = cast("Live", scope["state"]["live"]), cast("Transport", scope["state"]["transport"])
        live.streams.add(gone)
        try:
            if self.script.ending == "mute":
                await asyncio.wait({gone})
            else:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                await _Stage(
                    script=self.script,
                    pace=self.pace,
                    started=scope["state"]["arrived"],
                    gone=gone,
                    send=send,
                    clock=live.clock,
                    transport=transport,
                    chunked=scope["http_version"] == "1.1",
                ).play()
            if gone.done() or self.script.ending in {"cut", "reset", "stall", "silent", "pings", "endless"}:
                _reset(transport) if self.script.ending == "reset" else transport.close()
                # The connection is gone for the server too once it has said so; then nobody complains.
                await asyncio.wait({asyncio.ensure_future(_left(receive))}, timeout=1)
            else:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            live.streams.discard(gone)


@dataclass(slots=True, kw_only=True)
class _Stage:
    """One response on its way."""

    script: Script
    pace: Pace
    started: float
    gone: asyncio.Future[None]
    send: Send
    clock: Clock
    transport: Transport
    chunked: bool

    async def play(self) -> None:
        """Everything up to the end of the body, which the caller sends or withholds."""
        script = self.script
        if script.ending == "silent":
            await self._forever()
            return
        if await self._until(self.pace.begin):
            return
        script.begin()
        if script.ending == "trickle":
            await self._trickle()
            return
        await self._write(script.opening)
        if await self._frames():
            return
        match script.ending:
            case "stall":
                await self._forever()
            case "endless":
                while not await self._frames():
                    self.started = asyncio.get_running_loop().time()
            case "pings":
                while not await self._until(asyncio.get_running_loop().time() - self.started + HEARTBEAT):
                    await self._write(script.ping)
            case _:
                await self._write(script.closing)

    async def _trickle(self) -> None:
        """Everything, byte by byte."""
        frames = b"".join(frame.data for frame in self.script.frames)
        for byte in self.script.opening + frames + self.script.closing:
            await self._write(bytes((byte,)))
            if await self._until(asyncio.get_running_loop().time() - self.started + TRICKLE):
                return

    async def _frames(self) -> bool:
        """Send each frame when it is due, late ones together. Whether the client left."""
        frames = self.script.frames
        due = self.pace.due([frame.after for frame in frames])
        loop = asyncio.get_running_loop()
        played: asyncio.Future[None] = loop.create_future()
        place = 0

        def turn() -> None:
            nonlocal place
            if played.done() or self.transport.is_closing():
                return
            now = loop.time() - self.started
            if self.transport.get_write_buffer_size() > UNREAD:
                self.clock.at(self.started + now + GRID, turn)
                return
            end = place
            while end < len(frames) and end - place < BATCH and due[end] <= now + GRID:
                end += 1
            self._chunk(b"".join(frame.data for frame in frames[place:end]))
            place = end
            if place == len(frames):
                played.set_result(None)
            else:
                self.clock.at(self.started + due[place], turn)

        if frames:
            self.clock.at(self.started + due[0], turn)
            await asyncio.wait({self.gone, played}, return_when=asyncio.FIRST_COMPLETED)
            played.cancel()
        return self.gone.done()

    def _chunk(self, data: bytes) -> None:
        """Write a part of the body past the server, which has sent the head: its bookkeeping costs more than ours."""
        if data:
            self.transport.write(b"%x\r\n%b\r\n" % (len(data), data) if self.chunked else data)

    async def _until(self, moment: float) -> bool:
        """Wait until `moment` seconds after the request. Whether the client left."""
        delay = self.started + moment - asyncio.get_running_loop().time()
        if delay > 0:
            await asyncio.wait({self.gone}, timeout=delay)
        return self.gone.done()

    async def _forever(self) -> None:
        await asyncio.wait({self.gone})

    async def _write(self, data: bytes) -> None:
        if data:
            await self.send({"type": "http.response.body", "body": data, "more_body": True})


def _reset(transport: Transport) -> None:
    """Close without a goodbye: what was not sent is lost, and the client is told so."""
    connection = transport.get_extra_info("socket")
    if isinstance(connection, TransportSocket):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _left(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
