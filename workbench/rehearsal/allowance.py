"""Rate limits as the vendors keep them: buckets of requests and tokens for each key and model."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MINUTE = 60.0
BATCHED = 10**12
"""What batches may take in a minute: they do not count against the limits of the other requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a key may ask of a model in a minute. For Mistral, `input_tokens` holds for all tokens."""

    requests: int = 60_000
    input_tokens: int = 200_000_000
    output_tokens: int = 40_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A bucket: its limit, what is left in it, and the seconds until it is full."""

    limit: int
    left: int
    full_in: float


class OverLimitError(Exception):
    """A request that is one too many: the bucket it found too empty, and the seconds until that holds enough."""

    def __init__(self, bucket: str, seconds: float) -> None:
        super().__init__(bucket)
        self.bucket = bucket
        self.seconds = max(1, math.ceil(seconds))


class Buckets:
    """The buckets of one key and model; they fill evenly, a minute from empty to full."""

    def __init__(self, limits: Mapping[str, int], clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._levels: dict[str, float] = dict(limits)
        self._filled = clock()

    def take(self, cost: Mapping[str, int]) -> None:
        """Take a request's cost; one above a whole bucket needs a full one.

        Raises OverLimitError, and takes nothing, when a bucket holds too little or is in debt.
        """
        self._fill()
        for name, limit in self._limits.items():
            lacking = min(cost.get(name, 0), limit) - self._levels[name]
            if lacking > 0:
                raise OverLimitError(name, MINUTE * lacking / limit if limit else MINUTE)
        self.spend(cost)

    def spend(self, cost: Mapping[str, int]) -> None:
        """Take what nobody knew before; a bucket may go into debt."""
        for name, amount in cost.items():
            self._levels[name] -= amount

    def standing(self) -> dict[str, Standing]:
        """How each bucket stands now."""
        self._fill()
        return {
            name: Standing(
                limit=limit,
                left=max(0, int(self._levels[name])),
                full_in=MINUTE * (1 - self._levels[name] / limit) if limit else MINUTE,
            )
            for name, limit in self._limits.items()
        }

    def _fill(self) -> None:
        now = self._clock()
        passed, self._filled = (now - self._filled) / MINUTE, now
        for name, limit in self._limits.items():
            self._levels[name] = min(limit, self._levels[name] + limit * passed)


class Allowance:
    """The buckets of every key and model under the same limits."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], Buckets] = {}
        self.limits = limits

    def of(self, key: str, model: str, limits: Mapping[str, int]) -> Buckets:
        """The buckets of this key and model; `limits` names them when they are new."""
        if (key, model) not in self._buckets:
            self._buckets[key, model] = Buckets(limits, self._clock)
        return self._buckets[key, model]
