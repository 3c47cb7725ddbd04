"""Counts tokens at about four characters each, and cuts an answer into pieces the size the vendors send."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from zlib import crc32

CHARACTERS = 4

TEXT = (2, 6, 9, 4, 12, 7, 11, 5, 13, 8, 10)
"""Anthropic's text deltas, in characters."""
BUFFERED = (3, 7, 5, 13, 6, 4, 9, 5, 8)
"""Anthropic's ordinary tool input: never above 13 characters."""
EAGER = (9, 18, 27, 14, 31, 22, 12, 40)
"""Anthropic's eager tool input: fewer and larger."""
CHAT = (2, 5, 4, 7, 5, 3, 9, 5, 6, 4, 12, 5, 8)
"""Mistral's deltas: one to three tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of the answer, sent once `after` tokens of it were written (its own included)."""

    text: str
    after: float


def tokens_in(text: str) -> int:
    """Tokens of a text; a text that is not empty has at least one."""
    return -(-len(text) // CHARACTERS)


def cut(text: str, sizes: tuple[int, ...]) -> list[Piece]:
    """The text in pieces of `sizes` characters in turn, begun at a place the text itself decides."""
    start = crc32(text.encode()) % len(sizes)
    found: list[Piece] = []
    position = 0
    for size in cycle(sizes[start:] + sizes[:start]):
        if position >= len(text):
            break
        piece = text[position : position + size]
        position += len(piece)
        found.append(Piece(text=piece, after=position / CHARACTERS))
    return found


def hold_back(pieces: list[Piece], ends: list[int]) -> list[Piece]:
    """The pieces as a buffering vendor sends them: nothing of a part before the part, ending at `ends`, is whole."""
    held: list[Piece] = []
    for piece in pieces:
        reached = piece.after * CHARACTERS
        whole = next((end for end in ends if end >= reached), reached)
        held.append(Piece(text=piece.text, after=whole / CHARACTERS))
    return held
