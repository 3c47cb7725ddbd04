"""One content file: may it be read at all, and what is its text."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from workbench.domain.text import first_unusable
from workbench.errors import LibraryError

SIZE_LIMIT = 256 * 1024
"""Largest content file in bytes; the longest built-in one has 8 kB."""
_SLUG = re.compile(r"[a-z0-9-]{1,40}\Z")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])\Z")

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A Markdown file of the library. `stamp` changes whenever its content may have changed; `unsaved` is read in
    place of what is on disk."""

    path: Path
    stamp: Stamp
    unsaved: bytes | None = None

    @property
    def id(self) -> str:
        """The file's name without `.md`: what the workbench calls its content."""
        return self.path.stem

    def text(self) -> str:
        """Its text without a byte order mark, with `\\n` line ends. Raises LibraryError."""
        name = str(self.path)
        if self.stamp[1] > SIZE_LIMIT:
            raise LibraryError(name, f"the file has {self.stamp[1]:,} bytes.", f"Keep it under {SIZE_LIMIT:,}.")
        try:
            raw = self.path.read_bytes() if self.unsaved is None else self.unsaved
        except OSError as error:
            raise LibraryError(name, f"the file cannot be read ({error.strerror}).", "Check who may read it.") from None
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise LibraryError(name, "the file is not UTF-8.", "Save it as UTF-8.", line=line) from None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            raise LibraryError(name, "the file is empty.", "Restore it, or delete it.")
        found = first_unusable(text)
        if found is not None:
            position, what = found
            line = text.count("\n", 0, position) + 1
            raise LibraryError(name, f"the file holds {what}.", "Delete that character.", line=line)
        return text


def unsaved_file(path: Path, text: str) -> SourceFile:
    """The file as it would be with that text."""
    raw = text.encode("utf-8", "surrogatepass")
    return SourceFile(path=path, stamp=(0, len(raw), 0), unsaved=raw)


def markdown_files(folder: Path) -> list[Path]:
    """The folder's Markdown files by name, hidden ones left out. Raises LibraryError when it cannot be listed."""
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() == ".md" and not path.name.startswith(".")]
    except OSError as error:
        raise LibraryError(
            str(folder),
            f"the folder cannot be read ({error.strerror}).",
            "Check the setting that names it, or unset it to use the built-in one.",
        ) from None
    return sorted(found)


def source_file(path: Path) -> SourceFile:
    """The file at `path` as it is now, not yet read.

    Raises LibraryError when it is missing, badly named, not a file, or a link that leaves its folder.
    """
    name = str(path)
    if path.suffix != ".md" or not _SLUG.match(path.stem) or _DEVICE.match(path.stem):
        raise LibraryError(
            name,
            "the file's name cannot be used.",
            "Use up to 40 of a-z, 0-9 and “-”, then “.md”, and none of Windows' device names.",
        )
    try:
        inside = not path.is_symlink() or path.resolve(strict=True).is_relative_to(path.parent.resolve())
        status = path.stat()
    except FileNotFoundError:
        raise LibraryError(name, "the file is missing.", "Restore it, or point the setting at its folder.") from None
    except (OSError, RuntimeError):  # a link to itself is a RuntimeError before Python 3.13
        raise LibraryError(name, "the file cannot be found.", "Check its links and who may read it.") from None
    if not inside:
        raise LibraryError(name, "the file is a link that leaves its folder.", "Put the file itself there.")
    if not stat.S_ISREG(status.st_mode):
        raise LibraryError(name, "this is not a file.", "Replace it with a Markdown file, or rename it.")
    return SourceFile(path=path, stamp=(status.st_mtime_ns, status.st_size, status.st_ino))
