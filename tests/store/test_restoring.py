"""The way back that a refusal names, walked after a writer was killed: no log is read into another file."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.samples import NOON, a_dossier, at_noon
from tests.store.test_processes import child, heard
from workbench.errors import WorkspaceError
from workbench.store.backups import back_up
from workbench.store.workspace import SqlStore, open_store


@pytest.fixture
def killed(store: SqlStore) -> tuple[Path, Path]:
    """A workspace whose writer was killed, its log beside it; and a backup from before that writer."""
    backup = back_up(store.path, "0003", NOON)
    with store.writing() as repositories:
        repositories.tools.add(a_dossier("later", name="Later"), NOON)
    store.close()
    with child(store, "write") as process:
        for _ in range(50):
            heard(process)
        process.kill()
        process.wait()
    assert beside(store.path, "-wal").stat().st_size > 0
    return store.path, backup


def beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def tools_of(path: Path, *, create: bool) -> int:
    with closing(open_store(path, create=create, now=at_noon)) as store, store.reading() as repositories:
        return repositories.tools.count()


def left(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir() if ".stale-" in one.name)


def quick_check(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA quick_check").fetchone()[0])


def test_a_backup_copied_over_the_file_is_read_without_the_log_of_the_file_before(killed: tuple[Path, Path]) -> None:
    path, backup = killed
    log = beside(path, "-wal").read_bytes()
    shutil.copy(backup, path)
    assert tools_of(path, create=False) == 1
    assert tools_of(path, create=False) == 1  # in write-ahead mode by now: nothing is set aside a second time
    assert quick_check(path) == "ok"
    assert left(path) == [
        "workbench.db-shm.stale-20261122T120000000000Z",
        "workbench.db-wal.stale-20261122T120000000000Z",
    ]
    assert beside(path, "-wal.stale-20261122T120000000000Z").read_bytes() == log


def test_a_file_moved_away_leaves_its_log_to_nobody(killed: tuple[Path, Path]) -> None:
    path, _ = killed
    path.rename(path.with_name("damaged.db"))
    assert tools_of(path, create=True) == 0
    assert tools_of(path, create=False) == 0
    assert quick_check(path) == "ok"
    assert left(path) == [
        "workbench.db-shm.stale-20261122T120000000000Z",
        "workbench.db-wal.stale-20261122T120000000000Z",
    ]


def test_a_file_moved_away_and_a_backup_in_its_place_is_the_backup(killed: tuple[Path, Path]) -> None:
    path, backup = killed
    path.rename(path.with_name("damaged.db"))
    shutil.copy(backup, path)
    assert tools_of(path, create=False) == 1
    assert quick_check(path) == "ok"


def test_a_killed_writers_own_log_is_read(killed: tuple[Path, Path]) -> None:
    path, _ = killed
    with closing(open_store(path, create=False, now=at_noon)) as store, store.reading() as repositories:
        assert repositories.tools.count() == 2
        assert len(repositories.drafts.orphans()) == 1
    assert left(path) == []


def test_two_leftovers_of_one_moment_do_not_replace_each_other(killed: tuple[Path, Path]) -> None:
    path, backup = killed
    for content in (b"first", b"second"):
        shutil.copy(backup, path)
        beside(path, "-wal").write_bytes(content)
        assert tools_of(path, create=False) == 1
    assert {beside(path.parent / name, "").read_bytes() for name in left(path) if "-wal" in name} == {
        b"first",
        b"second",
    }


def test_the_way_back_names_the_log_and_its_index(killed: tuple[Path, Path]) -> None:
    path, backup = killed
    path.write_bytes(b"")
    with pytest.raises(WorkspaceError) as caught:
        open_store(path, create=False, now=at_noon)
    for words in ("stop the workbench", path.name, "-wal", "-shm", str(backup)):
        assert words in caught.value.remedy
