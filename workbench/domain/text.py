"""Text at the door and on the page: cleaning, counting, splitting, slugs, rounding."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.ids import Digest

HIDING = {
    "control": re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f]+"),
    "direction": re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]+"),
    "tag": re.compile("[\U000e0000-\U000e0fff]+"),
    "invisible": re.compile("[\u200b\u2060-\u2064\ufeff\u00ad]+"),
    "private-use": re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+"),
    "variation": re.compile("(?<!\\S)[\ufe00-\ufe0f]+|[\ufe00-\ufe0f]{2,}"),
}
"""Characters that no reader sees, in runs, by what they are."""
_WORD = re.compile(r"\w")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-ÖØ-Þ`])")
_ITEM = re.compile(r"\s*(?:[-*•+#|>]|\d{1,3}[.)])\s")
_WRAPPED_AT = 60
"""A line at least this long was probably broken by an editor's window, not by its writer."""
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|etc|approx|No|Inc|Ltd|Dr|Mr|Ms)\.$")
_ABBREVIATION_REACH = 10
"""Longer than any abbreviation and the character before it: looking further back costs the square of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A working copy of pasted text, and how many invisible characters were taken out of it."""

    text: str
    removed: int


def clean(raw: str) -> Cleaned:
    """The working copy of pasted text: NFC, `\\n` line ends, nothing that hides.

    Drops controls, bidi overrides, tag characters, private use, zero-width spaces and stray variation
    selectors; keeps the joiners that emoji, Persian and Indic scripts need. NUL and lone surrogates
    are the caller's to refuse (`first_unusable`): dropping them would hide a broken source.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    removed = 0
    for pattern in HIDING.values():
        kept = pattern.sub("", text)
        removed += len(text) - len(kept)
        text = kept
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return Cleaned(text=re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), removed=removed)


def first_unusable(raw: str) -> tuple[int, str] | None:
    """Where the first NUL or lone surrogate stands (0-based), and its name; None when all is well."""
    for position, character in enumerate(raw):
        if character == "\0":
            return position, "a NUL character"
        if "\ud800" <= character <= "\udfff":
            return position, f"half of a surrogate pair (U+{ord(character):04X})"
    return None


def one_line(text: str) -> str:
    """The text on one line, with runs of blanks as one: for names, taglines, headers."""
    return " ".join(text.split())


def word_count(text: str) -> int:
    """Words as an editor counts them: runs between blanks that hold a letter or a digit."""
    return sum(_WORD.search(run) is not None for run in text.split())


def sentences(text: str) -> list[str]:
    """The text's sentences in order. Joined by blanks they give the text back, but for its blanks.

    Paragraphs, headings and list items are boundaries; a line that was only wrapped is not.
    """
    return [text[start:end].replace("\n", " ") for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each of the text's sentences stands, without the blanks around it."""
    found: list[tuple[int, int]] = []
    for offset, line in _unwrapped(text):
        start = 0
        for match in _SENTENCE_END.finditer(line):
            if _ABBREVIATION.search(line[max(start, match.start() - _ABBREVIATION_REACH) : match.start()]):
                continue
            found.append(_trimmed(line, start, match.end(), offset))
            start = match.end()
        if line[start:].strip():
            found.append(_trimmed(line, start, len(line), offset))
    return found


def _trimmed(line: str, start: int, end: int, offset: int) -> tuple[int, int]:
    part = line[start:end]
    return offset + end - len(part.lstrip()), offset + start + len(part.rstrip())


def _unwrapped(text: str) -> Iterator[tuple[int, str]]:
    """The text's lines with where they start, each with those that only continue it: not a list or a heading."""
    whole, offset, place = "", 0, 0
    for line in text.split("\n"):
        goes_on = line[:1].islower() or len(whole) - (whole.rfind("\n") + 1) >= _WRAPPED_AT
        if whole.strip() and line.strip() and goes_on and not _ITEM.match(line):
            whole += f"\n{line}"
        else:
            yield offset, whole.replace("\n", " ")
            whole, offset = line, place
        place += len(line) + 1
    yield offset, whole.replace("\n", " ")


def slug(name: str, *, limit: int = 80) -> str:
    """`Claude 4 API: Tool Use` → `claude-4-api-tool-use`; empty when nothing of the name is ASCII."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:limit].strip("-")


def percent(part: int, whole: int) -> int:
    """`part` of `whole` in percent, halves rounded up. `whole` must be positive."""
    return (200 * part + whole) // (2 * whole)


def digest(text: str) -> Digest:
    """sha256 of the text's UTF-8 bytes, in hex."""
    return digest_of(text.encode("utf-8"))


def digest_of(data: bytes) -> Digest:
    """sha256 of the bytes, in hex."""
    return Digest(hashlib.sha256(data).hexdigest())
