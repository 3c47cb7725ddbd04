"""Keeps what a model says beside its answer: shown when no answer comes, and never without end."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 20_000
"""Characters that are kept; no review is a tenth as long, and nobody would read on."""


class Aside:
    """Text in pieces, of which the first LONGEST characters are kept."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._room = LONGEST

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def add(self, piece: str) -> bool:
        """Keep the piece; False when there was no room for all of it."""
        if piece:
            self._pieces.append(piece[: self._room])
        fits = len(piece) <= self._room
        self._room = max(self._room - len(piece), 0)
        return fits

    def text(self) -> str:
        """All that was kept."""
        return "".join(self._pieces)
