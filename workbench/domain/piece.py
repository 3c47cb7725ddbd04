"""A quote as it is put together: sentences, each with where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain.ids import DraftId


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One sentence of a quote, the beat it serves, and the draft's sentence it was taken from.

    `place` counts the draft's sentences from 0; `draft_id` and `place` are None for the editor's own words. The text
    may have been changed since it was taken.
    """

    text: str
    beat: str = ""
    draft_id: DraftId | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """What an editor is putting together for a cell and has not saved. `revision` counts its keeps from 1."""

    pieces: tuple[Piece, ...]
    editor: str = ""
    revision: int = 0

    @property
    def text(self) -> str:
        """The quote the pieces make."""
        return joined(self.pieces)


def joined(pieces: Iterable[Piece]) -> str:
    """The pieces as one quote; blank ones are left out."""
    return " ".join(text for one in pieces if (text := one.text.strip()))
