"""Two tools' approved quotes → a page → a file in the format asked for. Unapproved text stops here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.board import changed_since
from workbench.domain.carrying import added_facts
from workbench.domain.comparison import Comparison, Page, pair_id
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier, Tool
from workbench.domain.ids import Digest, DraftId, PersonaId, ToolId
from workbench.domain.interest import Interest, Makers, needs_second, strongest
from workbench.domain.persona import Persona
from workbench.domain.piece import Piece
from workbench.domain.scorecard import Provenance, Quote, Scorecard, Source, kept_share
from workbench.domain.text import clean, digest, first_unusable
from workbench.errors import ConflictError, ExportError, InputError, UnknownNameError
from workbench.ports import Clock, Exporter, Library, Repositories, Store
from workbench.services.deciding import cells_of
from workbench.services.quoting import taken_words
from workbench.services.reading import read_partial
from workbench.services.remarking import Remarking
from workbench.services.reopening import reopenings_of

CALL_LIMIT = 2_000
"""Longest editor's call in characters."""
PREVIEW = "html"
"""The format a page is looked at in before it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An exported file: its name, its bytes and their media type."""

    name: str
    data: bytes
    media_type: str


class Publishing:
    """Scorecards, comparisons and exports; with `remarking`, quotes say what was remarked on them."""

    def __init__(
        self,
        *,
        store: Store,
        library: Library,
        exporters: Mapping[str, Exporter],
        clock: Clock,
        makers: Makers | None = None,
        second_signoff: bool = True,
        remarking: Remarking | None = None,
    ) -> None:
        self._store = store
        self._library = library
        self._exporters = exporters
        self._clock = clock
        self._makers = makers or Makers()
        self._second_signoff = second_signoff
        self._remarking = remarking

    @property
    def exporters(self) -> tuple[Exporter, ...]:
        """The formats there are."""
        return tuple(self._exporters.values())

    def scorecard(self, tool_id: ToolId) -> Scorecard:
        """A tool's approved quotes. Raises UnknownNameError."""
        with self._store.reading() as repositories:
            return self._scorecard(repositories, tool_id)

    def comparison(self, left: ToolId, right: ToolId) -> Comparison:
        """The comparison of two tools, as stored or new. Raises InputError when they are the same."""
        if left == right:
            raise InputError("A comparison needs two different tools.", "Choose another one.", field="right")
        with self._store.reading() as repositories:
            found = repositories.comparisons.get(pair_id(left, right))
        if found is None:
            return Comparison(id=pair_id(left, right), left=left, right=right)
        return replace(found, left=left, right=right)  # one call for the pair, whichever stands left

    def comparisons(self) -> list[Comparison]:
        """Every stored comparison, last changed first."""
        with self._store.reading() as repositories:
            return repositories.comparisons.all()

    def call(self, comparison: Comparison, text: str, editor: str) -> Comparison:
        """Save the editor's call. Raises ConflictError when somebody saved in between, InputError when too long."""
        if len(text) > CALL_LIMIT:
            raise InputError(
                f"The editor's call has {len(text):,} characters; the limit is {CALL_LIMIT:,}.",
                "Shorten it.",
                field="call",
            )
        unusable = first_unusable(text)
        if unusable is not None:
            raise InputError(
                f"The editor's call holds {unusable[1]} at character {unusable[0] + 1}.", "Remove it.", field="call"
            )
        if not editor.strip():
            raise InputError("The editor's call needs a name.", "Set `editor` in the settings.", field="editor")
        changed = replace(comparison, call=clean(text).text, call_editor=editor.strip(), call_at=self._clock.now())
        with self._store.writing() as repositories:
            stored = repositories.comparisons.get(comparison.id)
            if stored is not None and stored.version != comparison.version:
                raise ConflictError(
                    f"{stored.call_editor} saved another call meanwhile: “{stored.call}”",
                    "Your text is kept on the screen: compare, then save again.",
                )
            return repositories.comparisons.save(changed)

    def page(self, comparison: Comparison) -> Page:
        """The page as it would be published now."""
        with self._store.reading() as repositories:
            left = self._scorecard(repositories, comparison.left, beside=comparison.right)
            right = self._scorecard(repositories, comparison.right, beside=comparison.left)
            signed = repositories.archive.get(comparison.signed_digest) if comparison.signed_digest else None
        times = [quote.provenance.decided_at for card in (left, right) for quote in card.quotes]
        if comparison.call and comparison.call_at is not None:
            times.append(comparison.call_at)
        page = Page(comparison=comparison, left=left, right=right, made_at=max(times, default=None))
        return page if signed is None else replace(page, changed=changed_since(signed, page))

    def export(self, page: Page, format_name: str) -> File:
        """The page in one format.

        Raises UnknownNameError, or ExportError while a tool has no approved quote or a quote waits for a second editor.
        """
        exporter = self._exporters.get(format_name)
        if exporter is None:
            raise UnknownNameError("export format", format_name, sorted(self._exporters))
        refused = self.refusal(page)
        if refused is not None:
            raise refused
        return File(name=f"{page.slug}{exporter.suffix}", data=exporter.render(page), media_type=exporter.media_type)

    def refusal(self, page: Page) -> ExportError | None:
        """Why the page may not leave yet: a tool has no approved quote, or a quote waits for a second editor."""
        bare = [card.tool.name for card in page.cards if not card.quotes]
        if bare:
            return ExportError(
                f"{' and '.join(bare)} {'has' if len(bare) == 1 else 'have'} no approved quote yet.",
                "Accept or edit a draft first: unapproved text is never exported.",
            )
        return ExportError(*_waiting(page)) if self._second_signoff and page.unseconded else None

    def preview(self, page: Page) -> File:
        """The page as it stands, to look at and not to pass on: approved text only, whatever it still waits for."""
        exporter = self._exporters[PREVIEW]
        return File(name=f"{page.slug}{exporter.suffix}", data=exporter.render(page), media_type=exporter.media_type)

    def _scorecard(self, repositories: Repositories, tool_id: ToolId, *, beside: ToolId | None = None) -> Scorecard:
        dossier = repositories.tools.latest(tool_id)
        if dossier is None:
            known = [one.tool.id for one in repositories.tools.summaries(limit=20)]
            raise UnknownNameError("tool", tool_id, known)
        other = repositories.tools.latest(beside) if beside is not None else None
        others = [other.tool] if other is not None else []
        cells = cells_of(repositories, tool_id)
        personas = {one.id: one for one in self._library.personas()}
        reopened = reopenings_of(repositories, cells.values())
        foretold = repositories.ledger.of_tool(tool_id)
        quotes = [
            replace(
                _quote(
                    repositories,
                    dossier,
                    cell,
                    personas.get(persona_id),
                    self._stake(repositories, cell, dossier, others),
                ),
                reopened=reopened.get(persona_id),
                forecasts=tuple(one for one in foretold if one.persona_id == persona_id and one.stands_in(cell.text)),
            )
            for persona_id, cell in cells.items()
            if cell.approved
        ]
        if self._remarking is not None:
            texts = self._remarking.on(repositories, tool_id)
            quotes = [replace(one, remarked=texts.summed_up(cells[one.persona_id])) for one in quotes]
        return Scorecard(
            tool=dossier.tool,
            description=dossier.description,
            dossier_digest=dossier.digest,
            facts=added_facts(dossier),
            quotes=tuple(sorted(quotes, key=lambda one: (one.persona_order, one.persona_id))),
            missing=tuple(one.label for one in personas.values() if one.id not in cells or not cells[one.id].approved),
        )

    def _stake(self, repositories: Repositories, cell: Cell, dossier: Dossier, others: Sequence[Tool]) -> Interest:
        named = {cell.draft_id, *(piece.draft_id for piece in cell.pieces)}
        drafts = [repositories.drafts.get(one) for one in named if one is not None]
        return strongest(self._makers.interest(one.origin, dossier.tool, others) for one in drafts if one is not None)


def _waiting(page: Page) -> tuple[str, str]:
    """What is said of quotes that wait for a second editor, and what to do."""
    cells = [f"{quote.persona_label} on {card.tool.name}" for card, quote in page.unseconded]
    card, first = page.unseconded[0]
    command = f"workbench second {card.tool.id} {first.persona_id} --editor NAME"
    return (
        f"Written by a model of the tool’s own maker and approved unedited by one editor only: {', '.join(cells)}.",
        f"Have another editor stand by it (`{command}`), or edit it.",
    )


def _quote(
    repositories: Repositories, dossier: Dossier, cell: Cell, persona: Persona | None, interest: Interest
) -> Quote:
    """The approved quote of a cell. A persona whose file is gone keeps its id as its label, last in order."""
    origin = _provenance(repositories, dossier, cell, persona, cell.draft_id)
    return Quote(
        persona_id=cell.persona_id,
        persona_label=persona.label if persona is not None else PersonaId(cell.persona_id),
        persona_order=persona.order if persona is not None else 10_000,
        text=cell.text,
        verdict=cell.verdict,
        provenance=replace(
            origin,
            interest=interest,
            masked=cell.masked,
            seconded_by=cell.seconded_by,
            needs_second=needs_second(cell, interest, rehearsal=origin.rehearsal),
        ),
    )


def _provenance(
    repositories: Repositories, dossier: Dossier, cell: Cell, persona: Persona | None, draft_id: DraftId | None
) -> Provenance:
    assert cell.decided_at is not None  # an approved cell has been decided
    by_hand = Provenance(
        editor=cell.editor,
        decided_at=cell.decided_at,
        dossier_digest=_seen_dossier(repositories, dossier, cell),
        persona_digest=_lens_then(repositories, cell, persona),
        edited=True,
    )
    draft = repositories.drafts.get(draft_id) if draft_id is not None else None
    sources = _sources(repositories, cell.pieces)
    acted = any(one.rehearsal for one in sources)
    if draft is None:
        return replace(by_hand, sources=sources, rehearsal=acted)
    origin = draft.origin
    return replace(
        by_hand,
        draft_id=origin.id,
        provider=origin.provider,
        model=draft.model_reported or origin.model,
        take=origin.take,
        note=origin.note,
        dossier_digest=origin.dossier_digest,
        persona_digest=origin.persona_digest,
        edited=cell.edited,
        kept=_kept(sources) if sources else kept_share(read_partial(draft.text).quote, cell.text),
        rehearsal=origin.rehearsal or acted,
        sources=sources,
    )


def _seen_dossier(repositories: Repositories, dossier: Dossier, cell: Cell) -> Digest:
    """The dossier a quote without a draft was written beside: as written down, else the newest of that time."""
    if cell.revision == dossier.revision or cell.decided_at is None:
        return dossier.digest
    known = repositories.tools.since(dossier.tool.id, cell.revision or 1)
    then = known[:1] if cell.revision else [one for one in known if one[1] <= cell.decided_at][-1:]
    return next((one.digest for one, _ in then), dossier.digest)


def _lens_then(repositories: Repositories, cell: Cell, persona: Persona | None) -> Digest:
    """The version of the lens a quote without a draft was written under, as far as versions were kept."""
    kept = repositories.editions.of("persona", cell.persona_id)
    then = [one for one in kept if cell.decided_at is not None and one.at <= cell.decided_at]
    if kept:
        return (then or kept[-1:])[0].digest
    return persona.digest if persona is not None else digest("")


def _sources(repositories: Repositories, pieces: Iterable[Piece]) -> tuple[Source, ...]:
    drafts = {one.draft_id: repositories.drafts.get(one.draft_id) for one in pieces if one.draft_id is not None}
    found: list[Source] = []
    for piece in pieces:
        draft = drafts[piece.draft_id] if piece.draft_id is not None else None
        own = Source(text=piece.text, beat=piece.beat, source=piece.source)
        if draft is not None:
            taken = taken_words([piece], draft) / max(1, len(piece.text.split()))
            model = draft.model_reported or draft.origin.model
            origin = draft.origin
            own = replace(own, draft_id=origin.id, provider=origin.provider, model=model, kept=taken)
            own = replace(own, rehearsal=origin.rehearsal)
        found.append(own)
    return tuple(found)


def _kept(sources: Iterable[Source]) -> float:
    lengths = [(len(one.text.split()), one.kept) for one in sources]
    return sum(words * kept for words, kept in lengths) / max(1, sum(words for words, _ in lengths))
