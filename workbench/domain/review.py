"""What a draft contains: cited sentences, then the model's verdict. One schema for every provider.

The schema never names a persona or a fact, so it is the same for every request and never breaks a
cached prefix.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar, cast

from workbench.domain.text import word_count

T = TypeVar("T", bound=str)
Verdict = Literal["ship", "skip"]
Confidence = Literal["low", "medium", "high"]
VERDICTS: tuple[Verdict, ...] = ("ship", "skip")
CONFIDENCES: tuple[Confidence, ...] = ("low", "medium", "high")

REVIEW_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "beat": {"type": "string"},
                    "facts": {"type": "array", "items": {"type": "string"}},
                    "text": {"type": "string"},
                },
                "required": ["beat", "facts", "text"],
                "additionalProperties": False,
            },
        },
        "verdict": {"type": "string", "enum": list(VERDICTS)},
        "confidence": {"type": "string", "enum": list(CONFIDENCES)},
        "reason": {"type": "string"},
    },
    "required": ["sentences", "verdict", "confidence", "reason"],
    "additionalProperties": False,
}
"""JSON Schema of a review. All properties are required and in reading order: they stream in that order."""


class Sentence(NamedTuple):
    """One sentence, the beat it serves, and the facts (`F1`…) it rests on; none means opinion."""

    beat: str
    facts: tuple[str, ...]
    text: str


class Review(NamedTuple):
    """A draft's content, whole or as far as it has come. The verdict is the model's suggestion only."""

    sentences: tuple[Sentence, ...] = ()
    verdict: Verdict | None = None
    confidence: Confidence | None = None
    reason: str = ""

    @property
    def quote(self) -> str:
        """The sentences joined: there is no second copy of the text."""
        return " ".join(text for sentence in self.sentences if (text := sentence.text.strip()))

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where each sentence stands in the quote, as character offsets; empty for a sentence without text."""
        found: list[tuple[int, int]] = []
        end = 0
        for sentence in self.sentences:
            length = len(sentence.text.strip())
            start = end + 1 if end and length else end
            end = start + length
            found.append((start, end))
        return tuple(found)

    def span(self, index: int) -> tuple[int, int]:
        """Where sentence `index` stands in the quote."""
        return self.spans[index]

    @property
    def words(self) -> int:
        """Length of the quote in words."""
        return word_count(self.quote)


class WrongShapeError(ValueError):
    """A finished answer that is not a review; the message says what is wrong with it."""


def partial_review(value: object) -> Review:
    """As much of a review as an unfinished answer holds. Never raises: what does not fit is left out."""
    whole = _mapping(value)
    reason = whole.get("reason")
    return Review(
        sentences=tuple([_sentence(item) for item in _items(whole.get("sentences"))]),
        verdict=_one_of(whole.get("verdict"), VERDICTS),
        confidence=_one_of(whole.get("confidence"), CONFIDENCES),
        reason=reason if isinstance(reason, str) else "",
    )


def _sentence(item: object) -> Sentence:
    part = _mapping(item)
    beat, text = part.get("beat"), part.get("text")
    return Sentence(
        # The beat is shown only once it is whole, which is when the next key exists.
        beat=beat if isinstance(beat, str) and "facts" in part else "",
        facts=tuple([ref for ref in _items(part.get("facts")) if isinstance(ref, str)]),
        text=text if isinstance(text, str) else "",
    )


def as_json(review: Review) -> str:
    """The review as a model sends it: in the schema's order, without blanks, and without what it does not hold yet."""
    sentences = [{"beat": one.beat, "facts": one.facts, "text": one.text} for one in review.sentences]
    rest = {"verdict": review.verdict, "confidence": review.confidence, "reason": review.reason}
    held = {name: value for name, value in rest.items() if value}
    return json.dumps({"sentences": sentences, **held}, ensure_ascii=False, separators=(",", ":"))


def strict_review(value: object) -> Review:
    """A finished answer as a review. Raises WrongShapeError; never coerces anything into a verdict.

    Letter case of the enums is forgiven: the vendors do not guarantee it.
    """
    if not isinstance(value, Mapping):
        raise WrongShapeError("the answer is not one JSON object")
    review = partial_review(cast("object", value))
    whole = _mapping(cast("object", value))
    if not review.quote:
        raise WrongShapeError("the answer holds no sentence")
    raw = _items(whole.get("sentences"))
    for number, (item, sentence) in enumerate(zip(raw, review.sentences, strict=True), start=1):
        part = _mapping(item)
        if not sentence.text.strip():
            raise WrongShapeError(f"sentence {number} has no text")
        if not isinstance(part.get("beat"), str) or not sentence.beat:
            raise WrongShapeError(f"sentence {number} names no beat")
        if len(sentence.facts) != len(_items(part.get("facts"))):
            raise WrongShapeError(f"sentence {number} cites something that is not a fact id")
    if review.verdict is None:
        raise WrongShapeError(f"the verdict is neither ship nor skip: {whole.get('verdict')!r:.60}")
    if review.confidence is None:
        raise WrongShapeError("the confidence is none of low, medium, high")
    if not isinstance(whole.get("reason"), str):
        raise WrongShapeError("the reason is missing")
    return review


def _mapping(value: object) -> Mapping[str, object]:
    # JSON makes dicts and nothing like them; asking for the ABC takes ten times as long.
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _items(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else ()


def _one_of(value: object, allowed: tuple[T, ...]) -> T | None:
    if not isinstance(value, str):
        return None
    folded = value.strip().lower()
    return next((one for one in allowed if one == folded), None)
