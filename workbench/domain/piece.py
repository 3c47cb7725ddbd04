"""A quote as it is put together: sentences, each with where it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from workbench.domain.ids import DraftId

PieceSource = Literal["", "pasted"]
"""Where words of no draft come from: typed here by the editor, or pasted into the beat grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One sentence of a quote, the beat it serves, and the draft's sentence it was taken from.

    `place` counts the draft's sentences from 0; `draft_id` and `place` are None for words of no draft: the editor's
    own, or, as `source` says, pasted from elsewhere. The text may have been changed since it was taken.
    """

    text: str
    beat: str = ""
    draft_id: DraftId | None = None
    place: int | None = None
    source: PieceSource = ""


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
