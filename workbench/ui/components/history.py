"""Every decision on a cell, newest first: who, when, what changed, and the way back to an earlier quote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.decision import (
    REJECT_REASONS,
    Accepted,
    Act,
    Cell,
    Decision,
    Edited,
    Rejected,
    Seconded,
    Undone,
    Upheld,
    VerdictSet,
    Withdrawn,
    cell_of,
)
from workbench.domain.ids import DraftId
from workbench.ui import state
from workbench.ui.board import Slot
from workbench.ui.components.acts import act, signed
from workbench.ui.components.differences import differences
from workbench.ui.components.words import count, plain

_OPEN = "room.history"
_OPENINGS = "room.histories"
_NEWEST = 20
"""So many decisions are drawn at once."""


def open_history(slot: Slot) -> None:
    """Show what was decided here, or put it away again."""
    if state.value(_OPEN) == slot.place:
        state.drop(_OPEN)
        return
    state.put(_OPEN, slot.place)
    state.put(_OPENINGS, opened_history()[1] + 1)


def opened_history() -> tuple[str, int]:
    """The place of the cell whose history is open, empty for none, and how many were opened so far."""
    return str(state.value(_OPEN) or ""), int(state.value(_OPENINGS, 0))


def history_panel(bench: Workbench, slot: Slot) -> None:
    """Draw the cell's history, if it is the one that is open."""
    if state.value(_OPEN) != slot.place:
        return
    log = bench.deciding.history(slot.cell.tool_id, slot.cell.persona_id)
    with st.container(border=True, key=f"history-{slot.place}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**History, {plain(slot.persona.label)}** · {count(len(log), 'decision')}", width="content")
            st.button("Close the history", key=f"close-history-{slot.place}", on_click=open_history, args=(slot,))
        if not log:
            st.caption("Nobody has decided anything here yet.")
        older = max(0, len(log) - _NEWEST)
        for number in range(len(log), older, -1):
            _decision(bench, slot, log[:number])
        if older:
            box = st.expander(f"Earlier: {count(older, 'decision')}", key=f"earlier-{slot.place}", on_change="rerun")
            with box:
                for number in range(older if box.open else 0, 0, -1):
                    _decision(bench, slot, log[:number])


def _decision(bench: Workbench, slot: Slot, log: Sequence[Decision]) -> None:
    """The last decision of `log`."""
    cell, last = slot.cell, log[-1]
    before = cell_of(cell.tool_id, cell.persona_id, log[:-1])
    after = cell_of(cell.tool_id, cell.persona_id, log)
    with st.container(key=f"decision-{slot.place}-{last.number}", gap="small"):
        st.markdown(
            f"**{last.number}. {_what(slot, last.act)}** · {plain(last.editor)} · {last.at:%-d %b %Y, %H:%M:%S} UTC"
        )
        if after.approved and not before.approved:
            st.text(after.text)
        elif after.text != before.text:
            differences(before.text, after.text)
        if after.approved and after.text != cell.text:
            st.button(
                "Bring this quote back",
                key=f"restore-{slot.place}-{last.number}",
                help="It becomes the quote again, as a decision of yours; the verdict stays, and undo takes it back.",
                on_click=_restore,
                args=(bench, slot, after),
            )


def _what(slot: Slot, what: Act) -> str:
    match what:
        case Accepted():
            return f"Accepted {_draft(slot, what.draft_id)} as drafted{_masked(masked=what.masked)}"
        case Edited():
            own = "Put together" if what.pieces else "Edited" if what.draft_id else "Written by hand"
            begun = f", mostly from {_draft(slot, what.draft_id)}" if what.draft_id else ""
            pasted = sum(one.source == "pasted" for one in what.pieces)
            begun += f", {count(pasted, 'sentence')} pasted" if pasted else ""
            return f"{own}{begun}{_masked(masked=what.masked)}"
        case Rejected():
            note = f" “{plain(what.note)}”" if what.note else ""
            reason = REJECT_REASONS[what.reason].lower()
            return f"Rejected {_draft(slot, what.draft_id)}: {reason}{note}{_masked(masked=what.masked)}"
        case VerdictSet():
            if what.verdict is None:
                return "Took the verdict back"
            sure = f", {what.confidence} confidence" if what.confidence else ""
            return f"Verdict {what.verdict}{sure}{f': {plain(what.reason)}' if what.reason else ''}"
        case Seconded():
            return "Stood by the quote as second editor"
        case Upheld():
            return f"The quote stands all the same: {plain(what.reason)}"
        case Withdrawn():
            return "Withdrew the quote"
        case Undone():
            return f"Went back to how it stood after decision {what.to}" if what.to else "Went back to the beginning"
        case _ as never:
            assert_never(never)


def _masked(*, masked: bool) -> str:
    return ", masked" if masked else ""


def _draft(slot: Slot, draft_id: DraftId) -> str:
    """A draft as the screen calls it."""
    for side in slot.sides:
        for one in side.takes:
            if one.draft.id == draft_id:
                return f"{plain(side.label)}, take {one.draft.origin.take}"
    return "a draft"


def _restore(bench: Workbench, slot: Slot, then: Cell) -> None:
    """Decide again as it was decided then."""
    deciding, signature = bench.deciding, signed(bench, slot)
    if then.pieces:
        act(slot.place, lambda: deciding.compose(then.tool_id, then.persona_id, then.pieces, signature))
    else:
        edit = deciding.edit
        act(
            slot.place,
            lambda: edit(then.tool_id, then.persona_id, then.text, signature, draft_id=then.draft_id),
        )
