"""Tries a draft again while nothing of it has been seen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Started, Usage, Waiting
from workbench.domain.plan import Plan
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers._closing import closing, closing_on_error
from workbench.providers._failures import MAY_PASS, as_event
from workbench.providers._wrapped import Wrapped

_BACKOFF = wait_exponential_jitter(initial=1, max=30, jitter=1)


@dataclass(slots=True)
class _NothingSeenError(Exception):
    """An attempt that ended before its first text: what it was told, and why it ended."""

    told: list[DraftEvent]
    cause: ProviderError | Failed

    @property
    def retryable(self) -> bool:
        if isinstance(self.cause, ProviderError):
            return self.cause.retryable
        return self.cause.failure in MAY_PASS

    @property
    def wish(self) -> float | None:
        return self.cause.retry_after if isinstance(self.cause, ProviderError) else None


class Retrying(Wrapped):
    """A provider that tries again before the first text, never after it.

    At most `attempts` tries and `retry_wait` seconds of waiting in all. The reader sees the events of
    the last attempt only, and a Waiting before each pause.
    """

    def __init__(
        self,
        inner: Provider,
        *,
        attempts: int,
        retry_wait: float,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        super().__init__(inner)
        self._attempts = attempts
        self._retry_wait = retry_wait
        self._sleep = sleep

    async def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The inner provider's events, after as many tries as it takes; see the class."""
        pauses: list[Waiting] = []
        waited = False
        begun: tuple[list[DraftEvent], AsyncIterator[DraftEvent]] | None = None
        try:
            async for attempt in self._tries(pauses):
                if pauses:
                    waited = True
                    yield pauses[-1]
                    await self._sleep(pauses.pop().seconds)
                with attempt:
                    begun = await self._begin(plan)
        except _NothingSeenError as error:
            for event in error.told:
                yield event
            if isinstance(error.cause, ProviderError):
                if not (error.told or waited):
                    raise error.cause from None
                yield as_event(error.cause)
            else:
                yield error.cause
        if begun is None:
            return
        told, events = begun
        async with closing(events):
            for event in told:
                yield event
            async for event in events:
                yield event

    def _tries(self, pauses: list[Waiting]) -> AsyncRetrying:
        """Tenacity decides whether and how long; the pause itself is ours, so that it can be shown."""

        def plan_pause(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome is not None else None
            if isinstance(error, _NothingSeenError):
                reason = error.cause.message
                pauses.append(Waiting(seconds=state.upcoming_sleep, reason=reason, attempt=state.attempt_number + 1))

        async def no_pause(_seconds: float) -> None:
            return

        return AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, _NothingSeenError) and error.retryable),
            wait=self._wait,
            stop=lambda state: state.attempt_number >= self._attempts or state.idle_for >= self._retry_wait,
            before_sleep=plan_pause,
            sleep=no_pause,
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        wish = error.wish if isinstance(error, _NothingSeenError) else None
        seconds = wish if wish is not None else _BACKOFF(state)
        return max(0.0, min(seconds, self._retry_wait - state.idle_for))

    async def _begin(self, plan: Plan) -> tuple[list[DraftEvent], AsyncIterator[DraftEvent]]:
        """Reads up to the first text or the end. Raises _NothingSeenError when the attempt fails before."""
        told: list[DraftEvent] = []
        events = self._inner.stream(plan)
        async with closing_on_error(events):
            try:
                async for event in events:
                    match event:
                        case Failed():
                            raise _NothingSeenError(told, event)
                        case Delta() | Finished():
                            told.append(event)
                            return told, events
                        case Started() | Usage() | Waiting():
                            told.append(event)
            except ProviderError as error:
                raise _NothingSeenError(told, error) from None
        return told, events
