from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import workbench.checks
from tests.checks.drafts import BACKGROUND
from workbench.domain.review import Review, Sentence
from workbench.plugins import discover
from workbench.ports import Check

CHECKS: list[Check] = discover(workbench.checks, "CHECK")
MINE = ("banned", "beats", "citations", "echo", "fatigue", "first_hand", "length", "openers", "verdict")

_sentences = st.builds(
    Sentence,
    beat=st.sampled_from(["soil", "sun", "rain", "snow", ""]),
    facts=st.lists(st.sampled_from(["F1", "F2", "F3", "f1", ""]), max_size=3).map(tuple),
    text=st.one_of(st.text(max_size=40), st.sampled_from(["The fruit is evergreen.", "  It's fine.  ", "C++ İ fruit"])),
)
_reviews = st.builds(Review, sentences=st.lists(_sentences, max_size=6).map(tuple))


def test_checks_are_found_by_the_name_of_their_rule() -> None:
    assert set(MINE) <= {check.name for check in CHECKS}


@given(_reviews)
def test_every_finding_carries_its_rule_and_a_span_inside_the_quote(review: Review) -> None:
    for check in CHECKS:
        for finding in check.findings(review, BACKGROUND):
            assert finding.rule == check.name
            assert finding.reason
            assert 0 <= finding.start <= finding.end <= len(review.quote)


@given(_reviews)
def test_a_check_says_the_same_thing_twice(review: Review) -> None:
    for check in CHECKS:
        assert check.findings(review, BACKGROUND) == check.findings(review, BACKGROUND)


@given(_reviews)
def test_a_span_about_a_sentence_is_that_sentence(review: Review) -> None:
    texts = {sentence.text.strip() for sentence in review.sentences}
    spans = [
        review.quote[finding.start : finding.end]
        for check in CHECKS
        if check.name in {"beats", "citations"}
        for finding in check.findings(review, BACKGROUND)
        if finding.end > 0
    ]
    assert set(spans) <= texts
