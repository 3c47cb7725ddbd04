"""What buttons and keys do. Every act is safe to run twice: a click can be delivered more than once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.bootstrap import Workbench
from workbench.domain.decision import Cell, RejectReason
from workbench.domain.ids import DraftId
from workbench.domain.review import Confidence, Verdict
from workbench.errors import WorkbenchError
from workbench.services.deciding import Signature
from workbench.ui import state
from workbench.ui.board import Slot


def nothing() -> None:
    """The rerun itself is the point."""


def accept(bench: Workbench, draft_id: DraftId, slot: Slot) -> None:
    """Take the draft as it stands; the verdict stays what the editor has set. Of one that stands it says so."""

    def decide() -> Cell:
        made = bench.deciding.accept(draft_id, None, signed(bench, slot))
        if made.version == slot.cell.version:
            state.say("note", "This draft is the quote already: nothing has changed.", slot.place)
        return made

    act(slot.place, decide)


def reject(bench: Workbench, draft_id: DraftId, slot: Slot, reason: RejectReason, note: str) -> None:
    """Reject the draft for this reason."""
    act(slot.place, lambda: bench.deciding.reject(draft_id, reason, note, signed(bench, slot)))


def stop(bench: Workbench, draft_id: DraftId) -> None:
    """Stop one draft; its text stays."""
    bench.drafting.stop([draft_id])


def another_take(bench: Workbench, draft_id: DraftId, slot: Slot, note: str) -> None:
    """A new draft beside the old one, by today's persona, prompts and dossier; with a note it goes on from the old."""

    def again() -> None:
        draft = bench.drafting.get(draft_id).draft
        with bench.store.reading() as repositories:
            dossier = repositories.tools.latest(draft.origin.tool_id)
        if dossier is None:
            return
        run = bench.planning.plan([bench.planning.again(dossier, draft, note)])
        for started in bench.drafting.start(run.jobs, editor=bench.settings.editor):
            for side in slot.sides:
                if side.provider == started.origin.provider:
                    state.put(take_key(slot.place, side.key), started.origin.take)

    act(slot.place, again)


def ask_first(kind: str, draft_id: DraftId) -> None:
    """Have the room's script open what this act asks first (a reason, a note)."""
    state.put("room.asking", {"act": kind, "draft": draft_id, "number": int(asking().get("number", 0)) + 1})


def asking() -> dict[str, Any]:
    """What such a button asked last; empty for nothing. The script opens each number once."""
    found: dict[str, Any] = state.value("room.asking", {})
    return found


def other_take(slot: Slot, side_key: str, by: int) -> None:
    """Look at an earlier or a later take of a side."""
    for side in slot.sides:
        if side.key == side_key and side.draft is not None:
            numbers = [one.draft.origin.take for one in side.takes]
            at = numbers.index(side.draft.origin.take) + by
            state.put(take_key(slot.place, side.key), numbers[max(0, min(len(numbers) - 1, at))])


def set_verdict(bench: Workbench, slot: Slot, verdict: Verdict | None) -> None:
    """The editor's verdict; how sure they are and why stay, as long as it stays the same."""
    tool_id, persona_id = slot.cell.tool_id, slot.cell.persona_id

    def decide() -> Cell | None:
        now = bench.deciding.cells(tool_id).get(persona_id)
        if (now.verdict if now is not None else None) == verdict:
            return None
        return bench.deciding.set_verdict(tool_id, persona_id, verdict, signed(bench, slot))

    act(slot.place, decide)


def explain_verdict(bench: Workbench, slot: Slot) -> None:
    """How sure the editor is of the verdict, and why."""
    cell = slot.cell
    confidence: Confidence | None = state.value(f"sure-{slot.place}")
    reason = str(state.value(f"why-{slot.place}") or "")
    if (confidence, reason) != (cell.confidence, cell.reason):
        act(
            slot.place,
            lambda: bench.deciding.set_verdict(
                cell.tool_id, cell.persona_id, cell.verdict, signed(bench, slot), confidence=confidence, reason=reason
            ),
        )


def second(bench: Workbench, slot: Slot) -> None:
    """A second editor, by the name typed, stands by the quote."""
    cell = slot.cell
    name = str(state.value(f"second-{slot.place}") or "")
    act(
        slot.place,
        lambda: bench.deciding.second(cell.tool_id, cell.persona_id, Signature(editor=name, version=cell.version)),
    )


def uphold(bench: Workbench, slot: Slot) -> None:
    """The quote stands although a fact has changed, for the reason typed."""
    cell = slot.cell
    reason = str(state.value(f"stands-{slot.place}") or "")
    act(slot.place, lambda: bench.deciding.uphold(cell.tool_id, cell.persona_id, reason, signed(bench, slot)))


def undo(bench: Workbench, slot: Slot) -> None:
    """Bring the cell back to how it was before its last decision."""
    cell = slot.cell
    act(slot.place, lambda: bench.deciding.undo(cell.tool_id, cell.persona_id, signed(bench, slot)))


def take_key(place: str, side_key: str) -> str:
    """Where the session keeps which take of a side is looked at."""
    return f"take-{place}-{side_key}"


def take_of(place: str, side_key: str, numbers: Any) -> int:
    """The take that is looked at: the newest, unless the reader went back to an earlier one."""
    kept = state.value(take_key(place, side_key))
    if kept not in numbers:
        kept = numbers[-1]
        state.put(take_key(place, side_key), kept)
    return int(kept)


def signed(bench: Workbench, slot: Slot) -> Signature:
    """Who decides, what they saw of the cell, and whether they saw whose drafts they were."""
    return Signature(editor=bench.settings.editor, version=slot.cell.version, masked=slot.masked)


def as_made(slot: Slot) -> Slot:
    """The slot as this editor's own last act left it: an act may follow another before the board is drawn again."""
    made = max(slot.cell.version, int(state.value(f"made-{slot.place}", 0)))
    return replace(slot, cell=replace(slot.cell, version=made))


def act(place: str, does: Callable[[], Any]) -> None:
    """Do it; what goes wrong is said beside the button that was pressed, and nothing on the screen is lost."""
    try:
        made = does()
        if isinstance(made, Cell):
            state.put(f"made-{place}", made.version)
    except WorkbenchError as error:
        state.say("error", str(error), place)
