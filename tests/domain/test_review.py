"""Answers, whole and unfinished."""

from __future__ import annotations

import itertools
import json
from typing import Any

import jiter
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.review import (
    REVIEW_SCHEMA,
    Review,
    Sentence,
    WrongShapeError,
    partial_review,
    strict_review,
)

ANSWER: dict[str, Any] = {
    "sentences": [
        {"beat": "primitive", "facts": ["F1", "F2"], "text": "It is a “test runner”, no more."},
        {"beat": "verdict", "facts": [], "text": " Ship it: 3 words ✓. "},
    ],
    "verdict": "ship",
    "confidence": "high",
    "reason": "It runs.",
}


def test_a_whole_answer_becomes_a_review() -> None:
    review = strict_review(ANSWER)
    assert review == Review(
        sentences=(
            Sentence(beat="primitive", facts=("F1", "F2"), text="It is a “test runner”, no more."),
            Sentence(beat="verdict", facts=(), text=" Ship it: 3 words ✓. "),
        ),
        verdict="ship",
        confidence="high",
        reason="It runs.",
    )
    assert review.quote == "It is a “test runner”, no more. Ship it: 3 words ✓."
    assert review.words == 11
    assert partial_review(ANSWER) == review


def test_letter_case_of_the_enums_is_forgiven() -> None:
    review = strict_review(ANSWER | {"verdict": " SKIP", "confidence": "Low"})
    assert (review.verdict, review.confidence) == ("skip", "low")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("prose", "not one JSON object"),
        ([ANSWER], "not one JSON object"),
        ({}, "no sentence"),
        (ANSWER | {"sentences": "It is good."}, "no sentence"),
        (
            ANSWER | {"sentences": [*ANSWER["sentences"], {"beat": "x", "facts": [], "text": " "}]},
            "sentence 3 has no text",
        ),
        (ANSWER | {"sentences": [*ANSWER["sentences"], 3]}, "sentence 3 has no text"),
        (ANSWER | {"sentences": [{"facts": [], "text": "Good."}]}, "sentence 1 names no beat"),
        (ANSWER | {"sentences": [{"beat": "", "facts": [], "text": "Good."}]}, "sentence 1 names no beat"),
        (ANSWER | {"sentences": [{"beat": "x", "text": "Good."}]}, "sentence 1 names no beat"),
        (ANSWER | {"sentences": [{"beat": "x", "facts": [3], "text": "Good."}]}, "sentence 1 cites something"),
        (ANSWER | {"verdict": "maybe"}, "neither ship nor skip: 'maybe'"),
        (ANSWER | {"verdict": True}, "neither ship nor skip"),
        ({key: value for key, value in ANSWER.items() if key != "verdict"}, "neither ship nor skip: None"),
        (ANSWER | {"confidence": 1}, "none of low, medium, high"),
        (ANSWER | {"reason": None}, "reason is missing"),
    ],
)
def test_what_is_no_review_is_refused_with_the_reason(answer: object, says: str) -> None:
    with pytest.raises(WrongShapeError, match=says):
        strict_review(answer)


keys = st.sampled_from(["sentences", "beat", "facts", "text", "verdict", "confidence", "reason", "other"])
anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["ship", "high", "F1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


def strict_or_none(value: object) -> Review | None:
    try:
        return strict_review(value)
    except WrongShapeError:
        return None


@given(anything)
def test_any_json_is_a_review_in_part_and_never_more_when_strict(value: object) -> None:
    partial = partial_review(value)
    assert isinstance(partial, Review)
    assert strict_or_none(value) in (None, partial)


fields = st.fixed_dictionaries(
    {
        "sentences": st.lists(
            st.fixed_dictionaries(
                {
                    "beat": st.text(max_size=8),
                    "facts": st.lists(st.sampled_from(["F1", "F2"])),
                    "text": st.text(max_size=12),
                }
            ),
            max_size=4,
        ),
        "verdict": st.sampled_from(["ship", "skip"]),
        "confidence": st.sampled_from(["low", "medium", "high"]),
        "reason": st.text(max_size=8),
    }
)


@given(fields, st.booleans())
def test_the_quote_only_grows_while_an_answer_streams(answer: dict[str, Any], ascii_only: bool) -> None:
    data = json.dumps(answer, ensure_ascii=ascii_only).encode("utf-8", "replace")
    whole = partial_review(jiter.from_json(data))
    shown: list[Review] = []
    for end in range(1, len(data) + 1):
        try:
            held = jiter.from_json(data[:end], partial_mode="trailing-strings")
        except ValueError:  # a prefix that ends inside a character; the next one shows it
            continue
        shown.append(partial_review(held))
    texts = [[sentence.text for sentence in review.sentences] for review in shown]
    for before, after in itertools.pairwise(texts):
        assert all(new.startswith(old) for old, new in zip(before, after, strict=False))
        assert len(before) <= len(after)
    assert shown[-1] == whole
    assert all(review.verdict in (None, whole.verdict) for review in shown)


@given(fields)
def test_a_beat_is_shown_only_when_it_is_whole(answer: dict[str, Any]) -> None:
    ordered = [{key: item[key] for key in ("beat", "facts", "text")} for item in answer["sentences"]]
    data = json.dumps({"sentences": ordered}).encode()
    whole = [item["beat"] for item in answer["sentences"]]
    for end in range(1, len(data) + 1, 3):
        held = partial_review(jiter.from_json(data[:end], partial_mode="trailing-strings"))
        assert all(one.beat in ("", beat) for one, beat in zip(held.sentences, whole, strict=False))


def test_the_schema_asks_for_everything_in_reading_order() -> None:
    assert list(REVIEW_SCHEMA["properties"]) == REVIEW_SCHEMA["required"]
    item = REVIEW_SCHEMA["properties"]["sentences"]["items"]
    assert list(item["properties"]) == item["required"] == ["beat", "facts", "text"]
    assert REVIEW_SCHEMA["additionalProperties"] is item["additionalProperties"] is False
