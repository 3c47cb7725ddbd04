"""Reads request bodies as plain data: what is not there is empty, what does not fit is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import cast

Body = Mapping[str, object]
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def mapping(value: object) -> Body:
    """The value as an object; empty when it is none."""
    return cast("Body", value) if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[object]:
    """The value as a list; empty when it is none."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def texts(content: object) -> list[str]:
    """The texts of a message's content, be it one string or a list of blocks."""
    if isinstance(content, str):
        return [content]
    found = (mapping(block).get("text") for block in items(content))
    return [text for text in found if isinstance(text, str)]


def compact(value: object) -> str:
    """JSON as the vendors write it: no blanks, UTF-8 as it is."""
    return _ENCODER.encode(value)


def quoted(text: str) -> str:
    """A text as JSON has it: what `compact` gives, for the many pieces of a stream."""
    return encode_basestring(text)
