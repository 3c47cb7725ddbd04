from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

import httpx2
import pytest

from tests.rehearsal.prompting import LENSES, system_text, user_text
from tests.running import run
from workbench.errors import PortInUseError, SettingsError
from workbench.rehearsal.server import RehearsalServer

HEADERS = {"authorization": "Bearer key"}


def request(lens: int = 0, model: str = "codestral-2508") -> dict[str, Any]:
    messages = [
        {"role": "system", "content": system_text()},
        {"role": "user", "content": user_text(LENSES[lens % 4])},
    ]
    return {
        "model": model,
        "messages": messages,
        "stream": True,
        "response_format": {"type": "json_object"},
    }


def test_the_server_answers_when_start_returns_and_not_after_stop() -> None:
    server = RehearsalServer(first_token=0, tokens_per_second=1000)
    url = server.start()
    assert server.start() == server.url == url
    assert "no model is called" in httpx2.get(url, trust_env=False).text
    server.stop()
    server.stop()
    assert server.url == ""
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url, trust_env=False)


def test_a_stopped_server_can_start_again_on_the_same_port() -> None:
    server = RehearsalServer(first_token=0, tokens_per_second=1000)
    port = int(server.start().rsplit(":", 1)[1])
    server.stop()
    again = RehearsalServer(first_token=0, tokens_per_second=1000, port=port)
    assert again.start() == f"http://127.0.0.1:{port}"
    again.stop()


def test_a_taken_port_is_named_with_a_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=str(port)) as caught:
            RehearsalServer(first_token=0, tokens_per_second=1000, port=port).start()
    assert "another port" in caught.value.remedy


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SettingsError, match="cannot listen"):
        RehearsalServer(first_token=0, tokens_per_second=1000, host="192.0.2.1").start()


def test_stopping_cuts_the_streams_that_still_run() -> None:
    server = RehearsalServer(first_token=0, tokens_per_second=2)
    url = server.start()
    seen = threading.Event()

    def read() -> str:
        with httpx2.stream(
            "POST", f"{url}/v1/chat/completions", json=request(), headers=HEADERS, trust_env=False
        ) as reply:
            for _ in reply.iter_bytes():
                seen.set()
        return "ended"

    failures: list[Exception] = []

    def reader() -> None:
        try:
            read()
        except httpx2.TransportError as error:
            failures.append(error)

    thread = threading.Thread(target=reader)
    thread.start()
    assert seen.wait(10)
    server.stop()
    thread.join(10)
    assert [type(failure).__name__ for failure in failures] == ["RemoteProtocolError"]


def test_sixty_four_streams_at_once_all_finish() -> None:
    server = RehearsalServer(first_token=0.05, tokens_per_second=2000)
    url = server.start()

    async def all_of_them() -> list[str]:
        limits = httpx2.Limits(max_connections=64)
        async with httpx2.AsyncClient(trust_env=False, limits=limits, timeout=60) as client:

            async def one(lens: int) -> str:
                reply = await client.post(f"{url}/v1/chat/completions", json=request(lens), headers=HEADERS)
                return reply.text[-14:]

            return list(await asyncio.gather(*(one(lens) for lens in range(64))))

    assert set(run(all_of_them())) == {"data: [DONE]\n\n"}
    server.stop()


def test_a_client_that_leaves_ends_its_stream(slow_url: str) -> None:
    async def leave_and_ask_again() -> int:
        async with httpx2.AsyncClient(trust_env=False) as client:
            url = f"{slow_url}/v1/chat/completions"
            async with client.stream("POST", url, json=request(), headers=HEADERS) as reply:
                await anext(reply.aiter_bytes())
            return (await client.get(slow_url)).status_code

    assert run(leave_and_ask_again()) == 200


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"model": "\\ud800"}', b"[" * 100_000])
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/chat/completions"])
def test_a_body_that_is_no_json_object_is_a_400(url: str, path: str, content: bytes) -> None:
    headers = {**HEADERS, "anthropic-version": "2026-10-21"}
    reply = httpx2.post(f"{url}{path}", content=content, headers=headers, trust_env=False)
    assert reply.status_code == 400
    assert "not" in reply.text


def test_an_unknown_path_is_a_404_in_json(url: str) -> None:
    reply = httpx2.get(f"{url}/v1/v1/messages", trust_env=False)
    assert (reply.status_code, reply.json()["error"]["type"]) == (404, "not_found_error")


def test_ctrl_c_ends_the_server_in_front_of_a_terminal_cleanly() -> None:
    code = (
        "from workbench.rehearsal.server import serve_forever\n"
        "serve_forever(first_token=0, tokens_per_second=9, ready=lambda url: print(url, flush=True))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert httpx2.get(url, trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=20)
    assert (process.returncode, complaints) == (0, "")
