from __future__ import annotations

import pytest

from tests.checks.drafts import BACKGROUND, review
from workbench.checks.openers import CHECK
from workbench.domain.review import Review


def _begin_alike(*texts: str) -> list[tuple[str, str]]:
    draft = review(*(("soil", text) for text in texts))
    return [(draft.quote[one.start : one.end], one.evidence) for one in CHECK.findings(draft, BACKGROUND)]


def test_a_sentence_that_begins_like_an_earlier_one_is_shown_with_it() -> None:
    assert _begin_alike("It has roots.", "Rain falls.", "“IT has” leaves.", "It has seeds.") == [
        ("IT has", "It has roots."),
        ("It has", "It has roots."),
    ]


def test_the_reason_names_the_shared_words() -> None:
    (found,) = CHECK.findings(review(("soil", "It has roots."), ("sun", "It has leaves.")), BACKGROUND)
    assert found.reason == "An earlier sentence begins with “It has”, too."


@pytest.mark.parametrize(
    "texts",
    [
        ("The soil is dry.", "The soil is wet."),  # the lens opens so
        ("The root is dry.", "The leaf is wet."),
        ("Grow.", "Grow."),  # one word is no opener
        ("It is so", "", "It was so."),
    ],
)
def test_openers_of_the_lens_and_different_ones_pass(texts: tuple[str, ...]) -> None:
    assert _begin_alike(*texts) == []


def test_sentences_typed_in_one_piece_are_told_apart() -> None:
    assert _begin_alike("Weeds grow fast. Weeds grow back.") == [("Weeds grow", "Weeds grow fast.")]
    assert CHECK.findings(Review(), BACKGROUND) == []
