"""A block is kept whole or not at all, and what goes wrong is said with a remedy."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.store.samples import NOON, TOOL, a_decision, a_dossier, a_draft
from workbench.domain.draft import Draft
from workbench.errors import StoreError
from workbench.ports import Store
from workbench.store import workspace
from workbench.store.faults import translated
from workbench.store.workspace import SqlStore


def through_the_port(store: Store) -> list[Draft]:
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())
    with store.reading() as repositories:
        return repositories.drafts.of_tool(TOOL)


def test_it_serves_as_the_store_the_services_know(store: SqlStore) -> None:
    assert through_the_port(store) == [a_draft()]


class _ChangedMindError(Exception):
    pass


def test_an_exception_in_the_block_takes_everything_back(store: SqlStore) -> None:
    def change_everything() -> None:
        with store.writing() as repositories:
            repositories.tools.add(a_dossier(revision=2), NOON)
            repositories.drafts.add(a_draft())
            repositories.decisions.append(a_decision())
            raise _ChangedMindError

    with pytest.raises(_ChangedMindError):
        change_everything()
    with store.reading() as repositories:
        assert repositories.tools.latest(TOOL) == a_dossier()
        assert repositories.drafts.of_tool(TOOL) == []
        assert repositories.decisions.of_tool(TOOL) == []
        assert repositories.tools.summaries()[0].approved == 0
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())


def test_a_writer_sees_its_own_work_and_a_reader_only_what_is_finished(store: SqlStore) -> None:
    with store.writing() as writer:
        writer.drafts.add(a_draft())
        assert writer.drafts.of_tool(TOOL) == [a_draft()]
        with store.reading() as reader:
            assert reader.drafts.of_tool(TOOL) == []


def test_a_reader_sees_one_moment_while_others_write(store: SqlStore) -> None:
    with store.reading() as reader:
        assert reader.drafts.of_tool(TOOL) == []
        with store.writing() as writer:
            writer.drafts.add(a_draft())
        assert reader.drafts.of_tool(TOOL) == []
    with store.reading() as reader:
        assert reader.drafts.of_tool(TOOL) == [a_draft()]


def test_a_write_in_a_reading_block_is_refused_rather_than_lost(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="can only be read"), store.reading() as repositories:
        repositories.drafts.add(a_draft())


def test_a_workspace_locked_by_another_program_is_busy_and_works_again_after(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store._engine.dispose()  # the next connection takes the shorter wait
    monkeypatch.setattr("workbench.store.connecting.BUSY_MILLISECONDS", 20)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is busy") as caught, store.writing():
            pass
        assert "try again" in caught.value.remedy
        with store.reading() as repositories:
            assert repositories.tools.count() == 1
        other.execute("ROLLBACK")
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())
    with store.reading() as repositories:
        assert len(repositories.drafts.of_tool(TOOL)) == 1


def test_a_writer_that_never_ends_does_not_hang_the_others(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "WRITER_SECONDS", 0.02)
    with store.writing(), pytest.raises(StoreError, match="is busy"), store.writing():
        pass


def test_a_full_disk_keeps_what_was_there_and_says_so(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(replace(a_draft(), text="kept"))
    store._engine.dispose()

    def a_small_disk(connection: sqlite3.Connection, _entry: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite reads it as: not a page more than now

    event.listen(store._engine, "connect", a_small_disk)
    with pytest.raises(StoreError, match="is full") as caught, store.writing() as repositories:
        repositories.drafts.save([replace(a_draft(), text="x" * 1_000_000)])
    assert "copy it" in caught.value.remedy
    with store.reading() as repositories:
        assert repositories.drafts.of_tool(TOOL) == [replace(a_draft(), text="kept")]


def test_every_connection_is_set_up_with_care(store: SqlStore) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "application_id": 0x57726B62,
    }
    with store._engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted


def test_many_threads_read_and_write_at_once_and_nothing_is_lost(store: SqlStore) -> None:
    start = threading.Barrier(8)

    def work(worker: int) -> int:
        start.wait()
        draft = a_draft(f"draft-{worker}", take=worker)
        with store.writing() as repositories:
            repositories.drafts.add(draft)
        for length in range(1, 11):
            with store.writing() as repositories:
                repositories.drafts.save([replace(draft, state="streaming", text="x" * length)])
            with store.reading() as repositories:
                found = repositories.drafts.get(draft.id)
                assert found is not None
                assert len(found.text) == length
        return worker

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(1, 9))) == list(range(1, 9))
    with store.reading() as repositories:
        assert {draft.text for draft in repositories.drafts.of_tool(TOOL)} == {"x" * 10}


def test_a_fault_nobody_foresaw_is_still_a_store_error_with_its_words() -> None:
    with pytest.raises(StoreError, match="no such table: lost"), translated(Path("w.db")):  # noqa: SIM117
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("SELECT * FROM lost")
