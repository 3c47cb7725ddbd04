"""Personas and prompts, as they are read and as they are changed."""

from __future__ import annotations

from typing import Protocol

from workbench.domain.edition import ContentFile, FileKind
from workbench.domain.persona import Persona
from workbench.domain.plan import PromptSet


class Library(Protocol):
    """Personas and prompts as they are on disk now."""

    def personas(self) -> tuple[Persona, ...]:
        """Every usable persona, in their order. Raises LibraryError when there is none."""
        ...

    def prompts(self) -> PromptSet:
        """The six prompts. Raises LibraryError or SlotError."""
        ...

    def problems(self) -> tuple[str, ...]:
        """What is wrong with files that were left out, one sentence each."""
        ...

    def sample(self) -> tuple[str, ...]:
        """The sample tools a new workspace starts with, as Markdown files."""
        ...


class WritableLibrary(Library, Protocol):
    """A library whose files can be read as text, tried out and written."""

    def files(self) -> tuple[ContentFile, ...]:
        """Every file, usable or not: personas in their order, then prompts. Raises LibraryError."""
        ...

    def trying(self, kind: FileKind, name: str, text: str) -> Library:
        """The library as it would be with that text in that file.

        Raises UnknownNameError, and LibraryError or SlotError for what would be wrong with it.
        """
        ...

    def write(self, kind: FileKind, name: str, text: str) -> None:
        """Put the text into the file, whole or not at all. Raises LibraryError when the disk refuses."""
        ...
