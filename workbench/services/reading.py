"""A draft's JSON text as a review: as far as it has come, or whole and strict."""

from __future__ import annotations

import json

import jiter

from workbench.domain.review import Review, WrongShapeError, partial_review, strict_review


def read_partial(text: str) -> Review:
    """What an unfinished answer holds so far. Never raises; text that is not JSON gives an empty review."""
    if not text:
        return Review()
    try:
        value = jiter.from_json(text.encode("utf-8", "replace"), partial_mode="trailing-strings")
    except ValueError:
        return Review()
    return partial_review(value)


def read_whole(text: str) -> Review:
    """A finished answer. Raises WrongShapeError: jiter forgives what follows the object, `json` does not."""
    try:
        value: object = json.loads(text)
    except ValueError as error:
        raise WrongShapeError(f"the answer is not JSON ({error})") from None
    return strict_review(value)
