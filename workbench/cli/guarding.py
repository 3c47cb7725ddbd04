"""Which files that hold secrets others on this machine may read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_OTHERS = stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH


def open_to_others(*files: Path) -> Iterator[str]:
    """A sentence with its remedy for each of these files that somebody else may read or write."""
    for file in files:
        try:
            mode = file.stat().st_mode
        except OSError:
            continue
        # Windows answers with bits that mean nothing there.
        if os.name == "posix" and mode & _OTHERS:
            path = file.absolute()
            yield (
                f"{path} may be read by others on this machine (mode {stat.S_IMODE(mode):04o}). "
                f"Keys and passwords may stand there: chmod 600 {path}"
            )
