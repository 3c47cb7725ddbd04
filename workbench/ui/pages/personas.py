"""Personas and prompts: the files, what becomes of them in a request, their versions, and trying a change out."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.persona import Persona
from workbench.errors import LibraryError, WorkbenchError
from workbench.ui.components.authoring import FILE_TAB, TABS, file_box, file_list, opened
from workbench.ui.components.rendered import rendered_prompt
from workbench.ui.components.replays import replay
from workbench.ui.components.versions import version_list
from workbench.ui.components.words import plain


def personas_page(bench: Workbench) -> None:
    """Choose a file; read, edit, render, compare and replay it."""
    st.title("Personas and prompts")
    st.html(Path(__file__).parents[1] / "personas.css")
    lenses = _lenses(bench)
    shelf, desk = st.columns([1, 3.6], gap="large")
    with shelf:
        file = file_list(bench.authoring.files(), lenses)
    one = opened(bench, file)
    with desk:
        lens = lenses.get(file.name) if file.kind == "persona" else None
        st.header(plain(lens.label if lens is not None else f"{file.name}.md"), anchor=False)
        st.caption(plain(lens.summary) if lens is not None else _USES.get(file.name, ""))
        names = [FILE_TAB, "Rendered prompt", "Versions", "Replay"]
        tabs = st.tabs(names, key=TABS, on_change="rerun")
        with tabs[0]:
            file_box(bench, one)
        for tab, draw in zip(tabs[1:], (rendered_prompt, version_list, replay), strict=True):
            if tab.open:
                with tab:
                    try:
                        draw(bench, one)
                    except WorkbenchError as error:
                        st.error(f"{plain(error.message)}  \n{plain(error.remedy)}")


_USES = {
    "house": "What every model is told first, whatever the persona and the tool.",
    "brief": "How a persona is put to the model. Filled once for each of them.",
    "dossier": "How the tool's material is handed over.",
    "ask": "The last line: whose draft this is.",
    "note": "How an editor's note on a draft is put to the model.",
    "opinion": "What the last line adds where an editor lets beats be opinion.",
}


def _lenses(bench: Workbench) -> dict[str, Persona]:
    """The usable personas by name; none where no file can be used, which this page is there to mend."""
    try:
        return {str(one.id): one for one in bench.library.personas()}
    except LibraryError:
        return {}
