"""The beat grid of a cell: the drafts' sentences beat by beat, and the quote that is put together from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from workbench.bootstrap import Workbench
from workbench.domain.draft import LIVE, USABLE
from workbench.domain.ids import DraftId
from workbench.domain.mask import HIDDEN
from workbench.domain.piece import Piece, joined
from workbench.domain.review import Review
from workbench.domain.text import sentences
from workbench.errors import ConflictError, DecisionError, WorkbenchError
from workbench.services.deciding import Signature
from workbench.services.live import Snapshot
from workbench.ui import state
from workbench.ui.board import Side, Slot
from workbench.ui.grid_marks import grid_marks
from workbench.ui.keeping import pieces_of, sent
from workbench.ui.live_socket import SOCKET_PATH
from workbench.ui.marks import Mark
from workbench.ui.marks import sent as mark_json
from workbench.ui.scripts import based, element

_mount = element("composer", '<section class="composer"></section>', "marks")
_STANDS = "The quote that stands"


def editing() -> str | None:
    """The place of the cell whose beat grid is open."""
    place: str | None = state.value("room.editing")
    return place


def compose(slot: Slot, draft_id: DraftId | None = None, mark: Mark | None = None) -> None:
    """Open the cell's beat grid: on what was left unsaved, else on this draft, else on the quote that stands.

    With a `mark` of the draft its words are selected there.
    """
    asked = int(state.value("room.rewords", 0)) + 1
    state.put("room.rewords", asked)
    state.put("room.reword", _json({"asked": asked} if mark is None else _words(slot, draft_id, mark, asked)))
    if editing() == slot.place:
        return
    state.put("room.editing", slot.place)
    state.put("room.source", draft_id)
    state.put("room.refusal", "")
    state.put("room.version", slot.cell.version)  # what the editor saw, however often the board is drawn until the save
    state.put("room.opening", int(state.value("room.opening", 0)) + 1)


def _words(slot: Slot, draft_id: DraftId | None, mark: Mark, asked: int) -> dict[str, Any]:
    """Where the mark's words stand, for the script to find them again in whatever the grid holds."""
    said = next((one.review.sentences for one in slot.sides if one.draft and one.draft.id == draft_id), ())
    beat = said[mark.sentence].beat if 0 <= mark.sentence < len(said) else ""
    where = {"draft": draft_id, "place": mark.sentence, "beat": beat, "start": mark.start, "words": mark.words}
    return {"asked": asked, **where}


def close() -> None:
    """Leave the beat grid; what was typed is kept."""
    state.put("room.editing", None)


def composer(bench: Workbench, slot: Slot) -> None:
    """Draw the open beat grid."""
    key = f"composer-{slot.place}"
    _mount(
        key=key,
        data=composer_data(bench, slot),
        on_commit_change=_heard(key, lambda wanted: _commit(bench, slot, wanted)),
        on_close_change=_heard(key, lambda _: close(), "close"),
    )


def composer_data(bench: Workbench, slot: Slot) -> dict[str, Any]:
    """What the grid's script gets: scalars only. Its first words are read when it opens, and never again."""
    cell, persona = slot.cell, slot.persona
    kept = bench.deciding.kept(cell.tool_id, cell.persona_id)
    pieces = kept.pieces if kept is not None else _first(bench, slot)
    return {
        "place": slot.place,
        "tool": cell.tool_id,
        "persona": persona.id,
        "label": persona.label,
        "color": persona.color,
        "opening": int(state.value("room.opening", 0)),
        "revision": kept.revision if kept is not None else 0,
        "pieces": _json(sent(pieces)),
        "beats": _json([{"id": one.id, "label": one.label, "opener": one.opener} for one in persona.beats]),
        "columns": _json(_columns(bench, slot, pieces)),
        "low": persona.band.low,
        "high": persona.band.high,
        "marks": mark_json(one for one, _ in grid_marks(bench, cell.tool_id, persona.id, pieces)),
        "blocking": bench.settings.review.conflicts_block,
        "reword": str(state.value("room.reword", "{}")),
        "refusal": str(state.value("room.refusal", "")),
        "answer": int(state.value("room.answer", 0)),
        "token": state.token(bench.settings.editor),
        "socket": based(SOCKET_PATH),
    }


def _first(bench: Workbench, slot: Slot) -> tuple[Piece, ...]:
    """What the grid opens on when nothing is left unsaved."""
    wanted: DraftId | None = state.value("room.source")
    if wanted is None and (slot.cell.pieces or slot.cell.edited):
        return slot.cell.pieces or (Piece(text=slot.cell.text),)
    one = next((two for two in slot.snapshots if two.draft.id == (wanted or slot.cell.draft_id)), None)
    return () if one is None else _pieces(one.draft.id, _review(bench, slot, one))


def _pieces(draft_id: DraftId, review: Review) -> tuple[Piece, ...]:
    return tuple(
        Piece(text=one.text, beat=one.beat, draft_id=draft_id, place=place)
        for place, one in enumerate(review.sentences)
        if one.text.strip()
    )


def _review(bench: Workbench, slot: Slot, one: Snapshot) -> Review:
    """The draft's review as this editor may see it."""
    side = _side(slot, one)
    whole = one.draft.state == "done"  # a text that was cut off may end in half a name
    return bench.masking.review(one.review, side.dossier, whole=whole) if slot.masked else one.review


def _side(slot: Slot, one: Snapshot) -> Side:
    return next(side for side in slot.sides if one in side.takes)


def _columns(bench: Workbench, slot: Slot, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """The drafts on the screen, earlier takes something was taken from, and the quote that stands.

    A draft that was accepted as it is stands in its own column, beat by beat, and in no other.
    """
    accepted = _accepted(slot)
    used = {accepted, *(one.draft_id for one in (*pieces, *slot.cell.pieces))}
    columns = [
        _column(bench, slot, side, one)
        for side in slot.sides
        for one in side.takes
        if one is side.shown or one.draft.id in used
    ]
    if slot.cell.approved and accepted not in {one["id"] for one in columns}:
        said = slot.cell.pieces or tuple(Piece(text=one) for one in sentences(slot.cell.text))
        columns.append({"id": "standing", "label": _STANDS, "draft": False, "sentences": sent(said)})
    return columns


def _accepted(slot: Slot) -> DraftId | None:
    """The draft that stands with no word changed."""
    return slot.cell.draft_id if slot.cell.approved and not slot.cell.edited else None


def _column(bench: Workbench, slot: Slot, side: Side, one: Snapshot) -> dict[str, Any]:
    draft = one.draft
    usable = draft.state in USABLE and not slot.holds(draft)
    review = _review(bench, slot, one) if usable else Review()
    cited = {ref for sentence in review.sentences for ref in sentence.facts}
    return {
        "id": draft.id,
        "label": side.label if len(side.takes) == 1 else f"{side.label}, take {draft.origin.take}",
        "draft": True,
        "live": draft.live or slot.holds(draft),
        "says": _STANDS.lower()
        if draft.id == _accepted(slot)
        else ""
        if draft.state in (*LIVE, "done")
        else draft.state,
        "facts": {fact.ref: f"{fact.text} ({fact.source})" for fact in side.dossier.facts if fact.ref in cited},
        "sentences": [{"beat": two.beat, "facts": list(two.facts), "text": two.text} for two in review.sentences],
    }


def _heard(key: str, act: Callable[[Mapping[str, Any]], None], event: str = "commit") -> Callable[[], None]:
    """A trigger of the script's, unless it is an earlier opening's: a click can be delivered more than once."""

    def heard() -> None:
        wanted = (state.value(key) or {}).get(event)
        if isinstance(wanted, dict) and editing() is not None:
            told = cast("dict[str, Any]", wanted)
            if told.get("opening") == state.value("room.opening"):
                act(told)

    return heard


def _commit(bench: Workbench, slot: Slot, wanted: Mapping[str, Any]) -> None:
    cell = slot.cell
    seen = Signature(editor=bench.settings.editor, version=state.value("room.version"), masked=slot.masked)
    refusal = ""
    try:
        shown = pieces_of(wanted.get("pieces"))
        pieces = _unmasked(bench, slot, shown)
        bench.deciding.compose(cell.tool_id, cell.persona_id, pieces, seen)
        kept = bench.deciding.kept(cell.tool_id, cell.persona_id)
        if kept is not None and kept.text == joined(shown):  # with a hidden name in it, it is not what was saved
            bench.deciding.keep(cell.tool_id, cell.persona_id, (), editor=kept.editor, revision=kept.revision)
        close()
    except ConflictError as error:
        # The other decision is on the screen with the next drawing: a second save is meant.
        state.put("room.version", bench.deciding.cells(cell.tool_id)[cell.persona_id].version)
        refusal = str(error)
    except WorkbenchError as error:
        refusal = str(error)
    except ValueError:
        refusal = "This page sent something that is no quote. Reload it: what you typed is kept."
    state.put("room.refusal", refusal)
    state.put("room.answer", int(state.value("room.answer", 0)) + 1)


def _unmasked(bench: Workbench, slot: Slot, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces as their drafts have them, where a name was hidden in them and nothing was changed."""
    said = {one.draft.id: (one.review.sentences, _review(bench, slot, one).sentences) for one in slot.snapshots}
    whole: list[Piece] = []
    for piece in pieces:
        found = piece
        if HIDDEN in piece.text and piece.draft_id is not None and piece.place is not None:
            real, shown = said.get(piece.draft_id, ((), ()))
            if piece.place < len(real) and shown[piece.place].text.strip() == piece.text.strip():
                found = replace(piece, text=real[piece.place].text)
        if HIDDEN in found.text:
            raise DecisionError(f"The quote holds {HIDDEN}, which hides a name.", "Write what should stand there.")
        whole.append(found)
    return whole


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
