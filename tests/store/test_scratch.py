"""What is put together and not saved yet: one per cell, replaced by the next."""

from __future__ import annotations

import sqlite3

import pytest

from tests.store.samples import BUILDER, TOOL, at_noon
from workbench.domain.decision import Edited
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece, Working
from workbench.errors import StoreError
from workbench.store import codec
from workbench.store.workspace import SqlStore, open_store

SKEPTIC = PersonaId("skeptic")


def of(text: str) -> Working:
    taken = Piece(text="As drafted.", beat="dx", draft_id=DraftId("d1"), place=1)
    return Working(pieces=(Piece(text=text), taken), editor="Ann", revision=7)


def test_the_last_text_of_a_cell_is_kept_across_a_restart(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, of("The cl"))
        repositories.scratch.put(TOOL, BUILDER, of("The claim 😀"))
    again = open_store(store.path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) == of("The claim 😀")
        assert repositories.scratch.get(TOOL, SKEPTIC) is None
    again.close()


def test_nothing_forgets_one_cell_only(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, of("One"))
        repositories.scratch.put(TOOL, SKEPTIC, of("Two"))
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, None)
        repositories.scratch.put(TOOL, PersonaId("nobody"), None)
        assert repositories.scratch.get(TOOL, BUILDER) is None
    with store.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) is None
        assert repositories.scratch.get(TOOL, SKEPTIC) == of("Two")


def test_text_forgotten_and_typed_again_in_one_transaction_is_kept(store: SqlStore) -> None:
    with store.writing() as repositories:
        for text in ("One", "", "Two"):
            repositories.scratch.put(TOOL, BUILDER, of(text) if text else None)
        assert repositories.scratch.get(TOOL, BUILDER) == of("Two")


def test_characters_no_file_can_keep_are_replaced(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, of("a\ud800b\0c"))
    with store.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) == of("a\ufffdb\ufffdc")


def test_text_for_a_tool_nobody_knows_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="not in the workspace"), store.writing() as repositories:
        repositories.scratch.put(ToolId("nobody"), BUILDER, of("One"))


def test_text_kept_before_there_were_pieces_is_one_piece(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.scratch.put(TOOL, BUILDER, of("One"))
    with sqlite3.connect(store.path) as file:
        file.execute("UPDATE scratch SET text = 'Typed long ago.', pieces = '', editor = '', revision = 0")
    with store.reading() as repositories:
        assert repositories.scratch.get(TOOL, BUILDER) == Working(pieces=(Piece(text="Typed long ago."),))


def test_pieces_kept_before_they_had_a_source_are_read() -> None:
    old = '{"text": "Mine.", "beat": "dx", "draft_id": null, "place": null}'
    assert codec.decode(codec.PIECES, f"[{old}]", "it") == (Piece(text="Mine.", beat="dx"),)
    act = codec.decode(codec.ACT, f'{{"kind": "edited", "text": "Mine.", "pieces": [{old}]}}', "it")
    assert act == Edited(text="Mine.", pieces=(Piece(text="Mine.", beat="dx"),))
