"""The draft room: every persona × provider of the tools on the desk, streaming, and the acts on each.

One fragment without a timer: it reruns on what the reader does and when a draft ends. Text streams past it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.decision import Cell, Decision
from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.errors import WorkbenchError
from workbench.services.live import Snapshot
from workbench.services.modelling import notices
from workbench.ui import state
from workbench.ui.components.acts import nothing
from workbench.ui.components.cell import Slot, cell_row
from workbench.ui.components.costs import costs_panel
from workbench.ui.components.dossier import dossier_panel
from workbench.ui.components.message import message
from workbench.ui.components.pane import pane
from workbench.ui.components.progress import board_bar, rail
from workbench.ui.components.words import names, plain

SIDE_BY_SIDE = "Both tools"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is on the desk at this moment."""

    dossiers: tuple[Dossier, ...]
    personas: tuple[Persona, ...]
    snapshots: dict[ToolId, list[Snapshot]]
    cells: dict[ToolId, dict[PersonaId, Cell]]
    undoable: dict[ToolId, dict[PersonaId, Decision]]


def room_page(bench: Workbench) -> None:
    """Choose the tools, then the board."""
    st.title("Draft room")
    with st.container():
        _warn(bench)
    chosen = _choose(bench)
    if not chosen:
        st.info("No tool is on the desk. Add one under Tools, or choose one here.")
        return
    _board(bench, chosen)


def _warn(bench: Workbench) -> None:
    """Which models are about to go."""
    for one in notices(bench.planning.providers, datetime.now(UTC).date()):
        (st.warning if one.past else st.caption)(plain(f"{one.message} {one.remedy}"))


def _choose(bench: Workbench) -> list[ToolId]:
    with bench.store.reading() as repositories:
        tools = [one.tool for one in repositories.tools.summaries(limit=500)]
        listed = {one.id for one in tools}
        named = [repositories.tools.latest(ToolId(one)) for one in state.selected_tools() if ToolId(one) not in listed]
    known = names([*tools, *(one.tool for one in named if one is not None)])
    on_desk = [one for one in state.selected_tools() if one in known] or list(known)[:2]
    state.put("room.tools", on_desk)
    picked = st.multiselect(
        "Tools on the desk",
        list(known),
        key="room.tools",
        max_selections=2,
        format_func=lambda one: known[one],
        on_change=_picked,
        label_visibility="collapsed",
        placeholder="Choose one or two tools",
    )
    state.select_tools(list(picked))
    return [ToolId(one) for one in picked]


def _picked() -> None:
    state.select_tools([str(one) for one in state.value("room.tools", [])])


@st.fragment
def _board(bench: Workbench, chosen: list[ToolId]) -> None:
    try:
        _draw(bench, _desk(bench, chosen))
    except WorkbenchError as error:
        st.error(f"{plain(error.message)}  \n{plain(error.remedy)}")


def _desk(bench: Workbench, chosen: list[ToolId]) -> Desk:
    with bench.store.reading() as repositories:
        dossiers = tuple(one for tool_id in chosen if (one := repositories.tools.latest(tool_id)) is not None)
    return Desk(
        dossiers=dossiers,
        personas=bench.library.personas(),
        snapshots={one.tool.id: bench.drafting.of_tool(one.tool.id) for one in dossiers},
        cells={one.tool.id: dict(bench.deciding.cells(one.tool.id)) for one in dossiers},
        undoable={one.tool.id: dict(bench.deciding.undoable(one.tool.id)) for one in dossiers},
    )


def _draw(bench: Workbench, desk: Desk) -> None:
    # Whatever comes and goes has a container of its own: no row below changes its place while somebody types in it.
    message()
    with st.container():
        board_bar(bench, desk.dossiers, desk.snapshots)
    rail(desk.dossiers, desk.personas, desk.snapshots, desk.cells)
    now = datetime.now(UTC)
    with st.container():
        costs_panel(bench, [one.draft for many in desk.snapshots.values() for one in many], now)
    shown = _shown(desk)
    with st.container():
        for dossier in shown:
            dossier_panel(dossier)
    for persona in desk.personas:
        cell_row(bench, persona, [_slot(desk, one, persona) for one in shown], now)
    with st.container(key="unseen"):
        _watch(bench, desk, [one for one in desk.dossiers if one not in shown], now)


def _watch(bench: Workbench, desk: Desk, unseen: list[Dossier], now: datetime) -> None:
    """Panes nobody sees: the ends of the other tool's drafts redraw the board, too."""
    lenses = {one.id: one for one in desk.personas}
    for dossier in unseen:
        for one in desk.snapshots[dossier.tool.id]:
            lens = lenses.get(one.draft.origin.persona_id)
            if one.draft.live and lens is not None:
                pane(one, lens, dossier, editor=bench.settings.editor, now=now, on_end=nothing)


def _shown(desk: Desk) -> tuple[Dossier, ...]:
    if len(desk.dossiers) < 2:
        return desk.dossiers
    names = (*(plain(one.tool.name) for one in desk.dossiers), SIDE_BY_SIDE)

    def named(index: int) -> str:
        return names[index]

    state.start_with("room.view", 0)
    view = st.segmented_control(
        "Show",
        [0, 1, 2],
        key="room.view",
        format_func=named,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return desk.dossiers if view == 2 else (desk.dossiers[int(view or 0)],)


def _slot(desk: Desk, dossier: Dossier, persona: Persona) -> Slot:
    tool_id = dossier.tool.id
    return Slot(
        dossier=dossier,
        cell=desk.cells[tool_id].get(persona.id) or Cell(tool_id=tool_id, persona_id=persona.id),
        snapshots=[one for one in desk.snapshots[tool_id] if one.draft.origin.persona_id == persona.id],
        last=desk.undoable[tool_id].get(persona.id),
    )
