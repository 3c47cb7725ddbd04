"""An endpoint of one's own that speaks the least of a protocol: it drafts fully, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.providers.rehearsed import Outcome, drafting
from tests.providers.wires import PLAN, chunk, claude_config, codestral_config, sse
from tests.running import run
from workbench.domain.events import Finished, Started, Usage
from workbench.ports import Provider
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral

ANSWER = ('{"sentences":[],', '"verdict":"skip",', '"confidence":"low","reason":"No."}')
CHAT_KNOWN = {"model", "messages", "stream", "max_tokens", "response_format"}
MESSAGES_KNOWN = {"model", "max_tokens", "messages", "system", "stream", "tools", "tool_choice", "output_config"}


class Endpoint:
    """Sends one body to every POST and 404 to everything else; refuses a field it does not know."""

    def __init__(self, body: bytes, known: set[str]) -> None:
        self.body = body
        self.known = known
        self.asked: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split(" ")[1])
        length = next((line.split(":")[1] for line in head.lower().split("\r\n") if "content-length" in line), "0")
        sent: dict[str, Any] = json.loads(await reader.readexactly(int(length)) or b"{}")
        if not head.startswith("POST") or head.split(" ")[1].endswith(("count_tokens", "input_tokens")):
            writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        elif strange := sent.keys() - self.known:
            told = f"unknown: {', '.join(strange)}".encode()
            writer.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n" + told)
        else:
            # HTTP/1.0 manners: no length, no chunks; the body ends where the connection does.
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n" + self.body)
        writer.close()
        await writer.wait_closed()

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[str]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def drafted(endpoint: Endpoint, *, api: str, **options: str) -> Outcome:
    async def draft() -> Outcome:
        async with endpoint.listening() as url:
            inner: Provider = (
                Claude(claude_config(base_url=url, model="qwen3-coder", **options))
                if api == "anthropic"
                else Codestral(codestral_config(base_url=url, model="qwen3-coder", **options))
            )
            return await drafting(inner)

    return run(draft())


def bare(content: object = None, finish: str | None = None) -> dict[str, object]:
    """A chunk of a server that says neither who it is nor which model answers."""
    return {"choices": chunk(content, finish)["choices"]}


USAGE = {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14}
CHATS: dict[str, tuple[list[object], Usage | None]] = {
    "no usage, no id, no model": ([*map(bare, ANSWER), bare(None, "stop"), "[DONE]"], None),
    "usage in a chunk without choices": (
        [*map(bare, ANSWER), bare(None, "stop"), {"choices": [], "usage": USAGE}, "[DONE]"],
        Usage(input_tokens=10, output_tokens=4),
    ),
    "usage in a chunk of its own": (
        [*map(bare, ANSWER), bare(None, "stop"), {"usage": USAGE}, "[DONE]"],
        Usage(input_tokens=10, output_tokens=4),
    ),
    "no end mark": ([*map(bare, ANSWER), bare("", "stop")], None),
    "usage null on the way": ([*({**bare(one), "usage": None} for one in ANSWER), bare("", "stop"), "[DONE]"], None),
    "reasoning beside the answer": (
        [
            {"choices": [{"index": 0, "delta": {"reasoning_content": "Hm.", "content": None}, "finish_reason": None}]},
            *map(bare, ANSWER),
            bare("", "stop"),
            "[DONE]",
        ],
        None,
    ),
}


@pytest.mark.parametrize("case", CHATS)
def test_the_least_of_a_chat_endpoint_drafts_fully(case: str) -> None:
    frames, usage = CHATS[case]
    found = drafted(Endpoint(sse(*frames, named=False), CHAT_KNOWN), api="mistral")
    assert found.last == Finished(stop="complete")
    assert found.text == "".join(ANSWER)
    assert found.events[0] == Started(model="qwen3-coder")
    assert [event for event in found.events if isinstance(event, Usage)] == ([usage] if usage else [])


@pytest.mark.parametrize("tail", [[], [bare("", "length")]])
def test_even_there_nothing_is_whole_without_the_endpoints_word(tail: list[object]) -> None:
    found = drafted(Endpoint(sse(*map(bare, ANSWER), *tail, named=False), CHAT_KNOWN), api="mistral")
    assert found.last != Finished(stop="complete")
    assert found.text == "".join(ANSWER)


def messages(*blocks: dict[str, object], reason: str = "end_turn") -> bytes:
    return sse(
        {"type": "message_start", "message": {"role": "assistant", "content": []}},
        *blocks,
        {"type": "message_delta", "delta": {"stop_reason": reason}},
        {"type": "message_stop"},
    )


def block(kind: str, delta: str, field: str) -> list[dict[str, object]]:
    return [
        {"type": "content_block_start", "index": 0, "content_block": {"type": kind}},
        *({"type": "content_block_delta", "index": 0, "delta": {"type": delta, field: piece}} for piece in ANSWER),
    ]


def test_the_least_of_a_messages_endpoint_drafts_fully() -> None:
    body = messages(*block("text", "text_delta", "text"))
    found = drafted(Endpoint(body, MESSAGES_KNOWN), api="anthropic")
    assert found.events[0] == Started(model="qwen3-coder")
    assert (found.text, found.last) == ("".join(ANSWER), Finished(stop="complete"))


def test_so_does_one_that_knows_tools_but_no_output_format() -> None:
    body = messages(*block("tool_use", "input_json_delta", "partial_json"), reason="tool_use")
    found = drafted(Endpoint(body, MESSAGES_KNOWN - {"output_config"}), api="anthropic", mode="tool")
    assert (found.text, found.last) == ("".join(ANSWER), Finished(stop="complete"))


def test_a_messages_endpoint_may_leave_out_the_names_of_events() -> None:
    lines = messages(*block("text", "text_delta", "text")).split(b"\n")
    body = b"\n".join(line for line in lines if not line.startswith(b"event:"))
    assert drafted(Endpoint(body, MESSAGES_KNOWN), api="anthropic").last == Finished(stop="complete")


@pytest.mark.parametrize("api", ["anthropic", "mistral"])
def test_an_endpoint_without_a_counter_counts_nothing(api: str) -> None:
    async def ask(endpoint: Endpoint) -> int | None:
        async with endpoint.listening() as url:
            inner: Provider = (
                Claude(claude_config(base_url=url)) if api == "anthropic" else Codestral(codestral_config(base_url=url))
            )
            counted = await inner.count(PLAN)
            await inner.close()
            return counted

    assert run(ask(Endpoint(b"", set()))) is None
