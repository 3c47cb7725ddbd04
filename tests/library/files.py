"""A persona file that is right, and a place to put it."""

from __future__ import annotations

import os
from pathlib import Path

from workbench.library.files import FileLibrary, builtin_prompts

GOOD = """\
---
label: Gardener
order: 5
color: "#336633"
summary: Asks what has to be weeded.
length: [20, 60]
banned: [evergreen]
beats:
  - id: soil
    label: Soil
    brief: Say what it grows in.
    opener: The soil is
exemplars:
  - tool: Make
    verdict: ship
    text: The soil is a file of rules.
---
You tend software for years.
"""


def library_with(folder: Path, content: str | bytes, name: str = "gardener.md") -> FileLibrary:
    """A library whose personas folder holds one file."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return FileLibrary(folder, builtin_prompts())


def rewrite(path: Path, content: str) -> None:
    """Change a file and be sure that its time changes too, however coarse the file system's clock."""
    before = path.stat().st_mtime_ns
    path.write_text(content, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))
