"""Keeps half a character back until its other half arrives."""

from __future__ import annotations


class Characters:
    """Joins pieces of text that were cut inside a surrogate pair; a half that stays alone becomes U+FFFD."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The text that can be shown now."""
        if not self._held and piece.isascii():  # which most pieces are
            return piece
        text = self._held + piece
        self._held = text[-1] if text and "\ud800" <= text[-1] <= "\udbff" else ""
        whole = text[: len(text) - len(self._held)]
        return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def rest(self) -> str:
        """What never became whole."""
        held, self._held = self._held, ""
        return "\ufffd" if held else ""
