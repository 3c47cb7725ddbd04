"""What buttons do. Every act is safe to run twice: a click can be delivered more than once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.bootstrap import Workbench
from workbench.domain.decision import Cell, RejectReason
from workbench.domain.ids import DraftId
from workbench.errors import ConflictError, WorkbenchError
from workbench.services.deciding import Signature
from workbench.ui import state


def nothing() -> None:
    """The rerun itself is the point."""


def accept(bench: Workbench, draft_id: DraftId, cell: Cell) -> None:
    """Take the draft as it stands; the verdict stays what the editor has set."""
    _act(place_of(cell), lambda: bench.deciding.accept(draft_id, None, _signed(bench, cell)))


def reject(bench: Workbench, draft_id: DraftId, cell: Cell) -> None:
    """Reject the draft for the reason that is marked at this moment: a click can overtake its board's redraw."""
    reason: RejectReason | None = state.value(f"reason-{draft_id}")
    note = str(state.value(f"note-{draft_id}") or "")
    if reason is None:
        state.say("error", "Mark why it will not do, then reject.", place_of(cell))
    else:
        _act(place_of(cell), lambda: bench.deciding.reject(draft_id, reason, note, _signed(bench, cell)))


def stop(bench: Workbench, draft_id: DraftId) -> None:
    """Stop one draft; its text stays."""
    bench.drafting.stop([draft_id])


def another_take(bench: Workbench, draft_id: DraftId, cell: Cell) -> None:
    """A new draft beside the old one, by today's persona, prompts and dossier."""

    def again() -> None:
        origin = bench.drafting.get(draft_id).draft.origin
        with bench.store.reading() as repositories:
            dossier = repositories.tools.latest(origin.tool_id)
        if dossier is not None:
            jobs = bench.planning.jobs(dossier, personas=[origin.persona_id], providers=[origin.provider])
            run = bench.planning.plan(jobs)
            for draft in bench.drafting.start(run.jobs, editor=bench.settings.editor):
                state.put(f"take-{origin.tool_id}-{origin.persona_id}-{origin.provider}", draft.origin.take)

    _act(place_of(cell), again)


def set_verdict(bench: Workbench, cell: Cell, key: str) -> None:
    """The editor's verdict."""
    verdict = state.value(key)
    if verdict != cell.verdict:
        decide = bench.deciding.set_verdict
        _act(place_of(cell), lambda: decide(cell.tool_id, cell.persona_id, verdict, _signed(bench, cell)))


def undo(bench: Workbench, cell: Cell) -> None:
    """Bring the cell back to how it was before its last decision."""
    _act(place_of(cell), lambda: bench.deciding.undo(cell.tool_id, cell.persona_id, _signed(bench, cell)))


def open_editor(bench: Workbench, draft_id: DraftId, cell: Cell) -> None:
    """Edit a draft's quote. Text kept from an unsaved edit of this cell wins over the draft's."""

    def opened() -> None:
        kept = bench.deciding.kept(cell.tool_id, cell.persona_id)
        _open(cell, kept or bench.drafting.get(draft_id).review.quote, draft_id)

    _act(place_of(cell), opened)


def reopen(bench: Workbench, cell: Cell) -> None:
    """Go on with unsaved text, or edit the quote that stands, or begin one by hand."""
    _open(cell, bench.deciding.kept(cell.tool_id, cell.persona_id) or cell.text, cell.draft_id)


def start_over(bench: Workbench, cell: Cell, text: str, source: DraftId | None) -> None:
    """Put this text into the editor in place of what was typed; the reader asked for that in words."""

    def replaced() -> None:
        bench.deciding.keep(cell.tool_id, cell.persona_id, "")
        _open(cell, text, source)

    _act(place_of(cell), replaced)


def close_editor() -> None:
    """Leave the editor; what was typed is kept for the next time."""
    state.put("room.editing", None)


def keep_text(bench: Workbench, cell: Cell, key: str) -> None:
    """Keep unsaved text in the workspace: it survives a page switch, a reload and a restart."""
    text = str(state.value(key) or "")
    _act(place_of(cell), lambda: bench.deciding.keep(cell.tool_id, cell.persona_id, text))


def save_edit(bench: Workbench, cell: Cell, key: str) -> None:
    """Make the text the quote."""
    source = state.value("room.source")
    seen = Signature(editor=bench.settings.editor, version=state.value("room.version"))

    def saved() -> None:
        try:
            bench.deciding.edit(
                cell.tool_id,
                cell.persona_id,
                str(state.value(key) or ""),
                seen,
                draft_id=DraftId(source) if source else None,
            )
        except ConflictError:
            # The other decision is said, and on the screen with the next drawing: a second save is meant.
            state.put("room.version", bench.deciding.cells(cell.tool_id)[cell.persona_id].version)
            raise
        state.put("room.editing", None)
        state.drop(key)

    _act(place_of(cell), saved)


def place_of(cell: Cell) -> str:
    """The cell's name in keys: `codestral-2-1-builder`."""
    return f"{cell.tool_id}-{cell.persona_id}"


def editor_key(cell: Cell) -> str:
    """The open editor's widget key: a new one each time it opens, so that its first text is never set twice.

    Setting the value of a widget that is on the screen would overwrite what is typed there and not yet sent.
    """
    return f"text-{place_of(cell)}-{state.value('room.opening', 0)}"


def _open(cell: Cell, text: str, source: DraftId | None) -> None:
    state.put("room.editing", place_of(cell))
    state.put("room.source", source)
    state.put("room.first_text", text)
    state.put("room.version", cell.version)  # what the editor saw, however often the board is drawn until the save
    state.put("room.opening", int(state.value("room.opening", 0)) + 1)


def _signed(bench: Workbench, cell: Cell) -> Signature:
    return Signature(editor=bench.settings.editor, version=cell.version)


def _act(place: str, act: Callable[[], Any]) -> None:
    """Do it; what goes wrong is said beside the button that was pressed, and nothing on the screen is lost."""
    try:
        act()
    except WorkbenchError as error:
        state.say("error", str(error), place)
