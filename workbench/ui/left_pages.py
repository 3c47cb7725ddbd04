"""Turns away what a page asks for once its reader has left it: Streamlit would draw it over the page that came after.

A page goes on asking until the next one has reached the browser, and Streamlit runs a fragment of the page that was
left behind the new page's run. The browser then clears the new page, and breaks on whatever is drawn next.
"""

from __future__ import annotations

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # protobuf ships without types
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class LeftPages:
    """Middleware around Streamlit's own socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket" or not scope["path"].endswith("/_stcore/stream"):
            await self._app(scope, receive, send)
            return
        tab = Tab()

        async def asked() -> Message:
            while tab.turns_away(message := await receive()):
                pass
            return message

        async def told(message: Message) -> None:
            tab.told(message)
            await send(message)

        await self._app(scope, asked, told)


class Tab:
    """Where one reader is, by what their page asked for and was told."""

    def __init__(self) -> None:
        self._page = ""
        self._running = False

    def turns_away(self, message: Message) -> bool:
        """Whether a page that was left asks, or a clock while its page is being drawn (and perhaps left by that)."""
        asked = _request(message)
        if asked is None:
            return False
        if asked.fragment_id:
            self._page = self._page or asked.page_script_hash  # a line that was cut goes on where the reader was
            return asked.page_script_hash != self._page or (asked.is_auto_rerun and self._running)
        self._page, self._running = asked.page_script_hash, True
        return False

    def told(self, message: Message) -> None:
        """Take note of the page that the server drew: the reader asked for it, or a button led there."""
        told = ForwardMsg.FromString(message.get("bytes") or b"")
        if told.HasField("navigation"):
            self._page = told.navigation.page_script_hash
        elif told.HasField("script_finished") and not told.metadata.run.fragment_ids:
            self._running = told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _request(message: Message) -> ClientState | None:
    """The rerun that a message asks for; bytes that are no message are left to Streamlit, which closes on them."""
    try:
        asked = BackMsg.FromString(message.get("bytes") or b"")
    except DecodeError:
        return None
    return asked.rerun_script if asked.HasField("rerun_script") else None
