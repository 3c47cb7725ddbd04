"""The desk: what is in progress, what needs a second look or was re-opened, what is ready, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from workbench.bootstrap import Workbench
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.domain.tally import SHELVES, Shelf
from workbench.ports import ToolSummary
from workbench.services.desk import Pair, View
from workbench.ui import state
from workbench.ui.components.costs import day_bound
from workbench.ui.components.first_minute import first_minute, sample_guide
from workbench.ui.components.forecasts import forecasts_due
from workbench.ui.components.shelf import tools_on
from workbench.ui.components.tallies import figures, left_of, line, segments, settled
from workbench.ui.components.words import count, plain
from workbench.ui.scripts import element

_next_key = element("next_key", "<span></span>")
_FINISH = "Every quote has a verdict. Second looks, the call and the signature are on the comparison’s page."


def desk_page(bench: Workbench, *, room: Page, compare: Page, tools: Page) -> None:
    """Figures, what comes next, the comparisons, and one shelf of tools."""
    st.html(Path(__file__).parents[1] / "desk.css")
    shelf: Shelf = state.value("desk.shelf") or "progress"
    search = str(state.value("desk.search", "") or "")
    view = bench.desk.look(shelf, search=search, page=int(state.value("desk.page", 1) or 1))
    if not view.tools:
        if first_minute(bench):
            st.switch_page(tools)
        return
    if state.value("desk.shelf") is None and not view.counts[shelf]:
        shelf = next(one for one in SHELVES if view.counts[one])
        view = bench.desk.look(shelf)
    personas = bench.library.personas()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="desk-head"):
        st.title("Desk", width="content")
        _next_up(view, personas, room, compare)
    standings = bench.budgeting.standings(bench.settings.editor, rehearsal=bench.rehearsing)
    st.html(figures(view.counts, view.today, left_of(standings), day_bound(bench)))
    with st.container():
        if opened := sample_guide(bench, view):
            _open(room, None, opened)
    with st.container(key="pairs", gap="xsmall"):
        if view.pairs:
            st.header("Comparisons", anchor=False)
        for pair in view.pairs:
            _pair(pair, personas, room, compare)
    with st.container(key="forecasts", gap="xsmall"):
        forecasts_due(bench, view.forecasts, view.foretelling, personas)

    def opened_row(row: ToolSummary) -> None:
        asked = {"second": row.second, "reopened": row.reopened}.get(shelf, {})
        _open(compare if shelf == "ready" else room, view, [row.tool.id], next(iter(asked), None))

    tools_on(view, shelf, personas, opened_row)
    with st.container(key="next-key"):
        _next_key(key="next-key-script")


def _next_up(view: View, personas: Sequence[Persona], room: Page, compare: Page) -> None:
    """What Enter opens: the next cell to decide, else the first comparison whose quotes are all there and unsigned."""
    if view.next_up is not None:
        tool, persona_id = view.next_up
        label = next(one.label for one in personas if one.id == persona_id)
        tip = "Enter: the next cell with a draft to decide on or a quote without a verdict, of the tool changed last."
        if _next(f"{plain(label)} of {plain(tool.name)}", tip):
            _open(room, view, [tool.id], persona_id)
    elif unsigned := next((one for one in view.pairs if _whole(one, personas) and not _signed(one)), None):
        if _next(f"finish {plain(' vs '.join(one.tool.name for one in unsigned.sides))}", f"Enter: {_FINISH}"):
            _open(compare, None, [unsigned.comparison.left, unsigned.comparison.right])
    else:
        st.caption("Nothing waits for a decision.", width="content")


def _next(what: str, tip: str) -> bool:
    return st.button(f"Next: {what}", key="next-up", type="primary", icon=":material/keyboard_return:", help=tip)


def _whole(pair: Pair, personas: Sequence[Persona]) -> bool:
    return all(settled(personas, one.marks) == len(personas) for one in pair.sides)


def _signed(pair: Pair) -> bool:
    return bool(pair.comparison.signed_by) and not pair.lapsed and not any(one.second for one in pair.sides)


def _pair(pair: Pair, personas: Sequence[Persona], room: Page, compare: Page) -> None:
    made, names = pair.comparison, [one.tool.name for one in pair.sides]
    done, whole = sum(settled(personas, one.marks) for one in pair.sides), len(pair.sides) * len(personas)
    signature = f"signed by {made.signed_by}" if made.signed_by else "not signed"
    told = ["called" if made.call else "no editor’s call yet", signature]
    if pair.lapsed:
        told.append("!changed since")
    if second := sum(len(one.second) for one in pair.sides):
        told.append(f"!{count(second, 'second look')} open")
    with st.container(key=f"pair-{made.id}", horizontal=True, vertical_alignment="center"):
        drawn = "".join(segments(personas, one.marks, one.tool.name) for one in pair.sides)
        st.html(line(" vs ".join(names), told, f'<span class="pair-segs">{drawn}</span>', done, whole))
        if _whole(pair, personas):
            signed = _signed(pair)
            if st.button("Publish" if signed else "Finish", key=f"publish-{made.id}", help=None if signed else _FINISH):
                _open(compare, None, [made.left, made.right])
        elif st.button("Open", key=f"open-{made.id}"):
            _open(room, None, [made.left, made.right])


def _open(page: Page, view: View | None, tool_ids: list[ToolId], cell: PersonaId | None = None) -> None:
    """Go there with these tools; one tool takes along the other of its comparison, as far as the desk shows it."""
    pairs = [one.comparison for one in view.pairs] if view is not None else []
    own = next((one for one in pairs if tool_ids[0] in (one.left, one.right)), None)
    if own is not None and len(tool_ids) == 1:
        tool_ids = [*tool_ids, own.right if tool_ids[0] == own.left else own.left]
    chosen = [str(one) for one in tool_ids]
    state.put("desk.tools", chosen)
    query: dict[str, str | list[str]] = {"tool": chosen}
    if cell is not None:
        query["cell"] = str(cell)
    st.switch_page(page, query_params=query)
