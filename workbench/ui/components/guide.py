"""The room's rail and keys: where every cell of the desk stands, and acts asked for without a mouse."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from workbench.bootstrap import Workbench
from workbench.domain.decision import REJECT_REASONS
from workbench.domain.draft import ACCEPTABLE
from workbench.domain.ids import DraftId
from workbench.domain.review import VERDICTS
from workbench.ui import state
from workbench.ui.board import Board, Side, Slot
from workbench.ui.components import acts
from workbench.ui.components.answers import ANSWERS, answer, asked_mark
from workbench.ui.components.composer import compose
from workbench.ui.components.history import open_history
from workbench.ui.keymap import KEYMAP
from workbench.ui.scripts import element

KEY = "room-guide"
_HEARD = "room.heard"
"""Which page asked last, by its id, and the number of the last act that was done for it."""
_GLYPHS = {
    "reopened": ("↻", "under review, a fact has changed"),
    "accepted": ("✓", "accepted"),
    "edited": ("✎", "edited"),
    "streaming": ("◔", "streaming"),
    "drafted": ("●", "drafted, undecided"),
    "failed": ("!", "no usable draft"),
    "rejected": ("✗", "all drafts rejected"),
    "empty": ("○", "not drafted"),
}
_keys = [
    {"name": name, "keys": [{"keys": one.keys, "act": one.act, "says": one.says} for one in group]}
    for name, group in KEYMAP.items()
]
_mount = element("room", '<section class="room" aria-label="Cells on the desk"></section>')


def guide(bench: Workbench, board: Board, *, start: str, show: Callable[[str], None]) -> None:
    """Draw the rail and listen for keys. `start` is the cell they act on first; `show(tool)` draws a tool's cells."""
    _mount(
        key=KEY,
        data={"room": json.dumps(guide_data(board, start), ensure_ascii=False)},
        on_asked_change=lambda: _asked(bench, board, show),
    )


def guide_data(board: Board, start: str) -> dict[str, Any]:
    """What the script gets: the tools, their cells in order, the keys and the reject reasons."""
    names = [one.place for one in board.slots]
    undecided = [one.place for one in board.slots if not one.decided]
    return {
        "heard": dict([state.value(_HEARD, ("", 0))]),
        "asking": acts.asking(),
        "start": start if start in names else next(iter([*undecided, *names]), ""),
        "asked": start in names,
        "tools": [
            {"id": one.tool.id, "name": one.tool.name, "shown": one.tool.id in board.shown} for one in board.dossiers
        ],
        "cells": [_cell(board, one) for one in board.slots],
        "keys": _keys,
        "reasons": REJECT_REASONS,
    }


def _cell(board: Board, slot: Slot) -> dict[str, Any]:
    glyph, meaning = _GLYPHS[slot.state]
    verdict = slot.cell.verdict
    signed = f", verdict {verdict}" if verdict else ", no verdict yet" if slot.cell.approved else ""
    return {
        "place": slot.place,
        "tool": slot.dossier.tool.id,
        "persona": slot.persona.id,
        "label": slot.persona.label,
        "color": slot.persona.color,
        "shown": slot.dossier.tool.id in board.shown,
        "state": slot.state,
        "glyph": glyph,
        "meaning": meaning + signed,
        "verdict": verdict or "",
        "decided": slot.decided,
        "judgeable": slot.judgeable,
        "guarded": slot.guarded,
        "version": slot.cell.version,
        "undo": slot.undo,
        "panes": [_pane(slot, one) for one in slot.sides],
    }


def _pane(slot: Slot, side: Side) -> dict[str, Any]:
    draft = side.draft
    ended = draft is not None and not draft.live and not slot.held
    return {
        "side": side.key,
        "label": side.label,
        "draft": "" if draft is None else draft.id,
        "live": draft is not None and not ended,
        "acceptable": ended and draft is not None and draft.state in ACCEPTABLE,
        "conflicts": side.conflicts if ended else 0,
    }


def _asked(bench: Workbench, board: Board, show: Callable[[str], None]) -> None:
    """Do what keys asked for, each once and in their order: a request holds whatever is not known to be heard."""
    try:
        told: dict[str, Any] = json.loads(str(_value("asked") or "{}"))
        page, wanted = str(told["page"]), [(int(one["number"]), one) for one in told["acts"]]
    except (ValueError, TypeError, KeyError):
        return
    heard = dict([state.value(_HEARD, ("", 0))]).get(page, 0)
    for number, asked in wanted:
        if number > heard:
            heard = number
            state.put(_HEARD, (page, heard))
            _do(bench, board, asked, show)


def _do(bench: Workbench, board: Board, asked: Mapping[str, Any], show: Callable[[str], None]) -> None:
    slot = board.slot(str(asked.get("place", "")))
    if slot is None:
        return
    slot = acts.as_made(slot)
    draft_id, side = DraftId(str(asked.get("draft", ""))), str(asked.get("side", ""))
    note = str(asked.get("note", ""))
    own = draft_id in {one.draft.id for one in slot.snapshots}
    doing: dict[str, Callable[[], None]] = {
        "show": lambda: show(str(asked.get("tool", ""))),
        "undo": lambda: acts.undo(bench, slot),
        "compose": lambda: compose(slot, draft_id if own else None),
        "history": lambda: open_history(slot),
        "take_before": lambda: acts.other_take(slot, side, -1),
        "take_after": lambda: acts.other_take(slot, side, 1),
    }
    if asked.get("verdict") in VERDICTS and slot.judgeable:
        doing["verdict"] = lambda: acts.set_verdict(bench, slot, asked["verdict"])
    if own:
        doing["accept"] = lambda: acts.accept(bench, draft_id, slot)
        doing["again"] = lambda: acts.another_take(bench, draft_id, slot, note)
        doing["stop"] = lambda: acts.stop(bench, draft_id)
        doing["reword"] = lambda: _reword(bench, slot, draft_id, asked)
    if asked.get("act") in ANSWERS:
        doing[str(asked["act"])] = lambda: answer(bench, slot, asked)
    if own and asked.get("reason") in REJECT_REASONS:
        doing["reject"] = lambda: acts.reject(bench, draft_id, slot, asked["reason"], note)
    doing.get(str(asked.get("act")), acts.nothing)()


def _reword(bench: Workbench, slot: Slot, draft_id: DraftId, asked: Mapping[str, Any]) -> None:
    found = asked_mark(bench, slot, asked)
    compose(slot, draft_id, found[0] if found is not None else None)


def _value(name: str) -> Any:
    found = state.value(KEY)
    return found.get(name) if isinstance(found, Mapping) else None
