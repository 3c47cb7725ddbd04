"""Tries a draft again while nothing of it has been seen."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from workbench.domain.events import Delta, DraftEvent, Failed, Finished, Waiting
from workbench.domain.plan import Plan
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers._closing import closing
from workbench.providers._failures import MAY_PASS, as_event
from workbench.providers._wrapped import Wrapped

LONGEST_STEP: Final = 30.0
"""Seconds; where the vendor names no wait, each one is twice the last, up to this, and up to a second by chance."""
_DAY: Final = 86_400.0


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
        for attempt in range(1, self._attempts + 1):
            ended: ProviderError | Failed | None = None
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
            if ended is None:
                return
            pause = None if seen else self._pause(ended, attempt, left)
            if pause is None:
                last = _given_up(ended, left)
                if isinstance(last, ProviderError) and not begun:
                    raise last from None
                yield as_event(last) if isinstance(last, ProviderError) else last
                return
            begun, left = True, left - pause
            yield Waiting(seconds=pause, reason=ended.message, attempt=attempt + 1)
            await self._sleep(pause)

    def _pause(self, ended: ProviderError | Failed, attempt: int, left: float) -> float | None:
        """Seconds until the next try; None when there is none."""
        may_pass = ended.retryable if isinstance(ended, ProviderError) else ended.failure in MAY_PASS
        if not may_pass or attempt == self._attempts or left <= 0:
            return None
        wish = _wish(ended)
        if wish is None:
            step = min(LONGEST_STEP, 2.0 ** (attempt - 1)) + random.random()  # noqa: S311 - spreads load, keeps no secret
            return min(step, left)
        return wish if wish <= left else None


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
