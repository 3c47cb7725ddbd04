"""An editor's act on a persona's quote for a tool: an event, never overwritten. Undo is an event too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece
from workbench.domain.review import Confidence, Verdict

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
    """The draft's quote as it stands. `verdict` is the editor's own; None leaves it undecided.

    `masked`: the editor could not see which provider had written it.
    """

    draft_id: DraftId
    text: str
    verdict: Verdict | None = None
    masked: bool = False
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The quote in the editor's words, or put together from drafts: `pieces` say where each sentence came from.

    `draft_id` is the draft most of it rests on; None for a quote written by hand.
    """

    text: str
    draft_id: DraftId | None = None
    verdict: Verdict | None = None
    pieces: tuple[Piece, ...] = ()
    masked: bool = False
    kind: Literal["edited"] = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """This draft will not do. A quote made from it before is withdrawn."""

    draft_id: DraftId
    reason: RejectReason
    note: str = ""
    masked: bool = False
    kind: Literal["rejected"] = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictSet:
    """The human's verdict on its own, how sure they are, and why; None takes it back."""

    verdict: Verdict | None
    confidence: Confidence | None = None
    reason: str = ""
    kind: Literal["verdict_set"] = "verdict_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconded:
    """A second editor stands by the quote as it is."""

    kind: Literal["seconded"] = "seconded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upheld:
    """A fact the quote rests on has changed, and the quote stands all the same; `reason` says why."""

    reason: str
    kind: Literal["upheld"] = "upheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """The quote is taken back; drafts and history stay."""

    kind: Literal["withdrawn"] = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The cell stands again as it stood after its decision `to`; 0 is before the first."""

    to: int
    kind: Literal["undone"] = "undone"


Act = Accepted | Edited | Rejected | VerdictSet | Seconded | Upheld | Withdrawn | Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An act with who and when. `number` counts a cell's decisions from 1 and is its version.

    `revision` is the newest of the tool's dossier when it was made; 0: nobody wrote that down.
    """

    tool_id: ToolId
    persona_id: PersonaId
    number: int
    editor: str
    at: datetime
    act: Act
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where one persona's quote for one tool stands. `version` is the number of the last decision, 0 for none.

    `opened`: there was a quote once, so the providers were shown; no undo makes that unseen. `seconded_by` is the
    second editor who stands by this quote. `quoted` is the number of the decision that the text is from, 0 for none;
    `revision` is the newest of the dossier that an editor has seen the quote beside, 0: nobody wrote that down.
    """

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
    pieces: tuple[Piece, ...] = ()
    masked: bool = False
    confidence: Confidence | None = None
    reason: str = ""
    seconded_by: str = ""
    opened: bool = False
    quoted: int = 0
    revision: int = 0

    @property
    def approved(self) -> bool:
        """Whether there is a quote that may be published."""
        return bool(self.text)


def cell_of(tool_id: ToolId, persona_id: PersonaId, decisions: Iterable[Decision]) -> Cell:
    """The fold of a cell's decisions, numbered 1…n, oldest first."""
    stood = [Cell(tool_id=tool_id, persona_id=persona_id)]
    for decision in decisions:
        act = decision.act
        after = stood[act.to] if isinstance(act, Undone) else _decide(stood[-1], act, decision)
        opened = stood[-1].opened or after.approved
        stood.append(replace(after, version=decision.number, opened=opened))
    return stood[-1]


def logs_of(decisions: Iterable[Decision]) -> dict[PersonaId, list[Decision]]:
    """A tool's decisions, told apart by cell; each cell's in their order."""
    logs: dict[PersonaId, list[Decision]] = {}
    for one in decisions:
        logs.setdefault(one.persona_id, []).append(one)
    return logs


def standing(decisions: Sequence[Decision], number: int) -> int:
    """The decision that made the cell what it was after `number`: itself, or what an undo went back to; 0 for none."""
    while number and isinstance(act := decisions[number - 1].act, Undone):
        number = act.to
    return number


def _decide(
    cell: Cell, act: Accepted | Edited | Rejected | VerdictSet | Seconded | Upheld | Withdrawn, decision: Decision
) -> Cell:
    match act:
        case Accepted() | Edited():
            return replace(
                cell,
                text=act.text,
                verdict=act.verdict if act.verdict is not None else cell.verdict,
                draft_id=act.draft_id,
                edited=isinstance(act, Edited),
                editor=decision.editor,
                decided_at=decision.at,
                rejected=cell.rejected - {act.draft_id} if act.draft_id else cell.rejected,
                pieces=act.pieces if isinstance(act, Edited) else (),
                masked=act.masked,
                seconded_by="",
                quoted=decision.number,
                revision=decision.revision,
            )
        case Rejected():
            kept = cell if cell.draft_id != act.draft_id else _without_quote(cell)
            return replace(kept, rejected=cell.rejected | {act.draft_id})
        case VerdictSet():
            return replace(cell, verdict=act.verdict, confidence=act.confidence, reason=act.reason)
        case Seconded():
            return replace(cell, seconded_by=decision.editor)
        case Upheld():
            return replace(cell, revision=decision.revision)
        case Withdrawn():
            return _without_quote(cell)
        case _ as never:
            assert_never(never)


def _without_quote(cell: Cell) -> Cell:
    return replace(
        cell,
        text="",
        draft_id=None,
        edited=False,
        editor="",
        decided_at=None,
        pieces=(),
        masked=False,
        seconded_by="",
        quoted=0,
        revision=0,
    )
