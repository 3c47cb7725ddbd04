"""What the checks say of a tool's texts, and what its editors have answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from workbench.domain.answer import Answer, Remark, cited, kept, remarks
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier
from workbench.domain.draft import USABLE, Draft
from workbench.domain.finding import Background, Finding
from workbench.domain.ids import Digest, DraftId, PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.domain.piece import Piece
from workbench.domain.review import Review, Verdict
from workbench.domain.scorecard import Remarked
from workbench.domain.second_reading import Reading, findings
from workbench.domain.text import digest
from workbench.ports import Repositories
from workbench.services.backgrounds import Backgrounds
from workbench.services.checking import Checking
from workbench.services.quoting import taken_words
from workbench.services.reading import read_partial
from workbench.services.retracing import names_beats, of_cell, of_pieces


class Remarking:
    """Holds drafts, quotes and what is being put together against the same backgrounds, by the same rules."""

    def __init__(self, *, checking: Checking, backgrounds: Backgrounds) -> None:
        self._checking = checking
        self._backgrounds = backgrounds

    def on(self, repositories: Repositories, tool_id: ToolId, *, known: Iterable[Draft] = ()) -> ToolRemarks:
        """The remarks on one tool's texts, as of this transaction; `known` drafts are not read again."""
        return ToolRemarks(repositories, tool_id, self._backgrounds, self._checking.findings, known)

    def findings(self, repositories: Repositories, review: Review, persona: Persona, dossier: Dossier) -> list[Finding]:
        """What the checks say of a text of no cell, held against this persona, which need not be saved, and dossier.

        Raises LibraryError and StoreError.
        """
        return self._checking.findings(review, self._backgrounds.of(repositories, persona, dossier))


class ToolRemarks:
    """The remarks on one tool's texts. Every method raises LibraryError and StoreError.

    A text of a persona whose file is gone has no remarks: nobody knows what to hold it against.
    """

    def __init__(
        self,
        repositories: Repositories,
        tool_id: ToolId,
        backgrounds: Backgrounds,
        find: Callable[[Review, Background], list[Finding]],
        known: Iterable[Draft],
    ) -> None:
        self._repositories = repositories
        self._tool_id = tool_id
        self._backgrounds = backgrounds
        self._find = find
        self._latest = repositories.tools.latest(tool_id)
        self._given: list[Answer] | None = None
        self._readings: list[Reading] | None = None
        self._drafts: dict[DraftId, Draft | None] = {one.id: one for one in known}
        self._made: dict[tuple[PersonaId, Digest], Background] = {}

    def held(self, draft: Draft | None) -> Dossier | None:
        """The revision a draft's text is held against; None when the tool is not here."""
        return None if self._latest is None else self._backgrounds.held(self._repositories, self._latest, draft)

    def on_draft(
        self, draft: Draft, *, review: Review | None = None, verdict: Verdict | None = None
    ) -> tuple[Remark, ...]:
        """Remarks on a draft's text, of which `review` was read; offsets are into its quote.

        `verdict` is the editor's, in place of the model's suggestion. None on a draft that cannot be used.
        """
        if draft.state not in USABLE:
            return ()
        read = review if review is not None else read_partial(draft.text)
        return self._remarks(_decided(read, verdict), draft.origin.persona_id, self.held(draft), beats=True)

    def on_sentences(self, draft: Draft, standing: Review) -> tuple[Remark, ...]:
        """Remarks on the sentences that stand of a draft that still streams: on words only, since its whole is to come.

        Offsets are into the quote of `standing`.
        """
        found = self._remarks(standing, draft.origin.persona_id, self.held(draft), beats=True)
        return tuple(one for one in found if one.finding.end > one.finding.start)

    def on_pieces(
        self, persona_id: PersonaId, pieces: Sequence[Piece], *, verdict: Verdict | None = None
    ) -> tuple[Remark, ...]:
        """Remarks on what is being put together; offsets are into the pieces joined."""
        drafts = self._named(one.draft_id for one in pieces)
        dossier = self.held(_main(drafts, pieces))
        review = _decided(of_pieces(pieces, self._said(drafts, dossier)), verdict)
        return self._remarks(review, persona_id, dossier, beats=names_beats(review))

    def on_cell(self, cell: Cell) -> tuple[Remark, ...]:
        """Remarks on the approved quote, or on one that is about to be; offsets are into `cell.text`."""
        if not cell.approved:
            return ()
        drafts = self._named((cell.draft_id, *(one.draft_id for one in cell.pieces)))
        dossier = self.held(next((one for one in drafts if one.id == cell.draft_id), None))
        review = of_cell(cell, self._said(drafts, dossier))
        more = self._read_again(cell, dossier) if review.quote == cell.text else []
        return self._remarks(review, cell.persona_id, dossier, beats=names_beats(review), more=more)

    def answers(self, persona_id: PersonaId) -> list[Answer]:
        """Every answer to findings on this persona's texts, oldest first."""
        if self._given is None:
            self._given = self._repositories.answers.of_tool(self._tool_id)
        return [one for one in self._given if one.persona_id == persona_id]

    def summed_up(self, cell: Cell) -> Remarked:
        """What leaves with the approved quote: how much is open, and why the rest stays."""
        found = self.on_cell(cell)
        kinds = [one.kind for one in self.answers(cell.persona_id)]
        return Remarked(
            open=sum(one.open for one in found),
            kept=tuple(dict.fromkeys(one.answer for one in found if one.answer is not None)),
            sourced=kinds.count("sourced"),
            reworded=kinds.count("reworded"),
        )

    def _remarks(
        self,
        review: Review,
        persona_id: PersonaId,
        dossier: Dossier | None,
        *,
        beats: bool,
        more: Sequence[Finding] = (),
    ) -> tuple[Remark, ...]:
        persona = self._backgrounds.persona(persona_id)
        if dossier is None or persona is None:
            return ()
        answers = self.answers(persona_id)
        sourced = [one for one in answers if one.kind == "sourced" and self._numbered_by(one.dossier, dossier)]
        found = self._find(cited(review, sourced), self._background(persona, dossier))
        if not beats:
            found = [one for one in found if not of_no_beat(one)]
        found = sorted([*found, *more], key=lambda one: (one.start, one.end, one.rule))
        return remarks(review.quote, found, kept(answers)) if found else ()

    def _read_again(self, cell: Cell, dossier: Dossier | None) -> list[Finding]:
        """What the newest second reading of this very text adds."""
        if dossier is None:
            return []
        if self._readings is None:
            self._readings = self._repositories.readings.of_tool(self._tool_id)
        own = [one for one in self._readings if (one.persona_id, one.text) == (cell.persona_id, digest(cell.text))]
        return findings(own[-1], cell.text, dossier) if own else []

    def _numbered_by(self, digest: Digest | None, dossier: Dossier | None) -> bool:
        """Whether a fact number of the revision with this digest means the same in `dossier`."""
        if digest is None or dossier is None:
            return False
        return self._backgrounds.numbers_alike(self._repositories, digest, dossier)

    def _background(self, persona: Persona, dossier: Dossier) -> Background:
        key = (persona.id, dossier.digest)
        if key not in self._made:
            self._made[key] = self._backgrounds.of(self._repositories, persona, dossier)
        return self._made[key]

    def _said(self, drafts: Iterable[Draft], dossier: Dossier | None) -> dict[DraftId, Review]:
        """What the drafts say; without its facts, where a draft's numbers mean something else in this dossier."""
        said: dict[DraftId, Review] = {}
        for one in drafts:
            review = read_partial(one.text)
            if not self._numbered_by(one.origin.dossier_digest, dossier):
                review = review._replace(sentences=tuple(each._replace(facts=()) for each in review.sentences))
            said[one.id] = review
        return said

    def _named(self, named: Iterable[DraftId | None]) -> list[Draft]:
        wanted = dict.fromkeys(one for one in named if one is not None)
        for one in wanted:
            if one not in self._drafts:
                self._drafts[one] = self._repositories.drafts.get(one)
        return [found for one in wanted if (found := self._drafts[one]) is not None]


def of_no_beat(finding: Finding) -> bool:
    """Whether it only says that a sentence without a beat names none, or that a beat has no sentence."""
    return finding.rule == "beats" and not (finding.end and finding.evidence)


def _main(drafts: Sequence[Draft], pieces: Sequence[Piece]) -> Draft | None:
    """The draft most of the words come from; any, where all were made from one revision: it is what they stand for."""
    if len({one.origin.dossier_digest for one in drafts}) < 2:
        return drafts[0] if drafts else None
    return max(drafts, key=lambda one: taken_words(pieces, one))


def _decided(review: Review, verdict: Verdict | None) -> Review:
    return review if verdict is None else review._replace(verdict=verdict)
