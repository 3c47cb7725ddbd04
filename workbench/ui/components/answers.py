"""What an editor answers to a mark: a source for its words, a reason to keep them, or that reason taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.bootstrap import Workbench
from workbench.domain.answer import Remark
from workbench.domain.dossier import AddedFact
from workbench.domain.ids import DraftId
from workbench.domain.mask import HIDDEN
from workbench.errors import InputError
from workbench.ui import state
from workbench.ui.board import Slot
from workbench.ui.components import acts
from workbench.ui.components.pane import pane_marks
from workbench.ui.grid_marks import grid_marks
from workbench.ui.keeping import pieces_of
from workbench.ui.marks import Mark

ANSWERS = ("source", "keep", "take_back")


def asked_mark(bench: Workbench, slot: Slot, asked: Mapping[str, Any]) -> tuple[Mark, Remark] | None:
    """The mark that is meant, as it stands now: of a draft that is shown, or of the pieces that came with the asking.

    Raises StoreError, LibraryError, and ValueError for pieces that are none.
    """
    if "pieces" in asked:
        found = grid_marks(bench, slot.cell.tool_id, slot.cell.persona_id, pieces_of(asked["pieces"]))
    else:
        draft_id = DraftId(str(asked.get("draft", "")))
        sides = [one for one in slot.sides if one.draft is not None and one.draft.id == draft_id]
        found = [each for side in sides for each in pane_marks(bench, slot, side)]
    return next((one for one in found if one[0].id == asked.get("mark")), None)


def answer(bench: Workbench, slot: Slot, asked: Mapping[str, Any]) -> None:
    """Do what the page's script asked for; what goes wrong is said at the cell."""
    acts.act(slot.place, lambda: _answer(bench, slot, asked))


def _answer(bench: Workbench, slot: Slot, asked: Mapping[str, Any]) -> None:
    try:
        found = asked_mark(bench, slot, asked)
    except ValueError:
        found = None
    if found is None:
        return  # answered, reworded or sourced meanwhile
    tool_id, persona_id, mark, editor = slot.cell.tool_id, slot.cell.persona_id, found[1].mark, bench.settings.editor
    match asked.get("act"):
        case "keep":
            bench.answering.keep(tool_id, persona_id, mark, str(asked.get("reason", "")), editor=editor)
        case "take_back":
            bench.answering.take_back(tool_id, persona_id, mark, editor=editor)
        case _:
            fact = AddedFact(
                text=_unhidden(str(asked.get("text", ""))),
                source=_unhidden(str(asked.get("source", ""))),
                checked_on=str(asked.get("date", "")),
            )
            added = bench.answering.source(tool_id, persona_id, mark, fact, editor=editor)
            state.say("success", " ".join([f"Added to the dossier as {added.fact.ref}.", *added.notices]), slot.place)


def _unhidden(text: str) -> str:
    if HIDDEN in text:
        raise InputError(f"The fact holds {HIDDEN}, which hides a name.", "Write what should stand there.")
    return text
