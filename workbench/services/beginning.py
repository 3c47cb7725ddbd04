"""Makes a run's drafts, and keeps them with their prompts before any of them leaves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workbench.domain.draft import Draft, Origin
from workbench.domain.ids import Digest, DraftId, ProviderName, RunId
from workbench.domain.plan import Plan
from workbench.domain.text import digest
from workbench.ports import Clock, Repositories, Store
from workbench.services.live import Feed
from workbench.services.planning import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the drafts of one click have in common."""

    id: RunId
    at: datetime
    editor: str


class Beginning:
    """New drafts. Safe from any thread; whoever keeps two runs at once makes sure that they share no cell."""

    def __init__(self, *, store: Store, clock: Clock, feed: Feed) -> None:
        self._store = store
        self._clock = clock
        self._feed = feed

    def run(self, editor: str) -> Run:
        """A run that `editor` starts now."""
        return Run(id=RunId(self._clock.new_id()), at=self._clock.now(), editor=editor)

    def keep(self, run: Run, jobs: Sequence[Job]) -> list[tuple[Job, Draft]]:
        """A stored draft for each job whose cell has none that is live. All or none: raises StoreError."""
        begun: list[tuple[Job, Draft]] = []
        with self._store.writing() as repositories:
            live: set[tuple[str, str, str]] = set()
            takes: dict[tuple[str, str, str], int] = {}
            for tool_id in {job.dossier.tool.id for job in jobs}:
                for one in repositories.drafts.of_tool(tool_id):
                    cell = one.origin.cell
                    takes[cell] = max(one.origin.take, takes.get(cell, 0))
                    if self._newest(one).live:
                        live.add(cell)
            ids = self._ids(len(jobs))
            for job in jobs:
                if job.cell not in live:
                    live.add(job.cell)
                    begun.append((job, self.draft(run, job, takes.get(job.cell, 0) + 1, ids.pop())))
            repositories.drafts.add(*(draft for _, draft in begun))
            _archive(repositories, [job.plan for job, _ in begun])
        return begun

    def _ids(self, count: int) -> list[DraftId]:
        """Ids in no order: they stand on the page, and which of two is the older would tell who drafted it."""
        ids = [DraftId(self._clock.new_id()) for _ in range(count)]
        secrets.SystemRandom().shuffle(ids)
        return ids

    def draft(self, run: Run, job: Job, take: int, draft_id: DraftId | None = None) -> Draft:
        """The draft as it is before its first event, under this id or a new one."""
        note = job.note
        origin = Origin(
            id=draft_id or DraftId(self._clock.new_id()),
            run_id=run.id,
            tool_id=job.dossier.tool.id,
            persona_id=job.persona.id,
            provider=ProviderName(job.provider.name),
            model=job.provider.model,
            take=take,
            dossier_digest=job.dossier.digest,
            persona_digest=job.persona.digest,
            plan_digest=job.plan.digest,
            rehearsal=job.provider.rehearsal,
            created_at=run.at,
            editor=run.editor,
            characters=job.plan.characters,
            forecast=job.forecast,
            note=note.text if note is not None else "",
            follows=note.draft_id if note is not None else None,
        )
        return Draft(origin=origin)

    def _newest(self, stored: Draft) -> Draft:
        """The draft as it is now: the store learns of an end a moment after the feed."""
        snapshot = self._feed.get(stored.id)
        return stored if snapshot is None else snapshot.draft


def _archive(repositories: Repositories, plans: Sequence[Plan]) -> None:
    """Keep the prompts as they were: each segment once, whoever shares it, and what a plan is made of."""
    archive = repositories.archive
    names: dict[str, Digest] = {}
    for plan in plans:
        for part in plan.segments:
            if part.text not in names:
                names[part.text] = digest(part.text)
                archive.put(names[part.text], part.text)
        archive.put(plan.digest, "\n".join(f"{part.kind} {names[part.text]}" for part in plan.segments))
        repositories.editions.used(plan.digest, plan.made_of)
