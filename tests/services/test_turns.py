"""Whose turn it is: one leader for each prefix, followers at its first event, and no place idle meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_time import run_virtually
from workbench.domain.ids import Digest
from workbench.domain.models import SECONDS
from workbench.domain.plan import Prefix
from workbench.services.turns import Turn, Turns

FIRST, WHOLE = 0.3, 2.0
"""Seconds until a response begins, and until it ends."""


def prefixes(tool: str) -> tuple[Prefix, ...]:
    """The house's prefix, and the one of a tool's dossier behind it."""
    return (
        Prefix(place=1, digest=Digest("house"), lifetime="1h"),
        Prefix(place=2, digest=Digest(f"house+{tool}"), lifetime="5m"),
    )


@dataclass(slots=True)
class Floor:
    """Plays requests and writes down who left when."""

    turns: Turns
    left: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    taken: list[Turn] = field(default_factory=list[Turn])
    most: int = 0
    running: int = 0

    async def draft(
        self, tool: str, *, first: float = FIRST, whole: float = WHOLE, fails: bool = False, name: str = ""
    ) -> None:
        async with self.turns.turn(prefixes(tool)) as turn:
            self.taken.append(turn)
            self.left.append((tool, now()))
            self.running += 1
            self.most = max(self.most, self.running)
            try:
                await asyncio.sleep(first)
                if not fails:
                    turn.begun(name)
                    await asyncio.sleep(whole - first)
            finally:
                self.running -= 1

    async def play(self, *tools: str) -> None:
        await asyncio.gather(*(self.draft(tool) for tool in tools))


def now() -> float:
    return round(asyncio.get_running_loop().time(), 6)


def a_floor(capacity: int = 64, patience: float = 5.0) -> Floor:
    return Floor(Turns(capacity, patience=patience))


def test_the_first_request_leads_and_the_others_leave_at_its_first_event() -> None:
    async def play() -> list[tuple[str, float]]:
        floor = a_floor()
        await floor.play("a", "a", "a", "a")
        return floor.left

    assert run_virtually(play()) == [("a", 0.0), ("a", FIRST), ("a", FIRST), ("a", FIRST)]


def test_once_the_shared_prefix_is_open_every_tool_has_its_own_leader() -> None:
    async def play() -> list[tuple[str, float]]:
        floor = a_floor()
        await floor.play("a", "a", "b", "b", "c", "c")
        return floor.left

    assert run_virtually(play()) == [
        ("a", 0.0),
        *[("a", FIRST), ("b", FIRST), ("c", FIRST)],
        *[("b", 2 * FIRST), ("c", 2 * FIRST)],
    ]


def test_followers_go_before_the_next_leader_since_what_they_read_grows_old() -> None:
    async def play() -> list[str]:
        floor = a_floor(capacity=1)
        await floor.play("a", "b", "a", "b", "c", "a")
        return [tool for tool, _ in floor.left]

    assert run_virtually(play()) == ["a", "a", "a", "b", "b", "c"]


def test_a_leader_that_fails_hands_the_lead_to_the_next() -> None:
    async def play() -> tuple[list[tuple[str, float]], list[bool]]:
        floor = a_floor()
        await asyncio.gather(floor.draft("a", fails=True), floor.draft("a"), floor.draft("a"))
        return floor.left, [turn.led for turn in floor.taken]

    left, led = run_virtually(play())
    assert left == [("a", 0.0), ("a", FIRST), ("a", 2 * FIRST)]
    assert led == [True, True, False]


def test_a_leader_that_keeps_silent_is_waited_for_only_so_long() -> None:
    async def play() -> tuple[list[tuple[str, float]], list[bool]]:
        floor = a_floor(patience=5.0)
        late = asyncio.create_task(later(6.0, floor.draft("a")))
        await asyncio.gather(floor.draft("a", first=30.0, whole=31.0), floor.draft("a", first=4.0, whole=5.0), late)
        return floor.left, [turn.hasty for turn in floor.taken]

    left, hasty = run_virtually(play())
    assert left == [("a", 0.0), ("a", 5.0), ("a", 6.0)]
    assert hasty == [False, True, True]


def test_a_request_that_is_stopped_while_it_waits_leaves_its_place_and_its_lead_to_others() -> None:
    async def play() -> list[tuple[str, float]]:
        floor = a_floor(capacity=1)
        first = asyncio.create_task(floor.draft("a"))
        leader = asyncio.create_task(floor.draft("b"))
        others = [asyncio.create_task(floor.draft("b")) for _ in range(2)]
        await asyncio.sleep(1)
        leader.cancel()
        await asyncio.gather(first, *others)
        return floor.left

    assert run_virtually(play()) == [("a", 0.0), ("b", WHOLE), ("b", 2 * WHOLE)]


def test_a_leader_that_is_stopped_before_it_began_hands_over() -> None:
    async def play() -> list[tuple[str, float]]:
        floor = a_floor()
        leader = asyncio.create_task(floor.draft("a"))
        other = asyncio.create_task(floor.draft("a"))
        await asyncio.sleep(0.1)
        leader.cancel()
        await other
        return floor.left

    assert run_virtually(play()) == [("a", 0.0), ("a", 0.1)]


def test_a_prefix_that_has_expired_is_led_anew_and_a_read_keeps_it_alive() -> None:
    async def play() -> list[bool]:
        floor = a_floor()
        for pause in (0.0, SECONDS["5m"] - 20, SECONDS["5m"] - 20, SECONDS["5m"] + 1):
            await asyncio.sleep(pause)
            await floor.play("a")
        return [turn.led for turn in floor.taken]

    assert run_virtually(play()) == [True, False, False, True]


def test_what_can_be_read_now_is_known() -> None:
    async def play() -> list[frozenset[Digest]]:
        floor = a_floor()
        before = floor.turns.warm
        await floor.play("a")
        after = floor.turns.warm
        await asyncio.sleep(SECONDS["5m"])
        return [before, after, floor.turns.warm]

    assert run_virtually(play()) == [set(), {"house", "house+a"}, {"house"}]


def test_a_follower_knows_the_message_that_wrote_what_it_reads() -> None:
    async def play() -> list[str]:
        floor = a_floor()
        await floor.draft("a", name="msg_a")
        await floor.draft("b", name="msg_b")
        await floor.draft("a")
        return [turn.previous for turn in floor.taken]

    assert run_virtually(play()) == ["", "msg_a", "msg_a"]


@given(
    tools=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=40),
    capacity=st.integers(1, 9),
    seed=st.lists(st.tuples(st.floats(0.1, 2.0), st.floats(0.0, 3.0), st.booleans()), min_size=40, max_size=40),
)
def test_everyone_gets_a_turn_nobody_is_one_too_many_and_nobody_reads_what_is_not_written(
    tools: list[str], capacity: int, seed: list[tuple[float, float, bool]]
) -> None:
    async def play() -> Floor:
        floor = a_floor(capacity, patience=60.0)
        await asyncio.gather(
            *(
                floor.draft(tool, first=first, whole=first + rest, fails=fails)
                for tool, (first, rest, fails) in zip(tools, seed, strict=False)
            )
        )
        return floor

    floor = run_virtually(play())
    assert sorted(tool for tool, _ in floor.left) == sorted(tools)
    assert floor.most <= capacity
    assert not any(turn.hasty for turn in floor.taken)


@given(tools=st.integers(1, 30), capacity=st.integers(1, 16), lenses=st.integers(1, 5))
def test_no_place_idles_while_a_leader_is_on_its_way(tools: int, capacity: int, lenses: int) -> None:
    """Leading costs no more than the first two waits and a last wave that is not full."""

    async def play() -> tuple[float, Floor]:
        floor = a_floor(capacity)
        await floor.play(*(f"t{number}" for number in range(tools) for _ in range(lenses)))
        return now(), floor

    took, floor = run_virtually(play())
    waves = -(-tools * lenses // capacity)
    assert took <= waves * WHOLE + 2 * FIRST + WHOLE
    assert sum(turn.led for turn in floor.taken) == tools


async def later(seconds: float, work: Coroutine[object, object, None]) -> None:
    await asyncio.sleep(seconds)
    await work
