"""The log of pages that left: kept with how they read, the newest of a pair found, nothing ever changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from tests.store.samples import NOON, TOOL, a_dossier, at_noon
from workbench.domain.comparison import pair_id
from workbench.domain.exported import Exported
from workbench.domain.ids import ToolId
from workbench.domain.text import digest
from workbench.errors import StoreError
from workbench.store.workspace import SqlStore, open_store

OTHER = ToolId("b-tool")
PAIR = pair_id(TOOL, OTHER)
FIRST = Exported(
    comparison_id=PAIR, left=TOOL, at=NOON, editor="Ann", format="html", digest=digest("bytes"), text="A\nB"
)


@pytest.fixture(autouse=True)
def kept(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.tools.add(a_dossier(OTHER, name="B"), NOON)
        for one in (FIRST, replace(FIRST, editor="Bea", text="A\nC"), replace(FIRST, left=OTHER, text="B\nA")):
            repositories.exports.add(one)


def test_the_newest_export_of_a_pair_is_the_one_with_the_same_tool_on_the_left(store: SqlStore) -> None:
    again = open_store(store.path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.exports.last(PAIR, TOOL) == replace(FIRST, editor="Bea", text="A\nC")
        assert repositories.exports.last(PAIR, OTHER) == replace(FIRST, left=OTHER, text="B\nA")
        assert repositories.exports.last(pair_id(TOOL, ToolId("c")), TOOL) is None
    again.close()


def test_an_export_is_never_changed_and_a_damaged_one_is_refused(store: SqlStore) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        for statement in ("UPDATE export SET editor = 'Mallory'", "DELETE FROM export"):
            with pytest.raises(sqlite3.Error, match="never changed"):
                connection.execute(statement)
        connection.execute("UPDATE archive SET text = 'Otherwise' WHERE text = 'A\nC'")
        connection.commit()
    with store.reading() as repositories, pytest.raises(StoreError, match="as it was exported is damaged"):
        repositories.exports.last(PAIR, TOOL)
