from __future__ import annotations

from tests.checks import scoring
from tests.shared_data import SHARED, needs_shared

GROUNDING = SHARED / "grounding"


@needs_shared
def test_marks_meet_the_labelled_claims() -> None:
    by_claim, by_sentence = scoring.labelled_quotes(GROUNDING)
    assert by_claim.precision >= 0.85
    assert by_claim.recall >= 0.70
    assert by_sentence.precision >= 0.92
    assert by_sentence.recall >= 0.85


@needs_shared
def test_edited_summaries_of_sales_mail_are_told_from_true_ones() -> None:
    score = scoring.summedits(GROUNDING)
    assert score.precision >= 0.95
    assert score.balanced >= 0.74
