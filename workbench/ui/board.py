"""What the draft room shows at this moment, as values: the tools on the desk, and a slot for each of their cells.

Providers stand on sides. While a cell is masked a side is all there is to see of a provider: it has its place, its
label and its key, and nothing that is drawn may go by the provider's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from workbench.domain.answer import Remark
from workbench.domain.decision import Cell, Decision, Rejected, VerdictSet
from workbench.domain.dossier import Dossier, Tool
from workbench.domain.draft import ACCEPTABLE, BROKEN, USABLE, Draft
from workbench.domain.ids import DraftId, ToolId
from workbench.domain.interest import Interest
from workbench.domain.persona import Persona
from workbench.domain.review import Review
from workbench.domain.staleness import Reopened
from workbench.services.live import Snapshot

_NOTHING = Review()
_ACTS: dict[str, str] = {
    "accepted": "the accept",
    "edited": "the edit",
    "rejected": "the rejection",
    "seconded": "the second signature",
    "upheld": "the word that it stands all the same",
    "withdrawn": "the withdrawal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One provider's drafts of a cell. `key` is its place in widget keys, `label` what the editor may call it.

    `review` and `notice` are what may be seen of the draft that is `shown`; `remarks` are on its whole text, held
    against the revision `dossier`. `conflicts`: so many of them hold its approval back; `aged` says what it was made
    with that is another text by now.
    """

    key: str
    label: str
    provider: str
    takes: tuple[Snapshot, ...]
    shown: Snapshot | None
    dossier: Dossier
    review: Review = _NOTHING
    notice: str = ""
    interest: Interest = "neutral"
    remarks: tuple[Remark, ...] = ()
    aged: str = ""
    conflicts: int = 0

    @property
    def draft(self) -> Draft | None:
        """The draft of the take that is shown."""
        return None if self.shown is None else self.shown.draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One persona's cell for one tool. `last` is the decision an undo would take back; `masked` hides providers.

    `others` are the other tools on the desk; `wants_second`: its maker's own model praised the tool, nobody touched a
    word of it, and no second editor stands by it yet; `reopened`: facts the quote rests on have changed. `remarks` are
    on the quote that stands.
    """

    dossier: Dossier
    persona: Persona
    cell: Cell
    sides: tuple[Side, ...]
    last: Decision | None
    masked: bool
    others: tuple[Tool, ...] = ()
    wants_second: bool = False
    remarks: tuple[Remark, ...] = ()
    reopened: Reopened | None = None

    @property
    def place(self) -> str:
        """The cell's name in keys: `codestral-2-1-builder`."""
        return place_of(self.cell)

    def holds(self, draft: Draft) -> bool:
        """Whether a draft waits for others of its round: of masked ones none may show that it was the quicker."""
        looked_at = {one.id: one for side in self.sides if (one := side.draft) is not None} | {draft.id: draft}
        rounds = rounds_of(looked_at.values())
        return self.masked and any(one.live for one in looked_at.values() if rounds[one.id] == rounds[draft.id])

    def round(self, draft: Draft) -> int:
        """Which round a draft that is looked at belongs to; those of one round are held back together."""
        return rounds_of(one for side in self.sides if (one := side.draft) is not None).get(draft.id, 0)

    @property
    def judgeable(self) -> bool:
        """Whether there is something to give a verdict on: a draft, a quote, or a verdict that may be taken back."""
        return bool(self.snapshots) or self.cell.approved or self.cell.verdict is not None

    @property
    def decided(self) -> bool:
        """Whether there is a quote and a verdict, and the facts are as they were."""
        return self.cell.approved and self.cell.verdict is not None and self.reopened is None

    @property
    def guarded(self) -> bool:
        """Whether an edited quote stands, which no single key may replace."""
        return self.cell.approved and self.cell.edited

    @property
    def snapshots(self) -> list[Snapshot]:
        """Every draft of the cell, oldest first."""
        return sorted((one for side in self.sides for one in side.takes), key=lambda one: one.draft.origin.created_at)

    @property
    def broken(self) -> list[Draft]:
        """The newest draft of each side where it broke off and there is no whole one; none yet that is held back."""
        drafts = {side.key: [one.draft for one in side.takes] for side in self.sides}
        newest = [own[-1] for own in drafts.values() if own and not any(one.state in ACCEPTABLE for one in own)]
        return [one for one in newest if one.state in BROKEN and not self.holds(one)]

    @property
    def undo(self) -> str:
        """What an undo would take back, in words; empty for nothing."""
        if self.last is None:
            return ""
        act = self.last.act
        if isinstance(act, VerdictSet):
            return f"verdict {act.verdict}" if act.verdict is not None else "taking the verdict back"
        return _ACTS.get(act.kind, act.kind)

    @property
    def state(self) -> str:
        """Which glyph the cell gets: reopened, accepted, edited, streaming, drafted, rejected, failed or empty."""
        if self.reopened is not None:
            return "reopened"
        if self.cell.approved:
            return "edited" if self.cell.edited else "accepted"
        drafts = [one.draft for one in self.snapshots]
        if any(one.live for one in drafts):
            return "streaming"
        usable = [one for one in drafts if one.state in USABLE]
        if any(one.id not in self.cell.rejected for one in usable):
            return "drafted"
        if usable:
            return "rejected"
        return "failed" if drafts else "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the desk: `slots` tool by tool in the personas' order; those of `shown` tools are drawn."""

    dossiers: tuple[Dossier, ...]
    personas: tuple[Persona, ...]
    slots: tuple[Slot, ...]
    shown: frozenset[ToolId]

    @property
    def drafts(self) -> list[Draft]:
        """Every draft of the desk."""
        return [one.draft for slot in self.slots for one in slot.snapshots]

    @property
    def masked(self) -> bool:
        """Whether some cell on the desk is masked: then no provider is named anywhere."""
        return any(one.masked for one in self.slots)

    def slot(self, place: str) -> Slot | None:
        """The slot of this place."""
        return next((one for one in self.slots if one.place == place), None)


def rounds_of(drafts: Iterable[Draft]) -> dict[DraftId, int]:
    """The round of each: drafts that were under way together share it. One begun after the others' ends has its own."""
    rounds: dict[DraftId, int] = {}
    number = -1
    until: datetime | None = datetime.min.replace(tzinfo=UTC)
    for one in sorted(drafts, key=lambda one: one.origin.created_at):
        begun = one.origin.created_at
        if until is not None and begun >= until:
            number, until = number + 1, begun
        if one.live:
            until = None  # nobody knows yet
        elif until is not None:
            until = max(until, one.ended_at or begun)
        rounds[one.id] = number
    return rounds


def place_of(cell: Cell) -> str:
    """The cell's name in keys: `codestral-2-1-builder`."""
    return f"{cell.tool_id}-{cell.persona_id}"


def rejection(log: Sequence[Decision], draft: Draft) -> Rejected | None:
    """The newest rejection of a draft among a cell's decisions."""
    found = [one.act for one in log if isinstance(one.act, Rejected) and one.act.draft_id == draft.id]
    return found[-1] if found else None


def by_tool(board: Board) -> Mapping[ToolId, tuple[Slot, ...]]:
    """The board's slots for each tool."""
    return {one.tool.id: tuple(s for s in board.slots if s.dossier is one) for one in board.dossiers}
