"""A text that contradicts its dossier is approved only once somebody has said why its words stay."""

from __future__ import annotations

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, an_answer, keep
from tests.services.cells import ANN, BUILDER, TOOL, Desk, a_remarking
from workbench.checks.banned import CHECK as BANNED
from workbench.checks.claims import CHECK as CLAIMS
from workbench.domain.answer import Mark
from workbench.domain.decision import Cell
from workbench.domain.dossier import AddedFact
from workbench.domain.draft import Draft
from workbench.domain.piece import Piece
from workbench.errors import ConflictError, DecisionError
from workbench.services.answering import Answering
from workbench.services.deciding import Signature
from workbench.services.guarding import ConflictGuard
from workbench.services.sourcing import Sourcing

WRONG, RIGHT = "It reads 512K tokens.", "It reads 256K tokens."


class Guarded(Desk):
    """A desk whose approvals are guarded; names are hidden as `X`."""

    def __init__(self, store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> None:
        self.remarking = a_remarking(library, CLAIMS, BANNED)
        guard = ConflictGuard(remarking=self.remarking, hide=lambda text, _: text.replace("512K", "X"))
        super().__init__(store=store, clock=clock, guard=guard)
        self.answering = Answering(store=store, clock=clock, sourcing=Sourcing(store=store, clock=clock))

    def wrong(self) -> Draft:
        return self.draft(text=an_answer(WRONG, "It is magic."))

    def mark(self, cell: Cell) -> Mark:
        with self.store.reading() as repositories:
            return next(
                one.mark for one in self.remarking.on(repositories, TOOL).on_cell(cell) if one.mark.rule == "claims"
            )


@pytest.fixture
def desk(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Guarded:
    keep(store, [a_dossier(description="It reads 256K tokens. It tests.", revision=2)])
    return Guarded(store, library, clock)


def about(text: str) -> Cell:
    return Cell(tool_id=TOOL, persona_id=BUILDER, text=text, edited=True)


def test_accepting_a_conflict_is_refused_with_the_words_the_fact_and_the_ways_out(desk: Guarded) -> None:
    draft = desk.wrong()
    with pytest.raises(DecisionError) as refused:
        desk.accept(draft.id, "ship", ANN)
    assert refused.value.message == "The dossier says otherwise: “512K” against F1: It reads 256K tokens."
    assert refused.value.remedy == "Add a source that bears the words out, reword them, or keep them with a reason."
    assert desk.history(TOOL, BUILDER) == []


def test_an_edited_and_a_composed_conflict_are_refused_and_the_working_copy_is_kept(desk: Guarded) -> None:
    draft = desk.wrong()
    pieces = [Piece(text=WRONG, beat="claim", draft_id=draft.id, place=0)]
    desk.keep(TOOL, BUILDER, pieces, editor="Ann")
    with pytest.raises(DecisionError, match="512K"):
        desk.compose(TOOL, BUILDER, pieces, ANN)
    with pytest.raises(DecisionError, match="512K"):
        desk.edit(TOOL, BUILDER, WRONG, ANN)
    kept = desk.kept(TOOL, BUILDER)
    assert kept is not None
    assert kept.text == WRONG


def test_other_findings_hold_nothing_up(desk: Guarded) -> None:
    assert desk.edit(TOOL, BUILDER, "It is magic, and costs $20.", ANN).approved


def test_each_of_the_three_answers_opens_the_way(desk: Guarded) -> None:
    draft = desk.wrong()
    desk.answering.keep(TOOL, BUILDER, desk.mark(about(WRONG)), "The vendor wrote to us.", editor="Ann")
    assert desk.accept(draft.id, "ship", ANN).approved
    desk.answering.take_back(TOOL, BUILDER, desk.mark(about(WRONG)), editor="Ann")
    with pytest.raises(DecisionError):
        desk.edit(TOOL, BUILDER, f"{WRONG} Really.", ANN)
    assert desk.edit(TOOL, BUILDER, RIGHT, ANN).text == RIGHT
    source = AddedFact(text="It reads 512K tokens since May.", source="release notes")
    desk.answering.source(TOOL, BUILDER, desk.mark(about(WRONG)), source, editor="Ann")
    assert desk.edit(TOOL, BUILDER, f"{WRONG} Really.", ANN).approved


def test_what_stood_before_comes_back_and_everything_else_is_decided_as_ever(desk: Guarded) -> None:
    draft = desk.wrong()
    mark = desk.mark(about(WRONG))
    desk.answering.keep(TOOL, BUILDER, mark, "The vendor wrote to us.", editor="Ann")
    desk.accept(draft.id, "ship", ANN)
    desk.answering.take_back(TOOL, BUILDER, mark, editor="Ann")
    desk.withdraw(TOOL, BUILDER, ANN)
    assert desk.undo(TOOL, BUILDER, ANN).text.startswith(WRONG)
    assert desk.set_verdict(TOOL, BUILDER, "skip", ANN).verdict == "skip"
    assert desk.reject(draft.id, "invented_fact", "", ANN).text == ""


def test_a_click_that_comes_twice_is_not_refused_the_second_time(desk: Guarded, store: WilfulStore) -> None:
    draft = desk.draft(text=an_answer(RIGHT))
    seen = Signature(editor="Ann", version=0)
    desk.accept(draft.id, None, seen)
    keep(store, [a_dossier(description="It reads 128K tokens. It tests.", revision=3)])
    assert desk.accept(draft.id, None, seen).version == 1
    with pytest.raises(ConflictError):
        desk.edit(TOOL, BUILDER, WRONG, Signature(editor="Bob", version=0))


def test_a_masked_refusal_names_no_name(desk: Guarded) -> None:
    with pytest.raises(DecisionError) as refused:
        desk.accept(desk.wrong().id, None, Signature(editor="Ann", masked=True))
    assert "“X” against F1" in refused.value.message
    assert "512K" not in str(refused.value)


def test_of_many_conflicts_some_are_named_and_the_rest_counted(desk: Guarded) -> None:
    many = " ".join(f"It reads {number}K tokens." for number in (512, 513, 514, 515, 516))
    with pytest.raises(DecisionError, match=r"“514K” against F1: It reads 256K tokens; and 2 more\.") as refused:
        desk.edit(TOOL, BUILDER, many, ANN)
    assert "515K" not in refused.value.message
