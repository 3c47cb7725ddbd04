from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.rehearsal import tokens
from workbench.rehearsal.caching import KeyedCache, Lifetime, Part, PrefixCache
from workbench.rehearsal.course import Fault, course
from workbench.rehearsal.faults import FAULTS, Faults
from workbench.rehearsal.openers import join, slot_of
from workbench.rehearsal.pace import Pace

HOUR: Lifetime = "1h"
SHORT: Lifetime = "5m"


class Hands:
    """A clock set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


Row = tuple[str, int, Lifetime | None]


def parts(*named: Row) -> list[Part]:
    return [Part(identity=name, tokens=count, lifetime=lifetime) for name, count, lifetime in named]


PROMPT = parts(("house", 3000, None), ("briefs", 2000, HOUR), ("dossier", 900, SHORT), ("ask", 50, None))


def test_a_first_request_writes_each_lifetime_and_the_next_reads_them() -> None:
    cache = PrefixCache()
    first = cache.use("model", PROMPT, 512)
    first.begin()
    again = cache.use("model", PROMPT, 512)
    assert (first.read, first.written_1h, first.written_5m, first.uncached) == (0, 5000, 900, 50)
    assert (again.read, again.written_1h, again.written_5m, again.uncached) == (5900, 0, 0, 50)


def test_nothing_can_be_read_before_the_first_response_begins() -> None:
    cache = PrefixCache()
    cache.use("model", PROMPT, 512)
    assert cache.use("model", PROMPT, 512).read == 0


def test_another_dossier_still_reads_the_shared_prefix() -> None:
    cache = PrefixCache()
    cache.use("model", PROMPT, 512).begin()
    other = cache.use("model", [*PROMPT[:2], *parts(("other", 800, SHORT), ("ask", 50, None))], 512)
    assert (other.read, other.written_5m, other.uncached) == (5000, 800, 50)


def test_entries_expire_by_their_lifetime_and_reading_renews_them() -> None:
    clock = Hands()
    cache = PrefixCache(clock)
    cache.use("model", PROMPT, 512).begin()
    clock.now = 200
    assert cache.use("model", PROMPT, 512).read == 5900
    clock.now = 450
    assert cache.use("model", PROMPT, 512).read == 5900
    clock.now = 1000
    assert cache.use("model", PROMPT, 512).read == 5000
    clock.now = 5000
    assert cache.use("model", PROMPT, 512).read == 0


def test_an_entry_more_than_twenty_places_before_a_breakpoint_is_not_found() -> None:
    head = parts(("head", 1000, SHORT))
    cache = PrefixCache()
    cache.use("model", head, 512).begin()
    filler: list[Row] = [(f"block {number}", 1, None) for number in range(25)]
    far = [Part(identity="head", tokens=1000), *parts(*filler[:-1]), *parts(("end", 1, SHORT))]
    near = [Part(identity="head", tokens=1000), *parts(*filler[:10]), *parts(("end", 1, SHORT))]
    assert cache.use("model", far, 512).read == 0
    assert cache.use("model", near, 512).read == 1000


@settings(deadline=None)
@given(
    counts=st.lists(st.tuples(st.integers(0, 4000), st.sampled_from([None, SHORT, HOUR])), min_size=1, max_size=8),
    minimum=st.sampled_from([0, 512, 1024]),
)
def test_every_token_is_billed_exactly_once(counts: list[tuple[int, Lifetime | None]], minimum: int) -> None:
    prompt = [
        Part(identity=str(place), tokens=count, lifetime=lifetime) for place, (count, lifetime) in enumerate(counts)
    ]
    cache = PrefixCache()
    for _ in range(2):
        use = cache.use("model", prompt, minimum)
        assert use.read + use.written_5m + use.written_1h + use.uncached == sum(count for count, _ in counts)
        assert min(use.read, use.written_5m, use.written_1h, use.uncached) >= 0
        use.begin()


def test_a_keyed_cache_reads_the_common_blocks_only() -> None:
    cache = KeyedCache()
    cached, begin = cache.use("key", "a" * 600, 4)
    begin()
    assert cached == 0
    assert cache.use("key", "a" * 256 + "b" * 600, 4)[0] == 64
    assert cache.use("key", "a" * 600, 4)[0] == 128
    assert cache.use("other", "a" * 600, 4)[0] == 0


@given(text=st.text(max_size=400), sizes=st.sampled_from([tokens.TEXT, tokens.BUFFERED, tokens.EAGER, tokens.CHAT]))
def test_pieces_join_to_the_text_and_grow_in_time(text: str, sizes: tuple[int, ...]) -> None:
    found = tokens.cut(text, sizes)
    assert "".join(piece.text for piece in found) == text
    assert all(0 < len(piece.text) <= max(sizes) for piece in found)
    assert [piece.after for piece in found] == sorted(piece.after for piece in found)


def test_a_buffered_value_comes_only_when_it_is_whole() -> None:
    held = tokens.hold_back(tokens.cut("x" * 100, tokens.BUFFERED), [60, 100])
    assert {piece.after for piece in held} == {15.0, 25.0}


@given(
    after=st.lists(st.floats(0.25, 9), min_size=1, max_size=60),
    first=st.floats(0, 5),
    rate=st.floats(1, 100_000),
)
def test_pieces_are_due_in_order_from_the_first_token_at_the_rate(
    after: list[float], first: float, rate: float
) -> None:
    totals = [sum(after[: place + 1]) for place in range(len(after))]
    due = Pace(first_token=first, tokens_per_second=rate).due(totals)
    assert due == sorted(due)
    assert due[0] >= first
    assert due[-1] - first == pytest.approx(totals[-1] / rate, abs=14 / rate + 0.01)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_every_fault_leaves_a_course_that_can_be_played(fault: Fault) -> None:
    told = course(tokens.cut("x" * 900, tokens.TEXT), fault, None)
    assert len(told.text) <= 900
    assert told.tokens <= 225


def test_each_key_and_model_is_turned_away_once() -> None:
    faults, limit = Faults({}), FAULTS["rate-limit"]
    met = [faults.refusal(limit, "anthropic", key, "m") is not None for key in ("a", "a", "b")]
    assert met == [True, False, True]


@pytest.mark.parametrize(
    ("opener", "joined"),
    [
        ("The bet is", "The bet is X: it runs"),
        ("The bet is that", "The bet is that it runs"),
        ("The point:", "The point: it runs"),
        ("By then,", "By then, it runs"),
        ("It rests on", "It rests on X: it runs"),
        ("It has to", "It has to X: it runs"),
        ("Still a", "Still a matter of one line: it runs"),
        ("This breaks when", "This breaks when it comes to this: it runs"),
        ("Who pays?", "Who pays? It runs"),
        ("The buyer", "The buyer: it runs"),
        ("", "It runs"),
    ],
)
def test_an_opener_and_what_follows_make_one_sentence(opener: str, joined: str) -> None:
    assert join(opener, "it runs", known=True, pick=lambda _: "X") == joined


@given(opener=st.text(max_size=40).map(lambda text: " ".join(text.split())))
def test_any_opener_has_a_slot(opener: str) -> None:
    assert join(opener, "it runs", known=slot_of(opener) == "colon", pick=lambda forms: forms[0]).endswith("t runs")
