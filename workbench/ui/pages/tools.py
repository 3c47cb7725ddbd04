"""Tools: what is under review and how far it has come; paste, fill in or upload more."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from workbench.bootstrap import Workbench
from workbench.domain.bill import bill
from workbench.domain.ids import ToolId
from workbench.domain.tally import APPROVED
from workbench.errors import WorkbenchError
from workbench.ports import ToolSummary
from workbench.ui import state
from workbench.ui.components.costs import by_provider, day_masked, spent_today
from workbench.ui.components.intake import add_tools
from workbench.ui.components.words import COARSE, count, plain, price, under

PAGE_SIZE = 20


def tools_page(bench: Workbench, *, room: Page) -> None:
    """The list, and the three ways in."""
    st.title("Tools")
    with bench.store.reading() as repositories:
        empty = repositories.tools.count() == 0
    with st.container(key="add-tools"):
        _add(bench, room, empty=empty)
    bar = st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute")
    search = bar.text_input(
        "Search", key="tools.search", placeholder="Name, vendor or category", width=320, persist_state="session"
    )
    with bench.store.reading() as repositories:
        total = repositories.tools.count(search=search or "")
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(int(state.value("tools.page", 1) or 1), pages)
        rows = repositories.tools.summaries(search=search or "", offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    chosen = [str(one) for one in state.value("tools.chosen", [])]
    if total == 2 and not search and state.value("tools.chosen") is None:
        chosen = [str(one.tool.id) for one in rows]  # nothing to choose: it can only be these two
        state.put("tools.chosen", chosen)
    with bar:
        _compare(bench, room, chosen)
    if not rows:
        st.info(f"No tool matches “{plain(search)}”." if search else "No tools yet: paste a description above.")
        if empty:
            st.button("Start with the two sample tools", key="sample", on_click=_sample, args=(bench,))
        return
    personas = len(bench.library.personas())
    for row in rows:
        _row(bench, row, personas, room, chosen)
    if pages > 1:
        st.pagination(pages, key="tools.page")
    st.caption(count(total, "tool"))
    if today := spent_today(bench):
        st.caption(plain(today), help=COARSE if day_masked(bench) else None)


def _sample(bench: Workbench) -> None:
    try:
        for text in bench.library.sample():
            bench.importing.commit(bench.importing.preview_text(text, "markdown"))
    except WorkbenchError as error:
        state.say("error", str(error))


def _add(bench: Workbench, room: Page, *, empty: bool) -> None:
    with (
        st.container(border=True)
        if empty
        else st.expander("Add tools", icon=":material/add:", expanded=bool(state.value("tools.adding", False)))
    ):
        added = add_tools(bench)
    if added:
        state.put("tools.adding", False)
        state.put("tools.chosen", added[:2])
        state.say("success", f"Added {count(len(added), 'tool')}.")
        bench.desk.begin([ToolId(one) for one in added[:2]])
        _open(room, added[:2])


def _compare(bench: Workbench, room: Page, chosen: list[str]) -> None:
    if st.button(
        "Draft and compare these two" if len(chosen) == 2 else "Select two tools to compare",
        key="compare-selected",
        type="primary",
        disabled=len(chosen) != 2,
    ):
        bench.desk.begin([ToolId(one) for one in chosen])
        _open(room, chosen)


def _row(bench: Workbench, row: ToolSummary, personas: int, room: Page, chosen: list[str]) -> None:
    tool = row.tool
    with st.container(border=True, key=f"tool-{tool.id}"):
        mark, name, progress, action = st.columns([0.35, 5, 3, 1.6], vertical_alignment="center")
        with mark:
            state.start_with(f"choose-{tool.id}", tool.id in chosen)
            st.checkbox(
                f"Select {plain(tool.name)}",
                key=f"choose-{tool.id}",
                label_visibility="collapsed",
                on_change=_choose,
                args=(tool.id,),
            )
        with name:
            st.markdown(f"**{plain(tool.name)}**")
            facts = [one for one in (tool.vendor, tool.category, tool.entry and tool.entry.value) if one]
            revision = f" · revision {row.revision}" if row.revision > 1 else ""
            st.caption(plain(" · ".join(str(one) for one in facts)) + revision or "No vendor or category yet")
            revealed = bench.revealing.of(tool.id, row.revision)
            if not revealed.quiet:
                st.caption(f":orange[{plain(revealed.summary)}]", help=plain(" ".join(revealed.told)))
        with progress:
            # Drawn again every two seconds while drafts stream: nothing in it can be clicked, so nothing twice.
            live = any(one.draft.live for one in bench.drafting.of_tool(tool.id))
            st.fragment(_progress, run_every=2 if live else None)(bench, row, personas, was_live=live)
        with action:
            if st.button("Open", key=f"open-{tool.id}", width="stretch"):
                _open(room, [tool.id])


def _progress(bench: Workbench, row: ToolSummary, personas: int, *, was_live: bool) -> None:
    drafts = [one.draft for one in bench.drafting.of_tool(row.tool.id)]
    live = sum(one.live for one in drafts)
    if was_live and not live:
        st.rerun()  # the last one has ended: the row is drawn anew, without the clock
    parts = [f"{row.approved}/{personas} quotes"]
    if live:
        parts.append(f"{count(live, 'draft')} streaming")
    else:
        parts.append(count(len(drafts), "draft") if drafts else "not drafted")
    own = {} if live else by_provider(drafts)
    masked = bench.masking.on and any(one not in APPROVED for one in row.marks.values())
    if own and not masked:
        parts.append(plain(price(bill(one.charge for one in drafts))))
    st.progress(min(1.0, row.approved / max(1, personas)), text=" · ".join(parts))
    if own and masked:
        st.caption(plain(under(own.values())), help=COARSE)


def _choose(tool_id: ToolId) -> None:
    chosen = [str(one) for one in state.value("tools.chosen", []) if one != tool_id]
    if state.value(f"choose-{tool_id}"):
        chosen.append(str(tool_id))
    for dropped in chosen[:-2]:
        state.put(f"choose-{dropped}", False)
    state.put("tools.chosen", chosen[-2:])


def _open(room: Page, tool_ids: list[str]) -> None:
    state.put("desk.tools", tool_ids)
    st.switch_page(room, query_params={"tool": tool_ids})
