"""A log that was left beside a workspace by another file of the same name: SQLite would read it into this one.

SQLite finds a file's log by its name alone. Where a file was moved away without it, or another was copied over it, the
log's pages belong to a file that is not there any more (https://www.sqlite.org/howtocorrupt.html §1.4). A leftover is
renamed, never deleted: with its own file it may still hold words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

_LOG, _INDEX, _JOURNAL = "-wal", "-shm", "-journal"
LOG_FILES = (_LOG, _INDEX, _JOURNAL)
"""What SQLite keeps beside a file, by the ending of its name."""
_MODES_AT = slice(18, 20)
_NO_LOG = b"\x01\x01"
"""The header's write and read version of a file without a write-ahead log, as our backups are."""


def set_aside_of_missing(path: Path, at: datetime) -> None:
    """There is no file at `path`: whatever log lies there is not its log. Raises OSError."""
    _set_aside(path, LOG_FILES, at)


def set_aside_of_another(path: Path, at: datetime) -> None:
    """A file that keeps no write-ahead log and has one beside it came here after that log. Raises OSError.

    For use before anything connects to the file, while no other process prepares it.
    """
    log = _beside(path, _LOG)
    # The log first, the header second: another process turns the header before it writes its first page to the log, so
    # a log seen under a header that still says “none” afterwards cannot be that process's.
    if not log.is_file() or log.stat().st_size == 0:
        return
    with path.open("rb") as file:
        header = file.read(_MODES_AT.stop)
    if header[_MODES_AT] == _NO_LOG:
        _set_aside(path, (_LOG, _INDEX), at)


def _set_aside(path: Path, endings: Iterable[str], at: datetime) -> None:
    for ending in endings:
        leftover = _beside(path, ending)
        if leftover.exists():
            leftover.rename(_free(_beside(path, f"{ending}.stale-{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}")))


def _free(wanted: Path) -> Path:
    """The name, or the next one that nobody has: a rename would replace what is there."""
    names = (wanted if number == 1 else _beside(wanted, f"-{number}") for number in count(1))
    return next(one for one in names if not one.exists())


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
