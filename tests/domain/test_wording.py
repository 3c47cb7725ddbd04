"""Word diffs: both wordings can be read out of one, and it says no more than what changed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.wording import Change, word_diff

WORDS = st.lists(st.sampled_from(["a", "b", "tool", "Ship", " ", "  ", "\n", "it.", "—", "🫖"]), max_size=30).map(
    "".join
)
TEXTS = st.text(max_size=60) | WORDS


@given(TEXTS, TEXTS)
def test_a_diff_gives_both_wordings_back(before: str, after: str) -> None:
    runs = word_diff(before, after)
    assert "".join(text for kind, text in runs if kind != "added") == before
    assert "".join(text for kind, text in runs if kind != "removed") == after


@given(TEXTS, TEXTS)
def test_runs_are_never_empty_and_never_two_of_a_kind_in_a_row(before: str, after: str) -> None:
    runs = word_diff(before, after)
    kinds = [kind for kind, _ in runs]
    assert all(text for _, text in runs)
    assert all(one != other for one, other in pairwise(kinds))
    assert ("added", "removed") not in list(pairwise(kinds))


@given(TEXTS)
def test_the_same_text_has_not_changed(text: str) -> None:
    assert word_diff(text, text) == ([("same", text)] if text else [])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
        ("one two three", "one 2 three", [("same", "one "), ("removed", "two"), ("added", "2"), ("same", " three")]),
        (
            "one two three four",
            "one 2 3 four",
            [("same", "one "), ("removed", "two three"), ("added", "2 3"), ("same", " four")],
        ),
        ("It ships.", "It ships now.", [("same", "It "), ("removed", "ships."), ("added", "ships now.")]),
    ],
)
def test_words_that_changed_are_named_together(before: str, after: str, expected: list[tuple[Change, str]]) -> None:
    assert word_diff(before, after) == expected
