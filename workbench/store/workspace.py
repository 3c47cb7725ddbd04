"""The workspace: one SQLite file behind the `Store` port."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from workbench.errors import StoreError
from workbench.store.archive import SqlArchive
from workbench.store.comparisons import SqlComparisons
from workbench.store.connecting import connect, for_writing
from workbench.store.decisions import SqlDecisions
from workbench.store.drafts import SqlDrafts
from workbench.store.editions import SqlEditions
from workbench.store.exports import SqlExports
from workbench.store.faults import translated
from workbench.store.ledger import SqlLedger
from workbench.store.logs import answers, readings
from workbench.store.opening import prepare
from workbench.store.opinions import SqlOpinions
from workbench.store.originals import SqlOriginals
from workbench.store.owners import Owners
from workbench.store.reopenings import SqlReopenings
from workbench.store.scratch import SqlScratch
from workbench.store.sides import SqlSides
from workbench.store.tables import Base
from workbench.store.tools import SqlTools

TABLES = Base.metadata
"""Every table: whoever knows every repository knows the rows beside them, too."""
WRITER_SECONDS = 10.0
"""Longest wait for this process's other writers."""


class SqlRepositories:
    """The `Repositories` port: one transaction's view."""

    def __init__(self, session: Session, owners: Owners, now: Callable[[], datetime]) -> None:
        self.tools = SqlTools(session)
        self.drafts = SqlDrafts(session, owners)
        self.decisions = SqlDecisions(session)
        self.answers = answers(session)
        self.comparisons = SqlComparisons(session, now)
        self.archive = SqlArchive(session)
        self.editions = SqlEditions(session)
        self.scratch = SqlScratch(session, now)
        self.sides = SqlSides(session, now)
        self.opinions = SqlOpinions(session)
        self.originals = SqlOriginals(session)
        self.readings = readings(session)
        self.reopenings = SqlReopenings(session)
        self.ledger = SqlLedger(session)
        self.exports = SqlExports(session)


class SqlStore:
    """The `Store` port. Safe from any thread; writers of this process wait for each other."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.path = path
        self._now = now
        self._engine = connect(path)
        self._writing_engine = for_writing(self._engine)
        self._owners = Owners(path)
        self._writer = threading.Lock()

    @contextmanager
    def writing(self) -> Generator[SqlRepositories, None, None]:
        """A write transaction; nested in another one of the same thread it only waits, then raises StoreError."""
        if not self._writer.acquire(timeout=WRITER_SECONDS):
            raise StoreError(
                f"The workspace {self.path} is busy.",
                "Nothing was saved, your text is still here: try again in a moment.",
            )
        try:
            with translated(self.path), Session(self._writing_engine, expire_on_commit=False) as session:
                session.connection()  # begins now: a busy workspace refuses before any work is done
                yield SqlRepositories(session, self._owners, self._now)
                session.commit()
        finally:
            self._writer.release()

    @contextmanager
    def reading(self) -> Generator[SqlRepositories, None, None]:
        """A read transaction: everything in it is of one moment. A write in it raises StoreError."""
        with translated(self.path), Session(self._engine) as session:
            yield SqlRepositories(session, self._owners, self._now)

    def close(self) -> None:
        self._engine.dispose()
        self._owners.release()


def open_store(
    path: Path, *, create: bool, now: Callable[[], datetime], furnish: Callable[[SqlStore], None] | None = None
) -> SqlStore:
    """The workspace at `path`, checked and at this version's schema; made first when missing and `create` is set.

    `furnish` gives a new workspace its first content: it is there from the first moment, or there is no workspace.
    Raises WorkspaceError when the file is missing, empty, foreign, damaged or newer than this version.
    """
    path = path.expanduser().absolute()

    def furnished(unfinished: Path) -> None:
        store = SqlStore(unfinished, now)
        try:
            if furnish is not None:
                furnish(store)
        finally:
            store.close()

    prepare(path, create=create, now=now, furnish=furnished if furnish is not None else None)
    return SqlStore(path, now)
