"""Everything that is checked before a workspace file is trusted, and how a new or older one is made ready."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from workbench.errors import StoreError, WorkspaceError
from workbench.store.backups import back_up, backups
from workbench.store.connecting import APPLICATION_ID, connect
from workbench.store.faults import translated
from workbench.store.leftovers import LOG_FILES, set_aside_of_another, set_aside_of_missing
from workbench.store.owners import lock_file, owners_folder
from workbench.store.schema import OURS, Schema, migrate, revision_of

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
_ID_AT = slice(68, 72)
OPENING_SECONDS = 60.0
"""Longest wait for another process that is just making or migrating the same workspace."""


def prepare(
    path: Path,
    *,
    create: bool,
    now: Callable[[], datetime],
    schema: Schema = OURS,
    furnish: Callable[[Path], None] | None = None,
) -> None:
    """Make sure a sound workspace of our schema is at `path`. Raises WorkspaceError saying why not.

    `furnish` puts its first content into a new workspace, which lies at another place until then.
    """
    if not path.exists() and not create:
        raise WorkspaceError(
            f"There is no workspace at {path}.", "Check the path, or start the workbench to make a new workspace there."
        )
    if path.is_dir():
        raise WorkspaceError(f"{path} is a folder, not a workspace.", "Name a file in it: workbench.db.")
    try:
        owners_folder(path).mkdir(parents=True, exist_ok=True)
        # Two processes started at once must not both make the file, nor both migrate it.
        with lock_file(owners_folder(path) / "opening.lock").acquire(timeout=OPENING_SECONDS), translated(path):
            if path.exists():
                _bring_up_to_date(path, now, schema)
            else:
                set_aside_of_missing(path, now())
                _make(path, schema, furnish)
    except OSError as error:
        raise WorkspaceError(
            f"The workspace {path} cannot be used: {error.strerror or error}.",
            "Check that this user may write its folder, or choose another place for the workspace.",
        ) from error


def _make(path: Path, schema: Schema, furnish: Callable[[Path], None] | None) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    _remove(unfinished)
    engine = connect(unfinished)
    try:
        migrate(engine, schema)
        engine.dispose()
        if furnish is not None:
            furnish(unfinished)
        # Only a finished workspace gets the name: whatever happens before leaves nothing that looks like one.
        unfinished.replace(path)
    finally:
        engine.dispose()
        _remove(unfinished)


def _bring_up_to_date(path: Path, now: Callable[[], datetime], schema: Schema) -> None:
    _refuse_foreign(path)
    set_aside_of_another(path, now())
    _refuse_damaged(path)
    found = revision_of(path)
    if found == schema.head:
        return
    if found is None or not found.isdecimal():
        raise WorkspaceError(
            f"The workspace {path} does not say which schema it has.", f"It is not usable as it is. {_way_back(path)}"
        )
    if int(found) > int(schema.head):
        raise WorkspaceError(
            f"The workspace {path} has schema {found}; this version of the workbench knows up to {schema.head}.",
            "Update the workbench, or open another workspace.",
        )
    backup = back_up(path, found, now())
    engine = connect(path)
    try:
        migrate(engine, schema)
    except StoreError:
        raise
    except Exception as error:
        raise WorkspaceError(
            f"The workspace {path} could not be brought from schema {found} to {schema.head}: {error}.",
            f"It is unchanged, and a copy of it is at {backup}. Keep using the previous version of the workbench.",
        ) from error
    finally:
        engine.dispose()


def _refuse_foreign(path: Path) -> None:
    """Looks at the header's bytes only: opening somebody else's database would already change it."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header:
        raise WorkspaceError(
            f"The workspace {path} is an empty file: its content is lost or was never written.",
            f"It was left as it is. {_way_back(path)}",
        )
    if not header.startswith(_MAGIC) or len(header) < _HEADER:
        raise WorkspaceError(
            f"{path} is not a workspace: it is no database, or its head is damaged.",
            f"It was left as it is. {_way_back(path)}",
        )
    if int.from_bytes(header[_ID_AT], "big") != APPLICATION_ID:
        raise WorkspaceError(
            f"{path} is a database of another program, not a workspace.",
            "It was left as it is. Choose another file for the workspace.",
        )


def _refuse_damaged(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            complaints = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.OperationalError as error:
        # Locked or unreadable is not damaged.
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
            raise
        complaints = [str(error)]
    except sqlite3.DatabaseError as error:
        complaints = [str(error)]
    if complaints != ["ok"]:
        raise WorkspaceError(
            f"The workspace {path} is damaged ({complaints[0].splitlines()[0]}).",
            f"It was left as it is. {_way_back(path)}",
        )


def _way_back(path: Path) -> str:
    away = f"move the file away, and {path.name}-wal and {path.name}-shm with it where they are there"
    newest = next(iter(backups(path)), None)
    if newest is None:
        return (
            f"There is no backup beside it: stop the workbench, {away}; "
            "then put a copy of yours in its place, or start anew."
        )
    return f"The newest backup is {newest}: stop the workbench, {away}, and copy the backup to its place."


def _remove(path: Path) -> None:
    for ending in ("", *LOG_FILES):
        path.with_name(path.name + ending).unlink(missing_ok=True)
