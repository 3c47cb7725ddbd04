"""What a new workspace teaches: three steps while it is empty, a note while it holds nothing but the sample."""

from __future__ import annotations

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.ids import ToolId
from workbench.errors import WorkbenchError
from workbench.services.desk import View
from workbench.ui import state

GUIDE = (
    "<b>Two sample tools are here to try everything on.</b> Open both, then <b>Draft all 16</b>: four personas on two "
    "models, side by side. <kbd>1</kbd> or <kbd>2</kbd> accepts the left or the right draft, <kbd>S</kbd> or "
    "<kbd>D</kbd> gives the verdict, <kbd>U</kbd> goes to the next cell, <kbd>H</kbd> shows every key. Eight decisions "
    "make a page."
)
_STEPS = (
    ("Bring two tools", "Paste their descriptions, fill in a form, or upload a file. They become numbered facts."),
    ("Draft", "Four personas on two models write side by side while you read. Nothing is published by itself."),
    ("Decide and sign", "Accept, edit or reject; give the verdicts; say which one to ship with; sign the page."),
)


def first_minute(bench: Workbench) -> bool:
    """The three steps of an empty workspace; whether its own tools are to be pasted now."""
    st.title("Desk")
    st.html(f'<ol class="first-steps">{"".join(f"<li><b>{name}</b>{words}</li>" for name, words in _STEPS)}</ol>')
    with st.container(horizontal=True):
        st.button("Start with two sample tools", key="sample", type="primary", on_click=_sample, args=(bench,))
        return st.button("Paste your own", key="paste-own")


def sample_guide(bench: Workbench, view: View) -> list[ToolId]:
    """The sample's first minute, until it is put away or anything was begun; the tools that are to be opened now."""
    ids = [row.tool.id for row in reversed(view.rows)]  # in the order they were added
    if len(ids) != 2 or view.counts["undrafted"] != view.tools or bench.desk.was_read(GUIDE):
        return []
    with st.container(horizontal=True, vertical_alignment="center", key="guide"):
        st.html(f'<div class="guide-note">{GUIDE}</div>')
        opened = st.button("Open both", key="guide-open", type="primary")
        st.button("Got it", key="guide-read", on_click=bench.desk.read, args=(GUIDE,))
    if opened:
        bench.desk.begin(ids)
    return ids if opened else []


def _sample(bench: Workbench) -> None:
    try:
        for text in bench.library.sample():
            bench.importing.commit(bench.importing.preview_text(text, "markdown"))
    except WorkbenchError as error:
        state.say("error", str(error))
