"""Who may send a request now: so many at once, and the first of each cache prefix before the others.

A prefix can be read from the cache only once the response that writes it has begun. Its first request leads; the
others wait for that moment and for nothing else, and meanwhile other prefixes' requests take the free places.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from workbench.domain.ids import Digest
from workbench.domain.models import SECONDS
from workbench.domain.plan import Prefix

MARGIN = 5.0
"""Seconds before its end from which an entry is no longer counted on."""
MOST_GATES = 4096
"""Prefixes remembered before those that have expired are forgotten."""


@dataclass(slots=True)
class _Gate:
    """One prefix. Closed: nobody may read it. `leader` is on its way to write it; `parked` wait for it."""

    open_until: float = 0.0
    leader: Turn | None = None
    parked: list[Turn] = field(default_factory=list["Turn"])
    message: str = ""


@dataclass(slots=True, eq=False)
class Turn:
    """A request's place. `previous` names the last message whose prefixes these are, for the vendor's diagnosis;
    `led` says that it opened a prefix, `hasty` that it left before its leader's response had begun."""

    turns: Turns
    prefixes: tuple[Prefix, ...]
    placed: asyncio.Future[None]
    leads: list[_Gate] = field(default_factory=list["_Gate"])
    left_at: float = 0.0
    hasty: bool = False
    previous: str = ""

    @property
    def led(self) -> bool:
        """Whether it writes a prefix others wait for."""
        return bool(self.leads)

    def begun(self, message: str = "") -> None:
        """The response has begun: what it writes or reads can be read by others until its lifetime ends."""
        self.turns.open(self, message)


class Turns:
    """One provider's places. Used on the loop thread only.

    `capacity` requests at once; after `patience` seconds a leader that has not begun is waited for no longer.
    """

    def __init__(self, capacity: int, *, patience: float) -> None:
        self._capacity = capacity
        self._patience = patience
        self._gates: dict[Digest, _Gate] = {}
        self._followers: deque[Turn] = deque()
        self._leaders: deque[Turn] = deque()
        self._running = 0
        self._loop = asyncio.get_running_loop()

    @property
    def warm(self) -> frozenset[Digest]:
        """The prefixes that can be read now."""
        now = self._loop.time()
        return frozenset(digest for digest, gate in tuple(self._gates.items()) if gate.open_until > now)

    @asynccontextmanager
    async def turn(self, prefixes: Sequence[Prefix]) -> AsyncGenerator[Turn]:
        """A place, once it is this request's turn; given back at the end of the block."""
        turn = Turn(self, tuple(prefixes), self._loop.create_future())
        try:
            self._file(turn)
            self._dispatch()
            await turn.placed
            yield turn
        finally:
            self._leave(turn)

    def open(self, turn: Turn, message: str) -> None:
        """Let others read the prefixes of `turn`, whose response has begun as `message`."""
        for prefix in turn.prefixes:
            gate = self._gate(prefix.digest)
            # The lifetime counts from the start of the request.
            gate.open_until = turn.left_at + SECONDS[prefix.lifetime] - MARGIN
            gate.message = message
            self._free(gate)
        self._dispatch()

    def _file(self, turn: Turn) -> None:
        """Park behind another's lead, or line up: as the leader of what nobody has written, else as a follower."""
        now = self._loop.time()
        for prefix in turn.prefixes:
            gate = self._gate(prefix.digest)
            if gate.open_until > now or gate.leader is turn:
                continue
            if gate.leader is None:
                gate.leader = turn
                turn.leads.append(gate)
            elif self._overdue(gate.leader):
                turn.hasty = True
            else:
                gate.parked.append(turn)
                return
        (self._leaders if turn.leads else self._followers).append(turn)

    def _dispatch(self) -> None:
        """Fill the free places: first who can read, since that grows old, then who opens the next prefix."""
        while self._running < self._capacity and (self._followers or self._leaders):
            turn = (self._followers or self._leaders).popleft()
            if turn.placed.done():  # stopped while it waited
                continue
            self._running += 1
            turn.left_at = self._loop.time()
            turn.previous = next((gate.message for gate in self._read_by(turn) if gate.message), "")
            turn.placed.set_result(None)
            if turn.leads:
                self._loop.call_at(turn.left_at + self._patience, self._lose_patience, turn)

    def _read_by(self, turn: Turn) -> list[_Gate]:
        return [self._gate(prefix.digest) for prefix in reversed(turn.prefixes)]

    def _overdue(self, leader: Turn) -> bool:
        return leader.placed.done() and self._loop.time() >= leader.left_at + self._patience

    def _lose_patience(self, leader: Turn) -> None:
        for gate in leader.leads:
            if gate.leader is leader:
                self._free(gate, leader)
        self._dispatch()

    def _leave(self, turn: Turn) -> None:
        if turn.placed.done() and not turn.placed.cancelled():
            self._running -= 1
        turn.placed.cancel()
        for gate in turn.leads:
            if gate.leader is turn:
                self._free(gate)
        self._dispatch()

    def _free(self, gate: _Gate, leader: Turn | None = None) -> None:
        """Give the gate to `leader`, or to nobody, and let who waited for it line up anew."""
        gate.leader = leader
        waiting, gate.parked = gate.parked, []
        for turn in waiting:
            if not turn.placed.done():
                self._file(turn)

    def _gate(self, digest: Digest) -> _Gate:
        gate = self._gates.get(digest)
        if gate is None:
            if len(self._gates) >= MOST_GATES:
                self._forget()
            gate = self._gates[digest] = _Gate()
        return gate

    def _forget(self) -> None:
        now = self._loop.time()
        kept = {key: one for key, one in self._gates.items() if one.leader or one.parked or one.open_until > now}
        self._gates = kept
