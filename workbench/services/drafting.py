"""Runs drafts on the loop thread, shows them while they stream, and keeps their text.

A run outlives the screen that started it. One provider's failure is that draft's event and nothing else's;
a second take is a new draft; what a dead process left behind becomes `interrupted` with its text.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TypeVar

from workbench.domain.bill import Charge
from workbench.domain.draft import REPLAY, Draft, advance
from workbench.domain.events import Failed, Finished
from workbench.domain.ids import Digest, DraftId, ToolId
from workbench.errors import BudgetError, StoreError, UnknownNameError
from workbench.ports import Clock, Prices, Provider, Store
from workbench.services.beginning import Beginning, Run
from workbench.services.budgeting import Budgeting, Purse
from workbench.services.live import Feed, Snapshot
from workbench.services.loop import LoopThread
from workbench.services.planning import Job
from workbench.services.running import Running
from workbench.services.saving import Saving

log = logging.getLogger(__name__)
T = TypeVar("T")

KEPT_TOGETHER = 64
"""Drafts that are kept in one transaction. They leave while a long run's others are still to be kept."""
MOST_REPLAYS = 100
"""Replays that are remembered; of more, the oldest are forgotten."""
GIVE_UP = 45.0
"""Seconds a close waits in all: for a store that refuses, a last try at one that is busy, and the SDKs' clients."""


class Drafting:
    """The drafting engine; one for each process. Public methods may be called from any thread."""

    def __init__(
        self,
        *,
        store: Store,
        open_provider: Callable[[str], Provider],
        clock: Clock,
        prices: Prices,
        budgeting: Budgeting,
        concurrency: int = 8,
        leader_wait: float = 5.0,
    ) -> None:
        self._store = store
        self._clock = clock
        self._budgeting = budgeting
        self.feed = Feed()
        self._loop = LoopThread("drafting")
        self._beginning = Beginning(store=store, clock=clock, feed=self.feed)
        self._saving = Saving(store=store, feed=self.feed)
        self._running = Running(
            open_provider=open_provider,
            clock=clock,
            prices=prices,
            feed=self.feed,
            saving=self._saving,
            concurrency=concurrency,
            leader_wait=leader_wait,
        )
        self._starting = threading.Lock()
        self._tasks: dict[DraftId, asyncio.Task[None]] = {}
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

    def start(self, jobs: Sequence[Job], *, editor: str = "") -> list[Draft]:
        """Queue one new draft for each job and return them; cells that are live already are left alone.

        The drafts are in the store when this returns, so a second click starts nothing twice. Raises BudgetError when
        the jobs should cost more than a budget leaves `editor`, and StoreError; what was kept by then goes on.
        """
        with self._starting:
            self._recover_if_possible()
            run = self._beginning.run(editor)
            purse = self._admit(jobs, run)
            started: list[Draft] = []
            for first in range(0, len(jobs), KEPT_TOGETHER):
                kept = self._beginning.keep(run, jobs[first : first + KEPT_TOGETHER])
                started += self._launch(kept, purse)
        return started

    def replay(self, jobs: Sequence[Job], *, editor: str = "") -> list[Draft]:
        """Start one draft for each job that is no take of its cell, and return them; none for a cell being replayed.

        Only what they cost is stored. Raises StoreError, and BudgetError as `start` does.
        """
        with self._starting:
            replays = sorted((one for one in self.feed.drafts() if one.origin.take == REPLAY), key=lambda one: one.id)
            live = {one.origin.cell for one in replays if one.live}
            wanted = [job for job in jobs if job.cell not in live]
            run = self._beginning.run(editor)
            purse = self._admit(wanted, run)
            for one in replays[: max(0, len(replays) + len(wanted) - MOST_REPLAYS)]:
                self.feed.forget(one.id)
            return self._launch([(job, self._beginning.draft(run, job, REPLAY)) for job in wanted], purse)

    def _admit(self, jobs: Sequence[Job], run: Run) -> Purse:
        rehearsal = all(job.provider.rehearsal for job in jobs)
        return self._budgeting.admit([job.forecast for job in jobs], run.editor, run.id, rehearsal=rehearsal)

    def _launch(self, started: Sequence[tuple[Job, Draft]], purse: Purse) -> list[Draft]:
        for _, draft in started:
            self.feed.publish(draft)
        self._loop.call(self._spawn, started, purse)
        return [draft for _, draft in started]

    def stop(self, draft_ids: Iterable[DraftId]) -> None:
        """Stop these drafts where they are, and whatever a dead process left; their text stays."""
        wanted = tuple(draft_ids)
        with self._starting:  # a draft that is just being started must reach the loop before its stop does
            self._loop.call(self._cancel, wanted)
        self._recover_if_possible()  # a stop waits for no store

    def stop_tool(self, tool_id: ToolId) -> None:
        """Stop every live draft of a tool."""
        own = (one for one in self.feed.drafts() if one.origin.tool_id == tool_id and one.origin.take != REPLAY)
        self.stop(one.id for one in own if one.live)

    def get(self, draft_id: DraftId) -> Snapshot:
        """A draft as it is now, live or stored. Raises UnknownNameError."""
        snapshot = self.feed.get(draft_id)
        if snapshot is not None:
            return snapshot
        with self._store.reading() as repositories:
            draft = repositories.drafts.get(draft_id)
        if draft is None:
            raise UnknownNameError("draft", draft_id, remedy="`workbench show TOOL` lists a tool's drafts.")
        return Snapshot(draft)

    def of_tool(self, tool_id: ToolId) -> list[Snapshot]:
        """A tool's drafts, oldest first; live ones as they are now."""
        with self._store.reading() as repositories:
            stored = repositories.drafts.of_tool(tool_id)
        return [self.feed.get(draft.id) or Snapshot(draft) for draft in stored]

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

    def open(self, names: Iterable[str]) -> None:
        """Open these providers now: the first draft then does not wait for an SDK's import."""
        self._loop.submit(self._running.open(tuple(names)))

    def ask(self, provider: str, call: Callable[[Provider], Awaitable[T]]) -> Future[T]:
        """What the provider answers to `call`, asked on the loop that owns its client."""
        return self._loop.submit(self._running.ask(provider, call))

    def prewarm(self, jobs: Iterable[Job], *, editor: str = "") -> Future[None]:
        """Write the prefixes of these jobs to the cache, where the API can do that without an answer, and keep what
        it cost. Nothing happens where a budget leaves no room."""
        return self._loop.submit(self._prewarm(tuple(jobs), editor))

    def warm(self, provider: str) -> frozenset[Digest]:
        """The prefixes that this provider can read from its cache now, as far as this process knows."""
        return self._running.warm(provider)

    def _recover_if_possible(self) -> None:
        """Recover as far as the store lets us: what other processes left must not keep ours from its work."""
        try:
            self.recover()
        except StoreError as error:
            log.warning("Drafts that dead processes left could not be looked for: %s", error)

    # --- on the loop thread

    async def _prewarm(self, jobs: Sequence[Job], editor: str) -> None:
        for job in jobs:
            try:
                await asyncio.to_thread(self._budgeting.check, [job.forecast], editor, rehearsal=job.provider.rehearsal)
            except BudgetError as error:
                log.info("Nothing is cached beforehand: %s", error)
                return
            charge = await self._running.prewarm(job, editor)
            if charge is not None:
                await asyncio.to_thread(self._keep_charge, charge)

    def _keep_charge(self, charge: Charge) -> None:
        with self._store.writing() as repositories:
            repositories.drafts.charge(charge)

    def _spawn(self, started: Sequence[tuple[Job, Draft]], purse: Purse) -> None:
        loop = asyncio.get_running_loop()
        if self._saver is None:
            self._saver = loop.create_task(self._saving.run())
        for job, draft in started:
            work = self._replay if draft.origin.take == REPLAY else self._running.run
            task = loop.create_task(work(job, draft.id, purse), name=f"draft-{draft.id}")
            self._tasks[draft.id] = task
            task.add_done_callback(partial(self._has_ended, draft.id))

    async def _replay(self, job: Job, draft_id: DraftId, purse: Purse) -> None:
        await self._running.run(job, draft_id, purse)
        snapshot = self.feed.get(draft_id)
        if snapshot is not None and snapshot.draft.usage is not None:
            try:
                await asyncio.to_thread(self._keep_charge, replace(snapshot.draft.charge, draft=False))
            except StoreError as error:
                log.error("What a replay cost could not be stored: %s", error)  # noqa: TRY400 - no traceback needed

    def _has_ended(self, draft_id: DraftId, _task: asyncio.Task[None]) -> None:
        self._tasks.pop(draft_id, None)
        # A task cancelled before its first step never ran its own handlers.
        self._running.apply(draft_id, Finished(stop="stopped"))
        self._saving.mark(draft_id, urgent=True)  # an editor may accept at once

    def _cancel(self, draft_ids: Sequence[DraftId]) -> None:
        for draft_id in draft_ids:
            task = self._tasks.get(draft_id)
            if task is not None:
                task.cancel()

    async def _ended(self, draft_ids: Sequence[DraftId]) -> None:
        tasks = [self._tasks[one] for one in draft_ids if one in self._tasks]
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._saving.settle(draft_ids)

    async def _shut_down(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._saver is not None:
            self._saver.cancel()
            self._saver = None
        try:
            await self._saving.insist(one.id for one in self.feed.drafts())
        finally:
            await self._running.close()
