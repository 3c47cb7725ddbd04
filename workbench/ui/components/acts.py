"""What buttons do. Every act is safe to run twice: a click can be delivered more than once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbench.bootstrap import Workbench
from workbench.domain.decision import Cell, RejectReason
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.errors import WorkbenchError
from workbench.services.deciding import Signature
from workbench.ui import state


def nothing() -> None:
    """The rerun itself is the point."""


def accept(bench: Workbench, draft_id: DraftId, version: int) -> None:
    """Take the draft as it stands; the verdict stays what the editor has set."""
    _said(lambda: bench.deciding.accept(draft_id, None, _signed(bench, version)))


def reject(bench: Workbench, draft_id: DraftId, version: int) -> None:
    """Reject the draft for the reason that is marked at this moment: a click can overtake its board's redraw."""
    reason: RejectReason = state.value(f"reason-{draft_id}")
    note = str(state.value(f"note-{draft_id}") or "")
    _said(lambda: bench.deciding.reject(draft_id, reason, note, _signed(bench, version)))


def stop(bench: Workbench, draft_id: DraftId) -> None:
    """Stop one draft; its text stays."""
    bench.drafting.stop([draft_id])


def another_take(bench: Workbench, draft_id: DraftId) -> None:
    """A new draft beside the old one, by today's persona, prompts and dossier."""

    def again() -> None:
        origin = bench.drafting.get(draft_id).draft.origin
        with bench.store.reading() as repositories:
            dossier = repositories.tools.latest(origin.tool_id)
        if dossier is not None:
            jobs = bench.planning.jobs(dossier, personas=[origin.persona_id], providers=[origin.provider])
            for draft in bench.drafting.start(jobs):
                state.put(f"take-{origin.tool_id}-{origin.persona_id}-{origin.provider}", draft.origin.take)

    _said(again)


def set_verdict(bench: Workbench, cell: Cell, key: str) -> None:
    """The editor's verdict."""
    verdict = state.value(key)
    if verdict != cell.verdict:
        signature = _signed(bench, cell.version)
        _said(lambda: bench.deciding.set_verdict(cell.tool_id, cell.persona_id, verdict, signature))


def undo(bench: Workbench, cell: Cell) -> None:
    """Bring the cell back to how it was before its last decision."""
    _said(lambda: bench.deciding.undo(cell.tool_id, cell.persona_id, _signed(bench, cell.version)))


def open_editor(bench: Workbench, draft_id: DraftId) -> None:
    """Edit a draft's quote. Text kept from an earlier, unsaved edit of this cell wins over the draft's."""

    def opened() -> None:
        snapshot = bench.drafting.get(draft_id)
        origin = snapshot.draft.origin
        _open(f"{origin.tool_id}-{origin.persona_id}", snapshot.review.quote, draft_id)

    _said(opened)


def reopen(bench: Workbench, cell: Cell) -> None:
    """Edit the quote that stands."""
    kept = bench.deciding.kept(cell.tool_id, cell.persona_id)
    _open(f"{cell.tool_id}-{cell.persona_id}", kept or cell.text, cell.draft_id)


def open_blank(place: str) -> None:
    """Write a quote by hand."""
    state.put("room.editing", place)
    state.put("room.source", None)


def close_editor() -> None:
    """Leave the editor; what was typed is kept for the next time."""
    state.put("room.editing", None)


def keep_text(bench: Workbench, tool_id: ToolId, persona_id: PersonaId, key: str) -> None:
    """Keep unsaved text in the workspace: it survives a page switch, a reload and a restart."""
    _said(lambda: bench.deciding.keep(tool_id, persona_id, str(state.value(key) or "")))


def save_edit(bench: Workbench, cell: Cell, key: str) -> None:
    """Make the text the quote."""
    source = state.value("room.source")

    def saved() -> None:
        bench.deciding.edit(
            cell.tool_id,
            cell.persona_id,
            str(state.value(key) or ""),
            _signed(bench, cell.version),
            draft_id=DraftId(source) if source else None,
        )
        state.put("room.editing", None)
        state.drop(key)

    _said(saved)


def _open(place: str, text: str, source: DraftId | None) -> None:
    state.put("room.editing", place)
    state.put("room.source", source)
    state.put(f"text-{place}", text)


def _signed(bench: Workbench, version: int) -> Signature:
    return Signature(editor=bench.settings.editor, version=version)


def _said(act: Callable[[], Any]) -> None:
    """Run an act; what goes wrong is said at the top of the board, and nothing on the screen is lost."""
    try:
        act()
    except WorkbenchError as error:
        state.say("error", str(error))
