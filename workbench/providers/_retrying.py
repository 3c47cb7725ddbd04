"""Tries a draft again while nothing of it has been seen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Waiting
from workbench.domain.plan import Plan
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers._closing import closing
from workbench.providers._failures import MAY_PASS, as_event
from workbench.providers._wrapped import Wrapped

_BACKOFF = wait_exponential_jitter(initial=1, max=30, jitter=1)
"""Seconds, where the vendor names no wait."""
_DAY: Final = 86_400.0


class _NothingSeenError(Exception):
    """An attempt that ended before its first text."""

    def __init__(self, ended: ProviderError | Failed) -> None:
        super().__init__(ended.message)
        self.ended = ended


class Retrying(Wrapped):
    """A provider that tries again before the first text, never after it.

    At most `attempts` tries and `retry_wait` seconds of waiting in all; a vendor that wishes for more is not waited
    for. Every event is passed on at once: after a Waiting the next attempt's Started follows, and counts.
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
        begun, seen, left = False, False, self._retry_wait
        ended: ProviderError | Failed | None = None
        pauses: list[Waiting] = []
        try:
            async for attempt in self._tries(pauses):
                if pauses:
                    begun, pause = True, pauses.pop()
                    left -= pause.seconds
                    yield pause
                    await self._sleep(pause.seconds)
                ended = None
                async with closing(self._inner.stream(plan)) as events:
                    try:
                        async for event in events:
                            if isinstance(event, Failed):
                                ended = event
                                break
                            begun, seen = True, seen or isinstance(event, Delta | Finished)
                            yield event
                    except ProviderError as error:
                        ended = error
                if ended is None or seen:
                    break
                # Not in its `with` block: that swallows whatever happens, a reader who leaves included.
                nothing = _NothingSeenError(ended)
                attempt.retry_state.set_exception((type(nothing), nothing, None))
        except _NothingSeenError as error:
            ended = _given_up(error.ended, left)
            if isinstance(ended, ProviderError) and not begun:
                raise ended from None
        if ended is not None:
            yield as_event(ended) if isinstance(ended, ProviderError) else ended

    def _tries(self, pauses: list[Waiting]) -> AsyncRetrying:
        """Tenacity decides whether and how long; the pause itself is ours, so that it can be shown."""

        def plan_pause(state: RetryCallState) -> None:
            reason = _ended(state).message
            pauses.append(Waiting(seconds=state.upcoming_sleep, reason=reason, attempt=state.attempt_number + 1))

        async def no_pause(_seconds: float) -> None:
            return

        return AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, _NothingSeenError) and _may_pass(error.ended)),
            wait=self._wait,
            stop=self._must_stop,
            before_sleep=plan_pause,
            sleep=no_pause,
            reraise=True,
        )

    def _must_stop(self, state: RetryCallState) -> bool:
        left = self._retry_wait - state.idle_for
        return state.attempt_number >= self._attempts or left <= 0 or (_wish(_ended(state)) or 0) > left

    def _wait(self, state: RetryCallState) -> float:
        wish = _wish(_ended(state))
        return min(_BACKOFF(state) if wish is None else wish, self._retry_wait - state.idle_for)


def _ended(state: RetryCallState) -> ProviderError | Failed:
    error = state.outcome.exception() if state.outcome is not None else None
    if not isinstance(error, _NothingSeenError):
        raise TypeError(f"not an attempt's end: {error!r}")
    return error.ended


def _may_pass(ended: ProviderError | Failed) -> bool:
    return ended.retryable if isinstance(ended, ProviderError) else ended.failure in MAY_PASS


def _wish(ended: ProviderError | Failed) -> float | None:
    return ended.retry_after if isinstance(ended, ProviderError) else None


def _given_up(ended: ProviderError | Failed, left: float) -> ProviderError | Failed:
    """The last failure; if waiting was what it asked for, with the moment from which another try makes sense."""
    wish = _wish(ended)
    if not isinstance(ended, ProviderError) or wish is None or wish <= left:
        return ended
    until = f"until {datetime.now().astimezone() + timedelta(seconds=wish):%H:%M %Z}" if wish < _DAY else "for days"
    limited = "rate limited" if ended.kind == "rate_limited" else "not to be asked again"
    return ProviderError(
        ended.kind,
        f"{ended.message.rstrip('.')}: {limited} {until}.",
        ended.remedy,
        retryable=ended.retryable,
        retry_after=wish,
    )
