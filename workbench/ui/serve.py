"""The app: Streamlit's pages and the live-draft socket on one port, in one process."""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from workbench.ui import runtime
from workbench.ui.left_pages import LeftPages
from workbench.ui.live_socket import routes


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncGenerator[dict[str, Any] | None]:
    """Open the workspace once the port is bound; close it, with every word stored, at the end."""
    threading.Thread(target=_warm, name="warm-up", daemon=True).start()
    try:
        yield None
    finally:
        runtime.close()


def _warm() -> None:
    """Do before the first visitor what the first visitor would wait for."""
    runtime.open_quietly()
    gc.freeze()  # what start-up made lives as long as the process: no collection needs to look at it


app = st.App(
    Path(__file__).parent / "entry" / "main.py", routes=routes, middleware=[Middleware(LeftPages)], lifespan=lifespan
)
