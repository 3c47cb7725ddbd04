"""Runs drafts on the loop thread, shows them while they stream, and keeps their text.

A run outlives the screen that started it. One provider's failure is that draft's event and nothing else's;
a second take is a new draft; what a dead process left behind becomes `interrupted` with its text.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.domain.draft import Draft, Origin, advance
from workbench.domain.events import DraftEvent, Failed, Finished, Usage
from workbench.domain.ids import DraftId, ProviderName, RunId, ToolId
from workbench.domain.review import Review, WrongShapeError
from workbench.errors import ProviderError, StoreError, UnknownNameError, WorkbenchError
from workbench.ports import Clock, Prices, Provider, Store
from workbench.services.live import Feed, Snapshot
from workbench.services.loop import LoopThread
from workbench.services.planning import Job
from workbench.services.reading import read_partial, read_whole
from workbench.services.saving import Saving

log = logging.getLogger(__name__)

GIVE_UP = 45.0
"""Seconds a close waits in all: for a store that refuses, a last try at one that is busy, and the SDKs' clients."""


@dataclass(frozen=True, slots=True)
class _Running:
    job: Job
    task: asyncio.Task[None]


class Drafting:
    """The drafting engine; one for each process. Public methods may be called from any thread."""

    def __init__(
        self,
        *,
        store: Store,
        open_provider: Callable[[str], Provider],
        clock: Clock,
        prices: Prices,
        concurrency: int = 8,
    ) -> None:
        self._store = store
        self._open = open_provider
        self._clock = clock
        self._prices = prices
        self._concurrency = concurrency
        self.feed = Feed()
        self._loop = LoopThread("drafting")
        self._saving = Saving(store=store, feed=self.feed)
        self._starting = threading.Lock()
        self._providers: dict[str, asyncio.Future[Provider]] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._running: dict[DraftId, _Running] = {}
        self._saver: asyncio.Task[None] | None = None

    # --- what people ask for

    def recover(self) -> list[Draft]:
        """Mark what dead processes left streaming as `interrupted`, with its text. Raises StoreError."""
        with self._store.reading() as repositories:
            if not repositories.drafts.orphans():  # the usual case waits for nobody's write
                return []
        now = self._clock.now()
        ended = Failed(
            failure="process_ended",
            message="The workbench stopped while this was streaming.",
            remedy="The text up to then is kept; ask for another take.",
        )
        with self._store.writing() as repositories:
            orphans = [advance(one, ended, now) for one in repositories.drafts.orphans()]
            repositories.drafts.save(orphans)
        return orphans

    def start(self, jobs: Sequence[Job]) -> list[Draft]:
        """Queue one new draft for each job and return them; cells that are live already are left alone.

        The drafts are in the store when this returns, so a second click starts nothing twice. Raises StoreError.
        """
        with self._starting:
            self._recover_if_possible()
            run_id, now = RunId(self._clock.new_id()), self._clock.now()
            started: list[tuple[Job, Draft]] = []
            with self._store.writing() as repositories:
                live: set[tuple[str, str, str]] = {
                    (one.origin.tool_id, one.origin.persona_id, one.origin.provider)
                    for tool_id in {job.dossier.tool.id for job in jobs}
                    for one in repositories.drafts.of_tool(tool_id)
                    if self._newest(one).live
                }
                for job in jobs:
                    if job.cell in live:
                        continue
                    live.add(job.cell)
                    take = repositories.drafts.next_take(job.dossier.tool.id, job.persona.id, job.provider.name)
                    draft = Draft(origin=self._origin(job, run_id, take, now))
                    repositories.drafts.add(draft)
                    repositories.archive.put(job.plan.digest, _plan_text(job))
                    started.append((job, draft))
            for job, draft in started:
                self.feed.publish(draft, Review())
                self._loop.call(self._spawn, job, draft.id)
        return [draft for _, draft in started]

    def stop(self, draft_ids: Iterable[DraftId]) -> None:
        """Stop these drafts where they are, and whatever a dead process left; their text stays."""
        wanted = tuple(draft_ids)
        with self._starting:  # a draft that is just being started must reach the loop before its stop does
            self._loop.call(self._cancel, wanted)
        self._recover_if_possible()  # a stop waits for no store

    def stop_tool(self, tool_id: ToolId) -> None:
        """Stop every live draft of a tool."""
        self.stop(one.id for one in self.feed.drafts() if one.live and one.origin.tool_id == tool_id)

    def get(self, draft_id: DraftId) -> Snapshot:
        """A draft as it is now, live or stored. Raises UnknownNameError."""
        snapshot = self.feed.get(draft_id)
        if snapshot is not None:
            return snapshot
        with self._store.reading() as repositories:
            draft = repositories.drafts.get(draft_id)
        if draft is None:
            raise UnknownNameError("draft", draft_id, remedy="`workbench show TOOL` lists a tool's drafts.")
        return Snapshot(draft=draft, review=read_partial(draft.text))

    def of_tool(self, tool_id: ToolId) -> list[Snapshot]:
        """A tool's drafts, oldest first; live ones as they are now."""
        with self._store.reading() as repositories:
            stored = repositories.drafts.of_tool(tool_id)
        return [self.feed.get(draft.id) or Snapshot(draft=draft, review=read_partial(draft.text)) for draft in stored]

    def wait(self, draft_ids: Iterable[DraftId]) -> None:
        """Block until these drafts have ended and are stored. Raises StoreError. For the command line and tests."""
        self._loop.submit(self._ended(tuple(draft_ids))).result()

    def close(self) -> None:
        """Stop everything, store what came, close the SDKs' clients.

        A store that refuses is asked again for some seconds. Raises StoreError when it still refuses, and
        TimeoutError when it does not answer; closing again tries again.
        """
        try:
            self._loop.submit(self._shut_down()).result(timeout=GIVE_UP)
        finally:
            try:
                self._loop.stop()
            finally:
                self._saving.close()

    def warm(self, names: Iterable[str]) -> None:
        """Open these providers now: the first draft then does not wait for an SDK's import."""
        self._loop.submit(self._warm(tuple(names)))

    def _recover_if_possible(self) -> None:
        """Recover as far as the store lets us: what other processes left must not keep ours from its work."""
        try:
            self.recover()
        except StoreError as error:
            log.warning("Drafts that dead processes left could not be looked for: %s", error)

    # --- on the loop thread

    async def _warm(self, names: Sequence[str]) -> None:
        # A provider that cannot be opened says so in the draft that needs it.
        await asyncio.gather(*(self._provider(name) for name in names), return_exceptions=True)

    def _origin(self, job: Job, run_id: RunId, take: int, now: datetime) -> Origin:
        return Origin(
            id=DraftId(self._clock.new_id()),
            run_id=run_id,
            tool_id=job.dossier.tool.id,
            persona_id=job.persona.id,
            provider=ProviderName(job.provider.name),
            model=job.provider.model,
            take=take,
            dossier_digest=job.dossier.digest,
            persona_digest=job.persona.digest,
            plan_digest=job.plan.digest,
            rehearsal=job.provider.rehearsal,
            created_at=now,
        )

    def _newest(self, stored: Draft) -> Draft:
        """The draft as it is now: the store learns of an end a moment after the feed."""
        snapshot = self.feed.get(stored.id)
        return stored if snapshot is None else snapshot.draft

    def _spawn(self, job: Job, draft_id: DraftId) -> None:
        if self._saver is None:
            self._saver = asyncio.get_running_loop().create_task(self._saving.run())
        task = asyncio.get_running_loop().create_task(self._draft(job, draft_id), name=f"draft-{draft_id}")
        self._running[draft_id] = _Running(job, task)

        def ended(_: asyncio.Task[None]) -> None:
            self._running.pop(draft_id, None)
            # A task cancelled before its first step never ran its own handlers.
            self._apply(draft_id, Finished(stop="stopped"))
            self._saving.mark(draft_id, urgent=True)  # an editor may accept at once

        task.add_done_callback(ended)

    def _cancel(self, draft_ids: Sequence[DraftId]) -> None:
        for draft_id in draft_ids:
            running = self._running.get(draft_id)
            if running is not None:
                running.task.cancel()

    async def _draft(self, job: Job, draft_id: DraftId) -> None:
        name = job.provider.name
        try:
            async with self._slots.setdefault(name, asyncio.Semaphore(self._concurrency)):
                provider = await self._provider(name)
                stream = provider.stream(job.plan)
                try:
                    async for event in stream:
                        self._apply(draft_id, self._judged(draft_id, event))
                finally:
                    closing = getattr(stream, "aclose", None)
                    if closing is not None:
                        await closing()
            self._apply(draft_id, Failed(failure="cut_off", message="The stream ended without a last word."))
        except asyncio.CancelledError:
            self._apply(draft_id, Finished(stop="stopped"))
        except ProviderError as error:
            self._apply(draft_id, Failed(failure=error.kind, message=error.message, remedy=error.remedy))
        except WorkbenchError as error:
            self._apply(draft_id, Failed(failure="bug", message=error.message, remedy=error.remedy))
        except Exception:
            log.exception("Draft %s failed by a fault of ours", draft_id)
            self._apply(
                draft_id,
                Failed(
                    failure="bug",
                    message=f"A fault of ours ended this draft (see the log for {draft_id}).",
                    remedy="Ask for another take; the other drafts are not touched.",
                ),
            )

    async def _provider(self, name: str) -> Provider:
        """The provider, opened once, off the loop: importing an SDK takes a second. A failed opening is tried again."""
        opening = self._providers.get(name)
        if opening is None or (opening.done() and opening.exception() is not None):
            opening = asyncio.get_running_loop().run_in_executor(None, self._open, name)
            self._providers[name] = opening
        return await asyncio.shield(opening)  # stopping one draft must not stop the others' opening

    def _judged(self, draft_id: DraftId, event: DraftEvent) -> DraftEvent:
        """A complete answer counts as done only if it is a whole review."""
        snapshot = self.feed.get(draft_id)
        if not isinstance(event, Finished) or event.stop != "complete" or snapshot is None:
            return event
        try:
            read_whole(snapshot.draft.text)
        except WrongShapeError as error:
            return Failed(
                failure="wrong_shape" if snapshot.draft.text else "empty_answer",
                message=f"The model's answer is not a review: {error}.",
                remedy="Ask for another take; what it said is kept with this draft.",
            )
        return event

    def _apply(self, draft_id: DraftId, event: DraftEvent) -> None:
        snapshot = self.feed.get(draft_id)
        if snapshot is None:
            return
        draft = advance(snapshot.draft, event, self._clock.now())
        if draft is snapshot.draft:
            return
        if isinstance(event, Usage):
            model = draft.model_reported or draft.origin.model
            api = self._running[draft_id].job.provider.api
            draft = replace(draft, cost=self._prices.cost(api, model, event, self._clock.now()))
        review = snapshot.review if draft.text is snapshot.draft.text else read_partial(draft.text)
        self._saving.mark(draft_id)
        self.feed.publish(draft, review)

    async def _ended(self, draft_ids: Sequence[DraftId]) -> None:
        tasks = [self._running[one].task for one in draft_ids if one in self._running]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._saving.settle(draft_ids)

    async def _shut_down(self) -> None:
        tasks = [one.task for one in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._saver is not None:
            self._saver.cancel()
            self._saver = None
        try:
            await self._saving.insist(one.id for one in self.feed.drafts())
        finally:
            openings, self._providers = self._providers, {}
            for opened in await asyncio.gather(*openings.values(), return_exceptions=True):
                if not isinstance(opened, BaseException):
                    await _closed(opened)


async def _closed(provider: Provider) -> None:
    """Close a client; one that cannot be closed does not keep the others open."""
    try:
        await provider.close()
    except Exception:
        log.exception("The provider %s could not be closed", provider.config.name)


def _plan_text(job: Job) -> str:
    """The prompt as it was, for the archive."""
    return "\n\n".join(f"[{part.kind}]\n{part.text}" for part in job.plan.segments)
