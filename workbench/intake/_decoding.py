"""Bytes of an uploaded file → text, without ever guessing at a letter."""

from __future__ import annotations

import codecs

from workbench.domain.text import clean, one_line
from workbench.errors import InputError

SIZE_LIMIT = 5_000_000
"""Largest file in bytes."""
_MARKS = (
    # UTF-32's mark begins with UTF-16's, so it is looked for first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS = "Save it as UTF-8 and upload it again: in Excel “CSV UTF-8”, in an editor “Save as”, encoding UTF-8."


def decode(data: bytes, name: str) -> str:
    """The file's text without its byte order mark; `name` is for messages only.

    Raises InputError for a file that is too large, that is not text, or that is in neither UTF-8 nor marked UTF-16.
    """
    shown = one_line(clean(name).text)[:80] or "the file"
    if len(data) > SIZE_LIMIT:
        raise InputError(
            f"“{shown}” has {len(data) / 1e6:.1f} MB; the limit is {SIZE_LIMIT / 1e6:.0f} MB.",
            "Split it, or keep only the columns that are needed.",
        )
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8":
        _refuse_binary(data, shown)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding not in ("utf-8", "utf-8-sig"):
            raise InputError(f"“{shown}” says it is {encoding.upper()}, but is damaged.", _SAVE_AS) from None
        raise _unknown_encoding(data, shown, error.start) from None


def _refuse_binary(data: bytes, shown: str) -> None:
    if data.startswith(b"PK\x03\x04"):
        raise InputError(f"“{shown}” is an archive or a spreadsheet, not text.", "Save it as CSV in UTF-8.")
    found = data.find(b"\0")
    if found >= 0:
        line = data.count(b"\n", 0, found) + 1
        raise InputError(f"“{shown}” holds a NUL byte: it is not a text file.", _SAVE_AS, line=line)


def _unknown_encoding(data: bytes, shown: str, position: int) -> InputError:
    """The preview lets a person judge the guess; the file itself is never read by it."""
    line = data.count(b"\n", 0, position) + 1
    around = data[max(0, position - 20) : position + 20]
    try:
        guess = f" Its likely encoding is Windows-1252; read so, it says “…{one_line(around.decode('cp1252'))}…”."
    except UnicodeDecodeError:
        guess = ""
    return InputError(f"“{shown}” is not UTF-8 but in another encoding.{guess}", _SAVE_AS, line=line)
