from __future__ import annotations

import pytest

from tests.checks.drafts import BACKGROUND, review
from workbench.checks.length import CHECK
from workbench.domain.review import Review


@pytest.mark.parametrize("words", [6, 9, 12])
def test_a_quote_within_the_band_passes(words: int) -> None:
    assert CHECK.findings(review(("soil", "word " * words)), BACKGROUND) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (5, "5 words, 1 too few: this lens writes 6 to 12."),
        (1, "1 word, 5 too few: this lens writes 6 to 12."),
        (13, "13 words, 1 too many: this lens writes 6 to 12."),
    ],
)
def test_a_quote_outside_the_band_is_counted(words: int, said: str) -> None:
    (finding,) = CHECK.findings(review(("soil", "word " * words)), BACKGROUND)
    assert (finding.reason, finding.start, finding.end) == (said, 0, 0)


def test_an_empty_quote_is_too_short() -> None:
    assert len(CHECK.findings(Review(), BACKGROUND)) == 1
