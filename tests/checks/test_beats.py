from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checks.drafts import BACKGROUND, PERSONA, review
from workbench.checks.beats import CHECK
from workbench.domain.ids import PersonaId
from workbench.domain.persona import Beat, Persona
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


def test_several_sentences_inside_one_beat_are_shown() -> None:
    draft = review(("soil", "One, e.g. this. Two. Three."), ("sun", "Two."), ("rain", "Node.js 3.1 is here."))
    assert _said(draft) == [("3 sentences for the beat “Soil”; one is enough.", "One, e.g. this. Two. Three.")]


def test_an_empty_review_misses_every_beat() -> None:
    assert [found.evidence for found in CHECK.findings(Review(), BACKGROUND)] == ["soil", "sun", "rain"]


def _lens(name: str, *openers: str) -> Persona:
    beats = tuple(Beat(id=f"b{place}", label="B", brief="Say it.", opener=one) for place, one in enumerate(openers))
    return replace(PERSONA, id=PersonaId(name), label=name.title(), beats=beats)


SAILOR = _lens("sailor", "The harbour is", "This is riding the tide of", "Still a", "The soil is")


def _strange(*parts: tuple[str, str]) -> list[tuple[str, str]]:
    draft = review(*parts)
    found = CHECK.findings(draft, replace(BACKGROUND, others=(PERSONA, SAILOR)))
    return [(draft.quote[one.start : one.end], one.evidence) for one in found if "speaks" in one.reason]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The harbour is full.", ("harbour", "The harbour is")),
        ("Wet. THE  HARBOUR\nis full.", ("HARBOUR", "The harbour is")),
        ("As it is riding the tide of rain, it grows.", ("riding the tide", "This is riding the tide of")),
    ],
)
def test_the_line_of_another_lens_is_shown_at_its_words(text: str, line: tuple[str, str]) -> None:
    assert _strange(("soil", "One."), ("sun", text), ("rain", "Three.")) == [line]


@pytest.mark.parametrize(
    "text",
    [
        "It leaves the harbour is what they say.",  # a short line counts only where a sentence opens with it
        "The harbour was full.",
        "Still a garden.",  # small words give nobody away
        "The soil is dry.",  # this lens says it, too
        "The tide of rain is rising.",
    ],
)
def test_words_that_are_nobody_elses_line_pass(text: str) -> None:
    assert _strange(("soil", text)) == []


def test_a_line_names_the_lens_it_belongs_to() -> None:
    draft = review(("soil", "The harbour is full."))
    found = CHECK.findings(draft, replace(BACKGROUND, others=(SAILOR,)))
    assert found[-1].reason == "This is how the Sailor lens speaks: “The harbour is”."
