"""Accept, edit, reject, verdict, withdraw: what each act makes of a cell, and what none may do."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes import FakeClock, WilfulStore
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from workbench.domain.decision import Accepted, Edited, Rejected
from workbench.domain.draft import State
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.errors import ConflictError, DecisionError, InputError, StoreError, UnknownNameError
from workbench.services.deciding import Signature
from workbench.services.quoting import QUOTE_LIMIT


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    return Desk(store=store, clock=clock)


def test_an_accepted_draft_is_the_quote_word_for_word(desk: Desk, clock: FakeClock) -> None:
    draft = desk.draft("The claim holds.", "It ships.")
    at = clock.forward()
    cell = desk.accept(draft.id, "ship", ANN)
    assert (cell.text, cell.verdict, cell.draft_id) == ("The claim holds. It ships.", "ship", draft.id)
    assert (cell.edited, cell.editor, cell.decided_at, cell.version) == (False, "Ann", at, 1)
    assert desk.cells(TOOL) == {BUILDER: cell}


def test_the_models_verdict_is_never_taken_for_the_editors(desk: Desk) -> None:
    assert desk.accept(desk.draft("It ships.").id, None, ANN).verdict is None


@pytest.mark.parametrize("state", ["queued", "streaming", "truncated", "refused", "interrupted", "stopped", "failed"])
def test_only_a_whole_draft_can_be_accepted(desk: Desk, state: State) -> None:
    draft = desk.draft("The claim holds.", state=state)
    with pytest.raises(DecisionError, match=f"This draft is {state}"):
        desk.accept(draft.id, "ship", ANN)
    assert desk.cells(TOOL) == {}


@pytest.mark.parametrize("state", ["truncated", "interrupted", "stopped"])
def test_a_cut_off_draft_can_be_edited_into_a_quote(desk: Desk, state: State) -> None:
    draft = desk.draft("The claim holds.", state=state)
    cell = desk.edit(TOOL, BUILDER, "The claim holds.", ANN, draft_id=draft.id, verdict="skip")
    assert (cell.text, cell.edited, cell.draft_id, cell.verdict) == ("The claim holds.", True, draft.id, "skip")


@pytest.mark.parametrize("state", ["queued", "streaming", "refused", "failed"])
def test_a_refused_failed_or_live_drafts_text_cannot_be_used(desk: Desk, state: State) -> None:
    draft = desk.draft("The claim holds.", state=state)
    with pytest.raises(DecisionError, match=f"This draft is {state}: its text cannot be used"):
        desk.edit(TOOL, BUILDER, "The claim holds, nearly.", ANN, draft_id=draft.id)
    assert desk.cells(TOOL) == {}


def test_an_edit_that_changes_nothing_counts_as_accepted(desk: Desk) -> None:
    draft = desk.draft("The claim holds.", "It ships.")
    cell = desk.edit(TOOL, BUILDER, " The claim holds. It ships.\r\n", ANN, draft_id=draft.id, verdict="ship")
    assert (cell.edited, cell.draft_id, cell.verdict) == (False, draft.id, "ship")
    assert isinstance(desk.history(TOOL, BUILDER)[-1].act, Accepted)


def test_an_edit_that_changes_a_word_is_an_edit(desk: Desk) -> None:
    draft = desk.draft("The claim holds.")
    cell = desk.edit(TOOL, BUILDER, "The claim stands.", ANN, draft_id=draft.id)
    assert (cell.edited, cell.text) == (True, "The claim stands.")
    assert isinstance(desk.history(TOOL, BUILDER)[-1].act, Edited)


def test_a_quote_can_be_written_by_hand(desk: Desk) -> None:
    cell = desk.edit(TOOL, BUILDER, "I say so.", ANN)
    assert (cell.text, cell.edited, cell.draft_id) == ("I say so.", True, None)


def test_a_quote_for_a_tool_nobody_knows_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownNameError, match="no tool called “nobody”"):
        desk.edit(ToolId("nobody"), BUILDER, "I say so.", ANN)
    with pytest.raises(StoreError):
        desk.set_verdict(ToolId("nobody"), BUILDER, "ship", ANN)


def test_a_draft_of_another_cell_is_refused(desk: Desk) -> None:
    draft = desk.draft("The claim holds.", persona=PersonaId("skeptic"))
    with pytest.raises(DecisionError, match="another cell"):
        desk.edit(TOOL, BUILDER, "The claim holds.", ANN, draft_id=draft.id)


def test_a_draft_nobody_made_is_refused(desk: Desk) -> None:
    nobody = DraftId("nobody")
    with pytest.raises(UnknownNameError):
        desk.accept(nobody, "ship", ANN)
    with pytest.raises(UnknownNameError):
        desk.edit(TOOL, BUILDER, "I say so.", ANN, draft_id=nobody)
    with pytest.raises(UnknownNameError):
        desk.reject(nobody, "generic", "", ANN)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "The quote is empty"),
        (" \n\u200b\u202e ", "The quote is empty"),
        ("nul \0 here", "a NUL character at character 5"),
        ("half \ud800 here", "half of a surrogate pair (U+D800) at character 6"),
        ("x" * (QUOTE_LIMIT + 1), "The quote has 5,001 characters; the limit is 5,000"),
    ],
)
def test_a_quote_that_cannot_be_printed_is_refused_and_says_why(desk: Desk, text: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        desk.edit(TOOL, BUILDER, text, ANN)
    assert complaint in caught.value.message
    assert caught.value.field == "quote"
    assert desk.cells(TOOL) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(some.text(min_size=1, max_size=40))
def test_hostile_text_is_refused_or_kept_without_what_hides(desk: Desk, text: str) -> None:
    try:
        kept = desk.edit(TOOL, BUILDER, "Seen: " + text, ANN).text
    except InputError:
        kept = ""
    assert not set(kept) & set("\0\u202e\u200b\x1b\x07")
    assert kept == "" or kept.startswith("Seen:")


def test_what_hides_in_a_draft_is_not_accepted_with_it(desk: Desk) -> None:
    draft = desk.draft("The claim \u202eholds\u200b.")
    cell = desk.accept(draft.id, "ship", ANN)
    assert cell.text == "The claim holds."
    assert not desk.edit(TOOL, BUILDER, cell.text, ANN, draft_id=draft.id).edited


def test_a_draft_of_nothing_visible_cannot_be_accepted(desk: Desk) -> None:
    with pytest.raises(DecisionError, match="no visible text"):
        desk.accept(desk.draft("\u200b").id, "ship", ANN)


def test_rejecting_a_draft_takes_back_the_quote_made_from_it(desk: Desk) -> None:
    draft = desk.draft("The claim holds.")
    desk.accept(draft.id, "ship", ANN)
    cell = desk.reject(draft.id, "invented_fact", " It has no \u202eAPI. ", ANN)
    assert (cell.approved, cell.rejected, cell.verdict) == (False, frozenset({draft.id}), "ship")
    act = desk.history(TOOL, BUILDER)[-1].act
    assert act == Rejected(draft_id=draft.id, reason="invented_fact", note="It has no API.")


def test_rejecting_one_draft_leaves_the_quote_made_from_another(desk: Desk) -> None:
    first, second = desk.draft("The claim holds."), desk.draft("It ships.")
    desk.accept(first.id, "ship", ANN)
    cell = desk.reject(second.id, "generic", "", ANN)
    assert (cell.text, cell.rejected) == ("The claim holds.", frozenset({second.id}))


@pytest.mark.parametrize("state", ["queued", "streaming"])
def test_a_live_draft_cannot_be_rejected(desk: Desk, state: State) -> None:
    with pytest.raises(DecisionError, match="still streaming"):
        desk.reject(desk.draft("The", state=state).id, "generic", "", ANN)


@pytest.mark.parametrize("state", ["failed", "refused", "truncated", "done"])
def test_any_ended_draft_can_be_rejected(desk: Desk, state: State) -> None:
    draft = desk.draft("The claim", state=state)
    assert desk.reject(draft.id, "other", "says nothing", ANN).rejected == {draft.id}


def test_a_rejection_for_another_reason_says_which(desk: Desk) -> None:
    with pytest.raises(InputError, match="Say in the note") as refused:
        desk.reject(desk.draft("The claim holds.").id, "other", " ", ANN)
    assert refused.value.field == "note"


def test_a_reject_reason_nobody_knows_is_answered_with_those_that_exist(desk: Desk) -> None:
    with pytest.raises(UnknownNameError, match="generic, invented_fact"):
        desk.reject(desk.draft("The claim holds.").id, "boring", "", ANN)  # type: ignore[arg-type] # from a form


def test_a_verdict_stands_apart_from_the_prose(desk: Desk) -> None:
    assert desk.set_verdict(TOOL, BUILDER, "skip", ANN).verdict == "skip"
    cell = desk.accept(desk.draft("It ships.").id, None, ANN)
    assert (cell.verdict, cell.text) == ("skip", "It ships.")
    cell = desk.set_verdict(TOOL, BUILDER, None, ANN)
    assert (cell.verdict, cell.text) == (None, "It ships.")


def test_accepting_what_stands_writes_nothing_and_forgets_nothing(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    stands = desk.accept(draft.id, "ship", Signature(editor="Ann", masked=True))
    assert desk.accept(draft.id, None, ANN) == desk.accept(draft.id, "ship", ANN) == stands
    assert desk.edit(TOOL, BUILDER, "It ships.", ANN, draft_id=draft.id) == stands  # an edit that changes nothing
    assert stands.masked
    assert len(desk.history(TOOL, BUILDER)) == 1


def test_of_an_accept_of_what_stands_only_another_verdict_is_written(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.accept(draft.id, "ship", Signature(editor="Ann", masked=True))
    for _ in range(2):  # it may be delivered twice
        cell = desk.accept(draft.id, "skip", Signature(editor="Ann", version=1))
        assert (cell.verdict, cell.masked, cell.version) == ("skip", True, 2)
    assert [one.act.kind for one in desk.history(TOOL, BUILDER)] == ["accepted", "verdict_set"]


def test_what_somebody_else_accepted_meanwhile_is_still_said(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.accept(draft.id, None, Signature(editor="Ann", version=0))
    with pytest.raises(ConflictError, match="Ann decided here"):
        desk.accept(draft.id, None, Signature(editor="Ben", version=0))


def test_an_accepted_draft_is_accepted_anew_in_place_of_its_edit(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.accept(draft.id, None, ANN)
    desk.edit(TOOL, BUILDER, "It sails.", ANN, draft_id=draft.id)
    cell = desk.accept(draft.id, None, ANN)
    assert (cell.text, cell.edited, cell.version) == ("It ships.", False, 3)


def test_a_withdrawn_quote_leaves_its_history(desk: Desk) -> None:
    desk.accept(desk.draft("It ships.").id, "ship", ANN)
    cell = desk.withdraw(TOOL, BUILDER, ANN)
    assert (cell.approved, cell.draft_id, cell.verdict, cell.version) == (False, None, "ship", 2)
    assert [one.act.kind for one in desk.history(TOOL, BUILDER)] == ["accepted", "withdrawn"]


def test_cells_of_other_personas_and_tools_are_untouched(desk: Desk) -> None:
    desk.accept(desk.draft("It ships.").id, "ship", ANN)
    skeptic = desk.edit(TOOL, PersonaId("skeptic"), "Hm.", ANN)
    assert set(desk.cells(TOOL)) == {"builder", "skeptic"}
    assert desk.cells(ToolId("b-tool")) == {}
    assert [one.number for one in desk.history(TOOL, PersonaId("skeptic"))] == [skeptic.version] == [1]


@pytest.mark.parametrize("editor", ["", " \t"])
def test_a_decision_needs_a_name(desk: Desk, editor: str) -> None:
    with pytest.raises(InputError, match="A decision needs a name"):
        desk.accept(desk.draft("It ships.").id, "ship", Signature(editor=editor))
    assert desk.cells(TOOL) == {}


def test_a_name_is_kept_without_blanks_around_it(desk: Desk) -> None:
    assert desk.accept(desk.draft("It ships.").id, "ship", Signature(editor=" Ann ")).editor == "Ann"


def test_the_second_editor_learns_who_was_first_and_changes_nothing(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    first = desk.accept(draft.id, "ship", Signature(editor="Ann", version=0))
    with pytest.raises(ConflictError, match="Ann decided here while you were working"):
        desk.edit(TOOL, BUILDER, "It does not.", Signature(editor="Ben", version=0), draft_id=draft.id)
    assert desk.cells(TOOL)[BUILDER] == first
    assert desk.edit(TOOL, BUILDER, "It does not.", Signature(editor="Ben", version=1)).version == 2


def test_a_click_that_arrives_twice_decides_once(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    first = desk.accept(draft.id, "ship", Signature(editor="Ann", version=0))
    assert desk.accept(draft.id, "ship", Signature(editor="Ann", version=0)) == first
    assert len(desk.history(TOOL, BUILDER)) == 1


def test_ones_own_verdict_a_moment_ago_does_not_stop_an_accept(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.set_verdict(TOOL, BUILDER, "skip", Signature(editor="Ann", version=0))
    cell = desk.accept(draft.id, None, Signature(editor="Ann", version=0))
    assert (cell.text, cell.verdict) == ("It ships.", "skip")


def test_ones_own_edit_in_another_tab_is_not_overwritten(desk: Desk) -> None:
    desk.edit(TOOL, BUILDER, "In this tab.", Signature(editor="Ann", version=0))
    with pytest.raises(ConflictError, match="Ann decided here"):
        desk.edit(TOOL, BUILDER, "In that tab.", Signature(editor="Ann", version=0))
    assert desk.cells(TOOL)[BUILDER].text == "In this tab."


def test_a_page_as_old_as_a_taken_back_quote_is_told_somebody_was_here(desk: Desk) -> None:
    desk.edit(TOOL, BUILDER, "Hm.", ANN)
    desk.withdraw(TOOL, BUILDER, ANN)
    with pytest.raises(ConflictError, match="Ann decided here"):
        desk.set_verdict(TOOL, BUILDER, "ship", Signature(editor="Ben", version=1))
