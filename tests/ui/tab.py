"""A page's end of the live socket: what its script does with patches, and how it is let in."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import anyio
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from tests.fakes import DEADLINE
from workbench.domain.draft import LIVE
from workbench.ui.live_socket import SOCKET_PATH, make_token

HOME = "http://127.0.0.1"
SOCKET = f"ws://127.0.0.1{SOCKET_PATH}"


class Tab:
    """What the page's script does with patches."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self.socket = socket
        self.states: dict[str, str] = {}
        self.words: dict[str, int] = {}
        self.waiting: dict[str, Any] = {}
        self.said: dict[str, list[tuple[str, tuple[str, ...], str]]] = {}
        self.marks: dict[str, list[dict[str, Any]]] = {}
        self.messages = 0

    def show(self, *draft_ids: str) -> Tab:
        for draft_id in draft_ids:
            self.socket.send_json({"show": draft_id})
        return self

    def hide(self, draft_id: str) -> None:
        self.socket.send_json({"hide": draft_id})

    def receive(self) -> Any:
        """The next message. Raises WebSocketDisconnect, and TimeoutError when nothing comes any more."""

        async def within() -> Any:
            with anyio.fail_after(DEADLINE):
                return await self.socket._send_rx.receive()

        message = self.socket.portal.call(within)
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(code=message["code"])
        return json.loads(message["text"])

    def read(self) -> Tab:
        """Take in one message of text, and what is told of its marks before it."""
        while isinstance(message := self.receive(), dict):
            self.hear(message)
        return self.take(message)

    def take(self, message: list[Any]) -> Tab:
        """What the page's script does with one message of text."""
        self.messages += 1
        for draft_id, state, words, changes, waiting in message:
            self.states[draft_id], self.words[draft_id], self.waiting[draft_id] = state, words, waiting
            known = self.said.setdefault(draft_id, [])
            for index, beat, facts, start, text in changes:
                before = known[index][2] if index < len(known) else ""
                assert start <= len(before)
                known[index : index + 1] = [(beat, tuple(facts), before[:start] + text)]
        return self

    def hear(self, message: dict[str, Any]) -> None:
        draft_id, marks = message["marks"]
        self.marks[draft_id] = marks

    def read_to_the_end(self, *draft_ids: str) -> Tab:
        while any(self.states.get(one, "queued") in LIVE for one in draft_ids):
            self.read()
        return self

    def text(self, draft_id: str) -> str:
        return " ".join(text for _, _, text in self.said.get(draft_id, []))

    def close_code(self) -> int:
        """The code the server closes with, whatever it sends before."""
        while True:
            try:
                self.receive()
            except WebSocketDisconnect as closed:
                return closed.code


@contextmanager
def visit(client: TestClient, *, origin: str | None = HOME) -> Generator[Tab, None, None]:
    """A connection that has not said who it is."""
    headers = {} if origin is None else {"origin": origin}
    with client.websocket_connect(SOCKET, headers=headers) as socket:
        yield Tab(socket)


@contextmanager
def opened(client: TestClient) -> Generator[Tab, None, None]:
    """A page of ours."""
    with visit(client) as tab:
        tab.socket.send_json({"token": make_token("Edith Editor")})
        yield tab
