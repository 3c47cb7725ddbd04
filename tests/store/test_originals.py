"""What dossiers were made from is kept byte for byte, and once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import NOON, TOOL, a_dossier, at_noon
from workbench.domain.ids import ToolId
from workbench.domain.original import Original
from workbench.errors import StoreError
from workbench.store.workspace import SqlStore, open_store

PASTED = Original(name="", format="paste", data="A Tool\n\nIt b\u200builds. It tests.".encode())


def keep(store: SqlStore, original: Original, *revisions: int) -> None:
    with store.writing() as repositories:
        repositories.originals.keep(original, [replace(a_dossier(), revision=one) for one in revisions], NOON)


def kept(store: SqlStore, tool: ToolId = TOOL) -> Original | None:
    with store.reading() as repositories:
        return repositories.originals.of(tool)


def test_an_original_is_kept_as_it_came_across_a_restart(store: SqlStore) -> None:
    keep(store, PASTED, 1)
    again = open_store(store.path, create=False, now=at_noon)
    assert kept(again) == PASTED
    again.close()
    assert kept(store, ToolId("b-tool")) is None


def test_the_newest_revision_that_came_from_outside_is_the_original(store: SqlStore) -> None:
    newer = replace(PASTED, data=b"A Tool\n\nIt builds more.")
    keep(store, PASTED, 1)
    keep(store, newer, 3)
    assert kept(store) == newer


def test_the_same_bytes_are_kept_once(store: SqlStore) -> None:
    keep(store, PASTED, 1, 2)
    keep(store, replace(PASTED, name="again.txt"), 3)
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT name, data FROM original").fetchall() == [("", PASTED.data)]


def test_a_damaged_original_is_never_shown_as_the_original(store: SqlStore) -> None:
    keep(store, PASTED, 1)
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE original SET data = 'other'")
        connection.commit()
    with pytest.raises(StoreError, match="is damaged"):
        kept(store)


@given(st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(lasting_store: SqlStore, data: bytes) -> None:
    original = Original(name="x.bin", format="csv", data=data)
    with lasting_store.writing() as repositories:
        latest = repositories.tools.latest(TOOL)
        dossier = a_dossier() if latest is None else replace(latest, revision=latest.revision + 1)
        repositories.tools.add(dossier, NOON)
        repositories.originals.keep(original, [dossier], NOON)
    found = kept(lasting_store)
    assert found is not None
    assert found.data == data
