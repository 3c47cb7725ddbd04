"""Eight live drafts with Streamlit's own pieces: `st.write_stream` in columns, or a fragment that polls.

Both show the tool named in the address, over the workbench's own engine; `S` gives another tool's cell a verdict.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from workbench.bootstrap import Workbench
from workbench.domain.draft import Draft
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.services.deciding import Signature
from workbench.ui import runtime

EVERY = 0.2
"""Seconds between two looks of the polling fragment."""
_BUILDER = PersonaId("builder")


def main() -> None:
    """The screen that the environment names."""
    st.set_page_config(layout="wide")
    bench, tool_id = runtime.workbench(), ToolId(st.query_params["tool"])
    if os.environ["BENCHMARK_SCREEN"] == "polling":
        _polled(bench, tool_id)
    else:
        _verdict(bench)
        _written(bench, tool_id)


def _verdict(bench: Workbench) -> None:
    other = ToolId(st.query_params["other"])
    cell = bench.deciding.cells(other).get(_BUILDER)
    st.button("Other verdict", shortcut="s", on_click=_decide, args=(bench, other))
    with st.container(key="verdict"):
        st.text("" if cell is None else f"{cell.verdict} {cell.version}")


def _decide(bench: Workbench, tool_id: ToolId) -> None:
    cell = bench.deciding.cells(tool_id).get(_BUILDER)
    version, verdict = (0, None) if cell is None else (cell.version, cell.verdict)
    signature = Signature(editor="Naive", version=version)
    bench.deciding.set_verdict(tool_id, _BUILDER, "skip" if verdict == "ship" else "ship", signature)


def _newest(bench: Workbench, tool_id: ToolId) -> list[Draft]:
    found: dict[tuple[str, ...], Draft] = {}
    for one in bench.drafting.of_tool(tool_id):
        found[one.draft.origin.cell] = one.draft
    return list(found.values())


def _text(bench: Workbench, draft_id: DraftId) -> str:
    return " ".join(one.text for one in bench.drafting.get(draft_id).review.sentences)


@st.fragment(run_every=EVERY)
def _polled(bench: Workbench, tool_id: ToolId) -> None:
    _verdict(bench)
    for column, draft in zip([*st.columns(4), *st.columns(4)], _newest(bench, tool_id), strict=False):
        with column, st.container(key=f"pane-{draft.id}"):
            st.caption(f"{draft.origin.persona_id} by {draft.origin.provider}: {draft.state}")
            st.markdown(_text(bench, draft.id))


def _written(bench: Workbench, tool_id: ToolId) -> None:
    """A thread for each column, and the last in the script's own: it alone hears of clicks."""
    over = threading.Event()
    drafts = _newest(bench, tool_id)
    columns = [*st.columns(4), *st.columns(4)]
    panes = [column.container(key=f"pane-{one.id}") for one, column in zip(drafts, columns, strict=False)]
    for pane, one in zip(panes, drafts, strict=True):
        pane.caption(f"{one.origin.persona_id} by {one.origin.provider}")
    (own, piece), *others = [(pane, _pieces(bench, one.id, over)) for one, pane in zip(drafts, panes, strict=True)]
    threads = [threading.Thread(target=pane.write_stream, args=(of,), daemon=True) for pane, of in others]
    try:
        for thread in threads:
            add_script_run_ctx(thread, get_script_run_ctx())
            thread.start()
        own.write_stream(piece)
        for thread in threads:
            thread.join()
    finally:
        over.set()


def _pieces(bench: Workbench, draft_id: DraftId, over: threading.Event) -> Iterator[str]:
    """The text as it comes; an empty piece lets the script hear of clicks."""
    changed = threading.Event()
    subscription = bench.drafting.feed.subscribe(changed.set)
    subscription.add(draft_id)
    said = ""
    try:
        while not over.is_set():
            changed.wait(0.05)
            changed.clear()
            subscription.collect()
            live, text = bench.drafting.get(draft_id).draft.live, _text(bench, draft_id)
            yield text[len(said) :]
            said = text
            if not live:
                return
    finally:
        subscription.close()


main()
