"""Forecasts that are due, and the three ways to judge them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Tool
from workbench.domain.ids import ToolId
from workbench.domain.ledger import OUTCOMES, Foretold, Outcome
from workbench.domain.persona import Persona
from workbench.errors import WorkbenchError
from workbench.services.foretelling import NOTE_LIMIT, Due
from workbench.ui import state
from workbench.ui.components.message import message

PLACE = "forecasts"
_PUT_OFF = timedelta(days=182)
"""How far away the day is that “Too early” suggests."""


def forecasts_due(bench: Workbench, due: Due, tools: Mapping[ToolId, Tool], personas: Sequence[Persona]) -> None:
    """The longest due ones with their buttons; nothing where none is due."""
    message(PLACE)
    if not due.count:
        return
    st.header("Forecasts due", anchor=False)
    for one in due.first:
        with st.container(key=f"forecast-{one.number}", horizontal=True, vertical_alignment="center"):
            st.html(_told(one, tools, personas))
            for outcome in OUTCOMES:
                _judging(bench, one, outcome)
    if due.count > len(due.first):
        st.caption(f"And {due.count - len(due.first):,} more: they come up as these are judged.")


def _told(one: Foretold, tools: Mapping[ToolId, Tool], personas: Sequence[Persona]) -> str:
    label = next((each.label for each in personas if each.id == one.persona_id), str(one.persona_id))
    color = next((each.color for each in personas if each.id == one.persona_id), "#77736a")
    whose = f"{label} of {tools[one.tool_id].name}" if one.tool_id in tools else f"{label} of {one.tool_id}"
    since = f"“{one.when}”: due since {one.due_on.isoformat()}"
    said = f"approved by {one.editor} on {one.decided_at.date().isoformat()}"
    return (
        f'<div class="foretold" style="--lens:{escape(color)}"><p>{escape(one.what)}</p>'
        f"<small><span>{escape(whose)}</span><span>{escape(since)}</span><span>{escape(said)}</span></small></div>"
    )


def _judging(bench: Workbench, one: Foretold, outcome: Outcome) -> None:
    key = f"{outcome}-{one.number}-{len(one.events)}"
    box = st.popover(OUTCOMES[outcome], key=f"judge-{key}", on_change="rerun")
    with box:
        if not box.open:
            return
        if outcome == "too_early":
            today = bench.foretelling.today
            st.date_input(
                "Ask again on", value=today + _PUT_OFF, min_value=today, key=f"day-{key}", format="YYYY-MM-DD"
            )
        st.text_input("A word on it (optional)", key=f"note-{key}", max_chars=NOTE_LIMIT)
        st.button(
            f"Keep: {OUTCOMES[outcome].lower()}",
            key=f"found-{key}",
            type="primary",
            on_click=partial(_judge, bench, one, outcome, key),
        )


def _judge(bench: Workbench, one: Foretold, outcome: Outcome, key: str) -> None:
    day = state.value(f"day-{key}")
    try:
        bench.foretelling.judge(
            one.number,
            outcome,
            editor=bench.settings.editor,
            note=str(state.value(f"note-{key}") or ""),
            due=day if isinstance(day, date) else None,
            seen=len(one.events),
        )
    except WorkbenchError as error:
        state.say("error", str(error), PLACE)
    else:
        state.say("success", f"Kept: {OUTCOMES[outcome].lower()}. {one.what}", PLACE)
