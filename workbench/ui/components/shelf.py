"""A shelf of the desk: its tools, a search that looks on all shelves, and pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from workbench.domain.persona import Persona
from workbench.domain.tally import SHELVES, Shelf
from workbench.ports import ToolSummary
from workbench.services.desk import PAGE_SIZE, View
from workbench.ui import state
from workbench.ui.components.tallies import SHELF_NAMES, legend, line, segments, settled
from workbench.ui.components.words import count, plain

_ACTS: dict[Shelf, str] = {
    "progress": "Open",
    "second": "Look",
    "reopened": "Decide",
    "ready": "Compare",
    "undrafted": "Draft",
}
_NOTHING: dict[Shelf, str] = {
    "progress": "Nothing is in progress. Draft a tool under “Not drafted”, or add one under Tools.",
    "second": "No quote needs a second look.",
    "reopened": "No approved quote rests on a fact that has changed.",
    "ready": "No tool has every quote and verdict yet.",
    "undrafted": "Every tool has been drafted. Add more under Tools.",
}


def tools_on(view: View, shelf: Shelf, personas: Sequence[Persona], opens: Callable[[ToolSummary], None]) -> None:
    """Draw the shelf; `opens` is told of the row whose button was pressed."""
    state.start_with("desk.shelf", shelf)
    st.header("Tools", anchor=False)
    bar = st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="shelf-bar")
    bar.segmented_control(
        "Shelf",
        list(SHELVES),
        key="desk.shelf",
        format_func=lambda one: f"{SHELF_NAMES[one]} · {view.counts[one]:,}",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
        on_change=state.drop,
        args=("desk.page",),
    )
    bar.text_input(
        "Search",
        key="desk.search",
        placeholder="Search name, vendor or category",
        label_visibility="collapsed",
        width=300,
        persist_state="session",
    )
    with st.container(key="shelf", gap="xsmall"):
        for row in view.rows:
            _row(row, shelf, personas, opens)
        if not view.rows:
            searched = str(state.value("desk.search", "") or "")
            if searched.strip():
                _not_found(view, searched)
            else:
                st.info(_NOTHING[shelf])
    if view.found > PAGE_SIZE:
        st.pagination(-(-view.found // PAGE_SIZE), key="desk.page")
    st.html(legend(personas))


def _row(row: ToolSummary, shelf: Shelf, personas: Sequence[Persona], opens: Callable[[ToolSummary], None]) -> None:
    tool = row.tool
    told = [one for one in (tool.vendor, tool.category) if one] or ["No vendor or category yet"]
    if row.live:
        told.append(f"{count(row.live, 'draft')} streaming")
    told += [f"!{one.label}: a second editor reads it" for one in personas if one.id in row.second]
    told += [
        f"!{one.label}: under review since {row.reopened[one.id].date().isoformat()}"
        for one in personas
        if one.id in row.reopened
    ]
    with st.container(key=f"tally-{tool.id}", horizontal=True, vertical_alignment="center"):
        drawn, done = segments(personas, row.marks, tool.name), settled(personas, row.marks)
        st.html(line(tool.name, told, drawn, done, len(personas)))
        if st.button(_ACTS[shelf], key=f"open-{tool.id}"):
            opens(row)


def _not_found(view: View, searched: str) -> None:
    """Where else there are tools that match, each a click away."""
    others: list[Shelf] = [one for one in SHELVES if view.matches[one]]
    then = "Other shelves have some:" if others else "A part of its name, vendor or category is enough."
    st.info(f"No tool on this shelf matches “{plain(searched)}”. {then}")
    with st.container(horizontal=True):
        for one in others:
            label = f"{SHELF_NAMES[one]} · {view.matches[one]:,}"
            st.button(label, key=f"found-{one}", on_click=state.put, args=("desk.shelf", one))
