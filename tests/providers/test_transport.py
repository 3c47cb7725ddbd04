"""Our connections fail as httpx2's own do, and trust whom they trust: real sockets on loopback."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
import trustme

from tests.providers.sockets import Serve, listening
from tests.running import run
from workbench.providers._transport import Transport

HEAD = b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ntransfer-encoding: chunked\r\n\r\n"
MADE: dict[str, Callable[[], httpx2.AsyncBaseTransport]] = {
    "ours": lambda: Transport(trust_env=True),
    "theirs": httpx2.AsyncHTTPTransport,
}


def saying(answer: bytes, *, then_wait: bool = False) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        await writer.drain()
        if then_wait:
            await reader.read()

    return serve


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(HEAD + b"5\r\nhello\r\n")
    await writer.drain()
    writer.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


async def asked(made: str, url: str) -> tuple[str, bytes, httpx2.Headers]:
    """The name of the error, the bytes that came, the headers."""
    got, headers = b"", httpx2.Headers()
    clocks = httpx2.Timeout(0.3)
    async with httpx2.AsyncClient(transport=MADE[made](), timeout=clocks) as client:
        try:
            async with client.stream("POST", url, content=b"{}") as response:
                headers = response.headers
                async for piece in response.aiter_bytes():
                    got += piece
        except httpx2.TransportError as error:
            return type(error).__name__, got, headers
    return "", got, headers


FAULTS: dict[str, tuple[Serve, str, str]] = {
    "no handshake": (silent, "https", "ConnectTimeout"),
    "no TLS": (saying(b"HTTP/1.1 400 Bad\r\n\r\n"), "https", "ConnectError"),
    "no answer": (silent, "http", "ReadTimeout"),
    "no answer, and gone": (saying(b""), "http", "RemoteProtocolError"),
    "no HTTP": (saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "http", "RemoteProtocolError"),
    "silence inside": (saying(HEAD + b"5\r\nhello\r\n", then_wait=True), "http", "ReadTimeout"),
    "cut off": (saying(HEAD + b"9\r\nhello"), "http", "RemoteProtocolError"),
    "reset": (reset, "http", "ReadError|RemoteProtocolError"),
    "redirect": (saying(b"HTTP/1.1 302 Found\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n"), "http", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("made", MADE)
def test_every_fault_has_the_name_httpx2_gives_it(made: str, fault: str) -> None:
    serve, scheme, name = FAULTS[fault]

    async def through() -> tuple[str, bytes]:
        async with listening(serve) as port:
            found, got, _ = await asked(made, f"{scheme}://127.0.0.1:{port}/")
            return found, got

    said = b"hello" if fault in {"silence inside", "cut off", "reset"} else b""
    found, got = run(through())
    assert (found in name.split("|"), got) == (True, said)


@pytest.mark.parametrize("made", MADE)
def test_a_port_nobody_listens_on_cannot_be_connected_to(made: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert run(asked(made, f"http://127.0.0.1:{port}/"))[0] == "ConnectError"


@pytest.mark.parametrize(
    ("host", "known", "name"),
    [("localhost", True, ""), ("127.0.0.1", True, "ConnectError"), ("localhost", False, "ConnectError")],
)
@pytest.mark.parametrize("made", MADE)
def test_only_a_host_with_a_trusted_certificate_of_its_own_is_spoken_to(
    made: str, host: str, known: bool, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    (authority if known else trustme.CA()).cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    async def through() -> tuple[str, bytes]:
        async with listening(saying(HEAD + b"2\r\nok\r\n0\r\n\r\n"), context) as port:
            found, got, _ = await asked(made, f"https://{host}:{port}/")
            return found, got

    assert run(through()) == (name, b"" if name else b"ok")


@pytest.mark.parametrize("made", MADE)
def test_headers_come_as_they_were_sent(made: str) -> None:
    async def through() -> httpx2.Headers:
        async with listening(saying(HEAD + b"0\r\n\r\n")) as port:
            return (await asked(made, f"http://127.0.0.1:{port}/"))[2]

    assert run(through()).multi_items() == [("set-cookie", "a=b"), ("transfer-encoding", "chunked")]
