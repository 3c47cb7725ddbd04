"""Answers to findings: events with a reason and a name that change no text and outlive a restart and an undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, a_store, an_answer, keep
from tests.services.cells import ANN, BUILDER, TOOL, Desk, a_remarking
from workbench.checks.claims import CHECK
from workbench.domain.answer import Mark, Remark
from workbench.domain.decision import Cell
from workbench.domain.dossier import AddedFact
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import digest
from workbench.errors import InputError, UnknownNameError
from workbench.ports import Store
from workbench.services.answering import REASON_LIMIT, Answering
from workbench.services.sourcing import Sourcing

MARK = Mark(rule="claims", severity="conflict", words="512K", sentence=digest("It reads 512K tokens."))


def answering_in(store: Store, clock: FakeClock) -> Answering:
    return Answering(store=store, clock=clock, sourcing=Sourcing(store=store, clock=clock))


@pytest.fixture
def answering(store: WilfulStore, clock: FakeClock) -> Answering:
    keep(store, [a_dossier(description="It reads 256K tokens. It tests.", revision=2)])
    return answering_in(store, clock)


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    return Desk(store=store, clock=clock)


def on_cell(store: Store, library: FakeLibrary, cell: Cell) -> tuple[Remark, ...]:
    with store.reading() as repositories:
        return a_remarking(library, CHECK).on(repositories, TOOL).on_cell(cell)


def test_a_reason_is_kept_with_who_and_when_and_on_one_line(answering: Answering, clock: FakeClock) -> None:
    answer = answering.keep(TOOL, BUILDER, MARK, " The vendor\nsaid so.\u200b ", editor=" Ann ")
    assert (answer.kind, answer.reason, answer.editor, answer.at) == (
        "kept",
        "The vendor said so.",
        "Ann",
        clock.now(),
    )
    assert answering.history(TOOL, BUILDER) == [answer]
    assert answering.history(TOOL, PersonaId("skeptic")) == []


def test_a_second_click_adds_nothing_and_another_reason_does(answering: Answering) -> None:
    first = answering.keep(TOOL, BUILDER, MARK, "So it says.", editor="Ann")
    assert answering.keep(TOOL, BUILDER, MARK, "So it says.", editor="Ann") == first
    answering.keep(TOOL, BUILDER, MARK, "So it says.", editor="Bob")
    answering.keep(TOOL, BUILDER, MARK, "I looked.", editor="Bob")
    assert [one.editor for one in answering.history(TOOL, BUILDER)] == ["Ann", "Bob", "Bob"]


@pytest.mark.parametrize(
    ("reason", "editor", "field"),
    [
        (" \u200b", "Ann", "reason"),
        ("x" * (REASON_LIMIT + 1), "Ann", "reason"),
        ("\ud800", "Ann", "reason"),
        ("So it says.", " ", "editor"),
    ],
)
def test_an_answer_without_a_reason_or_a_name_is_refused(
    answering: Answering, reason: str, editor: str, field: str
) -> None:
    with pytest.raises(InputError) as refused:
        answering.keep(TOOL, BUILDER, MARK, reason, editor=editor)
    assert refused.value.field == field
    assert answering.history(TOOL, BUILDER) == []


def test_an_answer_needs_a_tool(answering: Answering) -> None:
    with pytest.raises(UnknownNameError):
        answering.keep(ToolId("nobody"), BUILDER, MARK, "So it says.", editor="Ann")


def test_what_was_kept_can_be_taken_back_once_and_both_stay_in_the_log(answering: Answering) -> None:
    assert answering.take_back(TOOL, BUILDER, MARK, editor="Ann") is None
    answering.keep(TOOL, BUILDER, MARK, "So it says.", editor="Ann")
    assert answering.take_back(TOOL, BUILDER, MARK, editor="Bob") is not None
    assert answering.take_back(TOOL, BUILDER, MARK, editor="Bob") is None
    answering.reworded(TOOL, BUILDER, MARK, editor="Cid")
    assert [(one.kind, one.editor) for one in answering.history(TOOL, BUILDER)] == [
        ("kept", "Ann"),
        ("taken_back", "Bob"),
        ("reworded", "Cid"),
    ]


def test_a_source_that_is_refused_answers_nothing(answering: Answering) -> None:
    with pytest.raises(InputError):
        answering.source(TOOL, BUILDER, MARK, AddedFact(text="It sings.", source=""), editor="Ann")
    assert answering.history(TOOL, BUILDER) == []
    added = answering.source(TOOL, BUILDER, MARK, AddedFact(text="It sings.", source="a page"), editor="Ann")
    (answer,) = answering.history(TOOL, BUILDER)
    assert (answer.kind, answer.fact, answer.dossier) == ("sourced", "F5", added.dossier.digest)


def test_a_kept_answer_outlives_an_undo_and_a_restart_and_lapses_with_its_sentence(
    answering: Answering, desk: Desk, store: WilfulStore, library: FakeLibrary, clock: FakeClock, tmp_path: Path
) -> None:
    cell = desk.edit(TOOL, BUILDER, "It reads 512K tokens. It tests.", ANN)
    (remark,) = on_cell(store, library, cell)
    assert remark.conflicts
    answering.keep(TOOL, BUILDER, remark.mark, "The vendor wrote to us.", editor="Ann")
    desk.edit(TOOL, BUILDER, "It reads 512K words. It tests.", ANN)
    assert on_cell(store, library, desk.cells(TOOL)[BUILDER])[0].open
    back = desk.undo(TOOL, BUILDER, ANN)
    store.close()
    again = a_store(tmp_path, clock)
    try:
        (remark,) = on_cell(again, library, back)
        assert (remark.open, remark.conflicts) == (False, False)
        assert remark.answer is not None
        assert remark.answer.reason == "The vendor wrote to us."
    finally:
        again.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.sampled_from(["keep", "take_back", "reworded", "source"]), min_size=1, max_size=6))
def test_no_answer_changes_a_text(answering: Answering, desk: Desk, store: WilfulStore, acts: list[str]) -> None:
    draft = desk.draft(text=an_answer("It reads 512K tokens."))
    desk.accept(draft.id, "ship", ANN)
    cell, history = desk.cells(TOOL)[BUILDER], desk.history(TOOL, BUILDER)
    for act in acts:
        match act:
            case "keep":
                answering.keep(TOOL, BUILDER, MARK, "So it says.", editor="Ann")
            case "take_back":
                answering.take_back(TOOL, BUILDER, MARK, editor="Ann")
            case "reworded":
                answering.reworded(TOOL, BUILDER, MARK, editor="Ann")
            case _:
                new = AddedFact(text=f"Fact {desk.clock.new_id()}.", source="a page")
                answering.source(TOOL, BUILDER, MARK, new, editor="Ann")
    assert (desk.cells(TOOL)[BUILDER], desk.history(TOOL, BUILDER)) == (cell, history)
    with store.reading() as repositories:
        assert repositories.drafts.get(draft.id) == draft
