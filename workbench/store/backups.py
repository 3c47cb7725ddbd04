"""Copies of the workspace made by the database itself: a plain copy of the file misses what is in its log."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

KEPT = 7
"""Backups kept per workspace; older ones are deleted."""


def backups_folder(workspace: Path) -> Path:
    """Where a workspace's backups are."""
    return workspace.parent / "backups"


def backups(workspace: Path) -> list[Path]:
    """The workspace's backups, newest first."""
    # By the whole name: `workbench-2.db` beside `workbench.db` keeps its own seven.
    ours = re.compile(rf"{re.escape(workspace.stem)}-\w+-(\d{{8}}T\d{{12}}Z)\.db")
    found = [(match[1], path) for path in _files(backups_folder(workspace)) if (match := ours.fullmatch(path.name))]
    return [path for _, path in sorted(found, reverse=True)]


def back_up(workspace: Path, revision: str, at: datetime) -> Path:
    """Copy the workspace, also while it is being written, and let go of the oldest backups.

    Raises OSError or sqlite3.Error when the copy cannot be made; then no half of it stays.
    """
    folder = backups_folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    # Microseconds: two backups of one second must not be one file.
    target = folder / f"{workspace.stem}-{revision}-{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}.db"
    unfinished = target.with_suffix(".unfinished")
    try:
        with closing(sqlite3.connect(workspace)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            # A single file that can be carried away; the workspace turns its log on again when it opens.
            copy.execute("PRAGMA journal_mode = DELETE")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    for old in backups(workspace)[KEPT:]:
        with suppress(OSError):
            old.unlink()
    return target


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []
