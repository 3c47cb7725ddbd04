"""A draft's JSON text as a review: as far as it has come, or whole and strict."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import jiter

from workbench.domain.review import Review, Sentence, WrongShapeError, as_json, partial_review, strict_review
from workbench.domain.text import first_unusable

_PLAIN = re.compile(r'[^"\\\x00-\x1f\ud800-\udfff]*')
"""What stands in a JSON string for itself."""


class Read(NamedTuple):
    """What `text` holds so far. `within`: a letter more would lengthen its last sentence, and do nothing else."""

    text: str = ""
    review: Review = Review()
    within: bool = False


def read_on(before: Read, text: str) -> Read:
    """What an unfinished answer holds so far. Never raises; text that is not JSON gives an empty review.

    Most pieces of a stream only lengthen a sentence: where `text` goes on from `before` so, it is not parsed again.
    """
    if before.within and text.startswith(before.text):
        piece = text[len(before.text) :]
        if _PLAIN.fullmatch(piece):
            return Read(text, _longer(before.review, piece), within=True)
    review = _parsed(text)
    said = review.sentences[-1].text if review.sentences else ""
    within = bool(said) and text.endswith(said) and _parsed(text + "x") == _longer(review, "x")
    return Read(text, review, within)


def read_partial(text: str) -> Review:
    """What an unfinished answer holds so far, read from its beginning."""
    return _parsed(text)


def read_whole(text: str) -> Review:
    """A finished answer, the same as `read_partial` makes of it. Raises WrongShapeError.

    jiter forgives what follows the object, `json` does not; `json` forgives half a surrogate pair, jiter does not.
    """
    try:
        value: object = json.loads(_encoded(text))
    except (ValueError, RecursionError) as error:
        raise WrongShapeError(f"the answer is not JSON ({error})") from None
    review = strict_review(value)
    unusable = first_unusable(review.quote)
    if unusable is not None:
        raise WrongShapeError(f"the quote holds {unusable[1]}")
    if review != read_partial(text):
        raise WrongShapeError("the answer holds characters no text can keep")
    return review


def closed(text: str) -> str:
    """An answer as it can be sent back: as it is when it is whole, else the review as far as it goes. Never raises."""
    try:
        read_whole(text)
    except WrongShapeError:
        return as_json(read_partial(text))
    return _encoded(text).decode()


def _longer(review: Review, piece: str) -> Review:
    *whole, last = review.sentences
    return Review(sentences=(*whole, Sentence(beat=last.beat, facts=last.facts, text=last.text + piece)))


def _parsed(text: str) -> Review:
    try:
        return partial_review(jiter.from_json(_encoded(text), partial_mode="trailing-strings")) if text else Review()
    except ValueError:
        return Review()


def _encoded(text: str) -> bytes:
    """UTF-8. An emoji cut in two between deltas is one again; a half without its other half becomes U+FFFD."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")
