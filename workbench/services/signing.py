"""The editor's name under a page: what is still open on it, and what exactly was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workbench.domain.board import Point, changed_since, content, open_points, standing_of
from workbench.domain.comparison import Comparison, Page
from workbench.domain.decision import Cell
from workbench.domain.draft import Draft
from workbench.domain.finding import Finding
from workbench.domain.ids import PersonaId
from workbench.domain.persona import Persona
from workbench.domain.review import Review, Sentence
from workbench.domain.scorecard import Scorecard
from workbench.domain.text import clean, digest, first_unusable
from workbench.errors import ConflictError, DecisionError, InputError
from workbench.ports import Clock, Library, Repositories, Store
from workbench.services.checking import Checking
from workbench.services.deciding import cells_of
from workbench.services.publishing import CALL_LIMIT, Publishing
from workbench.services.reading import read_partial

_SECOND = "has to be seconded: its draft came from a model of the tool’s own maker, and nobody edited it"


class Signing:
    """What is open on a page, and the sign-off."""

    def __init__(
        self, *, store: Store, library: Library, publishing: Publishing, checking: Checking, clock: Clock
    ) -> None:
        self._store = store
        self._library = library
        self._publishing = publishing
        self._checking = checking
        self._clock = clock

    def points(self, page: Page) -> tuple[Point, ...]:
        """What is open: what blocks a sign-off first, then what the checks and the prose say. Raises LibraryError."""
        personas = {one.id: one for one in self._library.personas()}
        found = list(open_points(page, {one.id: one.label for one in personas.values()}))
        with self._store.reading() as repositories:
            known = repositories.tools.some([card.tool.id for card in page.cards])
            for card in page.cards:
                cells = cells_of(repositories, card.tool.id)
                for quote in card.quotes:
                    cell, name = cells[quote.persona_id], f"{quote.persona_label} of {card.tool.name}"
                    place = Point(kind="finding", text="", tool_id=card.tool.id, persona_id=quote.persona_id)
                    if quote.persona_id in known[card.tool.id].second:
                        found.append(replace(place, kind="second", text=f"{name} {_SECOND}."))
                    if quote.persona_id in personas:
                        said = self._findings(repositories, cell, personas, card)
                        reasons = dict.fromkeys(one.reason for one in said)
                        found += [replace(place, text=f"{name}: {reason}") for reason in reasons]
        return tuple(sorted(found, key=lambda one: not one.blocks))

    def sign(self, page: Page, statement: str, editor: str) -> Comparison:
        """Sign what the editor has read.

        Raises DecisionError while something is open, ConflictError when the page is no longer what was read,
        InputError for a statement that is too long or holds what no file can keep, or without a name.
        """
        if not editor.strip():
            raise InputError("A sign-off needs a name.", "Set `editor` in the settings.", field="editor")
        if len(statement) > CALL_LIMIT or first_unusable(statement) is not None:
            raise InputError(
                f"The statement is longer than {CALL_LIMIT:,} characters or holds one that cannot be kept.",
                "Shorten it, or type it anew.",
                field="statement",
            )
        read = content(page.comparison.call, standing_of(page))
        now = self._publishing.page(self._publishing.comparison(page.comparison.left, page.comparison.right))
        if content(now.comparison.call, standing_of(now)) != read:
            raise ConflictError(
                f"The page has changed since you opened it: {', '.join(changed_since(read, now))}.",
                "Read what it says now, then sign.",
            )
        if open_now := [one.text for one in self.points(now) if one.blocks]:
            raise DecisionError(f"The page cannot be signed yet. {' '.join(open_now)}", "Settle it, then sign.")
        seal = digest(read)
        signed = replace(
            now.comparison,
            signed_by=editor.strip(),
            signed_at=self._clock.now(),
            signed_digest=seal,
            statement=clean(statement).text,
        )
        with self._store.writing() as repositories:
            repositories.archive.put(seal, read)
            repositories.comparisons.sign(signed)
        return signed

    def _findings(
        self, repositories: Repositories, cell: Cell, personas: Mapping[PersonaId, Persona], card: Scorecard
    ) -> Iterator[Finding]:
        draft = repositories.drafts.get(cell.draft_id) if cell.draft_id is not None else None
        seen = card.dossier_digest if draft is None else draft.origin.dossier_digest
        dossier = repositories.tools.by_digest(card.tool.id, seen)
        review, whole = _review(cell, draft)
        if dossier is not None:
            persona, others = personas[cell.persona_id], tuple(personas.values())
            decided = review._replace(verdict=cell.verdict)
            for one in self._checking.findings(decided, persona, dossier, others=others):
                if whole or one.rule != "beats":  # nobody said which beats a text typed in one piece serves
                    yield one


def _review(cell: Cell, draft: Draft | None) -> tuple[Review, bool]:
    """The approved text as the checks read it, and whether its sentences still name their beats."""
    if cell.pieces:
        return Review(sentences=tuple(Sentence(beat=one.beat, facts=(), text=one.text) for one in cell.pieces)), True
    if draft is not None and not cell.edited:
        return read_partial(draft.text), True
    return Review(sentences=(Sentence(beat="", facts=(), text=cell.text),)), False
