"""What a text is held against, and how answers to what is found reach the checks: one rule for every text of a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, an_answer, keep
from tests.services.cells import ANN, BUILDER, TOOL, Desk, a_remarking
from workbench.checks.beats import CHECK as BEATS
from workbench.checks.citations import CHECK as CITATIONS
from workbench.checks.claims import CHECK as CLAIMS
from workbench.checks.fatigue import CHECK as FATIGUE
from workbench.checks.verdict import CHECK as VERDICT
from workbench.domain.answer import Remark
from workbench.domain.decision import Cell, Edited
from workbench.domain.dossier import AddedFact
from workbench.domain.draft import USABLE, Draft, State
from workbench.domain.ids import Digest, DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece, joined
from workbench.domain.scorecard import Remarked
from workbench.domain.text import clean
from workbench.ports import Check
from workbench.services import backgrounds
from workbench.services.answering import Answering
from workbench.services.backgrounds import ARCHIVE_LIMIT, Backgrounds
from workbench.services.publishing import Publishing
from workbench.services.remarking import ToolRemarks
from workbench.services.retracing import of_cell
from workbench.services.sourcing import Sourcing

OTHER = ToolId("b-tool")
TOLD = a_dossier(description="It reads 256K tokens. It tests.", revision=2)
"""F1 and F2; then the tagline, and that it is free."""


class Bench:
    """Remarks by some checks, and everything that brings them about."""

    def __init__(self, store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> None:
        self.store = store
        self.library = library
        self.desk = Desk(store=store, clock=clock)
        self.sourcing = Sourcing(store=store, clock=clock)
        self.answering = Answering(store=store, clock=clock, sourcing=self.sourcing)
        self.checks: Sequence[Check] = (CLAIMS, CITATIONS)

    def on(self, look: str, *told: object, **more: object) -> tuple[Remark, ...]:
        """What `on_draft`, `on_pieces` or `on_cell` says."""
        with self.store.reading() as repositories:
            texts: ToolRemarks = a_remarking(self.library, *self.checks).on(repositories, TOOL)
            found: tuple[Remark, ...] = getattr(texts, look)(*told, **more)
            return found

    def cell(self) -> Cell:
        return self.desk.cells(TOOL)[BUILDER]

    def reasons(self, look: str, *told: object, **more: object) -> list[str]:
        return [one.finding.reason for one in self.on(look, *told, **more)]


@pytest.fixture
def bench(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Bench:
    keep(store, [TOLD])
    return Bench(store, library, clock)


def saying(*said: tuple[str, str]) -> str:
    """A whole answer that cites one fact for each sentence."""
    text = an_answer(*(text for _, text in said))
    for ref, _ in said:
        text = text.replace('"F1"', f'"{ref}!"', 1)
    return text.replace("!", "")


def taken(draft: Draft, place: int, text: str) -> Piece:
    return Piece(text=text, beat="claim", draft_id=draft.id, place=place)


# --- which dossier


def test_a_fact_added_for_a_drafts_words_clears_their_mark(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F2", "It costs $20 a month.")))
    (mark,) = bench.on("on_draft", draft)
    assert (mark.finding.rule, mark.mark.words) == ("claims", "$20")
    added = bench.answering.source(
        TOOL, BUILDER, mark.mark, AddedFact(text="It costs $20 a month.", source="price page"), editor="Ann"
    )
    assert (added.fact.ref, added.dossier.revision) == ("F5", 3)
    assert bench.on("on_draft", draft) == ()
    bench.desk.accept(draft.id, "ship", ANN)
    assert bench.on("on_cell", bench.cell()) == ()


def test_a_fact_added_for_one_sentence_is_not_cited_by_another(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F2", "It costs $20 a month."), ("F1", "You pay $20, then.")))
    mark = bench.on("on_draft", draft)[0].mark
    bench.answering.source(TOOL, BUILDER, mark, AddedFact(text="It costs $20 a month.", source="a"), editor="Ann")
    (left,) = bench.on("on_draft", draft)
    assert left.finding.reason == "No fact that the sentence cites holds the price: “$20”; it stands in F5."


def test_a_draft_is_held_against_its_own_dossier_once_the_facts_are_others(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F1", "It reads 256K tokens of code.")))
    keep(bench.store, [a_dossier(description="It reads 512K tokens. It tests.", revision=3)])
    assert bench.on("on_draft", draft) == ()
    bench.desk.edit(TOOL, BUILDER, "It reads 256K tokens of code.", ANN)
    (by_hand,) = bench.on("on_cell", bench.cell())
    assert by_hand.conflicts


# --- facts and beats carried through an edit


def test_the_facts_a_draft_cited_go_with_its_sentence_into_an_edited_quote(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F9", "It reads 256K tokens."), ("F2", "It holds 256K tokens.")))
    pieces = [taken(draft, 0, "It reads 256K tokens, mostly."), taken(draft, 1, "It holds 256K tokens.")]
    expected = [
        "No fact that the sentence cites holds the figure: “256K”; it stands in F1.",
        "The sentence cites F9, which is not in the dossier; it has F1 to F4.",
    ]
    assert set(expected) <= set(bench.reasons("on_pieces", BUILDER, pieces))
    bench.desk.compose(TOOL, BUILDER, pieces, ANN)
    assert set(expected) <= set(bench.reasons("on_cell", bench.cell()))
    own = [Piece(text="It reads 256K tokens, mostly.", beat="claim")]
    assert bench.reasons("on_pieces", BUILDER, own) == []


def test_a_sentence_typed_as_it_was_drafted_cites_what_the_draft_cited(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F2", "It reads 256K tokens."), ("F2", "It tests.")))
    bench.desk.edit(TOOL, BUILDER, "It reads 256K tokens. It sings.", ANN, draft_id=draft.id)
    assert [one.mark.words for one in bench.on("on_cell", bench.cell()) if "cites" in one.finding.reason] == ["256K"]


def test_fact_numbers_of_another_dossier_are_not_taken_for_this_ones(bench: Bench) -> None:
    old = bench.desk.draft(text=saying(("F9", "It tests.")))
    keep(bench.store, [a_dossier(description="It sings. It tests.", revision=3)])
    new = bench.desk.draft(text=saying(("F2", "It tests all day, and it never stops at night.")))
    pieces = [taken(new, 0, "It tests all day, and it never stops at night."), taken(old, 0, "It tests.")]
    assert not [one for one in bench.reasons("on_pieces", BUILDER, pieces) if "F9" in one]


def test_a_text_typed_in_one_piece_is_not_asked_for_its_beats_but_for_another_lenss_lines(bench: Bench) -> None:
    bench.checks = (BEATS,)
    lens = bench.library.lenses[1]
    (beat,) = lens.beats
    bench.library.lenses[1] = replace(lens, beats=(replace(beat, opener="The moat question is"),))
    bench.desk.edit(TOOL, BUILDER, "The moat question is who else does it.", ANN)
    assert bench.reasons("on_cell", bench.cell()) == ["This is how the Skeptic lens speaks: “The moat question is”."]


@pytest.mark.parametrize("state", sorted(USABLE))
def test_every_draft_that_can_be_edited_is_checked(bench: Bench, state: State) -> None:
    draft = bench.desk.draft(text=saying(("F1", "It reads 512K tokens.")), state=state)
    assert [one.conflicts for one in bench.on("on_draft", draft)] == [True]


def test_a_refused_draft_is_not_checked(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F1", "It reads 512K tokens.")), state="refused")
    assert bench.on("on_draft", draft) == ()


def test_the_editors_verdict_is_held_against_the_text(bench: Bench) -> None:
    bench.checks = (VERDICT,)
    draft = bench.desk.draft("It is a ship.")
    assert bench.reasons("on_draft", draft) == []
    assert len(bench.reasons("on_draft", draft, verdict="skip")) == 1


def test_a_text_of_a_lens_whose_file_is_gone_has_no_remarks(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F1", "It reads 512K tokens.")))
    del bench.library.lenses[0]
    assert bench.on("on_draft", draft) == ()


# --- the archive


def test_a_draft_is_held_against_what_the_lens_said_of_other_tools(bench: Bench) -> None:
    bench.checks = (FATIGUE,)
    worn = "Plumbing beats poetry whenever deadlines loom."
    draft = bench.desk.draft(worn)
    assert bench.on("on_draft", draft) == ()
    bench.desk.edit(OTHER, BUILDER, worn.replace("loom", "bite"), ANN)
    assert len(bench.on("on_draft", draft)) == 1
    bench.desk.edit(TOOL, BUILDER, worn, ANN)
    assert len(bench.on("on_cell", bench.cell())) == 1
    bench.desk.withdraw(OTHER, BUILDER, ANN)
    assert bench.on("on_draft", draft) == ()
    bench.desk.undo(OTHER, BUILDER, ANN)
    assert len(bench.on("on_draft", draft)) == 1
    bench.desk.edit(OTHER, BUILDER, "Nothing like it.", ANN)
    assert bench.on("on_draft", draft) == ()


def test_the_archive_holds_the_last_quotes_of_this_lens_and_no_more(bench: Bench, clock: FakeClock) -> None:
    names = [f"tool-{number}" for number in range(ARCHIVE_LIMIT + 5)]
    keep(bench.store, [a_dossier(one) for one in names])
    for one in names:
        clock.forward()
        bench.desk.edit(ToolId(one), BUILDER, f"{one} it is.", ANN)
        bench.desk.set_verdict(ToolId(one), BUILDER, "ship", ANN)
    bench.desk.edit(TOOL, PersonaId("skeptic"), "Another lens.", ANN)
    backgrounds = Backgrounds(library=bench.library)
    with bench.store.reading() as repositories:
        found = backgrounds.of(repositories, bench.library.lenses[0], TOLD)
        beside = backgrounds.of(repositories, bench.library.lenses[0], a_dossier(names[-1]))
    assert found.archive == tuple(f"{one} it is." for one in reversed(names[-ARCHIVE_LIMIT:]))
    assert beside.archive == tuple(f"{one} it is." for one in reversed(names[-ARCHIVE_LIMIT - 1 : -1]))
    assert [one.id for one in found.others] == [one.id for one in bench.library.lenses]


# --- offsets


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.lists(some.text(max_size=40), max_size=4), some.text(min_size=1, max_size=80), some.booleans())
def test_offsets_are_into_the_approved_text_whatever_it_is(texts: list[str], text: str, as_pieces: bool) -> None:
    pieces = tuple(Piece(text=one) for one in texts)
    quote = joined(pieces) if as_pieces else clean(text).text  # as every approved text is
    cell = Cell(tool_id=TOOL, persona_id=BUILDER, text=quote, edited=True, pieces=pieces if as_pieces else ())
    review = of_cell(cell, {})
    assert review.quote == quote


def test_an_edit_without_pieces_is_one_of_whole_sentences() -> None:
    act = Edited(text="One. Two.", draft_id=DraftId("x"))
    cell = Cell(tool_id=TOOL, persona_id=BUILDER, text=act.text, edited=True)
    assert [one.text for one in of_cell(cell, {}).sentences] == ["One.", "Two."]


def test_a_quote_leaves_with_what_is_open_and_what_was_answered(bench: Bench, clock: FakeClock) -> None:
    bench.desk.edit(TOOL, BUILDER, "It reads 512K tokens. It wins 12 prizes.", ANN)
    marks = [one.mark for one in bench.on("on_cell", bench.cell())]
    answer = bench.answering.keep(TOOL, BUILDER, marks[0], "The vendor wrote to us.", editor="Ann")
    bench.answering.source(TOOL, BUILDER, marks[1], AddedFact(text="It wins a lot.", source="a page"), editor="Ann")
    publishing = Publishing(
        store=bench.store,
        library=bench.library,
        exporters={},
        clock=clock,
        remarking=a_remarking(bench.library, *bench.checks),
    )
    (quote,) = publishing.scorecard(TOOL).quotes
    assert quote.remarked == Remarked(open=1, kept=(answer,), sourced=1)


def test_several_texts_of_a_tool_are_looked_at_in_one_go(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F1", "It reads 512K tokens.")))
    bench.desk.accept(draft.id, "ship", ANN)
    with bench.store.reading() as repositories:
        texts = a_remarking(bench.library, *bench.checks).on(repositories, TOOL)
        found = [texts.on_cell(bench.cell()), texts.on_cell(bench.cell()), texts.on_draft(draft)]
    assert [[one.mark.words for one in some] for some in found] == [["512K"]] * 3


def test_a_cell_without_a_quote_and_a_tool_that_is_not_here_have_no_remarks(bench: Bench) -> None:
    empty = Cell(tool_id=TOOL, persona_id=BUILDER)
    assert bench.on("on_cell", empty) == ()
    draft = bench.desk.draft(text=saying(("F1", "It reads 512K tokens.")))
    nowhere = Cell(tool_id=ToolId("nobody"), persona_id=BUILDER, text="It reads 512K tokens.", draft_id=draft.id)
    with bench.store.reading() as repositories:
        texts = a_remarking(bench.library, *bench.checks).on(repositories, nowhere.tool_id)
        assert (texts.held(draft), texts.on_cell(nowhere)) == (None, ())


def test_what_is_remembered_of_quotes_and_dossiers_is_bounded_and_changes_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backgrounds, "_MOST_KEPT", 16)
    names = [f"tool-{number}" for number in range(20)]
    keep(bench.store, [a_dossier(one) for one in names])
    for one in names:
        bench.desk.edit(ToolId(one), BUILDER, f"{one} it is.", ANN)
    drafts = [bench.desk.draft("It holds.", tool=ToolId(one)) for one in names[:3]]
    keep(bench.store, [a_dossier(one, description="It sings.", revision=2) for one in names[:3]])
    made = Backgrounds(library=bench.library)
    with bench.store.reading() as repositories:
        for _ in range(2):
            found = made.of(repositories, bench.library.lenses[0], TOLD)
            assert sorted(found.archive) == sorted(f"{one} it is." for one in names)
            for draft in drafts:
                latest = repositories.tools.latest(draft.origin.tool_id)
                assert latest is not None
                assert made.held(repositories, latest, draft).digest == draft.origin.dossier_digest
    assert (len(made._texts) <= 16, len(made._dossiers)) == (True, 1)


def test_a_draft_of_a_dossier_that_is_gone_is_held_against_the_latest(bench: Bench) -> None:
    draft = bench.desk.draft(text=saying(("F9", "It reads 512K tokens.")), dossier_digest=Digest("e" * 64))
    assert [one.conflicts for one in bench.on("on_draft", draft) if one.mark.words == "512K"] == [True]
