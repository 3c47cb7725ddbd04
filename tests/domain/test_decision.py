"""What an editor's acts make of a cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.decision import (
    REJECT_REASONS,
    Accepted,
    Act,
    Cell,
    Decision,
    Edited,
    Rejected,
    Seconded,
    Undone,
    VerdictSet,
    Withdrawn,
    cell_of,
    standing,
)
from workbench.domain.ids import DraftId, PersonaId, ToolId

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TESTO, BUILDER = ToolId("testo"), PersonaId("builder")
ONE, TWO = DraftId("d1"), DraftId("d2")


def cell(*acts: Act) -> Cell:
    return cell_of(TESTO, BUILDER, log(*acts))


def log(*acts: Act) -> list[Decision]:
    return [
        Decision(tool_id=TESTO, persona_id=BUILDER, number=number, editor=f"Ed {number}", at=at(number), act=act)
        for number, act in enumerate(acts, start=1)
    ]


def at(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def test_an_untouched_cell_is_empty() -> None:
    empty = cell()
    assert (empty.version, empty.approved, empty.verdict, empty.decided_at) == (0, False, None, None)


def test_accepting_takes_the_text_and_signs_it() -> None:
    done = cell(Accepted(draft_id=ONE, text="Good.", verdict="ship"))
    assert (done.text, done.verdict, done.draft_id, done.edited) == ("Good.", "ship", ONE, False)
    assert (done.editor, done.decided_at, done.version) == ("Ed 1", at(1), 1)
    assert done.approved


def test_editing_is_remembered_and_keeps_the_draft_it_came_from() -> None:
    done = cell(Accepted(draft_id=ONE, text="Good."), Edited(text="Better.", draft_id=ONE))
    assert (done.text, done.edited, done.draft_id, done.editor) == ("Better.", True, ONE, "Ed 2")


def test_a_quote_by_hand_has_no_draft() -> None:
    done = cell(Rejected(draft_id=ONE, reason="generic"), Edited(text="Mine."))
    assert (done.draft_id, done.edited, done.rejected) == (None, True, frozenset({ONE}))


def test_the_verdict_stays_when_a_later_act_names_none() -> None:
    done = cell(VerdictSet(verdict="skip"), Accepted(draft_id=ONE, text="Good."), Edited(text="Better."))
    assert done.verdict == "skip"
    assert cell(VerdictSet(verdict="skip"), Accepted(draft_id=ONE, text="Good.", verdict="ship")).verdict == "ship"


def test_a_verdict_can_be_taken_back_without_the_quote() -> None:
    done = cell(Accepted(draft_id=ONE, text="Good.", verdict="ship"), VerdictSet(verdict=None))
    assert (done.verdict, done.text, done.editor, done.decided_at) == (None, "Good.", "Ed 1", at(1))


def test_rejecting_the_accepted_draft_withdraws_its_quote() -> None:
    done = cell(Accepted(draft_id=ONE, text="Good.", verdict="ship"), Rejected(draft_id=ONE, reason="invented_fact"))
    assert (done.text, done.draft_id, done.editor, done.decided_at) == ("", None, "", None)
    assert not done.approved
    assert done.rejected == {ONE}
    assert done.verdict == "ship"


def test_rejecting_another_draft_leaves_the_quote() -> None:
    done = cell(Accepted(draft_id=ONE, text="Good."), Rejected(draft_id=TWO, reason="other", note="late"))
    assert (done.text, done.rejected, done.version) == ("Good.", frozenset({TWO}), 2)


def test_accepting_a_rejected_draft_takes_the_rejection_back() -> None:
    done = cell(Rejected(draft_id=ONE, reason="off_voice"), Accepted(draft_id=ONE, text="Good."))
    assert done.rejected == frozenset()


def test_withdrawing_keeps_verdict_and_history() -> None:
    done = cell(
        Rejected(draft_id=TWO, reason="missing_beat"),
        Edited(text="Mine.", draft_id=ONE, verdict="skip"),
        Withdrawn(),
    )
    assert (done.text, done.edited, done.draft_id, done.verdict) == ("", False, None, "skip")
    assert (done.rejected, done.version) == (frozenset({TWO}), 3)


def test_every_reason_has_a_label() -> None:
    assert all(label[0].isupper() for label in REJECT_REASONS.values())
    assert len(set(REJECT_REASONS.values())) == len(REJECT_REASONS) == 6


drafts = st.sampled_from([ONE, TWO])
verdicts = st.sampled_from(["ship", "skip", None])
texts = st.text(min_size=1, max_size=3)
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(Accepted, draft_id=drafts, text=texts, verdict=verdicts, kind=st.just("accepted")),
    st.builds(Edited, draft_id=st.none() | drafts, text=texts, verdict=verdicts, kind=st.just("edited")),
    st.builds(Rejected, draft_id=drafts, reason=st.sampled_from(sorted(REJECT_REASONS)), kind=st.just("rejected")),
    st.builds(VerdictSet, verdict=verdicts, kind=st.just("verdict_set")),
    st.builds(Withdrawn, kind=st.just("withdrawn")),
)


@given(st.lists(acts, max_size=8), st.data())
def test_an_undo_brings_back_the_cell_as_it_stood(some: list[Act], data: st.DataObject) -> None:
    to = data.draw(st.integers(0, len(some)))
    undone = cell_of(TESTO, BUILDER, log(*some, Undone(to=to)))
    seen = cell_of(TESTO, BUILDER, log(*some)).opened
    assert undone == replace(cell_of(TESTO, BUILDER, log(*some)[:to]), version=len(some) + 1, opened=seen)


def test_what_an_editor_has_seen_no_undo_hides_again() -> None:
    assert not cell(Rejected(draft_id=ONE, reason="generic")).opened
    assert cell(Accepted(draft_id=ONE, text="A."), Undone(to=0)).opened
    assert cell(Accepted(draft_id=ONE, text="A."), Withdrawn()).opened


def test_a_second_signature_is_for_the_quote_that_stands() -> None:
    signed = cell(Accepted(draft_id=ONE, text="A."), Seconded())
    assert signed.seconded_by == "Ed 2"
    assert cell(Accepted(draft_id=ONE, text="A."), Seconded(), Edited(text="B.")).seconded_by == ""


def test_a_verdict_keeps_how_sure_and_why() -> None:
    sure = cell(VerdictSet(verdict="ship", confidence="high", reason="It works."))
    assert (sure.verdict, sure.confidence, sure.reason) == ("ship", "high", "It works.")
    assert cell(VerdictSet(verdict="ship", confidence="high"), VerdictSet(verdict=None)).confidence is None


@given(st.lists(acts, min_size=1, max_size=8), st.data())
def test_what_stands_after_an_undo_is_the_decision_it_went_back_to(some: list[Act], data: st.DataObject) -> None:
    to = data.draw(st.integers(0, len(some)))
    undone = log(*some, Undone(to=to))
    assert standing(undone, len(undone)) == to
    assert standing(undone, len(some)) == len(some)


@given(st.lists(acts, max_size=8))
def test_a_quote_is_signed_exactly_when_there_is_one(some: list[Act]) -> None:
    done = cell(*some)
    assert done.version == len(some)
    assert done.approved == bool(done.editor) == (done.decided_at is not None)
    assert done.draft_id not in done.rejected


def test_what_is_no_act_is_a_bug_at_once() -> None:
    stranger: Any = object()
    with pytest.raises(AssertionError):
        cell(stranger)
