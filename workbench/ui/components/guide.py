"""The room's rail and keys: where every cell of the desk stands, and acts asked for without a mouse."""

from __future__ import annotations

import json
import secrets
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
from workbench.ui.components.composer import compose, editing
from workbench.ui.components.history import open_history, opened_history
from workbench.ui.keymap import GRID_KEYS, KEYMAP
from workbench.ui.scripts import element

KEY = "room-guide"
_HEARD = "room.heard"
"""Which page asked last, by its id, and the number of the last act that was done for it."""
_SESSION = "room.session"
"""A name for this session, by which the script tells that another one has begun."""
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
    {"name": name, "grid": own, "keys": [{"keys": one.keys, "act": one.act, "says": one.says} for one in group]}
    for own, groups in ((False, KEYMAP), (True, GRID_KEYS))
    for name, group in groups.items()
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
    state.start_with(_SESSION, secrets.token_hex(4))
    names = [one.place for one in board.slots]
    undecided = [one.place for one in board.slots if not one.decided]
    return {
        "heard": dict([state.value(_HEARD, ("", 0))]),
        "session": state.value(_SESSION),
        "grid": _grid(),
        "history": _history(board),
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


def _grid() -> dict[str, Any]:
    """The open grid, and what it takes to open it the same way in another session; empty for none."""
    if editing() is None:
        return {}
    return {"place": editing(), "draft": state.value("room.source") or "", "seen": state.value("room.version")}


def _history(board: Board) -> dict[str, Any]:
    """Whose history is open, the number of the opening, and how many decisions it tells of."""
    place, number = opened_history()
    slot = board.slot(place)
    return {"place": place, "number": number, "count": 0 if slot is None else slot.cell.version}


def _cell(board: Board, slot: Slot) -> dict[str, Any]:
    glyph, meaning = _GLYPHS[slot.state]
    if slot.broken and slot.state == "drafted":
        meaning = f"drafted, {_so_many(len(slot.broken), sum(bool(one.takes) for one in slot.sides))} broke off"
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


def _so_many(some: int, of: int) -> str:
    if some == of > 1:
        return "both" if of == 2 else "all"
    return "one" if some == 1 else str(some)


def _pane(slot: Slot, side: Side) -> dict[str, Any]:
    draft, cell = side.draft, slot.cell
    stands = draft is not None and cell.draft_id == draft.id and not cell.edited and slot.reopened is None
    ended = draft is not None and not draft.live and not slot.holds(draft)
    return {
        "side": side.key,
        "label": side.label,
        "draft": "" if draft is None else draft.id,
        "live": draft is not None and not ended,
        "acceptable": ended and draft is not None and draft.state in ACCEPTABLE,
        "conflicts": side.conflicts if ended else 0,
        "stands": cell.approved and stands,
    }


def _asked(bench: Workbench, board: Board, show: Callable[[str], None]) -> None:
    """Do what keys asked for, each once and in their order: a request holds whatever is not known to be heard.

    One that was made of another session, which may have done it, is left to the page to ask again.
    """
    try:
        told: dict[str, Any] = json.loads(str(_value("asked") or "{}"))
        page, session = str(told["page"]), told["session"]
        wanted = [(int(one["number"]), one) for one in told["acts"]]
    except (ValueError, TypeError, KeyError):
        return
    if session != state.value(_SESSION):
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
        "compose_again": lambda: _compose_again(slot, draft_id if own else None, asked),
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


def _compose_again(slot: Slot, draft_id: DraftId | None, asked: Mapping[str, Any]) -> None:
    """The grid of a session that was lost: a decision made since it was opened is still one its editor has not seen."""
    if editing() is None:
        compose(slot, draft_id)
        if isinstance(seen := asked.get("seen"), int):
            state.put("room.version", min(seen, slot.cell.version))


def _reword(bench: Workbench, slot: Slot, draft_id: DraftId, asked: Mapping[str, Any]) -> None:
    found = asked_mark(bench, slot, asked)
    compose(slot, draft_id, found[0] if found is not None else None)


def _value(name: str) -> Any:
    found = state.value(KEY)
    return found.get(name) if isinstance(found, Mapping) else None
