"""The order of masked providers: per cell, drawn once, the same for every process."""

from __future__ import annotations

import pytest

from tests.store.samples import BUILDER, TOOL, at_noon
from tests.store.test_processes import child, heard, tell
from workbench.domain.ids import PersonaId, ToolId
from workbench.errors import StoreError
from workbench.services.masking import Masking
from workbench.store.workspace import SqlStore, open_store

SKEPTIC = PersonaId("skeptic")


def test_orders_are_kept_by_cell_across_a_restart(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.sides.put(TOOL, {BUILDER: ("b", "a"), SKEPTIC: ("a", "b")})
        repositories.sides.put(TOOL, {BUILDER: ("b", "a", "c")})
    again = open_store(store.path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.sides.of_tool(TOOL) == {BUILDER: ("b", "a", "c"), SKEPTIC: ("a", "b")}
        assert repositories.sides.of_tool(ToolId("b-tool")) == {}
    again.close()


def test_an_order_for_a_tool_nobody_knows_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="not in the workspace"), store.writing() as repositories:
        repositories.sides.put(ToolId("nobody"), {BUILDER: ("a", "b")})


def test_two_processes_that_ask_at_once_see_the_same_sides(store: SqlStore) -> None:
    with child(store, "sides") as one, child(store, "sides") as other:
        for number in range(1, 21):
            tell(one, f"lens-{number}")
            tell(other, f"lens-{number}")
            assert heard(one) == heard(other)
    drawn = Masking(store=store, on=True).sides(TOOL, [PersonaId(f"lens-{n}") for n in range(1, 21)], ["a", "b"])
    assert {frozenset(order) for order in drawn.values()} == {frozenset({"a", "b"})}
