"""The engine: SQLite told to be careful, and transactions that begin the way we say."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import cast

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

APPLICATION_ID = 0x57726B62
"""Marks a SQLite file as a workspace; `Wrkb`."""
BUSY_MILLISECONDS = 5_000
"""Longest wait for another process's write."""

_WRITES = "workspace_writes"


def connect(path: Path) -> Engine:
    """An engine over the file at `path`, for reading. Connects at first use."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        # Readers are short and many (one a script thread): they never queue for a connection.
        max_overflow=-1,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The same connections, with transactions that take the write lock before they read."""
    return engine.execution_options(**{_WRITES: True})


def _prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    driver = cast("sqlite3.Connection", connection)
    # The driver's own transactions commit before DDL and begin too late; ours begin in `_begin`.
    driver.isolation_level = None
    # Damaged bytes must reach the seal, which knows whose text it is; the driver would stop without a name.
    driver.text_factory = _lenient
    driver.create_aggregate("exact_sum", 1, _ExactSum)  # type: ignore[arg-type]  # not of integers
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # without it REPLACE deletes past the append-only triggers
        "trusted_schema = OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class _ExactSum:
    """`exact_sum(column)`: decimal numbers kept as text, added to their last digit; NULL for none."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, value: str | None) -> None:
        if value is not None:
            self._sum = (self._sum or Decimal(0)) + Decimal(value)

    def finalize(self) -> str | None:
        return None if self._sum is None else str(self._sum)


def _lenient(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _begin(connection: Connection) -> None:
    writes = bool(connection.get_execution_options().get(_WRITES, False))
    # A write inside reading() would be rolled back in silence; now it is refused.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    # A transaction that reads first and writes later is refused at once when another wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
