"""Text typed and not saved yet: one per cell, replaced by the next, gone when empty."""

from __future__ import annotations

import pytest

from tests.store.samples import BUILDER, TOOL, at_noon
from workbench.domain.ids import PersonaId, ToolId
from workbench.errors import StoreError
from workbench.store.workspace import SqlStore, open_store

SKEPTIC = PersonaId("skeptic")


def test_the_last_text_of_a_cell_is_kept_across_a_restart(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, "The cl")
        repositories.scratch.put(TOOL, BUILDER, "The claim 😀")
    again = open_store(store.path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) == "The claim 😀"
        assert repositories.scratch.get(TOOL, SKEPTIC) is None
    again.close()


def test_empty_text_forgets_one_cell_only(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, "One")
        repositories.scratch.put(TOOL, SKEPTIC, "Two")
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, "")
        repositories.scratch.put(TOOL, PersonaId("nobody"), "")
        assert repositories.scratch.get(TOOL, BUILDER) is None
    with store.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) is None
        assert repositories.scratch.get(TOOL, SKEPTIC) == "Two"


def test_text_forgotten_and_typed_again_in_one_transaction_is_kept(store: SqlStore) -> None:
    with store.writing() as repositories:
        for text in ("One", "", "Two"):
            repositories.scratch.put(TOOL, BUILDER, text)
        assert repositories.scratch.get(TOOL, BUILDER) == "Two"


def test_characters_no_file_can_keep_are_replaced(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, "a\ud800b\0c")
    with store.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) == "a\ufffdb\ufffdc"


def test_text_for_a_tool_nobody_knows_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="not in the workspace"), store.writing() as repositories:
        repositories.scratch.put(ToolId("nobody"), BUILDER, "One")
