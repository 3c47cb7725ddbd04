"""An editor's act on a persona's quote for a tool: an event, never overwritten. Undo is an event too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.review import Verdict

RejectReason = Literal["invented_fact", "off_voice", "missing_beat", "generic", "wrong_verdict", "other"]
REJECT_REASONS: dict[RejectReason, str] = {
    "invented_fact": "Invented fact",
    "off_voice": "Off voice",
    "missing_beat": "Missing beat",
    "generic": "Generic",
    "wrong_verdict": "Wrong verdict",
    "other": "Other",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The draft's quote as it stands. `verdict` is the editor's own; None leaves it undecided."""

    draft_id: DraftId
    text: str
    verdict: Verdict | None = None
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The quote in the editor's words, worked from a draft, or written by hand (`draft_id` None)."""

    text: str
    draft_id: DraftId | None = None
    verdict: Verdict | None = None
    kind: Literal["edited"] = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """This draft will not do. A quote made from it before is withdrawn."""

    draft_id: DraftId
    reason: RejectReason
    note: str = ""
    kind: Literal["rejected"] = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSet:
    """The human's verdict on its own; None takes it back."""

    verdict: Verdict | None
    kind: Literal["verdict_set"] = "verdict_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The quote is taken back; drafts and history stay."""

    kind: Literal["withdrawn"] = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinstated:
    """The rejection of this draft is taken back."""

    draft_id: DraftId
    kind: Literal["reinstated"] = "reinstated"


Act = Accepted | Edited | Rejected | VerdictSet | Withdrawn | Reinstated


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An act with who and when. `number` counts a cell's decisions from 1 and is its version."""

    tool_id: ToolId
    persona_id: PersonaId
    number: int
    editor: str
    at: datetime
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where one persona's quote for one tool stands. `version` is the number of the last decision, 0 for none."""

    tool_id: ToolId
    persona_id: PersonaId
    version: int = 0
    text: str = ""
    verdict: Verdict | None = None
    draft_id: DraftId | None = None
    edited: bool = False
    editor: str = ""
    decided_at: datetime | None = None
    rejected: frozenset[DraftId] = frozenset()

    @property
    def approved(self) -> bool:
        """Whether there is a quote that may be published."""
        return bool(self.text)


def decide(cell: Cell, decision: Decision) -> Cell:
    """The cell after `decision`."""
    moved = replace(cell, version=decision.number)
    act = decision.act
    match act:
        case Accepted() | Edited():
            return replace(
                moved,
                text=act.text,
                verdict=act.verdict if act.verdict is not None else cell.verdict,
                draft_id=act.draft_id,
                edited=isinstance(act, Edited),
                editor=decision.editor,
                decided_at=decision.at,
                rejected=cell.rejected - {act.draft_id} if act.draft_id else cell.rejected,
            )
        case Rejected():
            kept = moved if cell.draft_id != act.draft_id else _without_quote(moved)
            return replace(kept, rejected=cell.rejected | {act.draft_id})
        case Reinstated():
            return replace(moved, rejected=cell.rejected - {act.draft_id})
        case VerdictSet():
            return replace(moved, verdict=act.verdict)
        case Withdrawn():
            return _without_quote(moved)
        case _ as never:
            assert_never(never)


def cell_of(tool_id: ToolId, persona_id: PersonaId, decisions: Iterable[Decision]) -> Cell:
    """The fold of a cell's decisions, oldest first."""
    cell = Cell(tool_id=tool_id, persona_id=persona_id)
    for decision in decisions:
        cell = decide(cell, decision)
    return cell


def _without_quote(cell: Cell) -> Cell:
    return replace(cell, text="", draft_id=None, edited=False, editor="", decided_at=None)
