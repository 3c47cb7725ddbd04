"""The run on the desk: the draft button with its price, the stop button, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.bill import Bill
from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.ids import ToolId
from workbench.errors import WorkbenchError
from workbench.services.planning import Job, Planning, RunPlan
from workbench.ui import state
from workbench.ui.board import Board
from workbench.ui.components.costs import SO_FAR, run_costs, so_far, tells_nobody
from workbench.ui.components.message import message
from workbench.ui.components.supplies import shortages, supplied, supply_panel
from workbench.ui.components.words import COARSE, count, money, plain, price, tokens

BAR = "board"
"""Where messages about a run are said: under its button."""

_FORESEEN = (
    "What the drafts that are missing should cost at list price, by the length of their prompts and of earlier answers."
)
_BROKEN = "Why stands in the pane of each, above what had arrived of it."
_HIDDEN = "price not shown"
_TELLS = "What is missing is not as many drafts of every provider: its price would tell whose they are. Budgets hold."
_NOTHING_MISSING = "Every persona has a whole draft from every provider. “Another take” makes more."

# A board is drawn at every click, and a plan of 16 drafts takes as long as the rest of the drawing.
_made: WeakKeyDictionary[Planning, tuple[object, RunPlan]] = WeakKeyDictionary()


def board_bar(bench: Workbench, board: Board, *, both: str) -> None:
    """Draft what is missing, stop what runs, and how far it is; `both` keeps whether two tools stand side by side."""
    dossiers, drafts = board.dossiers, board.drafts
    live = [one for one in drafts if one.live]
    run, supplies = _run(bench, dossiers, drafts), supplied(bench, dossiers)
    with st.container(horizontal=True, vertical_alignment="center", key="board-bar"):
        broken = {one.origin.cell for slot in board.slots for one in slot.broken}
        st.button(
            _label(len(run.jobs), len(drafts), len(live), sum(job.cell in broken for job in run.jobs)),
            key="draft-all",
            type="primary",
            icon=":material/edit_note:",
            disabled=not run.jobs,
            help=None if run.jobs else _NOTHING_MISSING,
            on_click=_draft,
            args=(bench, tuple(one.tool.id for one in dossiers)),
        )
        if broken:
            _short(len(broken), len({one.origin.cell for one in drafts}))
        if run.jobs:
            _foreseen(bench, run, masked=board.masked)
        supply_panel(bench, supplies, BAR)
        if live:
            st.button(
                f"Stop {count(len(live), 'draft')}",
                key="stop-all",
                icon=":material/stop_circle:",
                on_click=_stop,
                args=(bench, tuple(one.tool.id for one in dossiers)),
            )
        if spent := so_far(drafts, masked=board.masked):
            st.caption(plain(spent), width="content", help=COARSE if board.masked else SO_FAR)
        if live:
            ended = len(drafts) - len(live)
            st.progress(ended / len(drafts), text=f"{ended} of {count(len(drafts), 'draft')} ended", width=220)
        if len(dossiers) > 1:
            st.toggle("Both tools side by side", key=both, persist_state="session")
    if run.jobs and (missing := shortages(supplies)):
        st.html(missing)
    message(BAR)


def _short(broken: int, begun: int) -> None:
    st.caption(f":orange[{broken} of {count(begun, 'draft')} broke off]", width="content", help=_BROKEN)


def _foreseen(bench: Workbench, run: RunPlan, *, masked: bool) -> None:
    tells = masked and not tells_nobody(bench, run)
    st.caption(_HIDDEN if tells else plain(_expected(run.bill)), width="content", help=_TELLS if tells else _FORESEEN)
    with st.popover("What this run costs", key="run-costs"):
        run_costs(bench, run, masked=masked)


def _run(bench: Workbench, dossiers: Sequence[Dossier], drafts: Sequence[Draft]) -> RunPlan:
    """What the button would start; nothing, and why, where nothing can be planned."""
    try:
        run = planned(bench, _missing(bench, dossiers, drafts))
        _prewarm(bench, run)
    except WorkbenchError as error:
        st.error(f"{plain(error.message)}  \n{plain(error.remedy)}")
        run = bench.planning.plan([])
    return run


def planned(bench: Workbench, jobs: Sequence[Job]) -> RunPlan:
    """The plan of these jobs, made anew at most once a minute while they and what is cached stay the same."""
    cached = tuple(bench.drafting.warm(one.name) for one in bench.planning.providers)
    minute = int(datetime.now(UTC).timestamp() / 60)
    resting_on = (tuple((job.cell, job.plan.digest) for job in jobs), cached, minute)
    made = _made.get(bench.planning)
    if made is None or made[0] != resting_on:
        made = _made[bench.planning] = (resting_on, bench.planning.plan(jobs))
    return made[1]


def _missing(bench: Workbench, dossiers: Sequence[Dossier], drafts: Sequence[Draft]) -> list[Job]:
    return [job for one in dossiers for job in bench.planning.missing(bench.planning.jobs(one), drafts)]


def _prewarm(bench: Workbench, run: RunPlan) -> None:
    """Have the prompts cached before the first click, once for each desk, where the settings ask for it."""
    first = {(job.provider.name, job.dossier.tool.id): job for job in reversed(run.jobs)}
    desk = sorted({str(job.dossier.tool.id) for job in run.jobs})
    if bench.settings.drafting.prewarm and desk and state.value("room.prewarmed") != desk:
        state.put("room.prewarmed", desk)
        bench.drafting.prewarm(first.values(), editor=bench.settings.editor)


def _expected(one: Bill) -> str:
    if one.cost is None:
        return f"about {tokens(one.usage.prompt_tokens)} in, {price(one)}"
    uncached = "" if one.uncached is None else f" · {money(one.uncached)} without caching"
    return f"about {price(one)}{uncached}"


def _label(missing: int, drafts: int, live: int, broken: int) -> str:
    """What the button does; `broken` of the missing were begun once and broke off."""
    if broken:
        return f"Draft {broken} again" if broken == missing else f"Draft the missing {missing}, {broken} of them again"
    if missing:
        return f"Draft the missing {missing}" if drafts else f"Draft all {missing}"
    return "Drafting …" if live else "All drafted"


def _draft(bench: Workbench, tool_ids: tuple[ToolId, ...]) -> None:
    try:
        with bench.store.reading() as repositories:
            dossiers = [one for tool_id in tool_ids if (one := repositories.tools.latest(tool_id)) is not None]
            drafts = [draft for tool_id in tool_ids for draft in repositories.drafts.of_tool(tool_id)]
        run = bench.planning.plan(_missing(bench, dossiers, drafts))
        bench.drafting.start(run.jobs, editor=bench.settings.editor)
    except WorkbenchError as error:
        state.say("error", str(error), BAR)


def _stop(bench: Workbench, tool_ids: tuple[ToolId, ...]) -> None:
    for tool_id in tool_ids:
        bench.drafting.stop_tool(tool_id)
