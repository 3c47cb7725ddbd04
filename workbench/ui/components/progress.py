"""How far the desk has come: the draft button with its price, the stop button, and a glyph for each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier
from workbench.domain.draft import USABLE, Draft
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.errors import WorkbenchError
from workbench.services.live import Snapshot
from workbench.ui import state
from workbench.ui.components.words import count, money, plain, tokens

_GLYPHS = {
    "approved": ("✓", "approved"),
    "streaming": ("◔", "streaming"),
    "drafted": ("●", "drafted, undecided"),
    "failed": ("!", "no usable draft"),
    "rejected": ("✗", "all drafts rejected"),
    "empty": ("○", "not drafted"),
}


def board_bar(bench: Workbench, dossiers: Sequence[Dossier], snapshots: Mapping[ToolId, Sequence[Snapshot]]) -> None:
    """Draft what is missing, stop what runs, and how far it is."""
    drafts = [one.draft for many in snapshots.values() for one in many]
    live = [one for one in drafts if one.live]
    try:
        jobs = [job for one in dossiers for job in bench.planning.missing(bench.planning.jobs(one), drafts)]
    except WorkbenchError as error:
        st.error(f"{plain(error.message)}  \n{plain(error.remedy)}")
        jobs = []
    with st.container(horizontal=True, vertical_alignment="center", key="board-bar"):
        estimate = bench.planning.estimate(jobs)
        price = money(estimate.cost, rehearsal=bench.rehearsing) if jobs else ""
        st.button(
            _label(len(jobs), len(drafts), len(live)),
            key="draft-all",
            type="primary",
            icon=":material/edit_note:",
            disabled=not jobs,
            help=f"About {tokens(estimate.prompt_tokens)} in and {estimate.output_tokens:,} out. The price is for "
            "prompts that are all written to the cache and never read from it; reads make it less."
            if jobs
            else "Every persona has a whole draft from every provider. “Another take” makes more.",
            on_click=_draft,
            args=(bench, tuple(one.tool.id for one in dossiers)),
        )
        if jobs:
            known = f"estimate: up to {plain(price)}" if estimate.cost is not None else "estimate: price unknown"
            st.caption(known, width="content")
        if live:
            st.button(
                f"Stop {count(len(live), 'draft')}",
                key="stop-all",
                icon=":material/stop_circle:",
                on_click=_stop,
                args=(bench, tuple(one.tool.id for one in dossiers)),
            )
    if live:
        ended = len(drafts) - len(live)
        st.progress(ended / len(drafts), text=f"{ended} of {count(len(drafts), 'draft')} ended, {len(live)} to go")


def _label(missing: int, drafts: int, live: int) -> str:
    if missing:
        return f"Draft the missing {missing}" if drafts else f"Draft all {missing}"
    return "Drafting …" if live else "All drafted"


def rail(
    dossiers: Sequence[Dossier],
    personas: Sequence[Persona],
    snapshots: Mapping[ToolId, Sequence[Snapshot]],
    cells: Mapping[ToolId, Mapping[PersonaId, Cell]],
) -> None:
    """One line a tool: a chip for each persona's cell, and the quotes approved."""
    lines = []
    for dossier in dossiers:
        own = cells[dossier.tool.id]
        chips = []
        for persona in personas:
            drafts = [one.draft for one in snapshots[dossier.tool.id] if one.draft.origin.persona_id == persona.id]
            mark = cell_state(drafts, own.get(persona.id))
            glyph, meaning = _GLYPHS[mark]
            label = escape(persona.label)
            chips.append(f'<span class="chip {mark}" title="{label}: {meaning}"><i>{glyph}</i>{label}</span>')
        approved = sum(1 for persona in personas if persona.id in own and own[persona.id].approved)
        lines.append(
            f'<div class="row"><b>{escape(dossier.tool.name)}</b><span class="chips">{"".join(chips)}</span>'
            f'<span class="count">{approved}/{len(personas)} quotes</span></div>'
        )
    st.html(f'<div class="rail">{"".join(lines)}</div>')


def cell_state(drafts: Sequence[Draft], cell: Cell | None) -> str:
    """Which glyph a cell gets: approved, streaming, drafted, rejected, failed or empty."""
    if cell is not None and cell.approved:
        return "approved"
    if any(one.live for one in drafts):
        return "streaming"
    rejected = cell.rejected if cell is not None else frozenset()
    usable = [one for one in drafts if one.state in USABLE]
    if any(one.id not in rejected for one in usable):
        return "drafted"
    if usable:
        return "rejected"
    return "failed" if drafts else "empty"


def _draft(bench: Workbench, tool_ids: tuple[ToolId, ...]) -> None:
    try:
        with bench.store.reading() as repositories:
            dossiers = [one for tool_id in tool_ids if (one := repositories.tools.latest(tool_id)) is not None]
            drafts = [draft for tool_id in tool_ids for draft in repositories.drafts.of_tool(tool_id)]
        jobs = [job for one in dossiers for job in bench.planning.missing(bench.planning.jobs(one), drafts)]
        bench.drafting.start(jobs)
    except WorkbenchError as error:
        state.say("error", str(error))


def _stop(bench: Workbench, tool_ids: tuple[ToolId, ...]) -> None:
    for tool_id in tool_ids:
        bench.drafting.stop_tool(tool_id)
