"""The app as it is, with a stamp for every change of a draft: when it was published, and how long its text was."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import streamlit as st

from workbench.domain.draft import Draft
from workbench.services.live import Feed
from workbench.services.reading import read_partial
from workbench.ui.entry import main as entry
from workbench.ui.live_socket import routes
from workbench.ui.serve import lifespan

_stamps = Path(os.environ["BENCHMARK_STAMPS"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - for the life of the process
_publish = Feed.publish
_sizes: dict[str, int] = {}


def _stamped(self: Feed, draft: Draft) -> None:
    size = sum(len(one.text) for one in read_partial(draft.text).sentences)
    if _sizes.get(draft.id) != size:
        _sizes[draft.id] = size
        origin = draft.origin
        label = f"{origin.persona_id.capitalize()} by {origin.provider}, take {origin.take}"
        _stamps.write(json.dumps([label, size, time.time() * 1000]) + "\n")
    _publish(self, draft)


Feed.publish = _stamped  # type: ignore[method-assign]  # the benchmark measures from here
app = st.App(Path(str(entry.__file__)), routes=routes, lifespan=lifespan)
