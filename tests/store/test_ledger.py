"""Forecasts in the file: kept with their log, due ones counted along an index, nothing of the log ever changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.store.samples import BUILDER, NOON, TOOL, a_dossier, at_noon
from tests.store.test_tallies import plan
from workbench.domain.ids import ToolId
from workbench.domain.ledger import Event, Foretold
from workbench.domain.prediction import Prediction
from workbench.errors import StoreError
from workbench.store.ledger import due_forecasts
from workbench.store.opening import prepare
from workbench.store.schema import OURS, Schema
from workbench.store.workspace import SqlStore, open_store

DAY = date(2027, 12, 31)
SAID = Prediction(
    what="By 2027 it is over.", start=0, end=19, when="By 2027", due=DAY, tool_id=TOOL, persona_id=BUILDER
)
HELD = Event(kind="held", editor="Bea", at=NOON, note="It is.")


def kept(store: SqlStore, *predictions: Prediction) -> None:
    with store.writing() as repositories:
        repositories.ledger.add(predictions or [SAID], editor="Ann", decided_at=NOON)


def listed(store: SqlStore, *, due_before: date | None = None) -> list[Foretold]:
    with store.reading() as repositories:
        return repositories.ledger.all(due_before=due_before)


def test_a_forecast_is_kept_whole_and_so_is_what_becomes_of_it(store: SqlStore) -> None:
    kept(store)
    with store.writing() as repositories:
        assert repositories.ledger.record(1, replace(HELD, kind="too_early", due=date(2028, 6, 30))).state == "open"
        found = repositories.ledger.record(1, HELD)
    again = open_store(store.path, create=False, now=at_noon)
    assert listed(again) == [found]
    again.close()
    assert (found.number, found.tool_id, found.persona_id, found.what, found.when) == (
        1,
        TOOL,
        BUILDER,
        SAID.what,
        "By 2027",
    )
    assert (found.due, found.due_on, found.state, found.judgement) == (DAY, date(2028, 6, 30), "held", HELD)
    assert (found.editor, found.decided_at) == ("Ann", NOON)
    with store.reading() as repositories:
        assert (repositories.ledger.get(1), repositories.ledger.get(2)) == (found, None)


def test_the_due_ones_are_the_open_ones_of_earlier_days_and_come_by_their_day(store: SqlStore) -> None:
    kept(store, SAID, replace(SAID, due=date(2026, 6, 30)), replace(SAID, due=date(2030, 1, 1)))
    assert [one.number for one in listed(store)] == [2, 1, 3]
    assert [one.number for one in listed(store, due_before=DAY)] == [2]
    today = date(2028, 1, 1)
    assert [one.number for one in listed(store, due_before=today)] == [2, 1]
    with store.writing() as repositories:
        assert repositories.ledger.count_due(today) == 2
        repositories.ledger.record(2, HELD)
        repositories.ledger.record(1, replace(HELD, kind="too_early", due=today))
        assert repositories.ledger.count_due(today) == 0
        assert repositories.ledger.count_due(date(2028, 1, 2)) == 1
        assert [one.number for one in repositories.ledger.all(offset=1, limit=1)] == [1]


def test_each_tool_has_its_own_forecasts(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.tools.add(a_dossier("b-tool", name="B"), NOON)
    kept(store, SAID, replace(SAID, tool_id=ToolId("b-tool")))
    with store.reading() as repositories:
        assert [one.number for one in repositories.ledger.of_tool(ToolId("b-tool"))] == [2]


def test_what_became_of_a_forecast_is_never_changed(store: SqlStore) -> None:
    kept(store)
    with store.writing() as repositories:
        repositories.ledger.record(1, HELD)
    for statement in ("UPDATE forecast_event SET kind = 'failed'", "DELETE FROM forecast_event"):
        with closing(sqlite3.connect(store.path)) as connection, pytest.raises(sqlite3.Error, match="never changed"):
            connection.execute(statement)


def test_a_damaged_finding_is_refused(store: SqlStore) -> None:
    kept(store)
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(
            "INSERT INTO forecast_event (forecast_id, kind, at, event, event_sha256) "
            "VALUES (1, 'held', '2026-11-22 12:00:00.000000', '{}', 'x')"
        )
        connection.commit()
    with pytest.raises(StoreError, match="What became of forecast 1 is damaged"):
        listed(store)


def test_due_forecasts_are_found_along_an_index(store: SqlStore) -> None:
    assert "SEARCH forecast USING INDEX ix_forecast_open" in plan(store, due_forecasts(DAY))


def test_quotes_of_an_older_schema_are_looked_at_for_what_they_foretell(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    prepare(path, create=True, now=at_noon, schema=Schema(migrations=OURS.migrations, head="0006"))
    with closing(sqlite3.connect(path)) as connection:
        columns = "id, name, vendor, category, tagline, url, search, revision, changed_at"
        values = [TOOL, *["x"] * 6, 1, "2026-11-22 12:00:00.000000"]
        connection.execute(f"INSERT INTO tool ({columns}) VALUES ({', '.join('?' * 9)})", values)
        connection.execute(
            "INSERT INTO cell (tool_id, persona_id, version, approved, weighed) VALUES (?, ?, 1, 1, 1)", [TOOL, BUILDER]
        )
        connection.commit()
    opened = open_store(path, create=False, now=at_noon)
    with opened.reading() as repositories:
        assert repositories.reopenings.unweighed() == [TOOL]
    opened.close()
