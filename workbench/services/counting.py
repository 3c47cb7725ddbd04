"""Tokens of a prompt's parts: the vendor's count where it was asked for, else from their length.

A text is counted once for each model and alone; what such a request has besides is known and taken off.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future

from workbench.domain.forecast import TOKENS_PER_DRAFT, Sized
from workbench.domain.ids import Digest
from workbench.domain.plan import Plan, Segment
from workbench.domain.text import digest
from workbench.errors import ProviderError, WorkbenchError
from workbench.ports import Provider, ProviderConfig, Store

CHARACTERS_PER_TOKEN = 4.0
"""English prose, both vendors, rounded against us; until the model's own returned usage tells."""
MOST_ASKED = 64
"""Texts counted at one time, in the order they were given; the rest are estimated."""
AT_ONCE = 8
"""Counts on their way at a time."""
PATIENCE = 20.0
"""Seconds one provider has for all counts of a time."""
_REMEMBERED = 10_000
_BARE = "."
"""A text of one token. A request of two of them, less those two, is what every request has besides its texts."""
_SYSTEM = Segment(kind="house", role="system", text=_BARE)

Ask = Callable[[str, Callable[[Provider], Awaitable[list[int | None]]]], Future[list[int | None]]]


class Counting:
    """Sizes plans by what the drafts in `store` returned, and by what `ask` has a provider say on the engine's loop."""

    def __init__(self, *, store: Store | None = None, ask: Ask | None = None) -> None:
        self._store = store
        self._ask = ask
        self._counts: dict[tuple[str, Digest], int] = {}

    def size(self, provider: ProviderConfig, plans: Iterable[Plan]) -> list[Sized]:
        """The plans with their segments' tokens, as far as they are known now; nobody is waited for.

        What goes with every request is part of the first segment. Raises StoreError.
        """
        ratio, answer = self._learnt(provider)
        besides = self._known(provider, _BARE)
        found: dict[str, tuple[int, bool]] = {}
        sized: list[Sized] = []
        for plan in plans:
            for part in plan.segments:
                if part.text not in found:
                    known = self._known(provider, part.text)
                    found[part.text] = (math.ceil(len(part.text) / ratio), False) if known is None else (known, True)
            parts = [found[part.text] for part in plan.segments]
            tokens = [tokens for tokens, _ in parts]
            tokens[0] += besides or 0
            known_all = all(counted for _, counted in parts)
            sized.append(Sized(plan=plan, tokens=tuple(tokens), answer=answer, counted=known_all))
        return sized

    def count(self, provider: ProviderConfig, plans: Iterable[Plan]) -> None:
        """Have the vendor count what these plans say and nobody has counted yet; waits for it.

        What it does not count, or not in time, stays an estimate.
        """
        texts = dict.fromkeys(part.text for plan in plans for part in plan.segments)
        missing = [text for text in texts if self._known(provider, text) is None][:MOST_ASKED]
        if self._ask is None or not missing:
            return
        try:
            counted = self._ask(provider.name, lambda opened: _counts(opened, [_BARE, *missing])).result(PATIENCE)
        except (WorkbenchError, TimeoutError):
            return
        besides = max(0, (counted[0] or 2) - 2)
        if len(self._counts) > _REMEMBERED:
            self._counts.clear()
        for text, tokens in zip([_BARE, *missing], counted, strict=True):
            if tokens is not None:
                own = besides if text == _BARE else max(0, tokens - besides - 1)
                self._counts[provider.name, digest(text)] = own

    def _known(self, provider: ProviderConfig, text: str) -> int | None:
        return self._counts.get((provider.name, digest(text)))

    def _learnt(self, provider: ProviderConfig) -> tuple[float, int]:
        """Characters per token of this model's own prompts, and tokens of its answers, thinking included."""
        if self._store is None:
            return CHARACTERS_PER_TOKEN, TOKENS_PER_DRAFT
        with self._store.reading() as repositories:
            sizes = repositories.drafts.sizes(provider)
        if not sizes:
            return CHARACTERS_PER_TOKEN, TOKENS_PER_DRAFT
        characters, tokens, answers = (sum(column) for column in zip(*sizes, strict=True))
        return characters / tokens, round(answers / len(sizes))


async def _counts(provider: Provider, texts: Sequence[str]) -> list[int | None]:
    """The vendor's counts in order; None where it has none. The first text decides whether there is a counter."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(text: str) -> int | None:
        async with places:
            try:
                part = Segment(kind="ask", role="user", text=text)
                return await provider.count(Plan(segments=(_SYSTEM, part), cache_key=""))
            except ProviderError:
                return None

    first, *others = texts
    besides = await one(first)
    if besides is None:
        return [None] * len(texts)
    return [besides, *await asyncio.gather(*(one(text) for text in others))]
