"""A quote put together from drafts' sentences and an editor's own words: kept while it is typed, then decided."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes import FakeClock, WilfulStore
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from workbench.domain.decision import Accepted, Edited
from workbench.domain.draft import Draft
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece, Working, joined
from workbench.errors import ConflictError, DecisionError, InputError, UnknownNameError
from workbench.services.deciding import Signature
from workbench.services.quoting import QUOTE_LIMIT
from workbench.services.reading import read_partial
from workbench.services.working import KEPT_LIMIT, PIECE_LIMIT

SKEPTIC = PersonaId("skeptic")


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    return Desk(store=store, clock=clock)


def own(text: str) -> list[Piece]:
    return [Piece(text=text)]


def taken(draft: Draft, place: int, text: str | None = None) -> Piece:
    said = read_partial(draft.text).sentences[place]
    return Piece(text=said.text if text is None else text, beat=said.beat, draft_id=draft.origin.id, place=place)


def keep(desk: Desk, text: str, revision: int = 0, *, editor: str = "Ann", persona: PersonaId = BUILDER) -> int:
    return desk.keep(TOOL, persona, own(text), editor=editor, revision=revision).revision


def kept(desk: Desk, persona: PersonaId = BUILDER) -> str | None:
    found = desk.kept(TOOL, persona)
    return None if found is None else found.pieces[0].text


# --- kept while it is typed


def test_what_is_typed_is_kept_until_it_is_saved(desk: Desk) -> None:
    assert desk.kept(TOOL, BUILDER) is None
    revision = keep(desk, "The cl")
    assert keep(desk, "The claim. ", revision) == 2
    keep(desk, "Hm", persona=SKEPTIC)
    assert desk.kept(TOOL, BUILDER) == Working(pieces=(Piece(text="The claim. "),), editor="Ann", revision=2)
    desk.edit(TOOL, BUILDER, "The claim.", ANN)
    assert (kept(desk), kept(desk, SKEPTIC)) == (None, "Hm")


def test_where_each_sentence_came_from_is_kept_with_it(desk: Desk) -> None:
    draft = desk.draft("It runs.", "It ships.")
    pieces = (taken(draft, 1), Piece(text="So there.", beat="verdict"))
    desk.keep(TOOL, BUILDER, pieces, editor="Ann")
    assert desk.kept(TOOL, BUILDER) == Working(pieces=pieces, editor="Ann", revision=1)


def test_nothing_typed_and_the_quote_that_stands_are_nothing_to_keep(desk: Desk) -> None:
    assert keep(desk, "", keep(desk, "The cl")) == 2
    assert kept(desk) is None
    desk.edit(TOOL, BUILDER, "The claim.", ANN)
    revision = keep(desk, "The claim. Mo")
    assert kept(desk) == "The claim. Mo"
    revision = keep(desk, " The claim.", revision)
    assert kept(desk) is None
    assert keep(desk, "The claim. More", revision) == revision + 1


def test_a_keep_of_an_older_page_is_refused_and_overwrites_nothing(desk: Desk) -> None:
    revision = keep(desk, "Ann's first words.")
    keep(desk, "Ann's second words.", revision)
    with pytest.raises(ConflictError, match="Ann writes here in another window"):
        keep(desk, "Ben's words.", revision, editor="Ben")
    with pytest.raises(ConflictError):
        keep(desk, "Ben's words.", editor="Ben")
    assert kept(desk) == "Ann's second words."
    assert keep(desk, "Ben's words.", 2, editor="Ben") == 3  # he has seen hers


def test_a_keep_that_arrives_twice_is_kept_once(desk: Desk) -> None:
    keep(desk, "The cl")
    keep(desk, "The claim", 1)
    assert keep(desk, "The claim", 1) == 2


def test_what_is_typed_outlives_an_accept_and_a_refused_decision(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.set_verdict(TOOL, BUILDER, "skip", Signature(editor="Ben"))
    keep(desk, "The cl")
    with pytest.raises(ConflictError):
        desk.accept(draft.id, "ship", Signature(editor="Ann", version=0))
    assert kept(desk) == "The cl"
    desk.accept(draft.id, "ship", ANN)
    assert kept(desk) == "The cl"  # it was not what was saved


def test_rejecting_setting_a_verdict_and_undoing_leave_what_was_typed(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    desk.accept(draft.id, "ship", ANN)
    keep(desk, "It may ship")
    desk.set_verdict(TOOL, BUILDER, "skip", ANN)
    desk.undo(TOOL, BUILDER, ANN)
    desk.reject(draft.id, "generic", "", ANN)
    desk.undo(TOOL, BUILDER, ANN)
    assert desk.cells(TOOL)[BUILDER].text == "It ships."
    assert kept(desk) == "It may ship"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(some.text(some.characters(codec=None), max_size=30))
def test_any_text_can_be_kept_while_it_is_typed(desk: Desk, text: str) -> None:
    before = desk.kept(TOOL, SKEPTIC)
    keep(desk, "Seen: " + text, before.revision if before else 0, persona=SKEPTIC)
    assert (kept(desk, SKEPTIC) or "").startswith("Seen: ")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(some.lists(some.text("ab .", max_size=8).filter(str.strip), max_size=8))
def test_keeps_in_a_row_keep_the_last_and_count_up(desk: Desk, texts: list[str]) -> None:
    revision = keep(desk, "First.", ((found := desk.kept(TOOL, SKEPTIC)) and found.revision) or 0, persona=SKEPTIC)
    revisions = [revision, *((revision := keep(desk, text, revision, persona=SKEPTIC)) for text in texts)]
    assert all(after == before + 1 for before, after in pairwise(revisions))
    assert kept(desk, SKEPTIC) == ["First.", *texts][-1]


@pytest.mark.parametrize("pieces", [own("x" * (KEPT_LIMIT + 1)), own("x") * (PIECE_LIMIT + 1)])
def test_endless_typing_is_refused_and_what_was_kept_stays(desk: Desk, pieces: list[Piece]) -> None:
    revision = keep(desk, "The claim.")
    with pytest.raises(InputError, match="too long to be kept"):
        desk.keep(TOOL, BUILDER, pieces, editor="Ann", revision=revision)
    assert kept(desk) == "The claim."


# --- decided


def test_a_quote_put_together_says_where_each_sentence_came_from(desk: Desk) -> None:
    left, right = desk.draft("It runs.", "It ships today."), desk.draft("It walks.", "It may ship.")
    pieces = (taken(right, 0), taken(left, 1, "It ships today, they say."), Piece(text="So there.", beat="verdict"))
    cell = desk.compose(TOOL, BUILDER, pieces, ANN, verdict="ship")
    assert cell.text == "It walks. It ships today, they say. So there."
    assert (cell.edited, cell.draft_id, cell.verdict, cell.pieces) == (True, right.id, "ship", pieces)


def test_a_quote_rests_on_the_draft_most_of_its_words_come_from(desk: Desk) -> None:
    left, right = desk.draft("It runs on one machine.", "It ships."), desk.draft("It walks.", "It may.")
    assert desk.compose(TOOL, BUILDER, [taken(right, 0), taken(left, 0)], ANN).draft_id == left.id
    changed = taken(left, 0, "Nothing of that is left over here now.")
    assert desk.compose(TOOL, BUILDER, [taken(right, 0), changed], ANN).draft_id == right.id
    assert desk.compose(TOOL, BUILDER, [changed, *own("Mine.")], ANN).draft_id is None


def test_a_whole_draft_taken_in_order_is_accepted_as_it_is(desk: Desk) -> None:
    draft = desk.draft("The claim \u202eholds.", "It ships.")
    cell = desk.compose(TOOL, BUILDER, [taken(draft, 0), taken(draft, 1), Piece(text="  ")], ANN)
    assert (cell.edited, cell.text, cell.draft_id) == (False, "The claim holds. It ships.", draft.id)
    assert isinstance(desk.history(TOOL, BUILDER)[-1].act, Accepted)


@pytest.mark.parametrize("order", [(1, 0), (0,), (0, 0, 1)])
def test_a_draft_out_of_order_or_in_part_is_an_edit(desk: Desk, order: tuple[int, ...]) -> None:
    draft = desk.draft("The claim holds.", "It ships.")
    desk.compose(TOOL, BUILDER, [taken(draft, one) for one in order], ANN)
    assert isinstance(desk.history(TOOL, BUILDER)[-1].act, Edited)


def test_saving_what_was_kept_leaves_nothing_unsaved(desk: Desk) -> None:
    draft = desk.draft("It ships.")
    pieces = [taken(draft, 0), Piece(text="So there. ")]
    revision = desk.keep(TOOL, BUILDER, pieces, editor="Ann").revision
    desk.compose(TOOL, BUILDER, pieces, ANN)
    desk.keep(TOOL, BUILDER, pieces, editor="Ann", revision=revision)  # overtaken on its way
    assert desk.kept(TOOL, BUILDER) is None


def test_saving_twice_is_one_decision(desk: Desk) -> None:
    pieces, seen = own("So there."), Signature(editor="Ann", version=0)
    assert desk.compose(TOOL, BUILDER, pieces, seen) == desk.compose(TOOL, BUILDER, pieces, seen)
    assert len(desk.history(TOOL, BUILDER)) == 1


def test_a_sentence_of_another_cells_draft_is_refused(desk: Desk) -> None:
    foreign = desk.draft("It ships.", persona=SKEPTIC)
    with pytest.raises(DecisionError, match="belongs to another cell"):
        desk.compose(TOOL, BUILDER, [taken(foreign, 0)], ANN)
    with pytest.raises(UnknownNameError):
        desk.compose(TOOL, BUILDER, [Piece(text="It ships.", draft_id=DraftId("nobody"), place=0)], ANN)
    with pytest.raises(UnknownNameError, match="no tool called"):
        desk.compose(ToolId("nobody"), BUILDER, own("It ships."), ANN)
    assert desk.cells(TOOL) == {}


@pytest.mark.parametrize("place", [None, -1, 7])
def test_a_place_the_draft_does_not_have_is_the_editors_own(desk: Desk, place: int | None) -> None:
    draft = desk.draft("It ships.")
    cell = desk.compose(TOOL, BUILDER, [Piece(text="It ships.", draft_id=draft.id, place=place)], ANN)
    assert (cell.text, cell.draft_id) == ("It ships.", None)


@pytest.mark.parametrize("text", ["", "  ", "nul \0 here", "x" * (QUOTE_LIMIT + 1)])
def test_pieces_that_make_no_quote_are_refused(desk: Desk, text: str) -> None:
    with pytest.raises(InputError):
        desk.compose(TOOL, BUILDER, own(text), ANN)
    assert desk.cells(TOOL) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    some.lists(some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30), max_size=5)
)
def test_the_quote_is_what_its_pieces_make(desk: Desk, texts: list[str]) -> None:
    cell = desk.compose(TOOL, BUILDER, [Piece(text=text) for text in ["Seen.", *texts]], ANN)
    assert cell.text == joined(cell.pieces)
    assert cell.text.startswith("Seen.")
