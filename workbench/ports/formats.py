"""Ways in and out: readers of pasted text, checks of drafts, formats of pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from workbench.domain.comparison import Page
from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review
from workbench.domain.submission import Submission
from workbench.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a reader found: tools in order, rows it could not read, and remarks for the editor."""

    submissions: tuple[Submission, ...]
    problems: tuple[InputError, ...] = ()
    notices: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads one format into submissions."""

    @property
    def name(self) -> str:
        """The format's name: `csv`."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings it reads, with the dot; empty for pasted text."""
        ...

    def read(self, text: str) -> Intake:
        """Raises InputError when nothing of the text can be read."""
        ...


class Check(Protocol):
    """Looks at one draft's review. Pure and fast: it runs on every finished draft and after every edit."""

    @property
    def name(self) -> str:
        """The rule its findings carry."""
        ...

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """What is worth a look."""
        ...


class Exporter(Protocol):
    """Turns a page into one format's bytes. The same page gives the same bytes."""

    @property
    def name(self) -> str:
        """What one asks for: `markdown`."""
        ...

    @property
    def label(self) -> str:
        """What the screen calls it: `Markdown`."""
        ...

    @property
    def suffix(self) -> str:
        """The file's ending with the dot: `.md`."""
        ...

    @property
    def media_type(self) -> str:
        """`text/markdown`."""
        ...

    def render(self, page: Page) -> bytes:
        """The file, UTF-8."""
        ...
