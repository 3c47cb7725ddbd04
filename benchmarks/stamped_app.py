"""The app as it is, or a naive screen over the same engine, with stamps: when each change of a draft was published.

`/benchmark/start` starts a tool's drafts, which wait; `/benchmark/go` lets them stream, and answers at their end with
the stamps, the bytes that all pages were sent, and the processor time that it took.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.domain.draft import Draft
from workbench.domain.events import DraftEvent
from workbench.domain.ids import DraftId, ToolId
from workbench.domain.plan import Plan
from workbench.ports import Provider
from workbench.services.live import Feed
from workbench.ui import runtime
from workbench.ui.entry import main as entry
from workbench.ui.left_pages import LeftPages
from workbench.ui.live_socket import routes
from workbench.ui.serve import lifespan

SETTLES = 0.5
"""Seconds after the last draft's end in which the pages are drawn anew."""
_OTHER = bytes(one for one in range(256) if not chr(one).isascii() or not chr(one).isalnum())
_screen = os.environ["BENCHMARK_SCREEN"]
_publish = Feed.publish
_stamps: dict[str, list[tuple[str, int, int, float]]] = {}
_sent = 0
_go = threading.Event()


def _stamped(self: Feed, draft: Draft) -> None:
    """Keep the draft's cell, its characters, its letters and digits as they will be seen, and the time."""
    now = time.time() * 1000
    _publish(self, draft)
    bench, snapshot = runtime.workbench(), self.get(draft.id)
    assert snapshot is not None
    seen = review = snapshot.review
    if bench.masking.on:
        dossier = _dossier(draft.origin.tool_id, draft.origin.dossier_digest)
        seen = bench.masking.review(review, dossier, whole=not draft.live)
    characters = sum(len(one.text) for one in review.sentences)
    letters = len("".join(one.text for one in seen.sentences).encode().translate(None, _OTHER))
    stamps = _stamps.setdefault(draft.id, [])
    if not draft.live or not stamps or stamps[-1][2] != letters:
        stamps.append((draft.origin.persona_id, characters if draft.live else 1 << 30, letters, now))


_dossiers: dict[tuple[str, str], Any] = {}


def _dossier(tool_id: ToolId, digest: Any) -> Any:
    if (tool_id, digest) not in _dossiers:
        with runtime.workbench().store.reading() as repositories:
            _dossiers[tool_id, digest] = repositories.tools.by_digest(tool_id, digest)
    return _dossiers[tool_id, digest]


class _Held:
    """A provider whose drafts wait for `/benchmark/go`."""

    def __init__(self, inner: Provider) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        while not _go.is_set():  # noqa: ASYNC110 - another loop sets it
            await asyncio.sleep(0.02)
        async for event in self._inner.stream(plan):
            yield event


class _Counted:
    """Counts what is sent to the pages, HTTP and WebSocket."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            global _sent  # noqa: PLW0603 - one figure for the process
            text = message.get("text") or ""
            _sent += len(message.get("body") or message.get("bytes") or text.encode())
            await send(message)

        await self._inner(scope, receive, counted)


async def _started(request: Request) -> Response:
    _go.clear()
    _stamps.clear()
    started = await asyncio.to_thread(_start, ToolId(request.query_params["tool"]))
    return JSONResponse([one.id for one in started])


def _start(tool_id: ToolId) -> Sequence[Draft]:
    bench = runtime.workbench()
    with bench.store.reading() as repositories:
        dossier = repositories.tools.latest(tool_id)
    assert dossier is not None
    return bench.drafting.start(bench.planning.jobs(dossier))


async def _gone(request: Request) -> Response:
    ids = [DraftId(one) for one in request.query_params.getlist("draft")]
    sent, busy, began = _sent, time.process_time(), time.monotonic()
    _go.set()
    await asyncio.to_thread(runtime.workbench().drafting.wait, ids)
    await asyncio.sleep(SETTLES)
    seconds = time.monotonic() - began
    figures = {"seconds": seconds, "bytes": _sent - sent, "busy": time.process_time() - busy}
    return JSONResponse({**figures, "stamps": {one: _stamps.get(one, []) for one in ids}})


@asynccontextmanager
async def _lifespan(app: st.App) -> AsyncGenerator[dict[str, Any] | None]:
    """The app's own, with providers that wait."""
    async with lifespan(app) as made:
        running: Any = (await asyncio.to_thread(runtime.workbench)).drafting
        running = running._running  # noqa: SLF001 - the benchmark holds the streams here
        opened = running._open  # noqa: SLF001 - see above
        running._open = partial(_held, opened)  # noqa: SLF001 - see above
        yield made


def _held(opened: Any, name: str) -> _Held:
    return _Held(opened(name))


Feed.publish = _stamped  # type: ignore[method-assign]  # the benchmark measures from here
_script = Path(str(entry.__file__)) if _screen == "room" else Path(__file__).with_name("naive_screens.py")
_own = [Route("/benchmark/start", _started), Route("/benchmark/go", _gone)]
app = st.App(
    _script, routes=[*routes, *_own], middleware=[Middleware(_Counted), Middleware(LeftPages)], lifespan=_lifespan
)
