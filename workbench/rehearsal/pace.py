"""When each piece of a stream is due: seconds to the first token, then tokens per second with a light jitter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
            latest = max(latest, -(-moment // GRID) * GRID if moment > GRID else moment)
            found.append(latest)
        return found
