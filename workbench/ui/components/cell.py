"""One cell: its panes side by side, what stands of its quote, and the acts an editor has."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.comparison import verdict_label
from workbench.domain.decision import REJECT_REASONS
from workbench.domain.draft import ACCEPTABLE, USABLE, Draft
from workbench.domain.review import CONFIDENCES, VERDICTS
from workbench.domain.text import word_count
from workbench.ui import state
from workbench.ui.board import Side, Slot, rejection
from workbench.ui.components import acts
from workbench.ui.components.composer import compose, composer, editing
from workbench.ui.components.history import history_panel, open_history
from workbench.ui.components.message import message
from workbench.ui.components.pane import NOTHING_YET, Standing, pane
from workbench.ui.components.reopened import reopened_box
from workbench.ui.components.rereading import second_reading
from workbench.ui.components.typed import typed
from workbench.ui.components.words import count, plain


def cell_box(bench: Workbench, slot: Slot, now: datetime, *, named: bool) -> None:
    """The cell's heading, its panes and its decision; `named`: with the tool's name, where two stand side by side."""
    with st.container(border=True, key=f"cell-{slot.place}"):
        st.html(_heading(slot, named=named))
        for column, side in zip(st.columns(max(1, len(slot.sides)), gap="medium"), slot.sides, strict=False):
            with column, st.container(key=f"slot-{slot.place}-{side.key}"):
                _side(bench, slot, side, now)
        _decision(bench, slot)


def _heading(slot: Slot, *, named: bool) -> str:
    persona, cell = slot.persona, slot.cell
    whose = f" <small>{escape(slot.dossier.tool.name)}</small>" if named else ""
    if slot.decided:
        signed = f'<span class="signed {cell.verdict}">{escape(str(cell.verdict)).capitalize()}</span>'
    else:
        missing = "No verdict yet" if cell.approved else "No quote yet" if cell.verdict else "Undecided"
        if slot.reopened is not None:
            missing = f"Under review · {verdict_label(cell.verdict)}"
        signed = f'<span class="signed none">{missing}</span>'
    return (
        f'<div class="cell-head" style="--lens:{escape(persona.color)}"><h2>{escape(persona.label)}{whose}</h2>'
        f"<p>{escape(persona.summary)}</p>{signed}</div>"
    )


def _side(bench: Workbench, slot: Slot, side: Side, now: datetime) -> None:
    if side.shown is None:
        st.caption(f"{plain(side.label)}: not drafted yet.")
        return
    with st.container():
        if any(len(one.takes) > 1 for one in slot.sides):  # on both sides: their texts stay at one height
            st.segmented_control(
                f"Take, {plain(side.label)}",
                [one.draft.origin.take for one in side.takes],
                key=acts.take_key(slot.place, side.key),
                format_func=lambda one: f"take {one}",
                required=True,
                label_visibility="collapsed",
                persist_state="session",
            )
    pane(bench, slot, side, now=now, standing=_standing(bench, slot, side.shown.draft))
    _pane_acts(bench, slot, side, side.shown.draft)
    with st.container():
        if side.conflicts and not slot.holds(side.shown.draft):
            st.caption(_waits(side.conflicts))


def _pane_acts(bench: Workbench, slot: Slot, side: Side, draft: Draft) -> None:
    cell = slot.cell
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"acts-{draft.id}"):
        if draft.live or slot.holds(
            draft
        ):  # of masked drafts the quicker one looks like the other until its round has ended
            st.button("Stop", key=f"stop-{draft.id}", on_click=acts.stop, args=(bench, draft.id))
            return
        if cell.draft_id != draft.id or cell.edited or slot.reopened is not None:
            _accept(bench, slot, side, draft)
        st.button(
            "Edit",
            key=f"edit-{draft.id}",
            disabled=draft.state not in USABLE,
            help="Begin the quote with this draft, in the beat grid.",
            on_click=compose,
            args=(slot, draft.id),
        )
        for act, label in (("reject", "Reject"), ("again", "Another take")):
            # room.js hears the click itself; where it is still on its way, Python tells it.
            st.button(label, key=f"{act}-{draft.id}", on_click=acts.ask_first, args=(act, draft.id))


def _accept(bench: Workbench, slot: Slot, side: Side, draft: Draft) -> None:
    """The way to accept; the plainer, the more there is to lose by it."""
    cell, whole = slot.cell, draft.state in ACCEPTABLE
    ready = whole and not side.conflicts
    if slot.guarded:
        with st.popover("Accept instead", key=f"instead-{draft.id}-{cell.version}", disabled=not ready):
            st.caption(f"This replaces the quote that {plain(cell.editor)} edited. Undo brings it back.")
            st.button(
                "Replace the edited quote with this draft",
                key=f"accept-{draft.id}",
                type="primary",
                on_click=acts.accept,
                args=(bench, draft.id, slot),
            )
        return
    rejected = draft.id in cell.rejected
    st.button(
        "Accept after all" if rejected else "Accept again" if cell.draft_id == draft.id else "Accept",
        key=f"accept-{draft.id}",
        type="secondary" if rejected or cell.approved else "primary",
        disabled=not ready,
        help=None if whole else "Only a whole draft can be accepted as it is: edit it.",
        on_click=acts.accept,
        args=(bench, draft.id, slot),
    )


def _standing(bench: Workbench, slot: Slot, draft: Draft) -> Standing:
    cell = slot.cell
    if cell.draft_id == draft.id:
        return ("edited", "Edited") if cell.edited else ("accepted", "Accepted")
    if draft.id not in cell.rejected:
        return NOTHING_YET
    found = rejection(bench.deciding.history(cell.tool_id, cell.persona_id), draft)
    return "rejected", f"Rejected: {REJECT_REASONS[found.reason].lower()}" if found else "Rejected"


def _waits(conflicts: int) -> str:
    """Why a draft cannot be accepted yet, and the ways out."""
    holds = "1 conflict holds" if conflicts == 1 else f"{conflicts} conflicts hold"
    return f"{holds} this back: add a source, reword, or keep the words with a reason."


def _decision(bench: Workbench, slot: Slot) -> None:
    cell, place = slot.cell, slot.place
    open_here = editing() == place
    with st.container(key=f"decision-{place}"):
        message(place)
        if open_here:
            composer(bench, slot)
        elif cell.approved:
            with st.container(border=True, key=f"quote-{place}"):
                st.text(cell.text)
                st.caption(_signature(slot))
                with st.container():
                    if slot.wants_second:
                        _second(bench, slot)
                with st.container():
                    if bench.rereading.on and not slot.masked:
                        second_reading(bench, slot)
                with st.container():
                    if slot.reopened is not None:
                        reopened_box(bench, slot, slot.reopened)
        with st.container(horizontal=True, vertical_alignment="center"):
            _verdict(bench, slot)
            if not open_here:
                unsaved = bench.deciding.kept(cell.tool_id, cell.persona_id) is not None
                st.button(
                    "Continue the unsaved quote" if unsaved else "Beat grid",
                    key=f"hand-{place}",
                    on_click=compose,
                    args=(slot,),
                )
            if slot.last is not None:
                st.button(f"Undo {slot.undo}", key=f"undo-{place}", on_click=acts.undo, args=(bench, slot))
            if cell.version:
                st.button("History", key=f"past-{place}", on_click=open_history, args=(slot,))
        with st.container():
            history_panel(bench, slot)


def _second(bench: Workbench, slot: Slot) -> None:
    cell = slot.cell
    st.warning(
        f"Drafted by a model of the company that makes {plain(slot.dossier.tool.name)}, and nobody changed a word. "
        "A second editor signs for it before it leaves, or you edit it.",
        icon=":material/balance:",
    )
    with st.popover("Sign as second editor", key=f"seconding-{slot.place}-{cell.version}"):
        st.text_input("Second editor’s name", key=f"second-{slot.place}")
        st.button(
            "I stand by this quote",
            key=f"second-sign-{slot.place}",
            type="primary",
            on_click=acts.second,
            args=(bench, slot),
        )


def _signature(slot: Slot) -> str:
    cell = slot.cell
    how = "Edited" if cell.edited else "Accepted as drafted"
    unseen = ", without knowing whose draft it was" if cell.masked else ""
    seconded = f", seconded by {plain(cell.seconded_by)}" if cell.seconded_by else ""
    return f"{how} by {plain(cell.editor)}{unseen}{seconded} · {count(word_count(cell.text), 'word')}"


def _verdict(bench: Workbench, slot: Slot) -> None:
    cell = slot.cell
    # Buttons: a field's value is sent with every request, and one sent before the field's redraw would decide again.
    for verdict in VERDICTS:
        stands = verdict == cell.verdict
        st.button(
            f"{verdict.capitalize()} ✓" if stands else verdict.capitalize(),
            key=f"{verdict}-{slot.place}",
            type="primary" if stands else "secondary",
            disabled=not slot.judgeable,
            help="Your verdict; the model’s is a suggestion."
            if slot.judgeable
            else "Nothing to give a verdict on yet: draft it, or write the quote by hand.",
            on_click=acts.set_verdict,
            args=(bench, slot, verdict),
        )
    if cell.verdict is not None:
        _why(bench, slot)


def _why(bench: Workbench, slot: Slot) -> None:
    """How sure the editor is of the verdict, and for what reason."""
    cell = slot.cell
    label = "Why" if not cell.reason else "Why (said)"
    box = st.popover(label, key=f"because-{slot.place}-{cell.version}", on_change="rerun")
    with box:
        st.caption("Kept with the verdict, and shown on the verdict board.")
        if not box.open:  # a text field nobody sees is a tenth of what a redraw of the board costs
            return
        state.start_with(f"sure-{slot.place}", cell.confidence)
        state.start_with(f"why-{slot.place}", cell.reason)
        st.segmented_control(
            "How sure are you?", list(CONFIDENCES), key=f"sure-{slot.place}", format_func=str.capitalize
        )
        st.text_input("The reason in a line", key=f"why-{slot.place}", max_chars=300)
        typed({f"why-{slot.place}": cell.reason})
        st.button(
            "Keep",
            key=f"explain-{slot.place}",
            type="primary",
            on_click=acts.explain_verdict,
            args=(bench, slot),
        )
        st.button(
            "Take the verdict back", key=f"unset-{slot.place}", on_click=acts.set_verdict, args=(bench, slot, None)
        )
