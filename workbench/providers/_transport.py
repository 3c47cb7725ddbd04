"""The connections under both SDKs: aiohttp's, behind httpx2's interface."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import cast

import aiohttp
import httpx2
import yarl

KEPT = 5.0
"""Seconds a connection waits for its next request, as with httpx2."""
_NAMES: tuple[tuple[type[Exception], type[httpx2.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (TimeoutError, httpx2.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (aiohttp.InvalidURL, httpx2.UnsupportedProtocol),
    (OSError, httpx2.ReadError),
    (aiohttp.ClientError, httpx2.RemoteProtocolError),
    (ValueError, httpx2.LocalProtocolError),
)
"""What httpx2 calls aiohttp's errors; the first that fits."""


class Transport(httpx2.AsyncBaseTransport):
    """Straight connections, without proxies and cookies.

    httpx2's own stops and starts the socket around each read: a piece of a stream takes three times the time.
    """

    def __init__(self, *, trust_env: bool) -> None:
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response, its body still to come. Raises httpx2's errors."""
        session = self._session = self._session or self._opened()
        clocks = cast("dict[str, float | None]", request.extensions.get("timeout", {}))
        body = await request.aread()
        with _named_as_httpx2_does():
            reply = await session.request(
                request.method,
                yarl.URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=body or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(connect=clocks.get("connect"), sock_read=clocks.get("read")),
            )
        return httpx2.Response(reply.status, headers=list(reply.raw_headers), stream=_Body(reply))

    async def aclose(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """A session of this loop, with the certificates httpx2 would trust."""
        trusted = httpx2.create_ssl_context(trust_env=self._trust_env)
        trusted.set_alpn_protocols(["http/1.1"])
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=trusted, keepalive_timeout=KEPT),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )


class _Body(httpx2.AsyncByteStream):
    """Pieces as they arrive, also those that arrived just before the connection broke."""

    def __init__(self, reply: aiohttp.ClientResponse) -> None:
        self._reply = reply

    async def __aiter__(self) -> AsyncIterator[bytes]:
        content = self._reply.content
        with _named_as_httpx2_does():
            try:
                while piece := await content.readany():
                    yield piece
            except aiohttp.ClientError:
                content.set_exception(None)  # type: ignore[arg-type]  # else what it still holds cannot be read
                if rest := content.read_nowait():
                    yield rest
                raise

    async def aclose(self) -> None:
        self._reply.close()


@contextmanager
def _named_as_httpx2_does() -> Generator[None]:
    try:
        yield
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise next(name for known, name in _NAMES if isinstance(error, known))(str(error)) from error
