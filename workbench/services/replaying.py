"""Drafts made again from archived dossiers with a persona or a prompt that is not saved, beside the earlier ones.

A replay belongs to no cell: it is no take, stands on no board, and is kept as long as the process remembers it. What it
costs is charged to the day as any draft is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.ids import DraftId, ToolId
from workbench.domain.persona import Persona
from workbench.errors import InputError
from workbench.ports import Library, Store
from workbench.services.drafting import Drafting
from workbench.services.live import Snapshot
from workbench.services.planning import Job, Planning, RunPlan
from workbench.services.remarking import Remarking

MOST_TOOLS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A draft in figures: `beats` met of the persona's `of`; `cost` in US dollars, None if unknown."""

    words: int
    beats: int
    of: int
    findings: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A replay before it starts: its `run`, the earlier draft of each of its cells, and what has none, by name."""

    run: RunPlan
    before: Mapping[tuple[str, str, str], Draft]
    lacking: tuple[str, ...]


class Replaying:
    """Prepares replays, starts them, and puts before and after into figures; `planning` plans with a library."""

    def __init__(
        self,
        *,
        store: Store,
        planning: Callable[[Library], Planning],
        drafting: Drafting,
        remarking: Remarking,
    ) -> None:
        self._store = store
        self._planning = planning
        self._drafting = drafting
        self._remarking = remarking

    def prepare(self, library: Library, persona: str, tools: Sequence[ToolId], providers: Iterable[str]) -> Prepared:
        """What a replay of `persona` by `library` would draft: each tool's newest whole draft by each provider again,
        from the revision of the dossier it was made from.

        Raises InputError for more than `MOST_TOOLS` tools, and what planning raises.
        """
        if len(tools) > MOST_TOOLS:
            raise InputError(
                f"{len(tools)} tools are too many for a replay.", f"Choose up to {MOST_TOOLS}.", field="tools"
            )
        planning = self._planning(library)
        wanted = tuple(providers)
        jobs: list[Job] = []
        before: dict[tuple[str, str, str], Draft] = {}
        lacking: list[str] = []
        for tool in tools:
            drafts = self._whole(tool, persona)
            for provider in wanted:
                draft = drafts.get(provider)
                dossier = self._dossier(draft) if draft is not None else None
                if draft is None or dossier is None:
                    lacking.append(f"{tool} by {provider}")
                    continue
                (job,) = planning.jobs(dossier, personas=[persona], providers=[provider])
                jobs.append(job)
                before[job.cell] = draft
        return Prepared(run=planning.plan(jobs), before=before, lacking=tuple(lacking))

    def start(self, prepared: Prepared, *, editor: str) -> list[tuple[DraftId, DraftId]]:
        """Start it: the earlier draft and the new one of each cell. Raises BudgetError and StoreError."""
        started = self._drafting.replay(prepared.run.jobs, editor=editor)
        return [(prepared.before[one.origin.cell].id, one.id) for one in started]

    def outcome(self, snapshot: Snapshot, persona: Persona, dossier: Dossier) -> Outcome:
        """The draft in figures, held against this persona whichever it was made with."""
        review = snapshot.review
        with self._store.reading() as repositories:
            found = self._remarking.findings(repositories, review, persona, dossier)
        served = {one.beat for one in review.sentences if one.text.strip()}
        return Outcome(
            words=review.words,
            beats=sum(beat.id in served for beat in persona.beats),
            of=len(persona.beats),
            findings=len(found),
            cost=snapshot.draft.cost,
        )

    def dossier(self, draft: Draft) -> Dossier:
        """The revision the draft was made from. Raises InputError when the workspace does not have it."""
        found = self._dossier(draft)
        if found is None:
            raise InputError(f"The dossier of draft {draft.id} is not in the workspace.", "Choose another tool.")
        return found

    def _whole(self, tool: ToolId, persona: str) -> dict[str, Draft]:
        """The newest whole draft by each provider."""
        with self._store.reading() as repositories:
            drafts = repositories.drafts.of_tool(tool)
        return {one.origin.provider: one for one in drafts if one.origin.persona_id == persona and one.state == "done"}

    def _dossier(self, draft: Draft) -> Dossier | None:
        with self._store.reading() as repositories:
            return repositories.tools.by_digest(draft.origin.tool_id, draft.origin.dossier_digest)
