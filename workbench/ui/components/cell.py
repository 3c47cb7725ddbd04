"""One persona's row: its panes side by side, what stands of its quote, and the acts an editor has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.decision import REJECT_REASONS, Cell, Decision, Rejected, VerdictSet
from workbench.domain.dossier import Dossier
from workbench.domain.draft import ACCEPTABLE, USABLE, Draft
from workbench.domain.ids import DraftId
from workbench.domain.persona import Persona
from workbench.domain.text import word_count
from workbench.services.live import Snapshot
from workbench.ui import state
from workbench.ui.components import acts
from workbench.ui.components.message import message
from workbench.ui.components.pane import pane
from workbench.ui.components.words import count, plain

_ACTS: dict[str, str] = {
    "accepted": "accept",
    "edited": "edit",
    "rejected": "reject",
    "verdict_set": "verdict",
    "withdrawn": "withdrawal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One tool's side of a persona's row. `last` is the decision an undo would take back."""

    dossier: Dossier
    cell: Cell
    snapshots: list[Snapshot]
    last: Decision | None


def cell_row(bench: Workbench, persona: Persona, slots: Sequence[Slot], now: datetime) -> None:
    """The persona's heading and, for each tool shown, its panes and its decision."""
    with st.container(border=True, key=f"lens-{persona.id}"):
        st.subheader(plain(persona.label), anchor=False, help=plain(persona.summary))
        columns = st.columns(len(slots), gap="medium") if len(slots) > 1 else [st.container()]
        for column, slot in zip(columns, slots, strict=True):
            with column:
                if len(slots) > 1:
                    st.caption(f"**{plain(slot.dossier.tool.name)}**")
                _panes(bench, persona, slot, now)
                _decision(bench, persona, slot)


def _panes(bench: Workbench, persona: Persona, slot: Slot, now: datetime) -> None:
    place = acts.place_of(slot.cell)
    names = [one.name for one in bench.planning.providers]
    names += [one for one in dict.fromkeys(s.draft.origin.provider for s in slot.snapshots) if one not in names]
    for column, name in zip(st.columns(max(1, len(names)), gap="small"), names, strict=False):
        takes = [one for one in slot.snapshots if one.draft.origin.provider == name]
        with column, st.container(key=f"slot-{place}-{name}"):
            if not takes:
                st.caption(f"{plain(name)}: not drafted yet.")
                continue
            snapshot = _take(takes, f"take-{place}-{name}")
            seen = _dossier_of(bench, slot.dossier, snapshot)
            pane(snapshot, persona, seen, editor=bench.settings.editor, now=now, on_end=acts.nothing)
            _findings(bench, snapshot, persona, seen)
            _pane_acts(bench, snapshot, slot.cell)


def _take(takes: list[Snapshot], key: str) -> Snapshot:
    """The newest take, unless the reader went back to an earlier one."""
    if len(takes) == 1:
        return takes[0]
    numbers = [one.draft.origin.take for one in takes]
    if state.value(key) not in numbers:
        state.put(key, numbers[-1])
    number = st.segmented_control(
        "Take",
        numbers,
        key=key,
        format_func=lambda one: f"take {one}",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return next((one for one in takes if one.draft.origin.take == number), takes[-1])


def _dossier_of(bench: Workbench, latest: Dossier, snapshot: Snapshot) -> Dossier:
    """The revision the draft was made from: its fact numbers are that one's."""
    digest = snapshot.draft.origin.dossier_digest
    if digest == latest.digest:
        return latest
    with bench.store.reading() as repositories:
        return repositories.tools.by_digest(latest.tool.id, digest) or latest


def _findings(bench: Workbench, snapshot: Snapshot, persona: Persona, dossier: Dossier) -> None:
    if snapshot.draft.state not in ("done", "truncated"):
        return  # of an unfinished text the checks could only say that it is unfinished
    found = bench.checking.findings(snapshot.review, persona, dossier)
    if found:
        reasons = " ".join(dict.fromkeys(one.reason for one in found))
        st.caption(f"**{count(len(found), 'finding')}:** {plain(reasons)}")


def _pane_acts(bench: Workbench, snapshot: Snapshot, cell: Cell) -> None:
    draft = snapshot.draft
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"acts-{draft.id}"):
        if draft.live:
            st.button("Stop", key=f"stop-{draft.id}", on_click=acts.stop, args=(bench, draft.id))
            return
        standing = cell.draft_id == draft.id
        if standing:
            st.badge("Edited" if cell.edited else "Accepted", icon=":material/check:", color="green")
        elif draft.id in cell.rejected:
            st.badge(f"Rejected{_reason(bench, draft.id, cell)}", icon=":material/close:", color="red")
        if not standing or cell.edited:
            _accept(bench, draft, cell)
        st.button(
            "Edit",
            key=f"edit-{draft.id}",
            disabled=draft.state not in USABLE,
            on_click=acts.open_editor,
            args=(bench, draft.id, cell),
        )
        _reject(bench, draft.id, cell)
        st.button("Another take", key=f"again-{draft.id}", on_click=acts.another_take, args=(bench, draft.id, cell))


def _accept(bench: Workbench, draft: Draft, cell: Cell) -> None:
    """The way to accept; the plainer, the more there is to lose by it."""
    whole = draft.state in ACCEPTABLE
    if cell.approved and cell.edited:
        with st.popover("Accept instead", key=f"instead-{draft.id}-{cell.version}", disabled=not whole):
            st.caption(f"This replaces the quote that {plain(cell.editor)} edited. Undo brings it back.")
            st.button(
                "Replace the edited quote with this draft",
                key=f"accept-{draft.id}",
                type="primary",
                on_click=acts.accept,
                args=(bench, draft.id, cell),
            )
        return
    rejected = draft.id in cell.rejected
    st.button(
        "Accept after all" if rejected else "Accept",
        key=f"accept-{draft.id}",
        type="secondary" if rejected or cell.approved else "primary",
        disabled=not whole,
        help=None if whole else "Only a whole draft can be accepted as it is: edit it.",
        on_click=acts.accept,
        args=(bench, draft.id, cell),
    )


def _reason(bench: Workbench, draft_id: DraftId, cell: Cell) -> str:
    log = bench.deciding.history(cell.tool_id, cell.persona_id)
    found = [one.act for one in log if isinstance(one.act, Rejected) and one.act.draft_id == draft_id]
    return f": {REJECT_REASONS[found[-1].reason].lower()}" if found else ""


def _reject(bench: Workbench, draft_id: DraftId, cell: Cell) -> None:
    # The key changes with every decision, and so the popover closes with the one it made.
    with st.popover("Reject", key=f"reject-{draft_id}-{cell.version}"):
        st.radio(
            "Why will it not do?",
            list(REJECT_REASONS),
            index=None,
            format_func=lambda one: REJECT_REASONS[one],
            key=f"reason-{draft_id}",
        )
        st.text_input("Note (optional)", key=f"note-{draft_id}")
        st.button(
            "Reject this draft",
            key=f"confirm-{draft_id}",
            type="primary",
            on_click=acts.reject,
            args=(bench, draft_id, cell),
        )


def _decision(bench: Workbench, persona: Persona, slot: Slot) -> None:
    cell, place = slot.cell, acts.place_of(slot.cell)
    editing = state.value("room.editing") == place
    with st.container(key=f"decision-{place}"):
        message(place)
        if editing:
            _editor(bench, persona, slot)
        elif cell.approved:
            with st.container(border=True, key=f"quote-{place}"):
                st.text(cell.text)
                how = "Edited" if cell.edited else "Accepted as drafted"
                st.caption(f"{how} by {plain(cell.editor)} · {count(word_count(cell.text), 'word')}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _verdict(bench, place, cell)
            if not editing:
                unsaved = bench.deciding.kept(cell.tool_id, cell.persona_id) is not None
                label = "Edit the quote" if cell.approved else "Write by hand"
                st.button(
                    "Continue the unsaved edit" if unsaved else label,
                    key=f"hand-{place}",
                    on_click=acts.reopen,
                    args=(bench, cell),
                )
            if slot.last is not None:
                st.button(f"Undo {_undone(slot.last)}", key=f"undo-{place}", on_click=acts.undo, args=(bench, cell))


def _undone(decision: Decision) -> str:
    act = decision.act
    if isinstance(act, VerdictSet):
        return f"verdict {act.verdict}" if act.verdict is not None else "taking the verdict back"
    return _ACTS.get(act.kind, act.kind)


def _verdict(bench: Workbench, place: str, cell: Cell) -> None:
    key = f"verdict-{place}"
    state.put(key, cell.verdict)
    st.segmented_control(
        "Verdict",
        ["ship", "skip"],
        key=key,
        format_func=str.capitalize,
        help="Yours alone: the model only suggests one. No verdict leaves the panel figure out of account.",
        on_change=acts.set_verdict,
        args=(bench, cell, key),
    )


def _editor(bench: Workbench, persona: Persona, slot: Slot) -> None:
    cell, place = slot.cell, acts.place_of(slot.cell)
    key = acts.editor_key(cell)
    kept = bench.deciding.kept(cell.tool_id, cell.persona_id)
    # After a page switch the widget's own value is gone: what was kept of it comes back.
    state.start_with(key, kept or state.value("room.first_text", ""))
    with st.container():  # somebody may decide here meanwhile: the text area stays where it is
        if cell.approved:
            with st.expander(f"The quote that stands, by {plain(cell.editor)}"):
                st.text(cell.text)
    text = st.text_area(
        f"Your quote, {plain(persona.label)}",
        key=key,
        height=260,
        on_change=acts.keep_text,
        args=(bench, cell, key),
    )
    words = word_count(text or "")
    place_in_band = persona.band.place(words)
    hint = (
        "" if place_in_band == "within" else f" ({place_in_band}: the band is {persona.band.low}–{persona.band.high})"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Save the quote",
            key=f"save-{place}",
            type="primary",
            shortcut="Ctrl+Enter",
            on_click=acts.save_edit,
            args=(bench, cell, key),
        )
        st.button("Close", key=f"close-{place}", help="What you typed is kept.", on_click=acts.close_editor)
        if kept is not None:
            _starts(bench, slot)
        st.caption(f"{count(words, 'word')}{hint}{' · not saved yet, kept' if kept else ''}", width="content")


def _starts(bench: Workbench, slot: Slot) -> None:
    """What the unsaved text may be thrown away for, in words."""
    place = acts.place_of(slot.cell)
    with st.popover("Start over from …", key=f"over-{place}-{slot.cell.version}"):
        st.caption("This throws away what you typed.")
        if slot.cell.approved:
            args = (bench, slot.cell, slot.cell.text, slot.cell.draft_id)
            st.button("the quote that stands", key=f"from-quote-{place}", on_click=acts.start_over, args=args)
        for one in slot.snapshots:
            if one.draft.state in USABLE:
                origin = one.draft.origin
                st.button(
                    f"{plain(origin.provider)}, take {origin.take}",
                    key=f"from-{one.draft.id}",
                    on_click=acts.start_over,
                    args=(bench, slot.cell, one.review.quote, one.draft.id),
                )
        st.button(
            "an empty page", key=f"from-nothing-{place}", on_click=acts.start_over, args=(bench, slot.cell, "", None)
        )
