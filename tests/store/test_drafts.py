"""Drafts: takes, autosaves, damage, and whose process is gone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from tests.store.samples import BUILDER, TOOL, a_draft, at_noon
from workbench.domain.ids import DraftId
from workbench.errors import ConflictError, StoreError
from workbench.store.workspace import SqlStore, open_store


def test_drafts_come_in_the_order_they_were_added_whatever_their_ids(store: SqlStore) -> None:
    with store.writing() as repositories:
        for take, draft_id in enumerate(("z", "a", "m"), start=1):
            repositories.drafts.add(a_draft(draft_id, take=take))
    with store.reading() as repositories:
        assert [draft.id for draft in repositories.drafts.of_tool(TOOL)] == ["z", "a", "m"]


def test_takes_count_per_persona_and_provider(store: SqlStore) -> None:
    with store.writing() as repositories:
        assert repositories.drafts.next_take(TOOL, BUILDER, "claude") == 1
        repositories.drafts.add(a_draft("1"))
        repositories.drafts.add(a_draft("2", take=2))
        assert repositories.drafts.next_take(TOOL, BUILDER, "claude") == 3
        assert repositories.drafts.next_take(TOOL, BUILDER, "codestral") == 1


def test_a_take_keeps_the_note_it_answers_and_the_draft_it_follows(store: SqlStore) -> None:
    first, second = a_draft("1"), a_draft("2", take=2)
    noted = replace(second, origin=replace(second.origin, note="More on “price”.", follows=first.id))
    with store.writing() as repositories:
        repositories.drafts.add(first)
        repositories.drafts.add(noted)
    with store.reading() as repositories:
        assert repositories.drafts.of_tool(TOOL) == [first, noted]


def test_the_same_take_twice_is_a_conflict(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(a_draft("1"))
    with pytest.raises(ConflictError), store.writing() as repositories:
        repositories.drafts.add(a_draft("2"))
    with store.reading() as repositories:
        assert repositories.drafts.of_tool(TOOL) == [a_draft("1")]


def test_a_draft_for_a_tool_nobody_knows_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="not in the workspace") as caught, store.writing() as repositories:
        repositories.drafts.add(a_draft(tool_id="nobody"))
    assert caught.value.remedy == "Add the tool first."


def test_saving_a_draft_nobody_added_is_an_error_that_names_it(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="draft-9"), store.writing() as repositories:
        repositories.drafts.save([a_draft("draft-9")])


def test_saving_many_drafts_keeps_each_ones_text(store: SqlStore) -> None:
    drafts = [
        replace(a_draft(f"draft-{take}", take=take), state="streaming", text=f"{take}" * take) for take in (1, 2, 3)
    ]
    with store.writing() as repositories:
        for draft in drafts:
            repositories.drafts.add(replace(draft, text=""))
    with store.writing() as repositories:
        repositories.drafts.save(drafts)
        repositories.drafts.save([])
    with store.reading() as repositories:
        assert repositories.drafts.of_tool(TOOL) == drafts
        assert repositories.drafts.get(DraftId("nobody")) is None


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("text = 'zzz'", "The text of draft draft-1 is damaged"),
        ("text = CAST(x'41ff42' AS TEXT)", "The text of draft draft-1 is damaged"),
        ("text = zeroblob(3)", "The text of draft draft-1 is damaged"),
        ("state = 'asleep'", "Draft draft-1 is damaged"),
        ("failure = '{}'", "Draft draft-1 is damaged"),
    ],
)
def test_a_damaged_draft_is_named_and_not_shown(store: SqlStore, damage: str, complaint: str) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(replace(a_draft(), text="abc"))
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(f"UPDATE draft SET {damage}")
        connection.commit()
    with pytest.raises(StoreError, match=complaint), store.reading() as repositories:
        repositories.drafts.of_tool(TOOL)


def test_our_own_live_drafts_are_no_orphans(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())
    with store.reading() as repositories:
        assert repositories.drafts.orphans() == []


def test_a_living_owners_drafts_are_theirs_until_it_closes(store: SqlStore) -> None:
    other = open_store(store.path, create=False, now=at_noon)
    with other.writing() as repositories:
        repositories.drafts.add(a_draft("live"))
        repositories.drafts.add(replace(a_draft("ended", take=2), state="done"))
    with store.reading() as repositories:
        assert repositories.drafts.orphans() == []
    other.close()
    with store.reading() as repositories:
        assert [draft.id for draft in repositories.drafts.orphans()] == ["live"]


def test_drafts_whose_lock_file_is_gone_are_orphans(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE draft SET owner = 'nobody'")
        connection.commit()
    with store.reading() as repositories:
        assert repositories.drafts.orphans() == [a_draft()]


def test_closing_leaves_no_lock_file_behind(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())
    folder = store.path.with_name("workbench.db.owners")
    assert len(list(folder.glob("????????????????.lock"))) == 1
    store.close()
    assert list(folder.glob("????????????????.lock")) == []
