"""The live-draft route: one WebSocket a page, which sends what changed and keeps what is typed, without reruns.

The page proves itself with a signed token in its first message (never in the URL), and the browser must
come from the page's own origin. Each message carries all drafts that changed since the last one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from workbench.domain.ids import DraftId
from workbench.services.live import Patch, Snapshot, Subscription, View, whole
from workbench.ui import keeping, runtime, scripts
from workbench.ui.live_marks import LiveMarks

log = logging.getLogger(__name__)

SOCKET_PATH = "/workbench/live"
FLUSH_EVERY = 0.04
"""Seconds between two messages to one page: 25 a second, each with everything that changed."""
HELLO_WITHIN = 5.0
"""Seconds a page may take to say who it is."""
TOKEN_AGE = 12 * 3600
"""Seconds a page's token is good for."""
_GARBAGE = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What a frame of bytes, text that is no JSON, or JSON of another shape or endless depth raises."""
_signer = URLSafeTimedSerializer(secrets.token_hex(32), salt="live-drafts")


def make_token(editor: str) -> str:
    """A token for this editor's page; it dies with the process."""
    return _signer.dumps(editor)


def encode(patches: list[Patch]) -> str:
    """Patches as the page's script reads them: `[id, state, words, sentences, waiting]` each."""
    return json.dumps(
        [
            [
                patch.draft.id,
                patch.draft.state,
                patch.words,
                [[one.index, one.beat, list(one.facts), one.start, one.text] for one in patch.sentences],
                [patch.waiting.seconds, patch.waiting.reason] if patch.waiting else None,
            ]
            for patch in patches
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


async def live(socket: WebSocket) -> None:
    """Serve one page until it goes."""
    if not _same_origin(socket):
        await socket.close(4403)
        return
    await socket.accept()
    editor = await _known(socket)
    if editor is None:
        return
    wake = asyncio.Event()
    loop = asyncio.get_running_loop()

    def call_soon() -> None:
        with suppress(RuntimeError):  # the server's loop is gone: so is the page
            loop.call_soon_threadsafe(wake.set)

    subscription = runtime.workbench().drafting.feed.subscribe(call_soon)
    marks = LiveMarks()
    pushing = asyncio.create_task(_push(socket, subscription, wake, marks))
    marking = asyncio.create_task(_mark(socket, marks))
    try:
        while True:
            message = json.loads(await _heard(socket))
            if "keep" in message:
                answer = await asyncio.to_thread(keeping.keep, message["keep"], editor)
                await _tell(socket, json.dumps(answer, ensure_ascii=False))
            else:
                await _follow(socket, subscription, marks, message)
    except WebSocketDisconnect:
        pass
    except _GARBAGE:
        await _hang_up(socket, 1003)
    finally:
        pushing.cancel()
        marking.cancel()
        subscription.close()


async def _push(socket: WebSocket, subscription: Subscription, wake: asyncio.Event, marks: LiveMarks) -> None:
    feed = runtime.workbench().drafting.feed
    try:
        while True:
            await wake.wait()
            wake.clear()
            patches = subscription.collect()
            if patches:
                await _tell(socket, encode(patches))
                for one in patches:
                    if (snapshot := feed.get(one.draft.id)) is not None:
                        marks.note(snapshot)
                await asyncio.sleep(FLUSH_EVERY)
    except WebSocketDisconnect:  # whoever listens hears of it too
        pass
    except Exception:
        log.exception("A page could not be told what changed by a fault of ours")
        await _hang_up(socket, 1011)  # the page connects again and is told everything anew


async def _mark(socket: WebSocket, marks: LiveMarks) -> None:
    """Tell the page what is marked, after the text it is marked in; without marks the text still comes."""
    try:
        while True:
            await _tell(socket, await marks.next(runtime.workbench()))
    except WebSocketDisconnect:  # whoever listens hears of it too
        pass
    except Exception:
        log.exception("A page could not be told what is marked by a fault of ours")


# Starlette and the server raise RuntimeError when a socket is used that either side has closed.


async def _heard(socket: WebSocket) -> str:
    try:
        return await socket.receive_text()
    except RuntimeError as error:
        raise WebSocketDisconnect(1006) from error


async def _tell(socket: WebSocket, text: str) -> None:
    try:
        await socket.send_text(text)
    except RuntimeError as error:
        raise WebSocketDisconnect(1006) from error


async def _hang_up(socket: WebSocket, code: int) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.close(code)


async def _follow(socket: WebSocket, subscription: Subscription, marks: LiveMarks, message: dict[str, Any]) -> None:
    if "show" in message:
        draft_id = DraftId(str(message["show"]))
        snapshot = runtime.workbench().drafting.feed.get(draft_id)
        if snapshot is None:
            await _tell(socket, json.dumps([[draft_id, "gone", 0, [], None]]))
        else:
            marks.forget(draft_id)
            subscription.add(draft_id, await asyncio.to_thread(_view, snapshot))
    elif "hide" in message:
        draft_id = DraftId(str(message["hide"]))
        subscription.remove(draft_id)
        marks.forget(draft_id)


def _view(snapshot: Snapshot) -> View:
    """What of the draft this page may see: of a masked cell's, no word that tells who wrote it."""
    bench, origin = runtime.workbench(), snapshot.draft.origin
    if not bench.masking.masked(bench.deciding.cells(origin.tool_id).get(origin.persona_id)):
        return whole
    with bench.store.reading() as repositories:
        dossier = repositories.tools.by_digest(origin.tool_id, origin.dossier_digest)
    assert dossier is not None  # a draft's revision is never taken away
    return lambda one: bench.masking.sight(one, dossier)


async def _known(socket: WebSocket) -> str | None:
    """Whose page it is."""
    try:
        hello = json.loads(await asyncio.wait_for(socket.receive_text(), HELLO_WITHIN))
        return str(_signer.loads(hello["token"], max_age=TOKEN_AGE))
    except WebSocketDisconnect:
        return None
    except (BadData, TimeoutError, *_GARBAGE):
        await socket.close(4401)
        return None


def _same_origin(socket: WebSocket) -> bool:
    try:
        host = socket.headers["host"]
        return urlsplit(socket.headers.get("origin", "")).netloc == host and _is_ours(host)
    except (KeyError, ValueError):  # no host, or an origin that is no address
        return False


def _is_ours(host: str) -> bool:
    """Whether this name may be ours: a stranger's page whose name was rebound to us looks like our own."""
    names: list[str] = st.get_option("server.allowedHosts")
    own = urlsplit(f"//{host}").hostname or ""
    return not names or any(fnmatchcase(own, name.lower()) for name in names)


routes: list[BaseRoute] = [WebSocketRoute(SOCKET_PATH, live), scripts.route]
