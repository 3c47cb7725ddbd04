"""What the database complains about, in words an editor can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from workbench.errors import ConflictError, StoreError

_TRY_AGAIN = "Nothing was saved, your text is still here: try again in a moment."
_WAY_BACK = (
    "Stop the workbench, move the file and its -wal and -shm away, and put the newest copy from its backups folder in "
    "its place."
)
_BY_CODE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("The workspace {path} is busy.", _TRY_AGAIN),
    sqlite3.SQLITE_LOCKED: ("The workspace {path} is busy.", _TRY_AGAIN),
    sqlite3.SQLITE_FULL: (
        "The disk with the workspace {path} is full.",
        "Nothing was saved, your text is still here: copy it, free some space, then save again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The workspace {path} can only be read.",
        "Allow this user to write the file and its folder, then try again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The workspace {path} cannot be opened.",
        "Check that the file is there and that this user may write its folder.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk with the workspace {path} does not read or write.",
        "Nothing was saved, your text is still here: copy it, then check the disk.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The workspace {path} is damaged.",
        _WAY_BACK,
    ),
    sqlite3.SQLITE_NOTADB: (
        "The workspace {path} is not a database any more.",
        _WAY_BACK,
    ),
}


@contextmanager
def translated(path: Path) -> Generator[None, None, None]:
    """Database errors inside the block become StoreError, or ConflictError for a broken uniqueness."""
    try:
        yield
    except IntegrityError as error:
        raise _broken_rule(error) from error
    except DBAPIError as error:
        raise _by_code(error.orig, path) from error
    except sqlite3.Error as error:
        raise _by_code(error, path) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            "The text holds half of a surrogate pair, which no file can keep.",
            "Take the broken character out and save again; nothing was lost.",
        ) from error


def _broken_rule(error: IntegrityError) -> StoreError:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return ConflictError(
            "Somebody else saved the same thing at the same moment.", "Look at what is there now, then save again."
        )
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return StoreError("This belongs to a tool that is not in the workspace.", "Add the tool first.")
    return StoreError(f"The workspace refused this: {error.orig}.", "Nothing was saved.")


def _by_code(error: BaseException | None, path: Path) -> StoreError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in _BY_CODE:
        message, remedy = _BY_CODE[primary]
        return StoreError(message.format(path=path), remedy)
    return StoreError(f"The workspace {path} could not be used: {error}.", "Nothing was saved.")
