"""A quote and where each of its characters stands in the text it was read from."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from workbench.domain.review import Review

_TEXT = re.compile(r'"text"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
"""One character of a JSON string, as it is written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A stretch of a text: offset and length in characters, lines and columns from 1; the end is the first beyond."""

    offset: int
    length: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, kw_only=True)
class Located:
    """`places` holds, for each character of the quote and for its end, the offset in `source` at which it is written.

    `name` is the source's address: a path as given, or `workbench:tool/persona/…`; `label` is what a person reads.
    """

    name: str
    label: str
    source: str = field(repr=False)
    quote: str
    places: Sequence[int] = field(repr=False)

    def region(self, start: int, end: int) -> Region:
        """Where these characters of the quote stand in the source; its beginning, without length, for 0 and 0."""
        first, last = (self.places[0], self.places[0]) if not end else (self.places[start], self.places[end])
        line, column = self._position(first)
        end_line, end_column = self._position(last)
        return Region(
            offset=first, length=last - first, line=line, column=column, end_line=end_line, end_column=end_column
        )

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.source))]


def as_it_is(name: str, label: str, source: str) -> Located:
    """A text that is the quote, blanks around it apart."""
    quote = source.strip()
    start = source.index(quote)
    return Located(name=name, label=label, source=source, quote=quote, places=range(start, start + len(quote) + 1))


def in_json(name: str, label: str, source: str, review: Review) -> Located:
    """A review as JSON, each sentence where its text is written, escapes and all.

    Where the JSON writes its keys in a way of its own, the quote stands for itself.
    """
    places: list[int] = []
    written = _TEXT.finditer(source)
    for sentence in (one for one in review.sentences if one.text.strip()):
        found = next((one for one in written if json.loads(f'"{one[1]}"', strict=False) == sentence.text), None)
        if found is None:
            return as_it_is(f"workbench:{name}", label, review.quote)
        starts = [found.start(1) + one.start() for one in _CHARACTER.finditer(found[1])]
        blank = len(sentence.text) - len(sentence.text.lstrip())
        length = len(sentence.text.strip())
        # The blank between two sentences, and the quote's end, stand where the string before them ends.
        places += [*starts, found.end(1)][blank : blank + length + 1]
    return Located(name=name, label=label, source=source, quote=review.quote, places=tuple(places))
