"""Which files are refused, and in what words; which are made."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.samples import NOON, a_dossier, at_noon, new_store
from workbench.errors import WorkspaceError
from workbench.store.backups import back_up
from workbench.store.schema import OURS
from workbench.store.workspace import SqlStore, open_store


def refusal(path: Path, *, create: bool = True) -> WorkspaceError:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(WorkspaceError) as caught:
        open_store(path, create=create, now=at_noon)
    assert str(path) in caught.value.message
    assert caught.value.remedy
    assert (path.read_bytes() if path.is_file() else None) == before
    return caught.value


def closed(store: SqlStore) -> Path:
    store.close()
    return store.path


def test_a_missing_workspace_is_not_made_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "no" / "such" / "workbench.db"
    assert "no workspace at" in refusal(path, create=False).message
    assert list(tmp_path.iterdir()) == []


def test_a_missing_workspace_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "some new" / "fold%er" / "workbench.db"
    store = open_store(path, create=True, now=at_noon)
    with store.reading() as repositories:
        assert repositories.tools.count() == 0
    store.close()
    assert sorted(one.name for one in path.parent.iterdir()) == ["workbench.db", "workbench.db.owners"]


def test_what_was_written_is_there_after_opening_again(store: SqlStore) -> None:
    again = open_store(closed(store), create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.tools.latest(a_dossier().tool.id) == a_dossier()
    again.close()


def test_an_empty_file_is_refused_rather_than_filled(tmp_path: Path) -> None:
    path = tmp_path / "workbench.db"
    path.touch()
    assert "empty file" in refusal(path).message


@pytest.mark.parametrize("content", [b"Dear diary", b"\x89PNG" + b"\0" * 4096, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "workbench.db"
    path.write_bytes(content)
    assert "is not a workspace" in refusal(path).message


def test_another_programs_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmark (url TEXT)")
        connection.commit()
    assert "another program" in refusal(path).message
    assert sorted(one.name for one in tmp_path.glob("bookmarks.db-*")) == []


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path).message


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(WorkspaceError, match="cannot be used") as caught:
        open_store(tmp_path / "file" / "workbench.db", create=True, now=at_noon)
    assert "choose another place" in caught.value.remedy


def test_a_damaged_workspace_is_refused_and_the_newest_backup_named(store: SqlStore) -> None:
    path = closed(store)
    assert "no backup beside it" in _after_damage(path).remedy
    shutil.copy(path.with_name("sound"), path)
    backup = back_up(path, "0001", NOON)
    assert str(backup) in _after_damage(path).remedy


def _after_damage(path: Path) -> WorkspaceError:
    shutil.copy(path, path.with_name("sound"))
    whole = bytearray(path.read_bytes())
    for start in range(4096, len(whole), 4096):
        whole[start : start + 64] = b"\xff" * 64
    path.write_bytes(whole)
    error = refusal(path, create=False)
    assert "is damaged" in error.message
    return error


def test_a_truncated_workspace_is_refused(store: SqlStore) -> None:
    path = closed(store)
    path.write_bytes(path.read_bytes()[:8192])
    assert "is damaged" in refusal(path).message


def test_the_newest_backup_put_in_place_opens_again(store: SqlStore) -> None:
    backup = back_up(store.path, "0001", NOON)
    path = closed(store)
    path.write_bytes(b"")
    assert str(backup) in refusal(path).remedy
    shutil.copy(backup, path)
    again = open_store(path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.tools.count() == 1
    again.close()


def test_a_newer_workspace_is_refused_with_both_versions(store: SqlStore) -> None:
    path = closed(store)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0907'")
        connection.commit()
    error = refusal(path)
    assert "schema 0907" in error.message
    assert f"up to {OURS.head}" in error.message
    assert "Update the workbench" in error.remedy


@pytest.mark.parametrize("mark", ["DROP TABLE alembic_version", "UPDATE alembic_version SET version_num = 'dev'"])
def test_a_workspace_without_a_usable_schema_mark_is_refused(store: SqlStore, mark: str) -> None:
    path = closed(store)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(mark)
        connection.commit()
    assert "does not say which schema" in refusal(path).message


def test_opened_for_the_first_time_from_many_threads_it_is_made_once(tmp_path: Path) -> None:
    def open_and_add(number: int) -> SqlStore:
        store = new_store(tmp_path)
        with store.writing() as repositories:
            repositories.tools.add(a_dossier(f"tool-{number}"), NOON)
        return store

    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(open_and_add, range(4)))
    with stores[0].reading() as repositories:
        assert repositories.tools.count() == 4
    for store in stores:
        store.close()


def test_different_workspaces_can_be_made_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(new_store, [tmp_path / name for name in "abcd"]))
    for store in stores:
        with store.reading() as repositories:
            assert repositories.tools.count() == 0
        store.close()
