"""The log of decisions: first come, first served, and nothing is ever rewritten."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.samples import NOON, TOOL, a_decision
from workbench.domain.decision import Edited
from workbench.errors import ConflictError, StoreError
from workbench.store.workspace import SqlStore


def test_the_second_editor_is_told_who_was_first_and_when(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.decisions.append(a_decision(editor="Ann"))
    with pytest.raises(ConflictError, match=r"Ann saved .* on 2026-11-22 at 12:00 UTC") as caught:  # noqa: SIM117
        with store.writing() as repositories:
            repositories.decisions.append(a_decision(editor="Bob", act=Edited(text="Mine.")))
    assert "still here" in caught.value.remedy
    with store.reading() as repositories:
        assert repositories.decisions.of_tool(TOOL) == [a_decision(editor="Ann")]


def test_a_decision_that_skips_a_number_is_refused(store: SqlStore) -> None:
    with pytest.raises(ConflictError, match="awaits number 1"), store.writing() as repositories:
        repositories.decisions.append(a_decision(2))


def test_of_two_threads_deciding_at_once_exactly_one_wins(store: SqlStore) -> None:
    for number in range(1, 11):
        barrier = threading.Barrier(2)

        def decide(editor: str, *, number: int = number, barrier: threading.Barrier = barrier) -> str:
            barrier.wait()
            try:
                with store.writing() as repositories:
                    repositories.decisions.append(a_decision(number, editor=editor))
            except ConflictError as conflict:
                return conflict.message
            return "saved"

        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(decide, ("Ann", "Bob")), key=lambda outcome: outcome != "saved")
        assert outcomes[0] == "saved"
        with store.reading() as repositories:
            winner = repositories.decisions.of_tool(TOOL)[-1]
        assert winner.number == number
        assert outcomes[1].startswith(f"{winner.editor} saved a decision")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision SET editor = 'Mallory'",
        "DELETE FROM decision",
        "REPLACE INTO decision SELECT seq, tool_id, persona_id, number, 'M', at, act, act_sha256, 0 FROM decision",
        "REPLACE INTO decision VALUES (NULL, 'a-tool', 'builder', 1, 'Mallory', '2026-11-22', '', '', 0)",
    ],
)
def test_a_decision_can_be_neither_changed_nor_deleted_nor_replaced(store: SqlStore, statement: str) -> None:
    with store.writing() as repositories:
        repositories.decisions.append(a_decision())
    with store._writing_engine.connect() as connection:
        try:
            connection.exec_driver_sql(statement)
        except Exception as error:  # noqa: BLE001 - which class the driver picks is not the point
            complaint = str(error)
        else:
            complaint = "none"
    assert "decision rows are never changed" in complaint
    with store.reading() as repositories:
        assert repositories.decisions.of_tool(TOOL) == [a_decision()]


def test_a_damaged_quote_is_named(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.decisions.append(a_decision())
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("DROP TRIGGER decision_no_update")
        connection.execute("UPDATE decision SET act = replace(act, 'A quote', 'No quote')")
        connection.commit()
    with pytest.raises(StoreError, match="Decision 1 of builder for a-tool is damaged"), store.reading() as found:
        found.decisions.of_tool(TOOL)


def test_a_text_no_file_can_keep_is_refused_in_words(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="surrogate"), store.writing() as repositories:
        repositories.decisions.append(a_decision(act=Edited(text="half \ud83d")))
    with pytest.raises(StoreError, match="surrogate"), store.writing() as repositories:
        repositories.decisions.append(a_decision(editor="half \ud83d"))
    with store.reading() as repositories:
        assert repositories.decisions.of_tool(TOOL) == []


def test_decisions_keep_their_order_when_the_clock_jumps_back(store: SqlStore) -> None:
    later_first = [a_decision(), replace(a_decision(2), at=NOON - timedelta(hours=1))]
    with store.writing() as repositories:
        for decision in later_first:
            repositories.decisions.append(decision)
    with store.reading() as repositories:
        assert repositories.decisions.of_tool(TOOL) == later_first
