"""The process's one Workbench, shared by all sessions and the socket.

A module-level singleton and not a Streamlit cache: "clear cache" would orphan running drafts.
"""

from __future__ import annotations

import logging
import threading

from workbench.bootstrap import Workbench, build
from workbench.errors import WorkbenchError
from workbench.settings import load

log = logging.getLogger(__name__)
_lock = threading.Lock()
_workbench: Workbench | None = None
_warmed = threading.Event()


def workbench() -> Workbench:
    """The workbench, built by the first caller. Raises StoreError or SettingsError."""
    global _workbench  # noqa: PLW0603 - one per process, see above
    with _lock:
        if _workbench is None:
            _workbench = build(load())
        return _workbench


def open_quietly() -> None:
    """Build it before anybody asks, and keep the personas and prompts it drafts with; a problem is shown by the page
    that asks."""
    try:
        workbench().authoring.note_found()
    except WorkbenchError as error:
        log.error("%s", error)  # noqa: TRY400 - the message is the whole story


def warm() -> None:
    """Load the SDKs once the first page has been drawn: their import takes a second and holds up everything else."""
    if not _warmed.is_set():
        _warmed.set()
        bench = workbench()
        bench.drafting.open(one.name for one in bench.planning.providers)


def close() -> None:
    """Stop the drafts, store their text, let go of the workspace."""
    global _workbench  # noqa: PLW0603 - see above
    with _lock:
        if _workbench is not None:
            _workbench.close()
            _workbench = None
