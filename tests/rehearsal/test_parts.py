from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.rehearsal import tokens
from workbench.rehearsal.course import Fault, course
from workbench.rehearsal.faults import FAULTS, Faults
from workbench.rehearsal.openers import join, slot_of
from workbench.rehearsal.pace import Pace


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
