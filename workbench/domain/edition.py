"""A persona's or a prompt's file as it was at one time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workbench.domain.ids import Digest

FileKind = Literal["persona", "prompt"]
FOUND = "found on disk"
"""The note of an edition that was not saved here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentFile:
    """A persona's or a prompt's file as it is on disk now.

    `text` is empty and `fault` says why where it cannot be read; a file that can be read may be at fault, too.
    `original` is the built-in file of that name, empty where there is none; `built_in` says that it is this one.
    """

    kind: FileKind
    name: str
    path: str
    text: str
    digest: Digest
    fault: str
    original: str
    built_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One version of a file. `editor` is empty where nobody knows who wrote it; `note` says why it was saved."""

    kind: FileKind
    name: str
    digest: Digest
    text: str
    editor: str
    note: str
    at: datetime
