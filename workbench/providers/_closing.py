"""Closes a stream of events when its reader leaves, by whichever door."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def closing(stream: AsyncIterator[T]) -> AsyncGenerator[AsyncIterator[T]]:
    """The stream itself, closed at the end of the block if it can be closed."""
    try:
        yield stream
    finally:
        await _close(stream)


@asynccontextmanager
async def closing_on_error(stream: AsyncIterator[T]) -> AsyncGenerator[AsyncIterator[T]]:
    """The stream itself, closed only when the block raises."""
    try:
        yield stream
    except BaseException:
        await _close(stream)
        raise


async def _close(stream: AsyncIterator[T]) -> None:
    close = getattr(stream, "aclose", None)
    if close is not None:
        await close()
