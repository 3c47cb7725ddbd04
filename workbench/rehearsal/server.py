"""Runs the rehearsal server: in a daemon thread beside the workbench, or in front of a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from workbench.errors import PortInUseError, SettingsError
from workbench.rehearsal.admission import Door
from workbench.rehearsal.allowance import Allowance, Limits
from workbench.rehearsal.app import build_app
from workbench.rehearsal.faults import Faults, require_known
from workbench.rehearsal.pace import Pace
from workbench.rehearsal.playback import Live

PATIENCE = 10.0
"""Seconds a start or a stop may take before something is wrong."""


class RehearsalServer:
    """A server that plays both vendors on one port.

    `first_token` is in seconds, `tokens_per_second` the pace of one stream; port 0 takes a free one. `script` names
    faults for the n-th draft asked for, counted from 1 over both vendors; `limits` hold for each key and model;
    `cache_misses` is the part of Mistral's cache reads that fail.
    """

    def __init__(
        self,
        *,
        first_token: float,
        tokens_per_second: float,
        host: str = "127.0.0.1",
        port: int = 0,
        script: Mapping[int, str] | None = None,
        limits: Limits | None = None,
        cache_misses: float = 0,
    ) -> None:
        def fresh() -> Starlette:
            door = Door(Faults(script or {}), Allowance(limits or Limits()))
            pace = Pace(first_token=first_token, tokens_per_second=tokens_per_second)
            return build_app(pace, door, cache_misses=cache_misses)

        require_known(script or {})
        self._fresh = fresh
        self._host = host
        self._port = port
        self._running: _Running | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The base URL, without `/v1`; empty while the server is not running."""
        return self._running.url if self._running is not None else ""

    def start(self) -> str:
        """Listen, and return the base URL once requests are answered; at once when it runs already.

        Raises PortInUseError when the port is taken, SettingsError when the address cannot be listened on.
        """
        with self._lock:
            if self._running is None:
                self._running = _Running(_listen(self._host, self._port), self._fresh())
            return self._running.url

    def stop(self) -> None:
        """Cut every stream and let go of the port; nothing happens when the server is not running."""
        with self._lock:
            running, self._running = self._running, None
            if running is not None:
                running.stop()


def serve_forever(
    *,
    first_token: float,
    tokens_per_second: float,
    host: str = "127.0.0.1",
    port: int = 0,
    script: Mapping[int, str] | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until Ctrl-C; `ready` is told the base URL. Raises what `RehearsalServer.start` raises."""
    server = RehearsalServer(
        first_token=first_token, tokens_per_second=tokens_per_second, host=host, port=port, script=script
    )
    url = server.start()
    try:
        if ready is not None:
            ready(url)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    finally:
        server.stop()


class _Running:
    """One run of the server: its socket, its thread, its streams."""

    def __init__(self, listener: socket.socket, app: Starlette) -> None:
        host, port = listener.getsockname()[:2]
        self.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._live = Live()
        self._server = _Uvicorn(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=_protocol(self._live),
                ws="none",
                lifespan="off",
                # Loggers are the process's own: the workbench's screen runs on uvicorn too.
                log_config=None,
                proxy_headers=False,
                server_header=False,
                date_header=False,  # a vendor's clock may be wrong: the date is part of the reply
                timeout_keep_alive=60,
                timeout_graceful_shutdown=2,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="rehearsal", daemon=True
        )
        self._thread.start()
        self._server.ready.wait(PATIENCE)

    def stop(self) -> None:
        """End the thread; every stream that still runs is cut."""
        with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
            self._server.loop.call_soon_threadsafe(self._leave)
        self._thread.join(PATIENCE)

    def _leave(self) -> None:
        for stream in tuple(self._live.streams):
            stream.cancel()
        self._server.should_exit = True
        self._server.leaving.set()


class _Uvicorn(uvicorn.Server):
    """A server that says when it answers, and that leaves when told to instead of looking ten times a second."""

    loop: asyncio.AbstractEventLoop
    leaving: asyncio.Event

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.leaving = asyncio.Event()
        await super().startup(sockets=sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), 1)


def _protocol(live: Live) -> type[asyncio.Protocol]:
    """HTTP/1.1 without an access log, telling each request of its connection and of the streams that run."""

    class _Http(H11Protocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.access_log = False
            self.logger = logging.getLogger("workbench.rehearsal")

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(cast("asyncio.Transport", transport))
            self.app_state: dict[str, Any] = {"transport": transport, "live": live}

        def data_received(self, data: bytes) -> None:
            # A request waits for its turn behind the others of the same wake-up; its time runs from here.
            self.app_state["arrived"] = asyncio.get_running_loop().time()
            super().data_received(data)

    return _Http


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} on {host} is taken by another program.",
                "Stop that program, choose another port, or give port 0 to take a free one.",
            ) from None
        raise SettingsError(
            f"The rehearsal server cannot listen on {host}:{port}: {error.strerror or error}.",
            "Use 127.0.0.1 and a port above 1023, or port 0.",
        ) from None
    return listener
