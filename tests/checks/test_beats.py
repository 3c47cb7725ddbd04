from __future__ import annotations

from tests.checks.drafts import BACKGROUND, review
from workbench.checks.beats import CHECK
from workbench.domain.review import Review


def _said(draft: Review) -> list[tuple[str, str]]:
    return [(found.reason, draft.quote[found.start : found.end]) for found in CHECK.findings(draft, BACKGROUND)]


def test_one_sentence_for_each_beat_in_order_passes() -> None:
    assert _said(review(("soil", "One."), ("sun", "Two."), ("rain", "Three."))) == []


def test_a_missing_beat_is_about_the_whole_quote() -> None:
    assert _said(review(("soil", "One."), ("rain", "Three."))) == [("No sentence serves the beat “Sun”.", "")]


def test_a_beat_whose_sentence_is_blank_is_missing() -> None:
    draft = review(("soil", "One."), ("sun", "  "), ("rain", "Three."))
    assert _said(draft) == [("No sentence serves the beat “Sun”.", "")]


def test_a_second_sentence_for_a_beat_is_shown() -> None:
    draft = review(("soil", "One."), ("sun", "Two."), ("soil", "Again."), ("rain", "Three."))
    assert _said(draft) == [("A second sentence for the beat “Soil”; one is enough.", "Again.")]


def test_a_beat_out_of_order_is_shown_with_the_one_it_should_precede() -> None:
    draft = review(("soil", "One."), ("rain", "Three."), ("sun", "Two."))
    assert _said(draft) == [("The beat “Sun” comes after “Rain”; it goes before it.", "Two.")]


def test_a_sentence_for_another_lens_is_shown() -> None:
    draft = review(("soil", "One."), ("moat", " Deep. "), ("sun", "Two."), ("", "Adrift."), ("rain", "Three."))
    assert _said(draft) == [
        ("This sentence serves nothing: no beat of this lens is called “moat”.", "Deep."),
        ("This sentence serves nothing: it names no beat.", "Adrift."),
    ]


def test_an_empty_review_misses_every_beat() -> None:
    assert [found.evidence for found in CHECK.findings(Review(), BACKGROUND)] == ["soil", "sun", "rain"]
