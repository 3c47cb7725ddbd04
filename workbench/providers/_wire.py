"""The HTTP under both SDKs: a client with our limits, and server-sent events as JSON."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import cast
from urllib.request import getproxies

import httpx2
import jiter

from workbench.errors import ProviderError, SettingsError
from workbench.ports import ProviderConfig
from workbench.providers._failures import Remote, failure
from workbench.providers._transport import Transport

CONNECT = 5.0
"""Seconds to connect; every silence after that is the draft's own clocks' business."""
BACKSTOP = 600.0
"""Seconds of dead silence after which a connection nobody watches is given up."""
DRAIN = 1.0
"""Seconds to wait for the body's end after the stream's own end, so that the connection can be used again."""
BRIEF = 10.0
"""Seconds for a question that is answered at once or not: a count, a list of models."""
LONGEST_REPLY = 1_000_000
"""Bytes of a reply that is no stream; what follows is not read. Compressed, a hundredth."""
STEP = 1024
"""Bytes unpacked at a time: a thousand times as many may come out."""
NO_COUNTER = frozenset({400, 404, 405, 422, 501})
"""What an endpoint without a counter of tokens answers when it is asked to count."""
LONGEST_EVENT = 2**20
"""Bytes of one event above which the stream is given up."""
END = "[DONE]"
"""What `frames` yields for Mistral's end marker, which is not JSON."""


class _Bounded(httpx2.AsyncByteStream):
    """A body in small steps, of which no more than `most` bytes are read."""

    def __init__(self, inner: httpx2.AsyncByteStream, most: float) -> None:
        self._inner = inner
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        room = self._most
        async for chunk in self._inner:
            for start in range(0, len(chunk), STEP):
                if room <= 0:
                    return
                yield chunk[start : start + STEP]
                room -= STEP

    async def aclose(self) -> None:
        await self._inner.aclose()


class Events:
    """Server-sent events out of bytes cut anywhere: the data of each that has any.

    httpx2's `EventSource` reads the same in three times the time, and replaces broken bytes: damaged text would pass
    for the model's own.
    """

    def __init__(self) -> None:
        self._held = b""
        self._encoding = "utf-8-sig"

    def feed(self, piece: bytes) -> Iterator[str]:
        """The data of the events that are whole now. Raises UnicodeDecodeError, and SSEError for one without end."""
        held = self._held + piece
        if b"\r" in held:
            half = b"\r" if held.endswith(b"\r") else b""  # what it is the half of may come
            held = held.removesuffix(half).replace(b"\r\n", b"\n").replace(b"\r", b"\n") + half
        *whole, self._held = held.split(b"\n\n")
        if len(self._held) > LONGEST_EVENT:
            raise httpx2.SSEError(f"an event is longer than {LONGEST_EVENT:,} bytes")
        for block in whole:
            lines = block.decode(self._encoding).split("\n")
            self._encoding = "utf-8"
            data = "\n".join([line[5:].removeprefix(" ") for line in lines if line[:5] in {"data:", "data"}]).strip()
            if data:
                yield data

    def end(self) -> Iterator[str]:
        """The data of what the body ended in: the last event counts without its blank line."""
        return self.feed(b"\n\n")


def endpoint(config: ProviderConfig, vendors_own: str) -> str:
    """The base URL without a trailing slash or `/v1`, which the SDKs add. Raises SettingsError when it is none."""
    url = (config.base_url or vendors_own).strip().rstrip("/").removesuffix("/v1").rstrip("/")
    try:
        parts = _parts(url)
    except (httpx2.InvalidURL, ValueError):
        parts = httpx2.URL("")
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise SettingsError(
            f"The setting providers.{config.name}.base_url is not a web address.",
            "Write it like https://gateway.example, or leave it out for the vendor's own.",
        )
    return url


def host_of(url: str) -> str:
    """Host and port as a person would name them."""
    return _parts(url).netloc.decode("ascii", "replace").rpartition("@")[2]


def vendors_own(config: ProviderConfig, vendors_own: str) -> bool:
    """Whether the endpoint is the vendor's, or rehearses it: every field of the vendor's API may be sent there."""
    return config.rehearsal or _is_vendors(_parts(endpoint(config, vendors_own)).host, _parts(vendors_own).host)


def client(url: str, vendors_own: str, transport: httpx2.AsyncBaseTransport | None) -> httpx2.AsyncClient:
    """An HTTP client for `url`: no redirects, no compression, proxies only on the way to the vendor's own hosts."""
    trust_env = _is_vendors(_parts(url).host, _parts(vendors_own).host)
    if transport is None and not (trust_env and getproxies()):
        transport = Transport(trust_env=trust_env)
    return httpx2.AsyncClient(
        transport=transport,
        # A redirect would hand the prompt to another host.
        follow_redirects=False,
        trust_env=trust_env,
        timeout=_TIMEOUT,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=64),
        # A few kilobytes unpacked from a reply can be gigabytes: ask for none of it.
        headers={"Accept-Encoding": "identity"},
        event_hooks={"request": [_set_clocks], "response": [_check_text]},
    )


@asynccontextmanager
async def briefly(remote: Remote) -> AsyncGenerator[None]:
    """Gives up after BRIEF seconds. Raises ProviderError then."""
    try:
        async with asyncio.timeout(BRIEF):
            yield
    except TimeoutError:
        raise failure(remote, "timed_out", f"no answer within {BRIEF:.0f} s") from None


def require_events(response: httpx2.Response, remote: Remote) -> None:
    """Raises ProviderError when the reply is not a stream of events: a portal's page, a whole JSON answer."""
    if not _streams(response):
        kind = response.headers.get("content-type", "").partition(";")[0]
        raise failure(remote, "not_a_provider", f"it sent {kind or 'no content type'} instead of a stream")


async def frames(response: httpx2.Response) -> AsyncIterator[object]:
    """The data of each event as JSON, or END. Raises httpx2's errors, UnicodeDecodeError, JSONDecodeError."""
    events = Events()
    # What is not packed needs no unpacking: httpx2's way to do it takes a fifth of an event's time.
    pieces = response.aiter_bytes() if _packed(response) else cast("AsyncIterator[bytes]", response.stream)
    async for piece in pieces:
        for data in events.feed(piece):
            yield END if data == END else _value(data)
    for data in events.end():
        yield END if data == END else _value(data)


async def drain(rest: AsyncIterator[object]) -> None:
    """Reads what follows the stream's own end, for a moment, so that the connection is kept."""
    try:
        async with asyncio.timeout(DRAIN):
            async for _ in rest:
                pass
    except (TimeoutError, ValueError, httpx2.RequestError):
        # The answer is whole; whatever happens to the connection now harms nobody.
        return


def strange_failure(remote: Remote, error: Exception) -> ProviderError:
    """The ProviderError for an error of the libraries' own that nobody foresaw. Raises any other: that is a bug."""
    if type(error).__module__.partition(".")[0] not in _LIBRARIES:
        raise error
    return failure(remote, "provider_error", type(error).__name__, retryable=False)


def transport_failure(remote: Remote, error: BaseException) -> ProviderError:
    """The ProviderError for one of httpx2's or the system's errors, or for bytes that are no text or no JSON."""
    what = type(error).__name__
    match error:
        case httpx2.ConnectTimeout():
            return failure(remote, "unreachable", f"no connection within {CONNECT:.0f} s")
        case httpx2.PoolTimeout():
            return failure(remote, "unreachable", "no connection was free")
        case httpx2.TimeoutException() | TimeoutError():
            return failure(remote, "timed_out")
        case httpx2.SSEError():
            return failure(remote, "too_much_text", str(error))
        case httpx2.ProxyError():
            return failure(remote, "unreachable", f"the proxy refused ({error})")
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL() | httpx2.TooManyRedirects():
            return failure(remote, "not_a_provider", what)
        case httpx2.LocalProtocolError() | UnicodeEncodeError():
            # Its own words hold the header, and that the key.
            return failure(remote, "bad_request", "the key or the address cannot be sent as it is", retryable=False)
        case httpx2.DecodingError() | UnicodeDecodeError():
            return failure(remote, "cut_off", "it holds bytes that are not text")
        case json.JSONDecodeError():
            return failure(remote, "cut_off", "a piece of it is damaged")
        case httpx2.ConnectError() | OSError():
            return failure(remote, "unreachable", str(error) or what)
        case _:
            return failure(remote, "cut_off", f"the connection broke ({what})")


_parts = lru_cache(maxsize=64)(httpx2.URL)
"""An address taken apart, which every request asks for."""
_LIBRARIES = frozenset({"anthropic", "mistralai", "httpx2", "aiohttp"})
_TIMEOUT = httpx2.Timeout(BACKSTOP, connect=CONNECT)


def _value(data: str) -> object:
    try:
        return cast("object", jiter.from_json(data.encode()))
    except ValueError:  # half of a surrogate pair is JSON to `json` only, and the next piece may hold the other
        return _loaded(data)


def _loaded(data: str) -> object:
    try:
        return cast("object", json.loads(data))
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, a thousand brackets
        raise json.JSONDecodeError(type(error).__name__, "", 0) from None


def _is_vendors(host: str, vendors_own: str) -> bool:
    domain = vendors_own.partition(".")[2]
    return host == vendors_own or host.endswith(f".{domain}")


def _streams(response: httpx2.Response) -> bool:
    kind, _, _ = response.headers.get("content-type", "").partition(";")
    return response.is_success and kind.strip().lower() == "text/event-stream"


def _packed(response: httpx2.Response) -> bool:
    return bool(response.headers.get("content-encoding", "identity") != "identity")


async def _set_clocks(request: httpx2.Request) -> None:
    # One SDK insists on a single number for connecting and reading alike; ours stand.
    request.extensions["timeout"] = _TIMEOUT.as_dict()


async def _check_text(response: httpx2.Response) -> None:
    body = response.stream
    if not isinstance(body, httpx2.AsyncByteStream):
        return
    packed = _packed(response)
    if not _streams(response):
        response.stream = _Bounded(body, LONGEST_REPLY / 100 if packed else LONGEST_REPLY)
        # One SDK asks for the text of a refusal before it has come, when its body turns out to be empty.
        await response.aread()
        return
    if packed:
        response.stream = _Bounded(body, math.inf)
