"""Which tools a list shows and how far each has come, asked so that an index answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select

from workbench.domain.dossier import Tool
from workbench.domain.draft import LIVE, USABLE
from workbench.domain.ids import PersonaId
from workbench.domain.tally import SHELVES, Mark, Shelf
from workbench.domain.text import one_line
from workbench.ports import ToolSummary
from workbench.store.tables import CellRow, DraftRow, ToolRow

SETTLED = (CellRow.approved, CellRow.verdict.is_not(None), CellRow.reopened_at.is_(None))
"""Of a cell: there is a quote, and a verdict, and the facts are as they were."""
_RANKS: tuple[Mark, ...] = ("drafted", "streaming", "rejected", "failed")


def page_of_tools(search: str = "", offset: int = 0, limit: int | None = None) -> Select[ToolRow]:
    """The tools that `search` finds, last changed first. The time's index gives the order: nothing is sorted."""
    page = select(ToolRow).order_by(ToolRow.changed_at.desc(), ToolRow.id.desc()).offset(offset).limit(limit)
    return page.where(*_found(search))


def on_shelf(panel: int) -> dict[Shelf, ColumnElement[bool]]:
    """What is true of the tools on each shelf, when `panel` personas make a scorecard."""
    second = ToolRow.id.in_(select(CellRow.tool_id).where(CellRow.second != ""))
    reopened = ToolRow.id.in_(select(CellRow.tool_id).where(CellRow.reopened_at.is_not(None)))
    ready = ToolRow.settled >= panel
    quiet = and_(not_(second), not_(reopened))
    return {
        "progress": and_(ToolRow.begun, or_(not_(ready), second, reopened)),
        "second": second,
        "reopened": reopened,
        "ready": and_(ready, quiet),
        "undrafted": and_(not_(ToolRow.begun), quiet),
    }


def counts_of_shelves(panel: int, search: str = "") -> Select[*tuple[int, ...]]:
    """One row: how many tools stand on each of `SHELVES`."""
    shelves = on_shelf(panel)
    return select(*(func.count().filter(shelves[one]) for one in SHELVES)).select_from(ToolRow).where(*_found(search))


def undecided_tools(personas: Sequence[PersonaId]) -> Select[str]:
    """Ids of the tools with something to decide on: a usable draft nobody rejected, or a quote without a verdict or
    whose facts have changed."""
    own_cell = and_(CellRow.tool_id == DraftRow.tool_id, CellRow.persona_id == DraftRow.persona_id)
    rejected = CellRow.rejected.contains(" " + DraftRow.id + " ")
    draft = (
        select(DraftRow.seq)
        .outerjoin(CellRow, own_cell)
        .where(DraftRow.tool_id == ToolRow.id, DraftRow.persona_id.in_(personas), DraftRow.state.in_(USABLE))
        .where(or_(CellRow.tool_id.is_(None), and_(not_(CellRow.approved), not_(rejected))))
    )
    quote = select(CellRow.tool_id).where(
        CellRow.tool_id == ToolRow.id,
        CellRow.persona_id.in_(personas),
        CellRow.approved,
        or_(CellRow.verdict.is_(None), CellRow.reopened_at.is_not(None)),
    )
    # What is begun and not settled stands in the index: the tools that are finished cost nothing.
    return (
        select(ToolRow.id)
        .where(ToolRow.begun, ToolRow.settled < len(personas), or_(exists(draft), exists(quote)))
        .order_by(ToolRow.changed_at.desc(), ToolRow.id.desc())
    )


class Tally:
    """What a tool's drafts and cells add up to; drafts first."""

    def __init__(self) -> None:
        self._drafts: list[tuple[str, str, str]] = []
        self._cells: list[CellRow] = []

    def draft(self, persona_id: str, draft_id: str, state: str) -> None:
        """Count a draft."""
        self._drafts.append((persona_id, draft_id, state))

    def cell(self, row: CellRow) -> None:
        """Count a cell."""
        self._cells.append(row)

    def summary(self, row: ToolRow, tool: Tool) -> ToolSummary:
        """The row of the list."""
        return ToolSummary(
            tool=tool,
            revision=row.revision,
            drafts=len(self._drafts),
            live=sum(state in LIVE for *_, state in self._drafts),
            approved=sum(one.approved for one in self._cells),
            verdicts=sum(one.verdict is not None for one in self._cells),
            changed_at=row.changed_at,
            marks=self._marks(),
            second={PersonaId(one.persona_id): one.second for one in self._cells if one.second},
            reopened={PersonaId(one.persona_id): one.reopened_at for one in self._cells if one.reopened_at is not None},
        )

    def _marks(self) -> dict[PersonaId, Mark]:
        marks: dict[PersonaId, Mark] = {}
        rejected = {one.persona_id: one.rejected for one in self._cells}
        for persona, draft_id, state in self._drafts:
            mark = _mark_of(state, rejected=f" {draft_id} " in rejected.get(persona, ""))
            known = marks.get(PersonaId(persona), mark)
            marks[PersonaId(persona)] = mark if _RANKS.index(mark) < _RANKS.index(known) else known
        for one in self._cells:
            if one.approved:
                undecided: Mark = "approved" if one.reopened_at is None else "reopened"
                settled = one.verdict is not None and one.reopened_at is None
                marks[PersonaId(one.persona_id)] = "settled" if settled else undecided
        return marks


def folded(text: str) -> str:
    """As it is searched."""
    return one_line(text).casefold()


def _found(search: str) -> tuple[ColumnElement[bool], ...]:
    needle = folded(search)
    return (ToolRow.search.contains(needle, autoescape=True),) if needle else ()


def _mark_of(state: str, *, rejected: bool) -> Mark:
    if state in LIVE:
        return "streaming"
    if state not in USABLE:
        return "failed"
    return "rejected" if rejected else "drafted"
