"""The tables' version: what a file has, what this program knows, and the way from one to the other."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from workbench.errors import WorkspaceError
from workbench.store.connecting import APPLICATION_ID, for_writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A folder of migrations and the revision they lead to. Revisions are numbers: `0001`."""

    migrations: Path
    head: str


OURS = Schema(migrations=Path(__file__).with_name("migrations"), head="0010")
_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps the migration under way in a module's global."""


def revision_of(path: Path) -> str | None:
    """The revision of the workspace at `path`; None when it carries no mark of one."""
    with closing(sqlite3.connect(path)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if named else None
    return None if row is None else str(row[0])


def migrate(engine: Engine, schema: Schema) -> None:
    """Bring the tables to the schema's head, all of it or nothing.

    Raises WorkspaceError when the result breaks its own rules; whatever a migration raises passes.
    """
    # Alembic takes a third of a second to import, and an up-to-date workspace never needs it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(schema.migrations).replace("%", "%%"))
    with _ONE_AT_A_TIME, for_writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema.head)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise WorkspaceError(
                f"The workspace could not be brought to schema {schema.head}: {len(broken)} rows would point nowhere.",
                "Nothing was changed; keep using the previous version of the workbench.",
            )
