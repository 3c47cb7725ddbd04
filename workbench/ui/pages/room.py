"""The draft room: every persona × provider of the tools on the desk, streaming, and the acts on each.

One fragment without a timer: it reruns on what the reader does and when a draft ends. Text streams past it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Dossier
from workbench.domain.ids import ToolId
from workbench.errors import WorkbenchError
from workbench.services.modelling import notices
from workbench.ui import state
from workbench.ui.board import Board, by_tool
from workbench.ui.components import acts
from workbench.ui.components.cell import cell_box
from workbench.ui.components.costs import costs_panel
from workbench.ui.components.dossier import dossier_panel
from workbench.ui.components.guide import guide
from workbench.ui.components.message import message
from workbench.ui.components.pane import pane
from workbench.ui.components.picker import called, on_offer, picked_some
from workbench.ui.components.progress import board_bar
from workbench.ui.components.words import plain
from workbench.ui.filling import board_of

BOTH = "room.both"
"""Whether two tools stand side by side."""


def room_page(bench: Workbench) -> None:
    """Choose the tools, then the board."""
    title, picker = st.columns([1, 4], vertical_alignment="center")
    title.title("Draft room", anchor=False)
    with picker:
        chosen = _choose(bench)
    if not chosen:
        st.info("No tool is on the desk. Add one under Tools, or choose one here.")
        return
    _board(bench, chosen)


def _choose(bench: Workbench) -> list[ToolId]:
    """The tools on the desk. The list offers those that changed last; a name typed in finds any other."""
    known = on_offer(bench, state.selected_tools())
    on_desk = [one for one in state.selected_tools() if one in known] or list(known)[:2]
    state.put("room.tools", on_desk)
    picked = st.multiselect(
        "Tools on the desk",
        list(known),
        key="room.tools",
        max_selections=2,
        accept_new_options=True,
        format_func=called(known),
        on_change=_picked,
        args=(bench, known),
        label_visibility="collapsed",
        placeholder="Choose one or two tools, or type a name",
    )
    state.select_tools(list(picked))
    return [ToolId(one) for one in picked]


def _picked(bench: Workbench, known: Mapping[str, str]) -> None:
    picked_some(bench, "room.tools", known)
    state.select_tools(state.value("room.tools"))


@st.fragment
def _board(bench: Workbench, chosen: list[ToolId]) -> None:
    try:
        with bench.store.reading() as repositories:
            dossiers = [one for tool_id in chosen if (one := repositories.tools.latest(tool_id)) is not None]
        _draw(bench, board_of(bench, dossiers, _shown(dossiers), acts.take_of))
    except WorkbenchError as error:
        st.error(f"{plain(error.message)}  \n{plain(error.remedy)}")


def _shown(dossiers: Sequence[Dossier]) -> list[ToolId]:
    """The tools to draw: the one asked for in the address or by a key or a click, else the first; or both."""
    here = [one.tool.id for one in dossiers]
    return here if state.value(BOTH) else [one for one in here if one == state.value("room.view")] or here[:1]


def _draw(bench: Workbench, board: Board) -> None:
    # Whatever comes and goes has a container of its own: no row below changes its place while somebody types in it.
    now = datetime.now(UTC)
    message()
    with st.container():
        board_bar(bench, board, both=BOTH)
    with st.container(key="room-rail"):
        guide(bench, board, start=state.asked_cell(), show=_show)
    with st.container():
        _warn(bench, board)
    panels = st.columns(len(board.shown) + 1)
    for column, dossier in zip(panels, (one for one in board.dossiers if one.tool.id in board.shown), strict=False):
        with column:
            dossier_panel(bench, dossier)
    with panels[-1]:
        costs_panel(bench, board.drafts, now, masked=board.masked)
    with st.container(key="cells"):
        _cells(bench, board, now)
    with st.container(key="unseen"):
        _watch(bench, board, now)


def _cells(bench: Workbench, board: Board, now: datetime) -> None:
    shown = [slots for tool_id, slots in by_tool(board).items() if tool_id in board.shown]
    for row in zip(*shown, strict=True):
        for column, slot in zip(st.columns(len(row), gap="small"), row, strict=True):
            with column:
                cell_box(bench, slot, now, named=len(row) > 1)


def _watch(bench: Workbench, board: Board, now: datetime) -> None:
    """Panes nobody sees: the ends of the other tool's drafts redraw the board, too."""
    for slot in board.slots:
        if slot.dossier.tool.id not in board.shown:
            for side in slot.sides:
                if side.draft is not None and side.draft.live:
                    pane(bench, slot, side, now=now)


def _warn(bench: Workbench, board: Board) -> None:
    """Which models are about to go; not while it would name who drafts."""
    if not board.masked:
        for one in notices(bench.planning.providers, datetime.now(UTC).date()):
            (st.warning if one.past else st.caption)(plain(f"{one.message} {one.remedy}"))


def _show(tool_id: str) -> None:
    state.put("room.view", tool_id)
