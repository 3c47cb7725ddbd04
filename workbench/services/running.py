"""One draft from its turn to its last event: what happens on the loop thread, and nowhere else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from workbench.domain.bill import Charge
from workbench.domain.draft import Draft, advance
from workbench.domain.events import DraftEvent, Failed, Finished, Started, Usage
from workbench.domain.forecast import without_cache
from workbench.domain.ids import Digest, DraftId
from workbench.domain.review import WrongShapeError
from workbench.domain.second_reading import READING, read_rows
from workbench.errors import ProviderError, WorkbenchError
from workbench.ports import Clock, Prices, Provider
from workbench.services.budgeting import Purse, Standing, share
from workbench.services.live import Feed
from workbench.services.planning import Job
from workbench.services.reading import read_whole
from workbench.services.saving import Saving
from workbench.services.turns import Turns

log = logging.getLogger(__name__)
T = TypeVar("T")


class Running:
    """Opens providers, gives each draft its turn, and applies its events. Used on the loop thread only."""

    def __init__(
        self,
        *,
        open_provider: Callable[[str], Provider],
        clock: Clock,
        prices: Prices,
        feed: Feed,
        saving: Saving,
        concurrency: int,
        leader_wait: float,
    ) -> None:
        self._open = open_provider
        self._clock = clock
        self._prices = prices
        self._feed = feed
        self._saving = saving
        self._concurrency = concurrency
        self._leader_wait = leader_wait
        self._providers: dict[str, asyncio.Future[Provider]] = {}
        self._turns: dict[str, Turns] = {}

    async def run(self, job: Job, draft_id: DraftId, purse: Purse) -> None:
        """The whole draft; every failure is its own event."""
        try:
            await self._stream(job, draft_id, purse)
            self.apply(draft_id, Failed(failure="cut_off", message="The stream ended without a last word."))
        except asyncio.CancelledError:
            self.apply(draft_id, Finished(stop="stopped"))
        except ProviderError as error:
            self.apply(draft_id, Failed(failure=error.kind, message=error.message, remedy=error.remedy))
        except WorkbenchError as error:
            self.apply(draft_id, Failed(failure="bug", message=error.message, remedy=error.remedy))
        except Exception:
            log.exception("Draft %s failed by a fault of ours", draft_id)
            self.apply(
                draft_id,
                Failed(
                    failure="bug",
                    message=f"A fault of ours ended this draft (see the log for {draft_id}).",
                    remedy="Ask for another take; the other drafts are not touched.",
                ),
            )

    def apply(self, draft_id: DraftId, event: DraftEvent, job: Job | None = None) -> None:
        """Show the draft as it is after `event`, and have it stored. `job` is needed where the event costs money."""
        snapshot = self._feed.get(draft_id)
        if snapshot is None:
            return
        draft = advance(snapshot.draft, event, self._clock.now())
        if draft is snapshot.draft:
            return
        if isinstance(event, Usage) and job is not None:
            draft = self._priced(draft, event, job)
        self._saving.mark(draft_id)
        self._feed.publish(draft)

    async def provider(self, name: str) -> Provider:
        """The provider, opened once, off the loop: importing an SDK takes a second. A failed opening is tried again."""
        opening = self._providers.get(name)
        if opening is None or (opening.done() and opening.exception() is not None):
            opening = asyncio.get_running_loop().run_in_executor(None, self._open, name)
            self._providers[name] = opening
        return await asyncio.shield(opening)  # stopping one draft must not stop the others' opening

    async def ask(self, name: str, call: Callable[[Provider], Awaitable[T]]) -> T:
        """What the provider answers to `call`."""
        return await call(await self.provider(name))

    async def open(self, names: Sequence[str]) -> None:
        """Open these providers; one that cannot be opened says so in the draft that needs it."""
        await asyncio.gather(*(self.provider(name) for name in names), return_exceptions=True)

    async def prewarm(self, job: Job, editor: str) -> Charge | None:
        """Write the prefixes of `job` to the cache, and what that cost; None when they are there, or the API cannot
        do it alone."""
        turns = self._turns_of(job.provider.name)
        if {prefix.digest for prefix in job.plan.prefixes} <= turns.warm:
            return None
        provider = await self.provider(job.provider.name)
        async with turns.turn(job.plan.prefixes) as turn:
            try:
                usage = await provider.warm(job.plan)
            except ProviderError as error:
                log.warning("The prompt of %s could not be cached beforehand: %s", job.provider.name, error)
                return None
            if usage is None:
                return None
            turn.begun()
        cost, uncached = self._prices_of(usage, job.provider.api, job.provider.model)
        return Charge(
            at=self._clock.now(),
            provider=job.provider.name,
            model=job.provider.model,
            run_id="",
            editor=editor,
            rehearsal=job.provider.rehearsal,
            live=False,
            usage=usage,
            cost=cost,
            uncached=uncached,
            predicted=cost,
            draft=False,
        )

    def warm(self, name: str) -> frozenset[Digest]:
        """The prefixes that this provider can read from its cache now, as far as we know."""
        turns = self._turns.get(name)
        return turns.warm if turns is not None else frozenset()

    async def close(self) -> None:
        """Close the SDKs' clients; one that cannot be closed does not keep the others open."""
        openings, self._providers = self._providers, {}
        for opened in await asyncio.gather(*openings.values(), return_exceptions=True):
            if not isinstance(opened, BaseException):
                try:
                    await opened.close()
                except Exception:
                    log.exception("The provider %s could not be closed", opened.config.name)

    async def _stream(self, job: Job, draft_id: DraftId, purse: Purse) -> None:
        # First the turn, then the provider: who asks first is served first, also while the provider is being opened.
        async with self._turns_of(job.provider.name).turn(job.plan.prefixes) as turn:
            provider = await self.provider(job.provider.name)
            if empty := purse.reserve(draft_id, share(job.forecast)):
                self.apply(draft_id, _over_budget(empty))
                return
            stream = provider.stream(replace(job.plan, previous=turn.previous))
            try:
                async for event in stream:
                    if isinstance(event, Started):
                        turn.begun(event.message_id)
                        if turn.hasty and not event.miss:
                            event = replace(event, miss="sent_early")  # noqa: PLW2901 - the same event, with our part
                    self.apply(draft_id, self._judged(draft_id, event, job), job)
            finally:
                purse.settle(draft_id, self._cost(draft_id))
                closing = getattr(stream, "aclose", None)
                if closing is not None:
                    await closing()

    def _turns_of(self, name: str) -> Turns:
        turns = self._turns.get(name)
        if turns is None:
            turns = self._turns[name] = Turns(self._concurrency, patience=self._leader_wait)
        return turns

    def _judged(self, draft_id: DraftId, event: DraftEvent, job: Job) -> DraftEvent:
        """A complete answer counts as done only if it has the shape that was asked for, whole."""
        if not isinstance(event, Finished) or event.stop != "complete":
            return event
        snapshot = self._feed.get(draft_id)
        if snapshot is None:
            return event
        try:
            (read_rows if job.plan.shape is READING else read_whole)(snapshot.draft.text)
        except WrongShapeError as error:
            return Failed(
                failure="wrong_shape" if snapshot.draft.text else "empty_answer",
                message=f"The model's answer is not a {job.plan.shape.name}: {error}.",
                remedy="Ask for another take; what it said is kept with this draft.",
            )
        return event

    def _priced(self, draft: Draft, usage: Usage, job: Job) -> Draft:
        model = draft.model_reported or draft.origin.model
        cost, uncached = self._prices_of(usage, job.provider.api, model)
        return replace(draft, cost=cost, uncached=uncached)

    def _prices_of(self, usage: Usage, api: str, model: str) -> tuple[Decimal | None, Decimal | None]:
        """US dollars for the usage, and for the same without a cache."""
        now = self._clock.now()
        cost = self._prices.cost(api, model, usage, now)
        return cost, self._prices.cost(api, model, without_cache(usage), now) if cost is not None else None

    def _cost(self, draft_id: DraftId) -> Decimal | None:
        snapshot = self._feed.get(draft_id)
        return None if snapshot is None else snapshot.draft.cost


def _over_budget(budget: Standing) -> Failed:
    return Failed(
        failure="over_budget",
        message=f"The budget ({budget.name}, ${budget.limit:.2f}) is used up; this draft was not sent.",
        remedy=f"Raise {budget.setting} in the settings, or draft it another day.",
    )
