"""One persona's row: its panes side by side, what stands of its quote, and the acts an editor has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.decision import REJECT_REASONS, Cell
from workbench.domain.dossier import Dossier
from workbench.domain.draft import ACCEPTABLE, USABLE
from workbench.domain.ids import DraftId
from workbench.domain.persona import Persona
from workbench.domain.text import word_count
from workbench.services.live import Snapshot
from workbench.ui import state
from workbench.ui.components import acts
from workbench.ui.components.pane import pane
from workbench.ui.components.words import count, plain

Slot = tuple[Dossier, Cell, list[Snapshot]]


def cell_row(bench: Workbench, persona: Persona, slots: Sequence[Slot], now: datetime) -> None:
    """The persona's heading and, for each tool shown, its panes and its decision."""
    with st.container(border=True, key=f"lens-{persona.id}"):
        st.subheader(plain(persona.label), anchor=False, help=plain(persona.summary))
        columns = st.columns(len(slots), gap="medium") if len(slots) > 1 else [st.container()]
        for column, (dossier, cell, snapshots) in zip(columns, slots, strict=True):
            with column:
                if len(slots) > 1:
                    st.caption(f"**{plain(dossier.tool.name)}**")
                _panes(bench, persona, (dossier, cell, snapshots), now)
                _decision(bench, persona, dossier, cell)


def _panes(bench: Workbench, persona: Persona, slot: Slot, now: datetime) -> None:
    dossier, cell, snapshots = slot
    names = [one.name for one in bench.planning.providers]
    names += [one for one in dict.fromkeys(s.draft.origin.provider for s in snapshots) if one not in names]
    for column, name in zip(st.columns(max(1, len(names)), gap="small"), names, strict=False):
        takes = [one for one in snapshots if one.draft.origin.provider == name]
        with column, st.container(key=f"slot-{dossier.tool.id}-{persona.id}-{name}"):
            if not takes:
                st.caption(f"{plain(name)}: not drafted yet.")
                continue
            snapshot = _take(takes, f"take-{dossier.tool.id}-{persona.id}-{name}")
            seen = _dossier_of(bench, dossier, snapshot)
            pane(snapshot, persona, seen, editor=bench.settings.editor, now=now, on_end=acts.nothing)
            _findings(bench, snapshot, persona, seen)
            _pane_acts(bench, snapshot, cell)


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
    if snapshot.draft.live or snapshot.draft.state not in USABLE:
        return
    found = bench.checking.findings(snapshot.review, persona, dossier)
    if found:
        reasons = " · ".join(dict.fromkeys(one.reason for one in found))
        st.caption(f":orange[{count(len(found), 'remark')}:] {plain(reasons)}")


def _pane_acts(bench: Workbench, snapshot: Snapshot, cell: Cell) -> None:
    draft = snapshot.draft
    with st.container(horizontal=True, gap="small", key=f"acts-{draft.id}"):
        if draft.live:
            st.button("Stop", key=f"stop-{draft.id}", on_click=acts.stop, args=(bench, draft.id))
            return
        standing = cell.draft_id == draft.id
        if standing:
            st.badge("Edited" if cell.edited else "Accepted", icon=":material/check:", color="green")
        elif draft.id in cell.rejected:
            st.badge("Rejected", icon=":material/close:", color="red")
        if not standing or cell.edited:
            st.button(
                "Accept",
                key=f"accept-{draft.id}",
                type="primary",
                disabled=draft.state not in ACCEPTABLE,
                help=None if draft.state in ACCEPTABLE else "Only a whole draft can be accepted as it is: edit it.",
                on_click=acts.accept,
                args=(bench, draft.id, cell.version),
            )
        st.button(
            "Edit",
            key=f"edit-{draft.id}",
            disabled=draft.state not in USABLE,
            on_click=acts.open_editor,
            args=(bench, draft.id),
        )
        _reject(bench, draft.id, cell)
        st.button("Another take", key=f"again-{draft.id}", on_click=acts.another_take, args=(bench, draft.id))


def _reject(bench: Workbench, draft_id: DraftId, cell: Cell) -> None:
    with st.popover("Reject", key=f"reject-{draft_id}"):
        st.radio(
            "Why will it not do?",
            list(REJECT_REASONS),
            format_func=lambda one: REJECT_REASONS[one],
            key=f"reason-{draft_id}",
        )
        st.text_input("Note (optional)", key=f"note-{draft_id}")
        st.button(
            "Reject this draft",
            key=f"confirm-{draft_id}",
            type="primary",
            on_click=acts.reject,
            args=(bench, draft_id, cell.version),
        )


def _decision(bench: Workbench, persona: Persona, dossier: Dossier, cell: Cell) -> None:
    place = f"{dossier.tool.id}-{persona.id}"
    with st.container(key=f"decision-{place}"):
        if state.value("room.editing") == place:
            _editor(bench, persona, dossier, cell)
        elif cell.approved:
            with st.container(border=True, key=f"quote-{place}"):
                st.text(cell.text)
                how = "Edited" if cell.edited else "Accepted as drafted"
                st.caption(f"{how} by {plain(cell.editor)} · {count(word_count(cell.text), 'word')}")
        with st.container(horizontal=True, vertical_alignment="center"):
            _verdict(bench, place, cell)
            if not cell.approved and state.value("room.editing") != place:
                st.button("Write by hand", key=f"hand-{place}", on_click=acts.open_blank, args=(place,))
            if cell.approved:
                st.button("Edit the quote", key=f"requote-{place}", on_click=acts.reopen, args=(bench, cell))
            if cell.version:
                st.button("Undo", key=f"undo-{place}", on_click=acts.undo, args=(bench, cell))


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


def _editor(bench: Workbench, persona: Persona, dossier: Dossier, cell: Cell) -> None:
    place = f"{dossier.tool.id}-{persona.id}"
    key = f"text-{place}"
    state.start_with(key, bench.deciding.kept(dossier.tool.id, persona.id) or "")
    text = st.text_area(
        f"Your quote, {plain(persona.label)}",
        key=key,
        height=260,
        on_change=acts.keep_text,
        args=(bench, dossier.tool.id, persona.id, key),
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
        st.button("Close", key=f"close-{place}", on_click=acts.close_editor)
        st.caption(f"{count(words, 'word')}{hint}", width="content")
