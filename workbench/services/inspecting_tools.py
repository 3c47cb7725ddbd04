"""Holds what a tool has against its dossier: quotes, drafts nobody decided on, the card, and the dossier itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.domain.answer import Remark
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.finding import Finding
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.injection import in_dossier
from workbench.domain.located import as_it_is
from workbench.domain.persona import Persona
from workbench.domain.prediction import predictions
from workbench.domain.review import Review
from workbench.ports import Repositories, Store
from workbench.services.deciding import cells_of
from workbench.services.disagreeing import disagreements
from workbench.services.inspecting import Inspecting, Inspection, Looked, Noticed
from workbench.services.publishing import Publishing
from workbench.services.reading import read_partial
from workbench.services.remarking import Remarking
from workbench.services.supplying import Supplying


class InspectingTools:
    """Inspects a tool of the workspace, and texts about one. Raises LibraryError and StoreError."""

    def __init__(
        self,
        *,
        store: Store,
        inspecting: Inspecting,
        publishing: Publishing,
        supplying: Supplying,
        remarking: Remarking,
    ) -> None:
        self._store = store
        self._inspecting = inspecting
        self._publishing = publishing
        self._supplying = supplying
        self._remarking = remarking

    @property
    def rules(self) -> dict[str, tuple[str, str]]:
        """Every check's rule: what it does, and what it does and does not mean."""
        return self._inspecting.rules

    def file(self, name: str, source: str, dossier: Dossier, persona: str = "") -> Inspection:
        """A text of no cell, held against the tool's dossier, the lens's approved quotes and what may be opinion.

        Raises what `Inspecting.file` raises.
        """
        with self._store.reading() as repositories:

            def find(review: Review, lens: Persona) -> list[Finding]:
                return self._remarking.findings(repositories, review, lens, dossier)

            return self._inspecting.file(name, source, dossier, persona, find)

    def tool(self, dossier: Dossier, persona: str = "") -> Inspection:
        """Its approved quotes; of cells without one, the newest whole draft of each provider that nobody rejected.

        With a `persona` only what concerns that lens. Raises UnknownNameError for one that is not there.
        """
        only = self._inspecting.persona(persona).id if persona else None
        card = self._publishing.scorecard(dossier.tool.id)
        with self._store.reading() as repositories:
            lenses = [one for one in self._inspecting.personas if only in {None, one.id}]
            looked = tuple(self._looked(repositories, dossier, lenses))
        said = (
            predictions(one.text, one.provenance.decided_at.date(), dossier.tool.id, one.persona_id)
            for one in card.quotes
            if only in {None, one.persona_id}
        )
        return Inspection(
            dossier=dossier,
            looked=looked,
            suspicions=in_dossier(dossier),
            sufficiency=tuple(one for one in self._supplying.of(dossier) if only in {None, one.persona_id}),
            contradictions=tuple(
                one
                for one in disagreements([card], _found(dossier, looked))
                if only in {None, one.one.persona_id, one.other.persona_id}
            ),
            predictions=tuple(one for some in said for one in some),
        )

    def _looked(self, repositories: Repositories, dossier: Dossier, lenses: list[Persona]) -> Iterator[Looked]:
        tool = dossier.tool
        cells, drafts = cells_of(repositories, tool.id), repositories.drafts.of_tool(tool.id)
        texts = self._remarking.on(repositories, tool.id, known=drafts)
        for lens in lenses:
            cell = cells.get(lens.id) or Cell(tool_id=tool.id, persona_id=lens.id)
            at = f"workbench:{tool.id}/{lens.id}"
            if cell.approved:
                label = f"{lens.label} of {tool.name}"
                text = as_it_is(f"{at}/quote", label, cell.text)
                yield Looked(text=text, persona=lens, noticed=_noticed(texts.on_cell(cell)))
                continue
            for draft in _newest(cell, drafts):
                label = f"{lens.label} of {tool.name}, draft by {draft.origin.provider}, take {draft.origin.take}"
                quote = read_partial(draft.text).quote
                text = as_it_is(f"{at}/{draft.id}", label, quote)
                yield Looked(text=text, persona=lens, noticed=_noticed(texts.on_draft(draft)))


def _found(dossier: Dossier, looked: Iterable[Looked]) -> dict[tuple[ToolId, PersonaId], list[Finding]]:
    """What the checks say of each approved quote."""
    return {
        (dossier.tool.id, one.persona.id): [noticed.finding for noticed in one.noticed]
        for one in looked
        if one.text.name.endswith("/quote")
    }


def _newest(cell: Cell, drafts: list[Draft]) -> list[Draft]:
    whole = [
        one
        for one in drafts
        if one.origin.persona_id == cell.persona_id and one.state == "done" and one.id not in cell.rejected
    ]
    return list({one.origin.provider: one for one in whole}.values())


def _noticed(remarks: tuple[Remark, ...]) -> tuple[Noticed, ...]:
    return tuple(
        Noticed(finding=one.finding, kept=one.answer.reason or "no reason given" if one.answer is not None else "")
        for one in remarks
    )
