"""The editor's name under a page: what is still open on it, and what exactly was signed."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.answer import Remark
from workbench.domain.board import Point, changed_since, content, open_points, standing_of
from workbench.domain.comparison import Comparison, Page
from workbench.domain.finding import Finding
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import clean, digest, first_unusable
from workbench.errors import ConflictError, DecisionError, InputError
from workbench.ports import Clock, Library, Store
from workbench.services.deciding import cells_of
from workbench.services.disagreeing import disagreements
from workbench.services.publishing import CALL_LIMIT, Publishing
from workbench.services.remarking import Remarking

_SECOND = "has to be seconded: its draft came from a model of the tool’s own maker, and nobody edited it"


class Signing:
    """What is open on a page, and the sign-off."""

    def __init__(
        self,
        *,
        store: Store,
        library: Library,
        publishing: Publishing,
        remarking: Remarking,
        clock: Clock,
        conflicts_block: bool = True,
    ) -> None:
        self._store = store
        self._library = library
        self._publishing = publishing
        self._remarking = remarking
        self._clock = clock
        self._conflicts_block = conflicts_block

    def points(self, page: Page) -> tuple[Point, ...]:
        """What blocks a sign-off first, then what the checks and the prose say, then what was answered.

        Raises LibraryError.
        """
        found = list(open_points(page, {one.id: one.label for one in self._library.personas()}))
        marked: dict[tuple[ToolId, PersonaId], list[Finding]] = {}
        with self._store.reading() as repositories:
            known = repositories.tools.some([card.tool.id for card in page.cards])
            for card in page.cards:
                cells, texts = cells_of(repositories, card.tool.id), self._remarking.on(repositories, card.tool.id)
                for quote in card.quotes:
                    cell, name = cells[quote.persona_id], f"{quote.persona_label} of {card.tool.name}"
                    place = Point(kind="finding", text="", tool_id=card.tool.id, persona_id=quote.persona_id)
                    if quote.persona_id in known[card.tool.id].second:
                        found.append(replace(place, kind="second", text=f"{name} {_SECOND}."))
                    remarks = texts.on_cell(cell)
                    marked[card.tool.id, quote.persona_id] = [one.finding for one in remarks]
                    found += dict.fromkeys(self._remarked(one, place, name) for one in remarks)
        for pair in disagreements(page.cards, marked):
            at = pair.other if pair.other.persona_id is not None else pair.one
            found.append(Point(kind="disagreement", text=pair.reason, tool_id=at.tool_id, persona_id=at.persona_id))
        return tuple(sorted(found, key=lambda one: (not one.blocks, one.kind == "answered")))

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

    def _remarked(self, remark: Remark, place: Point, name: str) -> Point:
        """A finding on an approved text as a point."""
        text = f"{name}: {remark.finding.reason}"
        place = replace(place, rule=remark.finding.rule)
        if remark.answer is not None:
            why = f"{text} Kept by {remark.answer.editor}: {remark.answer.reason}"
            return replace(place, kind="answered", text=why)
        if remark.conflicts and self._conflicts_block:
            return replace(place, kind="conflict", text=f"{text} {remark.finding.evidence}".rstrip())
        return replace(place, text=text)
