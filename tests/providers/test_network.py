"""What no vendor can do but the network can: names that do not resolve, closed ports, proxies, strange keys."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace

import pytest

from tests.providers.rehearsed import Outcome, drafting, outcome
from tests.providers.sockets import listening
from tests.providers.wires import BOTH, STREAMS, Pieces, Wire, claude_config, codestral_config, refused
from tests.running import run
from workbench.ports import Provider, Secret
from workbench.providers._wire import LONGEST_REPLY
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral


def at(name: str, url: str) -> Provider:
    return Claude(claude_config(base_url=url)) if name == "claude" else Codestral(codestral_config(base_url=url))


async def refuse_proxying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
    await writer.drain()


async def talk_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("name", BOTH)
def test_a_host_nobody_knows_is_named_and_tried_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = outcome(at(name, "https://gateway.invalid"))
    assert found.failure.failure == "unreachable"
    assert "gateway.invalid" in found.failure.message
    assert "HTTPS_PROXY" in found.failure.remedy
    assert len(found.pauses) == 2


@pytest.mark.parametrize("name", BOTH)
def test_a_port_nobody_listens_on_is_unreachable(name: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    found = outcome(at(name, f"http://127.0.0.1:{port}"), attempts=1)
    assert found.failure.failure == "unreachable"
    assert f"127.0.0.1:{port}" in found.failure.message


@pytest.mark.parametrize("name", BOTH)
def test_a_proxy_that_wants_a_password_is_said_to_be_the_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def through() -> Outcome:
        async with listening(refuse_proxying) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.delenv("no_proxy", raising=False)
            return await drafting(at(name, ""), attempts=1)

    failure = run(through()).failure
    assert failure.failure == "unreachable"
    assert "proxy" in failure.message
    assert "HTTPS_PROXY" in failure.remedy


@pytest.mark.parametrize("name", BOTH)
def test_what_answers_in_place_of_a_tls_host_is_unreachable(name: str) -> None:
    async def through() -> Outcome:
        async with listening(talk_plainly) as port:
            return await drafting(at(name, f"https://127.0.0.1:{port}"), attempts=1)

    assert run(through()).failure.failure == "unreachable"


@pytest.mark.parametrize("key", ["sk-line\nbreak-0123456789", "sk-null\0-0123456789"])
@pytest.mark.parametrize("name", BOTH)
def test_a_key_that_fits_no_header_is_refused_without_being_told(name: str, key: str) -> None:
    async def through() -> Outcome:
        async with listening(talk_plainly) as port:
            url = f"http://127.0.0.1:{port}"
            config = claude_config(base_url=url) if name == "claude" else codestral_config(base_url=url)
            config = replace(config, key=Secret(key))
            return await drafting(Claude(config) if name == "claude" else Codestral(config))

    failure = run(through()).failure
    assert failure.failure == "bad_request"
    assert "cannot be sent" in failure.message
    assert "sk-" not in failure.message + failure.remedy


@pytest.mark.parametrize("name", BOTH)
def test_of_an_endless_refusal_only_the_beginning_is_read(name: str) -> None:
    body = Pieces(*[b"<p>no</p>" * 10_000] * 1000)
    error = run(refused(BOTH[name](Wire(body=body, status=500, headers={"content-type": "text/html"}))))
    assert error.kind == "provider_error"
    assert body.read <= 1 + LONGEST_REPLY // 90_000 + 1
    assert body.closed


@pytest.mark.parametrize("name", BOTH)
def test_the_right_words_in_the_wrong_charset_are_still_utf8(name: str) -> None:
    headers = {"content-type": "text/event-stream; charset=iso-8859-1"}
    wire = Wire(body=STREAMS[name]('"Zürich"'), headers=headers)
    assert outcome(BOTH[name](wire)).text == '"Zürich"'


@pytest.mark.parametrize("name", BOTH)
def test_text_before_broken_bytes_in_the_same_packet_is_kept(name: str) -> None:
    whole = STREAMS[name]("{", "}")
    upto = whole.index(b"\n\n", whole.index(b'"{"')) + 2
    found = outcome(BOTH[name](Wire(body=whole[:upto] + b"data: \xff\xfe\n\n")))
    assert (found.text, found.failure.failure) == ("{", "cut_off")
