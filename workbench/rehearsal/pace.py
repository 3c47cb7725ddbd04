"""When each piece of a stream is due: seconds to the first token, then tokens per second with a light jitter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

GRID = 0.004
"""Streams wake on a common grid of seconds, so that many of them share one turn of the loop."""
ORDINARY = 4.0
"""Tokens of the largest first piece that was not held back."""
_JITTER = (0.0, 0.35, -0.25, 0.15, -0.35, 0.3, -0.1)
"""Parts of a piece's own time by which it is late or early; they add up to about nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """`first_token` in seconds, 0 for at once; `tokens_per_second` of one stream."""

    first_token: float
    tokens_per_second: float

    @property
    def begin(self) -> float:
        """When the response begins, in seconds after the request: the prompt has been read, no text is written yet."""
        return self.first_token / 2

    def due(self, after: Sequence[float]) -> list[float]:
        """Seconds after the request at which pieces are due; `after` says how many tokens are written by then."""
        found: list[float] = []
        # An ordinary first piece is the first token; one that was held back or thought about comes later.
        offset = self.first_token - (min(after[0], ORDINARY) / self.tokens_per_second if after else 0.0)
        latest = self.first_token
        previous = 0.0
        for place, tokens in enumerate(after):
            own = tokens - previous
            previous = tokens
            moment = offset + (tokens + own * _JITTER[place % len(_JITTER)]) / self.tokens_per_second
            latest = max(latest, moment)
            found.append(latest)
        return found


class Clock:
    """One timer for all streams of a server: whatever is due on the same tick of the grid shares one wake-up."""

    def __init__(self) -> None:
        self._calls: dict[int, list[Callable[[], None]]] = {}
        self._ticks: list[int] = []
        self._timer: asyncio.TimerHandle | None = None

    def at(self, moment: float, call: Callable[[], None]) -> None:
        """Call from the running loop at `moment` of its time, or as soon as it has passed."""
        tick = -int(-moment // GRID)
        if tick in self._calls:
            self._calls[tick].append(call)
            return
        self._calls[tick] = [call]
        heappush(self._ticks, tick)
        if self._ticks[0] == tick:
            self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_at(self._ticks[0] * GRID, self._ring)

    def _ring(self) -> None:
        self._timer = None
        # The loop may ring a little early: its own clock has a resolution.
        now = asyncio.get_running_loop().time() + GRID / 4
        due: list[Callable[[], None]] = []
        while self._ticks and self._ticks[0] * GRID <= now:
            due += self._calls.pop(heappop(self._ticks))
        if self._ticks:
            self._arm()
        for call in due:
            call()
