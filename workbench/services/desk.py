"""What lies on the desk: which tools and comparisons are how far, what comes next, and what was spent today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain.bill import Spent, together
from workbench.domain.board import Standing, content
from workbench.domain.comparison import Comparison, pair_id
from workbench.domain.dossier import Tool
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.tally import APART, UNDECIDED, Shelf
from workbench.domain.text import digest
from workbench.ports import Clock, Library, Repositories, Store, ToolSummary
from workbench.services.budgeting import midnight
from workbench.services.deciding import cells_of
from workbench.services.foretelling import Due, due_now

PAGE_SIZE = 20
FORECASTS = 5
"""How many forecasts the desk shows, the longest due first."""
PAIRS = 5
"""How many comparisons the desk shows, last changed first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A comparison and how far its tools are; `lapsed`: it was signed, and is no longer what was signed."""

    comparison: Comparison
    left: ToolSummary
    right: ToolSummary
    lapsed: bool = False

    @property
    def sides(self) -> tuple[ToolSummary, ToolSummary]:
        """Both tools, left first."""
        return (self.left, self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The desk at this moment: every shelf's count, one page of one shelf, the comparisons, what comes next, and the
    forecasts that are due, with the tools they are of. `matches` are each shelf's tools that the search finds."""

    counts: Mapping[Shelf, int]
    matches: Mapping[Shelf, int]
    found: int
    rows: Sequence[ToolSummary]
    pairs: Sequence[Pair]
    next_up: tuple[Tool, PersonaId] | None
    today: Spent
    forecasts: Due
    foretelling: Mapping[ToolId, Tool]

    @property
    def tools(self) -> int:
        """How many tools there are."""
        return sum(self.counts[one] for one in APART)


class Desk:
    """Looks at the whole workspace, however large."""

    def __init__(self, *, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock

    def look(self, shelf: Shelf, *, search: str = "", page: int = 1) -> View:
        """The desk with page `page` (from 1) of a shelf's tools that `search` finds. Raises LibraryError."""
        panel = [one.id for one in self._library.personas()]
        with self._store.reading() as repositories:
            tools = repositories.tools
            counts = tools.shelves(panel)
            matches = tools.shelves(panel, search=search) if search.strip() else counts
            last = max(1, -(-matches[shelf] // PAGE_SIZE))
            offset = (min(page, last) - 1) * PAGE_SIZE
            rows = tools.summaries(search=search, shelf=shelf, personas=panel, offset=offset, limit=PAGE_SIZE)
            today = self._clock.now()
            due = due_now(repositories, today.date(), limit=FORECASTS)
            named = repositories.tools.some({one.tool_id for one in due.first})
            return View(
                counts=counts,
                matches=matches,
                found=matches[shelf],
                rows=rows,
                pairs=_pairs(repositories),
                next_up=_next_up(repositories, panel),
                today=together(repositories.drafts.spent(since=midnight(today))),
                forecasts=due,
                foretelling={tool_id: one.tool for tool_id, one in named.items()},
            )

    def begin(self, tool_ids: Sequence[ToolId]) -> None:
        """Put two tools on the desk as a comparison, so that it is listed before its call; of one tool, nothing."""
        if len(set(tool_ids)) == 2:
            left, right = tool_ids
            pair = Comparison(id=pair_id(left, right), left=left, right=right)
            with self._store.writing() as repositories:
                repositories.comparisons.begin(pair)

    def read(self, note: str) -> None:
        """An editor has read this note and does not want to see it again."""
        with self._store.writing() as repositories:
            repositories.archive.put(digest(note), note)

    def was_read(self, note: str) -> bool:
        """Whether somebody put this note away; one whose words have changed was not."""
        with self._store.reading() as repositories:
            return repositories.archive.get(digest(note)) is not None


def _pairs(repositories: Repositories) -> list[Pair]:
    found = repositories.comparisons.all(limit=PAIRS)
    tools = repositories.tools.some({tool for one in found for tool in (one.left, one.right)})
    return [
        Pair(comparison=one, left=tools[one.left], right=tools[one.right], lapsed=_lapsed(repositories, one))
        for one in found
    ]


def _lapsed(repositories: Repositories, one: Comparison) -> bool:
    if not one.signed_by:
        return False
    standing: Standing = {
        tool: {
            cell.persona_id: (cell.text, cell.verdict)
            for cell in cells_of(repositories, tool).values()
            if cell.approved
        }
        for tool in (one.left, one.right)
    }
    return digest(content(one.call, standing)) != one.signed_digest


def _next_up(repositories: Repositories, panel: Sequence[PersonaId]) -> tuple[Tool, PersonaId] | None:
    tool_id = repositories.tools.undecided(panel)
    if tool_id is None:
        return None
    row = repositories.tools.some([tool_id])[tool_id]
    return next(((row.tool, one) for one in panel if row.marks.get(one) in UNDECIDED), None)
