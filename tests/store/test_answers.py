"""The log of answers, and where the texts of quotes are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.samples import BUILDER, NOON, TOOL, a_decision, a_dossier
from workbench.domain.answer import Answer, Mark
from workbench.domain.decision import Act, Edited, Undone, VerdictSet, Withdrawn
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import digest
from workbench.errors import StoreError
from workbench.store.workspace import SqlStore


def an_answer(reason: str = "So it says.") -> Answer:
    mark = Mark(rule="claims", severity="warning", words="“512K” 🙂", sentence=digest("A sentence."))
    return Answer(tool_id=TOOL, persona_id=BUILDER, kind="kept", mark=mark, editor="Ann", at=NOON, reason=reason)


def test_answers_come_back_as_they_were_in_their_order_and_by_tool(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.answers.append(an_answer("First."))
        repositories.answers.append(an_answer("Second."))
    with store.reading() as repositories:
        assert repositories.answers.of_tool(TOOL) == [an_answer("First."), an_answer("Second.")]
        assert repositories.answers.of_tool(ToolId("other")) == []


@pytest.mark.parametrize("statement", ["UPDATE answer SET answer = '{}'", "DELETE FROM answer"])
def test_an_answer_is_never_changed(store: SqlStore, statement: str) -> None:
    with store.writing() as repositories:
        repositories.answers.append(an_answer())
    with closing(sqlite3.connect(store.path)) as connection:  # noqa: SIM117
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute(statement)


def test_a_damaged_answer_is_named(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.answers.append(an_answer())
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("DROP TRIGGER answer_no_update")
        connection.execute("UPDATE answer SET answer = replace(answer, 'So', 'No')")
        connection.commit()
    with pytest.raises(StoreError, match=r"Answer 1, to a finding on builder for a-tool"), store.reading() as found:
        found.answers.of_tool(TOOL)


def test_an_answer_that_no_file_can_keep_is_refused(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="surrogate"), store.writing() as repositories:
        repositories.answers.append(an_answer("\ud800"))


def test_a_quotes_text_is_found_by_the_decision_it_is_from(store: SqlStore) -> None:
    acts: list[Act] = [Edited(text="One."), VerdictSet(verdict="ship"), Edited(text="Two."), Undone(to=2)]
    with store.writing() as repositories:
        for number, act in enumerate(acts, start=1):
            repositories.decisions.append(a_decision(number, act=act))
        assert repositories.decisions.quoted(BUILDER, limit=9) == [(TOOL, 1)]
        assert repositories.decisions.text(TOOL, BUILDER, 1) == "One."
        assert repositories.decisions.text(TOOL, BUILDER, 2) == ""
        assert repositories.decisions.text(TOOL, BUILDER, 9) == ""
        repositories.decisions.append(a_decision(5, act=Withdrawn()))
        assert repositories.decisions.quoted(BUILDER, limit=9) == []


def test_the_last_decided_quotes_come_first_and_are_read_by_index(store: SqlStore) -> None:
    with store.writing() as repositories:
        for number in range(4):
            tool = a_dossier(f"tool-{number}")
            repositories.tools.add(tool, NOON)
            decision = a_decision(act=Edited(text="A quote."))
            later = NOON + timedelta(seconds=number)
            repositories.decisions.append(replace(decision, tool_id=tool.tool.id, at=later))
        assert repositories.decisions.quoted(BUILDER, limit=2) == [(ToolId("tool-3"), 1), (ToolId("tool-2"), 1)]
        assert repositories.decisions.quoted(PersonaId("skeptic"), limit=2) == []
    with closing(sqlite3.connect(store.path)) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT tool_id, quoted FROM cell WHERE persona_id = 'builder' AND approved = 1 "
            "ORDER BY changed_at DESC, tool_id DESC LIMIT 2"
        ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH cell USING COVERING INDEX ix_cell_quoted (persona_id=? AND approved=?)"]
