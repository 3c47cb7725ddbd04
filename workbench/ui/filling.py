"""Fills the board with what the workbench knows at this moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.bootstrap import Workbench
from workbench.domain.ageing import Aged, says
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier, Tool
from workbench.domain.draft import Draft
from workbench.domain.ids import DraftId, ToolId
from workbench.domain.interest import needs_second
from workbench.domain.mask import side_names
from workbench.domain.persona import Persona
from workbench.services.live import Snapshot
from workbench.services.remarking import ToolRemarks
from workbench.ui.board import Board, Side, Slot

Take = Callable[[str, str, Sequence[int]], int]
"""Which of a side's takes the reader looks at, given the cell's place, the side's key and the takes' numbers."""


def board_of(bench: Workbench, dossiers: Sequence[Dossier], shown: Iterable[ToolId], take: Take) -> Board:
    """The board of these tools. Raises StoreError."""
    personas, visible = bench.library.personas(), frozenset(shown)
    slots: list[Slot] = []
    for dossier in dossiers:
        others = tuple(one.tool for one in dossiers if one is not dossier)
        bare = _bare(bench, dossier, personas, others)
        slots += _filled(bench, dossier.tool.id, bare, take, drawn=dossier.tool.id in visible)
    return Board(dossiers=tuple(dossiers), personas=personas, slots=tuple(slots), shown=visible)


def _bare(bench: Workbench, dossier: Dossier, personas: Iterable[Persona], others: tuple[Tool, ...]) -> list[Slot]:
    """A slot for each persona, with what is decided in its cell."""
    tool_id = dossier.tool.id
    cells, undoable = bench.deciding.cells(tool_id), bench.deciding.undoable(tool_id)
    reopened = bench.reopening.of_tool(tool_id) if dossier.revision > 1 else {}
    return [
        Slot(
            dossier=dossier,
            persona=persona,
            cell=(cell := cells.get(persona.id) or Cell(tool_id=tool_id, persona_id=persona.id)),
            sides=(),
            last=undoable.get(persona.id),
            masked=bench.masking.masked(cell),
            others=others,
            reopened=reopened.get(persona.id),
        )
        for persona in personas
    ]


def _filled(bench: Workbench, tool_id: ToolId, bare: Sequence[Slot], take: Take, *, drawn: bool) -> list[Slot]:
    """The tool's slots with what was drafted for them."""
    snapshots = bench.drafting.of_tool(tool_id)
    drafts, names = [one.draft for one in snapshots], _providers(bench, snapshots)
    order = bench.masking.sides(tool_id, [one.persona.id for one in bare], names) if bench.masking.on else {}
    ages = bench.ageing.of(drafts) if drawn else {}
    with bench.store.reading() as repositories:
        texts = bench.remarking.on(repositories, tool_id, known=drafts)
        filling = _Filling(bench=bench, texts=texts, take=take, ages=ages, drawn=drawn)
        return [filling.slot(one, order.get(one.persona.id, tuple(names)), snapshots) for one in bare]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filling:
    """What a tool's slots are filled from. Only where they are `drawn` is anything held against anything."""

    bench: Workbench
    texts: ToolRemarks
    take: Take
    ages: Mapping[DraftId, tuple[Aged, ...]]
    drawn: bool

    def slot(self, bare: Slot, names: Sequence[str], snapshots: Sequence[Snapshot]) -> Slot:
        """The slot with a side for each of these providers, in this order."""
        own = [one for one in snapshots if one.draft.origin.persona_id == bare.persona.id]
        sides = tuple(
            self._side(bare, place, name, tuple(one for one in own if one.draft.origin.provider == name))
            for place, name in zip(side_names(len(names)), names, strict=True)
        )
        wants_second = any(
            needs_second(bare.cell, side.interest, rehearsal=one.draft.origin.rehearsal)
            for side in sides
            for one in side.takes
            if one.draft.id == bare.cell.draft_id
        )
        remarks = self.texts.on_cell(bare.cell) if self.drawn else ()
        return replace(bare, sides=sides, wants_second=wants_second, remarks=remarks)

    def _side(self, slot: Slot, place: str, name: str, takes: tuple[Snapshot, ...]) -> Side:
        key, shown = place.lower(), takes[-1] if takes else None
        if len(takes) > 1:
            number = self.take(slot.place, key, [one.draft.origin.take for one in takes])
            shown = next((one for one in takes if one.draft.origin.take == number), shown)
        label = place if slot.masked else name
        side = Side(key=key, label=label, provider=name, takes=takes, shown=shown, dossier=slot.dossier)
        if shown is None:
            return side
        side = replace(side, dossier=self.texts.held(shown.draft) or slot.dossier)
        side = self._masked(side, shown) if slot.masked else self._open(slot, side, shown)
        return self._checked(slot, side, shown) if self.drawn else side

    def _masked(self, side: Side, shown: Snapshot) -> Side:
        draft, masking = shown.draft, self.bench.masking
        if draft.failure is not None:
            said = masking.failure(draft.failure.failure)
        else:
            said = masking.hide(notice(draft), side.dossier, whole=True)
        review = masking.review(shown.review, side.dossier, whole=draft.state == "done")
        return replace(side, review=review, notice=said)

    def _open(self, slot: Slot, side: Side, shown: Snapshot) -> Side:
        stake = self.bench.makers.interest(shown.draft.origin, slot.dossier.tool, slot.others)
        return replace(side, review=shown.review, notice=notice(shown.draft), interest=stake)

    def _checked(self, slot: Slot, side: Side, shown: Snapshot) -> Side:
        found = self.texts.on_draft(shown.draft, review=shown.review, verdict=slot.cell.verdict)
        conflicts = sum(one.conflicts for one in found) if self.bench.settings.review.conflicts_block else 0
        return replace(side, remarks=found, conflicts=conflicts, aged=says(self.ages.get(shown.draft.id, ())))


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
