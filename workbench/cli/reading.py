"""What a person hands over besides arguments: a file, or standard input under the name `-`."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.domain.text import first_unusable
from workbench.errors import InputError

STDIN = "-"
TEXT_LIMIT = 100_000
"""Bytes of a quote or a call; what may be kept of them is far below it."""


def read_bytes(source: str, limit: int, *, field: str) -> bytes:
    """At most `limit` bytes of a file or of standard input. Raises InputError naming the source."""
    if source == STDIN:
        return sys.stdin.buffer.read(limit)
    try:
        with Path(source).open("rb") as file:
            return file.read(limit)
    except OSError as error:
        raise InputError(
            f"“{source}” cannot be read: {error.strerror or error}.", "Check the path.", field=field
        ) from None


def read_text(source: str, *, field: str) -> str:
    """The same as text. Raises InputError when it is too long, not UTF-8, or holds what no text holds."""
    data = read_bytes(source, TEXT_LIMIT + 1, field=field)
    shown = "Standard input" if source == STDIN else f"“{source}”"
    if len(data) > TEXT_LIMIT:
        raise InputError(f"{shown} has more than {TEXT_LIMIT:,} bytes; the limit is there.", "Shorten it.", field=field)
    text = as_text(data, shown, field=field)
    found = first_unusable(text)
    if found is not None:
        raise InputError(f"{shown} holds {found[1]} at character {found[0] + 1}.", "Remove it.", field=field)
    return text


def as_text(data: bytes, shown: str, *, field: str) -> str:
    """The bytes as UTF-8. Raises InputError naming the line."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{shown} is not UTF-8 but in another encoding.", "Save it as UTF-8.", field=field, line=at
        ) from None
