"""What both vendors' batches have in common: requests answered one by one, a state that polls move on, a shelf.

Time does not pass in a rehearsal, polls do: a batch waits until it is first looked at, is then under way, and has
ended at the next look that finds every request answered. A request whose model ends in `+expire` never is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Literal, TypeVar
from zlib import crc32

from workbench.rehearsal.payload import Body

State = Literal["waiting", "under way", "cancelling", "ended"]
Reply = tuple[int, Body]
"""A status, and a whole message or an error's body."""
EXPIRE = "+expire"
KEPT = 1000
"""Batches, and files, kept at most for each kind."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of a batch."""

    custom_id: str
    body: Body

    @property
    def expires(self) -> bool:
        """Whether it is to be left unanswered until its time is over."""
        return str(self.body.get("model", "")).endswith(EXPIRE)


class Batch:
    """Requests on their way to an answer each, in the running loop."""

    def __init__(
        self, batch_id: str, asks: Sequence[Ask], answer: Callable[[Ask], Reply], *, hours: float = 24
    ) -> None:
        self.id = batch_id
        self.asks = tuple(asks)
        self.state: State = "waiting"
        self.created = datetime.now(UTC)
        self.expires = self.created + timedelta(hours=hours)
        self.started: datetime | None = None
        self.cancelled: datetime | None = None
        self.ended: datetime | None = None
        self.replies: dict[str, Reply] = {}
        self._answer = answer
        self._work: asyncio.Future[None] | None = None

    def look(self) -> None:
        """Go on by one step, if there is one to go."""
        if self.state == "waiting":
            self.state, self.started = "under way", datetime.now(UTC)
            self._work = asyncio.ensure_future(self._answer_all())
        elif self.state == "cancelling" or (self.state == "under way" and self._work is not None and self._work.done()):
            self.state, self.ended = "ended", datetime.now(UTC)

    def cancel(self) -> None:
        """Answer no further request; the next look finds the batch ended."""
        if self._work is not None:
            self._work.cancel()
        self.state, self.cancelled = "cancelling", datetime.now(UTC)

    def shuffled(self) -> list[Ask]:
        """The requests in an order that has nothing to do with the one they came in."""
        return sorted(self.asks, key=lambda ask: crc32(ask.custom_id.encode()))

    async def _answer_all(self) -> None:
        for ask in self.asks:
            if not ask.expires:
                self.replies[ask.custom_id] = self._answer(ask)
            await asyncio.sleep(0)  # the streams of others go on


class Shelf(Generic[T]):
    """What a key has put there; other keys see none of it, and the oldest make room."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], T] = {}

    def put(self, key: str, name: str, thing: T) -> None:
        """Keep it for the key under that name."""
        self._kept[key, name] = thing
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))

    def find(self, key: str, name: str) -> T | None:
        """What the key keeps under that name."""
        return self._kept.get((key, name))

    def drop(self, key: str, name: str) -> None:
        """Forget it."""
        self._kept.pop((key, name), None)

    def newest_first(self, key: str) -> list[T]:
        """Everything the key keeps."""
        return [thing for (owner, _), thing in reversed(self._kept.items()) if owner == key]
