"""Dated predictions, and the last day their words allow."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.prediction import Prediction, predictions

SAID = date(2026, 11, 24)


def _found(quote: str, said_on: date = SAID) -> tuple[Prediction, ...]:
    return predictions(quote, said_on, ToolId("loom"), PersonaId("futurist"))


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by 2027", date(2027, 12, 31)),
        ("by the end of 2028", date(2028, 12, 31)),
        ("before 2030", date(2029, 12, 31)),
        ("before the end of 2030", date(2030, 12, 31)),
        ("before March 2027", date(2027, 2, 28)),
        ("by January 2028", date(2028, 1, 31)),
        ("by 3 March 2028", date(2028, 3, 31)),
        ("by March 3, 2028", date(2028, 3, 31)),
        ("before January 2028", date(2027, 12, 31)),
        ("by mid-2027", date(2027, 6, 30)),
        ("by Q3 2027", date(2027, 9, 30)),
        ("in early 2027", date(2027, 3, 31)),
        ("by 2027-03-15", date(2027, 3, 15)),
        ("in 2029", date(2029, 12, 31)),
        ("in 12 months", date(2027, 11, 24)),
        ("within two years", date(2028, 11, 24)),
        ("within a year", date(2027, 11, 24)),
        ("in the next six weeks", date(2027, 1, 5)),
        ("eighteen months from now", date(2028, 5, 24)),
        ("in a couple of quarters", date(2027, 5, 24)),
        ("next year", date(2027, 12, 31)),
        ("next quarter", date(2027, 3, 31)),
        ("next month", date(2026, 12, 31)),
        ("by the end of the year", date(2026, 12, 31)),
        ("by year's end", date(2026, 12, 31)),
        ("by the end of the decade", date(2029, 12, 31)),
        ("by end of 2027", date(2027, 12, 31)),
        ("before end of 2028", date(2028, 12, 31)),
        ("the next two years", date(2028, 11, 24)),
        ("come 2029", date(2029, 12, 31)),
        ("in the second half of 2027", date(2027, 12, 31)),
        ("the first quarter of 2027", date(2027, 3, 31)),
        ("by the middle of 2027", date(2027, 6, 30)),
        ("in twelve to eighteen months", date(2028, 5, 24)),
        ("within 12-18 months", date(2028, 5, 24)),
        ("one or two years from now", date(2028, 11, 24)),
        ("give it eighteen months", date(2028, 5, 24)),
        ("by mid-decade", date(2035, 12, 31)),
        ("within 12 months of launch", date(2027, 11, 24)),
    ],
)
def test_the_words_for_a_time_give_its_last_day(words: str, due: date) -> None:
    found = _found(f"Cloth is woven at home {words}, and mills close.")
    assert [(one.when, one.due) for one in found] == [(words.removesuffix(" of launch"), due)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was retired in 2020, by 2024 nobody wove.",
        "In 2026 it moved to Go.",
        "It was ported in 12 months.",
        "It turns into a loom after two years.",
        "It holds 2030 users and 2050 lines.",
        "The vendor promises “silk by 2028”.",
        "It weaves in 3 colours, within 2 metres.",
        "Next to the year, by the way, in months.",
        "By 2026-13-40 nothing.",
        "It loads within 12 months of logs.",
        "It is kept in 12 months of storage.",
        "It sold in the first half of 2026.",
        "The next two looms came 2029 times.",
    ],
)
def test_what_is_past_quoted_or_no_time_is_no_prediction(sentence: str) -> None:
    assert _found(sentence) == ()


def test_a_prediction_says_what_by_when_and_whose() -> None:
    quote = "It weaves. By 2028, half of all cloth is woven at home. In two years mills close, next year the first."
    first, *others = _found(quote)
    assert (first.what, first.tool_id, first.persona_id) == (
        "By 2028, half of all cloth is woven at home.",
        "loom",
        "futurist",
    )
    assert quote[first.start : first.end] == first.what
    assert [(one.when, one.due.year) for one in others] == [("In two years", 2028), ("next year", 2027)]


def test_two_words_for_one_day_in_a_sentence_are_one_prediction() -> None:
    assert [one.when for one in _found("By 2027, or by the end of 2027, it rains.")] == ["By 2027"]


def test_the_last_day_of_a_short_month_stands_for_one_it_does_not_have() -> None:
    (leap,) = _found("It rains in three months.", date(2027, 11, 30))
    assert leap.due == date(2028, 2, 29)


def test_a_time_beyond_the_calendar_is_no_date() -> None:
    assert _found("It rains in 900 years.", date(9998, 1, 1)) == ()


_parts = st.sampled_from(
    [
        "by ",
        "in ",
        "before ",
        "2027",
        "2031-02-30",
        "12 ",
        "months",
        "two ",
        "years",
        "next ",
        "year",
        "early ",
        ". ",
        "A",
    ]
)


@given(st.lists(_parts, max_size=60), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_prediction_lies_ahead_and_on_its_sentence(parts: list[str], said_on: date) -> None:
    quote = "".join(parts)
    for one in _found(quote, said_on):
        assert one.due > said_on
        assert quote[one.start : one.end] == one.what
        assert one.when in one.what
