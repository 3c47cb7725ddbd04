"""An undo brings back the text and the verdict that stood before, by further events."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes import FakeClock, WilfulStore
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from workbench.domain.decision import Cell
from workbench.domain.draft import Draft
from workbench.domain.ids import PersonaId
from workbench.errors import ConflictError, DecisionError
from workbench.services.deciding import Signature

Deed = Callable[[Desk, Draft, Draft], object]
DEEDS: dict[str, Deed] = {
    "accept one": lambda desk, one, _: desk.accept(one.id, "ship", ANN),
    "accept one undecided": lambda desk, one, _: desk.accept(one.id, None, ANN),
    "accept other": lambda desk, _, other: desk.accept(other.id, "skip", ANN),
    "edit one": lambda desk, one, _: desk.edit(TOOL, BUILDER, "Mine.", ANN, draft_id=one.id, verdict="skip"),
    "by hand": lambda desk, _, __: desk.edit(TOOL, BUILDER, "By hand.", ANN),
    "reject one": lambda desk, one, _: desk.reject(one.id, "generic", "", ANN),
    "reject other": lambda desk, _, other: desk.reject(other.id, "off_voice", "", ANN),
    "ship": lambda desk, _, __: desk.set_verdict(TOOL, BUILDER, "ship", ANN),
    "undecide": lambda desk, _, __: desk.set_verdict(TOOL, BUILDER, None, ANN),
    "withdraw": lambda desk, _, __: desk.withdraw(TOOL, BUILDER, ANN),
}


def standing(cell: Cell | None) -> tuple[str, str | None, str | None, bool]:
    return (cell.text, cell.verdict, cell.draft_id, cell.edited) if cell is not None else ("", None, None, False)


def done(desk: Desk, *deeds: str) -> tuple[str, str | None, str | None, bool]:
    """Do all of it; what stood before the last that wrote something: an accept of what stands already does not."""
    one, other = desk.draft("It ships."), desk.draft("It waits.")
    stood = standing(None)
    for deed in deeds:
        before, version = desk.cells(TOOL).get(BUILDER), len(desk.history(TOOL, BUILDER))
        DEEDS[deed](desk, one, other)
        if len(desk.history(TOOL, BUILDER)) > version:
            stood = standing(before)
    return stood


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    return Desk(store=store, clock=clock)


@pytest.mark.parametrize("before", DEEDS)
@pytest.mark.parametrize("last", DEEDS)
def test_undoing_any_act_after_any_other_restores_text_and_verdict(desk: Desk, before: str, last: str) -> None:
    stood = done(desk, before, last)
    log = desk.history(TOOL, BUILDER)
    cell = desk.undo(TOOL, BUILDER, ANN)
    assert standing(cell) == stood
    assert desk.cells(TOOL)[BUILDER] == cell
    assert desk.history(TOOL, BUILDER)[: len(log)] == log
    assert cell.version > log[-1].number


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(some.lists(some.sampled_from(sorted(DEEDS)), min_size=1, max_size=5))
def test_undoing_after_any_history_restores_what_stood_before_the_last_act(desk: Desk, deeds: list[str]) -> None:
    stood = done(desk, *deeds)
    assert standing(desk.undo(TOOL, BUILDER, ANN)) == stood


def test_there_is_nothing_to_undo_in_an_undecided_cell(desk: Desk) -> None:
    desk.edit(TOOL, PersonaId("skeptic"), "Hm.", ANN)
    with pytest.raises(DecisionError, match="no decision to undo"):
        desk.undo(TOOL, BUILDER, ANN)


def test_an_undo_is_signed_by_whoever_undid(desk: Desk, clock: FakeClock) -> None:
    desk.edit(TOOL, BUILDER, "First.", ANN)
    desk.edit(TOOL, BUILDER, "Second.", ANN)
    at = clock.forward()
    cell = desk.undo(TOOL, BUILDER, Signature(editor="Ben", version=2))
    assert (cell.text, cell.editor) == ("First.", "Ann")  # who approved what stands again
    last = desk.history(TOOL, BUILDER)[-1]
    assert (last.editor, last.at) == ("Ben", at)


def test_an_undo_on_a_stale_page_is_refused(desk: Desk) -> None:
    desk.edit(TOOL, BUILDER, "First.", ANN)
    desk.edit(TOOL, BUILDER, "Second.", ANN)
    with pytest.raises(ConflictError):
        desk.undo(TOOL, BUILDER, Signature(editor="Ben", version=1))
    assert desk.cells(TOOL)[BUILDER].text == "Second."


def test_undoing_a_rejection_takes_it_back(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    rejected = desk.reject(draft.id, "generic", "", ANN)
    assert draft.id in rejected.rejected
    assert draft.id not in desk.undo(TOOL, BUILDER, ANN).rejected


def test_undo_after_undo_goes_further_back_to_the_beginning(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.accept(draft.id, None, ANN)
    desk.set_verdict(TOOL, BUILDER, "ship", ANN)
    desk.edit(TOOL, BUILDER, "It ships, slowly.", ANN, draft_id=draft.id)
    texts = [(one.text, one.verdict) for one in (desk.undo(TOOL, BUILDER, ANN) for _ in range(3))]
    assert texts == [("It ships.", "ship"), ("It ships.", None), ("", None)]
    with pytest.raises(DecisionError, match="no decision to undo"):
        desk.undo(TOOL, BUILDER, ANN)


def test_a_decision_after_an_undo_is_undone_by_itself(desk: Desk) -> None:
    desk.edit(TOOL, BUILDER, "First.", ANN)
    desk.edit(TOOL, BUILDER, "Second.", ANN)
    desk.undo(TOOL, BUILDER, ANN)
    desk.edit(TOOL, BUILDER, "Third.", ANN)
    assert desk.undo(TOOL, BUILDER, ANN).text == "First."
    assert desk.undo(TOOL, BUILDER, ANN).text == ""
