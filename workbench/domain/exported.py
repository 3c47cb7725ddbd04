"""A page as it was exported, and what is different on it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest

from workbench.domain.ids import ComparisonId, Digest, ToolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An export: which pair with which tool on the left, when, by whom, in which format, and the file's digest.

    `text` is the page as plain text, whatever the format.
    """

    comparison_id: ComparisonId
    left: ToolId
    at: datetime
    editor: str
    format: str
    digest: Digest
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A line that reads otherwise; `before` is empty for a new one, `after` for one that is gone. Never both."""

    before: str
    after: str


def line_changes(before: str, after: str) -> tuple[LineChange, ...]:
    """What is different between two texts, line by line in reading order; lines that only moved are gone and new."""
    olds, news = before.split("\n"), after.split("\n")
    found: list[LineChange] = []
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind != "equal":
            pairs = zip_longest(olds[from_old:to_old], news[from_new:to_new], fillvalue="")
            found.extend(LineChange(before=old, after=new) for old, new in pairs if old != new)
    return tuple(found)
