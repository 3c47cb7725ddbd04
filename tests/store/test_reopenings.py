"""Marks on quotes whose facts have changed: kept with the cell, counted along an index, caught up with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.store.samples import BUILDER, NOON, TOOL, a_decision, a_dossier, at_noon
from tests.store.test_tallies import PANEL, accepted, decide, marks, on, plan, undecided
from workbench.domain.decision import Upheld, VerdictSet
from workbench.domain.ids import PersonaId
from workbench.store.opening import prepare
from workbench.store.schema import OURS, Schema
from workbench.store.tallies import counts_of_shelves, on_shelf, page_of_tools
from workbench.store.workspace import SqlStore, open_store

LATER = NOON + timedelta(days=1)
SKEPTIC = PersonaId("skeptic")


def approve_all(store: SqlStore) -> None:
    for persona in PANEL:
        decide(store, TOOL, accepted(TOOL, persona), persona)


def reopen(store: SqlStore, *personas: PersonaId) -> None:
    with store.writing() as repositories:
        repositories.reopenings.mark(TOOL, {one: LATER if one in personas else None for one in PANEL}, 2)


def test_a_reopened_quote_moves_its_tool_to_the_reopened_shelf_and_back(store: SqlStore) -> None:
    approve_all(store)
    assert on(store, "ready") == [TOOL]
    reopen(store, BUILDER)
    assert (on(store, "ready"), on(store, "progress"), on(store, "reopened")) == ([], [TOOL], [TOOL])
    assert marks(store) == {BUILDER: "reopened", SKEPTIC: "settled"}
    assert undecided(store) == TOOL
    with store.reading() as repositories:
        assert repositories.tools.some([TOOL])[TOOL].reopened == {BUILDER: LATER}
    reopen(store)
    assert (on(store, "ready"), on(store, "reopened"), undecided(store)) == ([TOOL], [], None)


def test_a_decision_says_anew_whether_its_quote_is_reopened(store: SqlStore) -> None:
    approve_all(store)
    reopen(store, BUILDER)
    with store.writing() as repositories:
        repositories.decisions.append(a_decision(2, act=VerdictSet(verdict="skip")), reopened=LATER)
    assert on(store, "reopened") == [TOOL]
    with store.writing() as repositories:
        repositories.decisions.append(a_decision(3, act=Upheld(reason="It never used it.")))
        assert repositories.decisions.of_tool(TOOL)[-1].act == Upheld(reason="It never used it.")
    assert on(store, "ready") == [TOOL]


def test_a_quote_is_unweighed_until_it_was_looked_up_against_the_newest_revision(store: SqlStore) -> None:
    decide(store, TOOL, accepted(TOOL))
    with store.writing() as repositories:
        assert repositories.reopenings.unweighed() == [TOOL]  # nobody wrote down what it was decided beside
        repositories.reopenings.mark(TOOL, {BUILDER: None}, 1)
        assert repositories.reopenings.unweighed() == []
        repositories.tools.add(a_dossier(revision=2, description="It builds."), LATER)
        assert repositories.reopenings.unweighed() == [TOOL]
        repositories.reopenings.mark(TOOL, {BUILDER: LATER}, 2)
        assert repositories.reopenings.unweighed() == []


def test_the_revisions_from_one_on_come_with_their_dates(store: SqlStore) -> None:
    second, third = a_dossier(revision=2, description="It builds."), a_dossier(revision=3, description="It tests.")
    with store.writing() as repositories:
        repositories.tools.add(second, LATER)
        repositories.tools.add(third, LATER)
        assert repositories.tools.since(TOOL, 1) == [(a_dossier(), NOON), (second, LATER), (third, LATER)]
        assert repositories.tools.since(TOOL, 3) == [(third, LATER)]
        assert repositories.tools.since(TOOL, 4) == []


def test_a_decision_keeps_the_revision_it_was_made_beside(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.decisions.append(a_decision())
        assert [one.revision for one in repositories.decisions.of_tool(TOOL)] == [0]


def test_reopened_tools_are_counted_and_listed_by_an_index_of_their_own(store: SqlStore) -> None:
    counting = plan(store, counts_of_shelves(4))
    assert "SCAN tool USING COVERING INDEX ix_tool_changed_at_id_begun_settled" in counting
    assert "ix_cell_reopened" in counting
    listing = plan(store, page_of_tools("", 0, 20).where(on_shelf(4)["reopened"]))
    assert "SCAN cell USING INDEX ix_cell_reopened" in listing
    assert "SCAN tool" not in listing


def test_quotes_of_an_older_schema_were_not_looked_at_yet(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    prepare(path, create=True, now=at_noon, schema=Schema(migrations=OURS.migrations, head="0003"))
    with closing(sqlite3.connect(path)) as connection:
        columns = "id, name, vendor, category, tagline, url, search, revision, changed_at"
        values = [TOOL, *["x"] * 6, 2, "2026-11-22 12:00:00.000000"]
        connection.execute(f"INSERT INTO tool ({columns}) VALUES ({', '.join('?' * 9)})", values)
        for persona, approved in ((BUILDER, 1), (SKEPTIC, 0)):
            row = [TOOL, persona, approved]
            connection.execute("INSERT INTO cell (tool_id, persona_id, version, approved) VALUES (?, ?, 1, ?)", row)
        connection.commit()
    opened = open_store(path, create=False, now=at_noon)
    with opened.reading() as repositories:
        assert repositories.reopenings.unweighed() == [TOOL]
    opened.close()
