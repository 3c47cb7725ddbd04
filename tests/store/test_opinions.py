"""Beats that may be opinion: the newest word counts, and nothing is overwritten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import BUILDER, NOON, TOOL, a_dossier, at_noon
from workbench.domain.ids import PersonaId, ToolId
from workbench.errors import StoreError
from workbench.store.workspace import SqlStore, open_store

SKEPTIC = PersonaId("skeptic")


def mark(
    store: SqlStore, beat: str, *, opinion: bool = True, persona: PersonaId = SKEPTIC, tool: ToolId = TOOL
) -> None:
    with store.writing() as repositories:
        repositories.opinions.mark(tool, persona, beat, opinion=opinion, editor="Ann", at=NOON)


def test_a_marked_beat_is_kept_by_persona_across_a_restart(store: SqlStore) -> None:
    mark(store, "rivals")
    mark(store, "moat", persona=BUILDER)
    mark(store, "breakage")
    again = open_store(store.path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.opinions.of_tool(TOOL) == {SKEPTIC: ("rivals", "breakage"), BUILDER: ("moat",)}
        assert repositories.opinions.of_tool(ToolId("b-tool")) == {}
    again.close()


def test_a_beat_of_a_tool_nobody_knows_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="not in the workspace"):
        mark(store, "rivals", tool=ToolId("nobody"))


@given(st.lists(st.tuples(st.sampled_from(["rivals", "moat", "price"]), st.booleans()), max_size=8))
def test_the_newest_word_on_a_beat_counts(lasting_store: SqlStore, words: list[tuple[str, bool]]) -> None:
    with lasting_store.writing() as repositories:
        if repositories.tools.latest(TOOL) is None:
            repositories.tools.add(a_dossier(), NOON)
        for beat in ("rivals", "moat", "price"):
            repositories.opinions.mark(TOOL, BUILDER, beat, opinion=False, editor="Ann", at=NOON)
        for beat, opinion in words:
            repositories.opinions.mark(TOOL, BUILDER, beat, opinion=opinion, editor="Ann", at=NOON)
        found = repositories.opinions.of_tool(TOOL).get(BUILDER, ())
    assert set(found) == {beat for beat, opinion in dict(words).items() if opinion}
