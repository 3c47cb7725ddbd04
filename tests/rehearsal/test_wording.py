"""A fact in as many words as fit: what is cut says so, and is never cut to a stub."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.text import word_count
from workbench.rehearsal.reading import Given
from workbench.rehearsal.wording import say

LONG = (
    "Unless a tool sets eager_input_streaming, each argument is held back until it is complete and valid; with it, "
    "input arrives as it is written and may be cut off."
)
WORDS = st.sampled_from(
    ["the", "of", "with", "and", "that", "queue", "file", "keeps", "runs", "same", "to", "which", "is", "every", "log"]
)
WAITING = {"the", "of", "with", "and", "that", "same", "to", "which", "is", "every"}
"""Words that no beginning may end with."""
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from(["", "", "", ",", ";", ":"])), min_size=8, max_size=60).map(
    lambda words: "It keeps one whole thing here " + " ".join(word + mark for word, mark in words) + "."
)


def said(text: str, limit: int = 18) -> str:
    return say(Given(ref="F1", text=text, source="description"), limit=limit, tool="Lanternfish").words


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Keep it warm.", 18, "‘Keep it warm’"),
        (
            LONG,
            18,
            "‘Unless a tool sets eager_input_streaming, each argument is held back until it is complete and valid…’",
        ),
        (LONG, 8, "‘Unless a tool sets eager_input_streaming…’"),
        (
            "Two additions serve programs that call a model many times over the same long beginning of a prompt.",
            13,
            "‘Two additions serve programs that call a model many times…’",
        ),
    ],
)
def test_a_shortened_fact_ends_in_an_ellipsis_and_stands_by_itself(text: str, limit: int, shown: str) -> None:
    assert said(text, limit) == shown


@given(TEXTS, st.integers(6, 18))
def test_however_it_is_cut_a_fact_is_a_beginning_that_says_so_and_no_stub(text: str, limit: int) -> None:
    shown = said(text, limit)[1:-1]
    whole = text.rstrip(" .;,:")
    if shown.endswith("…"):
        assert whole.startswith(shown[:-1])
        words = shown[:-1].split(" ")
        assert len(words) <= 5 or words[-1] not in WAITING
        assert word_count(shown) <= max(limit, 5)
    else:
        assert shown in (whole, whole[0].lower() + whole[1:])
