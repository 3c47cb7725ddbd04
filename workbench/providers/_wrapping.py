"""Puts the clocks and the retries around a provider."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from workbench.ports import Provider
from workbench.providers._clocks import Clocked
from workbench.providers._retrying import Retrying


def wrap(
    provider: Provider,
    *,
    first_text: float,
    gap: float,
    whole: float,
    limit: int,
    attempts: int,
    retry_wait: float,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Provider:
    """The provider with clocks on every attempt and retries around them.

    `first_text`, `gap`, `whole` and `retry_wait` are seconds, `limit` is characters of text.
    """
    clocked = Clocked(provider, first_text=first_text, gap=gap, whole=whole, limit=limit)
    return Retrying(clocked, attempts=attempts, retry_wait=retry_wait, sleep=sleep)
