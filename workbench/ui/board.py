"""What the draft room shows at this moment, as values: the tools on the desk, and a slot for each of their cells.

Providers stand on sides. While a cell is masked a side is all there is to see of a provider: it has its place, its
label and its key, and nothing that is drawn may go by the provider's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.bootstrap import Workbench
from workbench.domain.ageing import Aged, says
from workbench.domain.answer import Remark
from workbench.domain.decision import Cell, Decision, Rejected, VerdictSet
from workbench.domain.dossier import Dossier, Tool
from workbench.domain.draft import USABLE, Draft
from workbench.domain.ids import DraftId, ToolId
from workbench.domain.interest import Interest, needs_second
from workbench.domain.mask import side_names
from workbench.domain.persona import Persona
from workbench.domain.review import Review
from workbench.domain.staleness import Reopened
from workbench.services.live import Snapshot
from workbench.services.remarking import ToolRemarks

Take = Callable[[str, str, Sequence[int]], int]
"""Which of a side's takes the reader looks at, given the cell's place, the side's key and the takes' numbers."""
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

    @property
    def held(self) -> bool:
        """Whether drafts wait for one another: of masked ones none may show that it was the quicker."""
        return self.masked and any(one.draft is not None and one.draft.live for one in self.sides)

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


def place_of(cell: Cell) -> str:
    """The cell's name in keys: `codestral-2-1-builder`."""
    return f"{cell.tool_id}-{cell.persona_id}"


def board_of(bench: Workbench, dossiers: Sequence[Dossier], shown: Iterable[ToolId], take: Take) -> Board:
    """The board of these tools. Raises StoreError."""
    personas = bench.library.personas()
    visible = frozenset(shown)
    slots: list[Slot] = []
    for dossier in dossiers:
        tool_id = dossier.tool.id
        snapshots = bench.drafting.of_tool(tool_id)
        cells, undoable = bench.deciding.cells(tool_id), bench.deciding.undoable(tool_id)
        ages = bench.ageing.of([one.draft for one in snapshots]) if tool_id in visible else {}
        reopened = bench.reopening.of_tool(tool_id) if dossier.revision > 1 else {}
        names = _providers(bench, snapshots)
        order = bench.masking.sides(tool_id, [one.id for one in personas], names) if bench.masking.on else {}
        with bench.store.reading() as repositories:
            texts = bench.remarking.on(repositories, tool_id, known=[one.draft for one in snapshots])
            for persona in personas:
                cell = cells.get(persona.id) or Cell(tool_id=tool_id, persona_id=persona.id)
                slot = Slot(
                    dossier=dossier,
                    persona=persona,
                    cell=cell,
                    sides=(),
                    last=undoable.get(persona.id),
                    masked=bench.masking.masked(cell),
                    others=tuple(one.tool for one in dossiers if one is not dossier),
                    remarks=texts.on_cell(cell) if tool_id in visible else (),
                    reopened=reopened.get(persona.id),
                )
                own = [one for one in snapshots if one.draft.origin.persona_id == persona.id]
                columns = order.get(persona.id, tuple(names))
                placed = zip(columns, side_names(len(columns)), strict=True)
                filled = _filled(bench, texts, slot, placed, own, take, checked=tool_id in visible)
                slots.append(replace(filled, sides=tuple(_aged(one, ages) for one in filled.sides)))
    return Board(dossiers=tuple(dossiers), personas=personas, slots=tuple(slots), shown=visible)


def _filled(
    bench: Workbench,
    texts: ToolRemarks,
    slot: Slot,
    placed: Iterable[tuple[str, str]],
    own: Sequence[Snapshot],
    take: Take,
    *,
    checked: bool,
) -> Slot:
    """The slot with its sides: a provider's name and its place for each."""
    sides = [
        _side(bench, texts, slot, place, name, [one for one in own if one.draft.origin.provider == name], take)
        for name, place in placed
    ]
    wants_second = any(
        needs_second(slot.cell, side.interest, rehearsal=one.draft.origin.rehearsal)
        for side in sides
        for one in side.takes
        if one.draft.id == slot.cell.draft_id
    )
    if checked:
        sides = [_checked(bench, texts, slot, one) for one in sides]
    return replace(slot, sides=tuple(sides), wants_second=wants_second)


def _side(
    bench: Workbench,
    texts: ToolRemarks,
    slot: Slot,
    place: str,
    name: str,
    takes: Sequence[Snapshot],
    take: Take,
) -> Side:
    side = Side(
        key=place.lower(),
        label=place if slot.masked else name,
        provider=name,
        takes=tuple(takes),
        shown=takes[-1] if takes else None,
        dossier=slot.dossier,
    )
    if len(takes) > 1:
        number = take(slot.place, side.key, [one.draft.origin.take for one in takes])
        side = replace(side, shown=next((one for one in takes if one.draft.origin.take == number), takes[-1]))
    if side.shown is None:
        return side
    draft = side.shown.draft
    seen = texts.held(draft) or slot.dossier
    if slot.masked:
        return replace(
            side,
            dossier=seen,
            review=bench.masking.review(side.shown.review, seen, whole=draft.state == "done"),
            notice=bench.masking.failure(draft.failure.failure)
            if draft.failure is not None
            else bench.masking.hide(notice(draft), seen, whole=True),
        )
    stake = bench.makers.interest(draft.origin, slot.dossier.tool, slot.others)
    return replace(side, dossier=seen, review=side.shown.review, notice=notice(draft), interest=stake)


def _aged(side: Side, ages: Mapping[DraftId, tuple[Aged, ...]]) -> Side:
    return side if side.draft is None else replace(side, aged=says(ages.get(side.draft.origin.id, ())))


def _checked(bench: Workbench, texts: ToolRemarks, slot: Slot, side: Side) -> Side:
    if side.shown is None:
        return side
    found = texts.on_draft(side.shown.draft, review=side.shown.review, verdict=slot.cell.verdict)
    conflicts = sum(one.conflicts for one in found) if bench.settings.review.conflicts_block else 0
    return replace(side, remarks=found, conflicts=conflicts)


def notice(draft: Draft) -> str:
    """What an end that is not a whole draft needs said, and what to do next."""
    if draft.failure is not None:
        return f"{draft.failure.message} {draft.failure.remedy}".strip()
    if draft.state == "refused":
        why = f" ({draft.detail})" if draft.detail else ""
        return f"The model declined{why}. Its partial text cannot be used; ask for another take."
    if draft.state == "truncated":
        return "The answer hit the token limit. Edit it to an end, or ask for another take."
    if draft.state == "stopped":
        return "Stopped; what was written is kept. Edit it, or ask for another take."
    return ""


def _providers(bench: Workbench, snapshots: Iterable[Snapshot]) -> list[str]:
    """Who drafts, and whoever did once."""
    names = [one.name for one in bench.planning.providers]
    return list(dict.fromkeys([*names, *(one.draft.origin.provider for one in snapshots)]))


def rejection(log: Sequence[Decision], draft: Draft) -> Rejected | None:
    """The newest rejection of a draft among a cell's decisions."""
    found = [one.act for one in log if isinstance(one.act, Rejected) and one.act.draft_id == draft.id]
    return found[-1] if found else None


def by_tool(board: Board) -> Mapping[ToolId, tuple[Slot, ...]]:
    """The board's slots for each tool."""
    return {one.tool.id: tuple(s for s in board.slots if s.dossier is one) for one in board.dossiers}
