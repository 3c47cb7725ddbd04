"""Prompt caches with the vendors' accounting: what a request reads, writes and pays in full."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Literal

Lifetime = Literal["5m", "1h"]

SECONDS: dict[Lifetime, float] = {"5m": 300.0, "1h": 3600.0}
LOOK_BACK = 20
"""Positions, a breakpoint's own included, at which an entry is still found."""
BLOCK = 64
"""Tokens of one block in Mistral's cache."""
KEPT = 20_000
"""Entries kept at most, so that a server left running does not grow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the prompt in its order. `identity` is what must be equal for a hit; `lifetime` is its breakpoint.

    A part that `continues` a run of tool calls or results stands at the same position as the one before it.
    """

    identity: str
    tokens: int
    lifetime: Lifetime | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheUse:
    """Tokens by how they are billed. `begin` is called when the response begins: only then can others read."""

    read: int
    written_5m: int
    written_1h: int
    uncached: int
    begin: Callable[[], None]

    @property
    def fresh(self) -> int:
        """Tokens that were not read from the cache: these count against a limit."""
        return self.written_5m + self.written_1h + self.uncached


@dataclass(slots=True)
class _Entry:
    expires: float
    lasts: float


class PrefixCache:
    """Anthropic's cache: one entry for each breakpoint, found by everything that stands before it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    def use(self, scope: str, parts: Sequence[Part], minimum: int) -> CacheUse:
        """The accounting of one request. `scope` keeps keys and models apart; prefixes below `minimum` do not count."""
        now = self._clock()
        prefixes = _prefixes(scope, parts)
        total = prefixes[-1][1] if prefixes else 0
        breakpoints = [place for place, part in enumerate(parts) if part.lifetime is not None]
        hit = self._longest(prefixes, _positions(parts), breakpoints, now)
        read = prefixes[hit][1] if hit >= 0 else 0
        fresh = [place for place in breakpoints if place > hit and prefixes[place][1] >= minimum]
        written = prefixes[fresh[-1]][1] if fresh else read
        hours = [prefixes[place][1] for place in fresh if parts[place].lifetime == "1h"]
        hour_end = max(hours, default=read)

        def begin() -> None:
            if hit >= 0:  # a read renews the entry, from the start of the request that read it
                entry = self._entries.get(prefixes[hit][0])
                if entry is not None:
                    entry.expires = max(entry.expires, now + entry.lasts)
            for place in fresh:
                lasts = SECONDS[parts[place].lifetime or "5m"]
                self._keep(prefixes[place][0], _Entry(expires=now + lasts, lasts=lasts))

        return CacheUse(
            read=read, written_5m=written - hour_end, written_1h=hour_end - read, uncached=total - written, begin=begin
        )

    def _longest(
        self, prefixes: list[tuple[str, int]], positions: list[int], breakpoints: list[int], now: float
    ) -> int:
        for place in range(len(prefixes) - 1, -1, -1):
            near = any(place <= stop and positions[stop] - positions[place] < LOOK_BACK for stop in breakpoints)
            entry = self._entries.get(prefixes[place][0]) if near else None
            if entry is not None and entry.expires > now:
                return place
        return -1

    def _keep(self, prefix: str, entry: _Entry) -> None:
        if len(self._entries) >= KEPT:
            self._entries.pop(next(iter(self._entries)))
        self._entries[prefix] = entry


class KeyedCache:
    """Mistral's cache: blocks of 64 tokens, read by requests that repeat a `prompt_cache_key`.

    It is best effort: `misses` is the part of requests that read nothing though they could.
    """

    def __init__(self, misses: float = 0) -> None:
        self._blocks: dict[str, None] = {}
        self._misses = misses
        self._chance = Random(64)  # noqa: S311 - a reproducible rehearsal of luck, no secret

    def use(self, scope: str, prompt: str, characters_per_token: int) -> tuple[int, Callable[[], None]]:
        """The cached tokens of a prompt, and what to call when the response begins."""
        size = BLOCK * characters_per_token
        whole = [prompt[start : start + size] for start in range(0, len(prompt) - size + 1, size)]
        prefixes = [prefix for prefix, _ in _prefixes(scope, [Part(identity=block, tokens=BLOCK) for block in whole])]
        blocks = 0
        found = self._chance.random() >= self._misses
        while found and blocks < len(prefixes) and prefixes[blocks] in self._blocks:
            blocks += 1

        def begin() -> None:
            self._blocks.update(dict.fromkeys(prefixes))
            while len(self._blocks) > KEPT:
                self._blocks.pop(next(iter(self._blocks)))

        return blocks * BLOCK, begin


def _positions(parts: Sequence[Part]) -> list[int]:
    return list(accumulate(0 if part.continues else 1 for part in parts))


def _prefixes(scope: str, parts: Sequence[Part]) -> list[tuple[str, int]]:
    """For each part, the digest of everything up to its end, and the tokens up to there."""
    running = hashlib.sha256(scope.encode())
    tokens = 0
    found: list[tuple[str, int]] = []
    for part in parts:
        # The length goes in first: two parts never hash like one.
        running.update(f"\x00{len(part.identity)}\x00{part.identity}".encode())
        tokens += part.tokens
        found.append((running.hexdigest(), tokens))
    return found
