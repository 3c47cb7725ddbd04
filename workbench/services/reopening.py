"""A tool's facts change: which approved quotes rested on them, since when, and what to decide about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from workbench.domain.decision import Cell, cell_of, logs_of
from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.review import Review, Sentence
from workbench.domain.staleness import Reopened, compare, reopened, successors
from workbench.domain.wording import common_words
from workbench.ports import Repositories, Store
from workbench.services.reading import read_partial
from workbench.services.retracing import of_cell

_KEPT = 0.5
"""Share of a draft's sentence that has to stand in an edited quote for the quote to rest on what the sentence cites."""


class Reopening:
    """Looks up which quotes wait for a decision because their facts have changed."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    def of_tool(self, tool_id: ToolId) -> Mapping[PersonaId, Reopened]:
        """The tool's re-opened quotes by persona, with what changed in the dossier."""
        with self._store.reading() as repositories:
            return reopenings_of(repositories, approved_cells(repositories, tool_id))


def keep_revision(repositories: Repositories, dossier: Dossier, at: datetime, *, editor: str = "") -> None:
    """Keep a tool's first dossier or its next revision, and re-open the quotes whose facts it changes.

    `editor` made it by hand; empty: it was imported. Raises ConflictError when that revision exists.
    """
    repositories.tools.add(dossier, at, editor=editor)
    if dossier.revision > 1:
        weigh(repositories, dossier.tool.id)


def weigh(repositories: Repositories, tool_id: ToolId) -> None:
    """Mark which of the tool's approved quotes its newest revision re-opens, and which no more."""
    dossier = repositories.tools.latest(tool_id)
    approved = approved_cells(repositories, tool_id)
    if dossier is not None and approved:
        found = reopenings_of(repositories, approved)
        since = {one.persona_id: found[one.persona_id].since if one.persona_id in found else None for one in approved}
        repositories.reopenings.mark(tool_id, since, dossier.revision)


def reopenings_of(repositories: Repositories, cells: Iterable[Cell]) -> Mapping[PersonaId, Reopened]:
    """Of one tool's cells those that are re-opened."""
    found = {one.persona_id: reopening_of(repositories, one) for one in cells}
    return {persona_id: one for persona_id, one in found.items() if one is not None}


def reopening_of(repositories: Repositories, cell: Cell) -> Reopened | None:
    """Whether the cell's quote rests on facts that were changed since somebody last decided on it."""
    if not cell.approved or cell.decided_at is None:
        return None
    known = repositories.tools.since(cell.tool_id, max(1, cell.revision))
    at = 0
    if not cell.revision:  # decided before revisions were written down: the dates tell
        at = max(0, sum(made <= cell.decided_at for _, made in known) - 1)
    (seen, _), *later = known[at:]
    if not any(compare(seen, dossier).gone for dossier, _ in later):
        return None
    return reopened(_review(repositories, cell, seen), seen, later)


def approved_cells(repositories: Repositories, tool_id: ToolId) -> list[Cell]:
    """The tool's cells with a quote."""
    logs = logs_of(repositories.decisions.of_tool(tool_id))
    return [one for persona_id, log in logs.items() if (one := cell_of(tool_id, persona_id, log)).approved]


def _review(repositories: Repositories, cell: Cell, seen: Dossier) -> Review:
    """The quote with what its sentences cite, by the numbers of `seen`."""
    named = {cell.draft_id, *(one.draft_id for one in cell.pieces)}
    drafts = {one: draft for one in named if one is not None and (draft := repositories.drafts.get(one)) is not None}
    said = {one: _cited(repositories, draft, seen) for one, draft in drafts.items()}
    if cell.pieces or not cell.edited or cell.draft_id is None or cell.draft_id not in said:
        return of_cell(cell, said)
    kept = [one for one in said[cell.draft_id].sentences if _stands(one.text, cell.text)]
    cited = tuple(dict.fromkeys(ref for one in kept for ref in one.facts))
    return Review(sentences=(Sentence(beat="", facts=cited, text=cell.text),))


def _cited(repositories: Repositories, draft: Draft, seen: Dossier) -> Review:
    """What the draft says, citing the numbers of `seen` rather than those of the revision it was made from."""
    sentences = read_partial(draft.text).sentences
    source = repositories.tools.by_digest(draft.origin.tool_id, draft.origin.dossier_digest)
    if source is None:
        return Review(sentences=tuple(one._replace(facts=()) for one in sentences))
    names = successors(source, seen)
    cited = (one._replace(facts=tuple(names[ref] for ref in one.facts if ref in names)) for one in sentences)
    return Review(sentences=tuple(cited))


def _stands(sentence: str, quote: str) -> bool:
    words = len(sentence.split())
    return words > 0 and common_words(sentence, quote) >= _KEPT * words
