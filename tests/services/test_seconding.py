"""A maker's own praise: who may stand by it, what it asks for, and what the page says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, keep
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from tests.services.test_publishing import SKEPTIC, PlainExporter
from workbench.domain.comparison import Page, disclosure, interest_notice, provenance_line
from workbench.domain.draft import Draft
from workbench.domain.ids import ToolId
from workbench.domain.interest import Makers
from workbench.domain.piece import Piece
from workbench.errors import ConflictError, DecisionError, ExportError
from workbench.services.deciding import Signature
from workbench.services.publishing import Publishing

BOB = Signature(editor="Bob")
FOREIGN = ToolId("c-tool")
MAKERS = Makers({("claude", "m"): "Acme, Inc."})
"""The first tool is Acme's, and so is the model behind the drafts."""


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    keep(store, [a_dossier(FOREIGN, vendor="Somebody Else")])
    return Desk(store=store, clock=clock, makers=MAKERS)


@pytest.fixture
def publishing(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Publishing:
    return Publishing(store=store, library=library, exporters={"plain": PlainExporter()}, clock=clock, makers=MAKERS)


def the_page(publishing: Publishing) -> Page:
    return publishing.page(publishing.comparison(TOOL, FOREIGN))


def accepted(desk: Desk) -> Draft:
    draft = desk.draft("It ships.")
    desk.accept(draft.id, "ship", ANN)
    return draft


def waiting(tmp_path: Path) -> list[str]:
    """What the lists find without folding a decision."""
    with create_engine(f"sqlite:///{tmp_path / 'workbench.db'}").connect() as connection:
        return list(connection.scalars(sql("select second from cell")))


def test_a_second_editor_stands_by_a_quote_as_it_is(desk: Desk, tmp_path: Path) -> None:
    accepted(desk)
    assert waiting(tmp_path) == ["self"]
    cell = desk.second(TOOL, BUILDER, BOB)
    assert (cell.seconded_by, cell.editor, cell.text) == ("Bob", "Ann", "It ships.")
    assert waiting(tmp_path) == [""]


def test_accepting_what_stands_leaves_the_second_signature(desk: Desk) -> None:
    draft = accepted(desk)
    desk.second(TOOL, BUILDER, BOB)
    assert desk.accept(draft.id, None, ANN).seconded_by == "Bob"


def test_seconding_can_be_undone_and_done_again(desk: Desk, tmp_path: Path) -> None:
    accepted(desk)
    desk.second(TOOL, BUILDER, BOB)
    cell = desk.undo(TOOL, BUILDER, BOB)
    assert (cell.seconded_by, cell.text) == ("", "It ships.")
    assert waiting(tmp_path) == ["self"]
    assert desk.second(TOOL, BUILDER, Signature(editor="Cleo")).seconded_by == "Cleo"


def test_one_does_not_second_oneself(desk: Desk) -> None:
    accepted(desk)
    with pytest.raises(DecisionError, match="Ann approved this quote"):
        desk.second(TOOL, BUILDER, Signature(editor="  ann "))


def test_without_a_quote_there_is_nothing_to_stand_by(desk: Desk) -> None:
    with pytest.raises(DecisionError, match="no quote"):
        desk.second(TOOL, BUILDER, BOB)
    desk.reject(accepted(desk).id, "generic", "", ANN)
    with pytest.raises(DecisionError, match="no quote"):
        desk.second(TOOL, BUILDER, BOB)


def test_a_quote_that_needs_nobody_is_not_seconded(desk: Desk) -> None:
    desk.edit(TOOL, BUILDER, "It ships, mostly.", ANN, draft_id=desk.draft("It ships.").id)
    with pytest.raises(DecisionError, match="needs no second editor"):
        desk.second(TOOL, BUILDER, BOB)
    desk.accept(desk.draft("It ships.", tool=FOREIGN).id, "ship", ANN)
    with pytest.raises(DecisionError, match="needs no second editor"):
        desk.second(FOREIGN, BUILDER, BOB)


def test_a_rehearsal_needs_nobody_whoevers_model_it_stands_in_for(
    desk: Desk, publishing: Publishing, tmp_path: Path
) -> None:
    desk.accept(desk.draft("It ships.", rehearsal=True).id, "ship", ANN)
    desk.edit(FOREIGN, BUILDER, "Hm.", ANN)
    assert waiting(tmp_path) == ["", ""]
    page = the_page(publishing)
    assert page.unseconded == ()
    assert publishing.export(page, "plain").data == b"It ships.\nHm."
    with pytest.raises(DecisionError, match="in a rehearsal no model wrote"):
        desk.second(TOOL, BUILDER, BOB)


def test_who_stands_by_it_already_is_named(desk: Desk) -> None:
    accepted(desk)
    desk.second(TOOL, BUILDER, BOB)
    with pytest.raises(DecisionError, match="Bob stands by it already"):
        desk.second(TOOL, BUILDER, Signature(editor="Cleo"))


def test_a_click_that_arrives_twice_seconds_once(desk: Desk) -> None:
    accepted(desk)
    seen = Signature(editor="Bob", version=1)
    assert desk.second(TOOL, BUILDER, seen) == desk.second(TOOL, BUILDER, seen)
    assert [one.act.kind for one in desk.history(TOOL, BUILDER)] == ["accepted", "seconded"]


def test_what_one_has_not_seen_is_not_seconded(desk: Desk) -> None:
    accepted(desk)
    accepted(desk)
    with pytest.raises(ConflictError, match="Ann decided here"):
        desk.second(TOOL, BUILDER, Signature(editor="Bob", version=1))


def test_a_new_quote_needs_a_new_second_editor(desk: Desk, tmp_path: Path) -> None:
    accepted(desk)
    desk.second(TOOL, BUILDER, BOB)
    accepted(desk)
    assert waiting(tmp_path) == ["self"]
    desk.withdraw(TOOL, BUILDER, ANN)
    assert waiting(tmp_path) == [""]


def test_a_decision_remembers_that_it_was_taken_masked(desk: Desk) -> None:
    unseeing = Signature(editor="Ann", masked=True)
    first, other = desk.draft("It ships."), desk.draft("It skips.")
    assert desk.cells(TOOL) == {}
    desk.reject(other.id, "generic", "", unseeing)
    assert desk.accept(first.id, None, unseeing).masked
    assert not desk.edit(TOOL, BUILDER, "It ships!", ANN, draft_id=first.id).masked
    desk.set_verdict(TOOL, BUILDER, "ship", unseeing)
    assert [getattr(one.act, "masked", None) for one in desk.history(TOOL, BUILDER)] == [True, True, False, None]


def test_a_maker_s_own_unedited_praise_does_not_leave_alone(desk: Desk, publishing: Publishing) -> None:
    accepted(desk)
    desk.edit(FOREIGN, SKEPTIC, "Hm.", ANN)
    with pytest.raises(ExportError, match="Builder on A Tool") as refused:
        publishing.export(the_page(publishing), "plain")
    assert "workbench second a-tool builder --editor NAME" in refused.value.remedy
    assert str(publishing.refusal(the_page(publishing))) == str(refused.value)
    desk.second(TOOL, BUILDER, BOB)
    assert publishing.refusal(the_page(publishing)) is None
    assert publishing.export(the_page(publishing), "plain").data == b"It ships.\nHm."


def test_where_nobody_asks_for_a_second_editor_it_is_only_remarked_on(
    desk: Desk, store: WilfulStore, library: FakeLibrary, clock: FakeClock
) -> None:
    easy = Publishing(
        store=store,
        library=library,
        exporters={"plain": PlainExporter()},
        clock=clock,
        makers=MAKERS,
        second_signoff=False,
    )
    accepted(desk)
    desk.edit(FOREIGN, SKEPTIC, "Hm.", ANN)
    page = the_page(easy)
    assert [(card.tool.id, quote.persona_id) for card, quote in page.unseconded] == [(TOOL, BUILDER)]
    assert easy.export(page, "plain").data == b"It ships.\nHm."


def test_the_page_says_how_many_quotes_a_maker_of_its_tools_drafted(desk: Desk, publishing: Publishing) -> None:
    assert interest_notice(the_page(publishing)) == ""
    accepted(desk)
    desk.accept(desk.draft("It skips.", tool=FOREIGN).id, "skip", Signature(editor="Ann", masked=True))
    desk.edit(FOREIGN, SKEPTIC, "Hm.", ANN)
    desk.second(TOOL, BUILDER, BOB)
    page = the_page(publishing)
    assert [quote.provenance.interest for _, quote in page.quotes] == ["self", "rival", "neutral"]
    assert interest_notice(page) == (
        "Of the three quotes on this page, one was drafted with a model of the company that makes the tool the quote "
        "is about and one was drafted with a model of the company that makes the other tool."
    )
    (_, own), (_, rival), _ = page.quotes
    assert disclosure(own).endswith("approved unedited by Ann on 2026-11-23, seconded by Bob.")
    assert "without seeing which model" not in provenance_line(own)
    assert "decided without seeing which model wrote it" in provenance_line(rival)


def test_a_page_that_is_all_a_maker_s_own_says_all(desk: Desk, publishing: Publishing) -> None:
    accepted(desk)
    desk.accept(desk.draft("Hm.", persona=SKEPTIC, rehearsal=True).id, "skip", ANN)
    assert interest_notice(the_page(publishing)) == (
        "Of the two quotes on this page, all were rehearsed for a model of the company that makes the tool "
        "the quote is about."
    )


def test_a_composed_quote_bears_the_strongest_stake_of_its_sources(desk: Desk, publishing: Publishing) -> None:
    draft = desk.draft("It ships.")
    mine = Piece(text="I say so, at some length, by hand.")
    desk.compose(TOOL, BUILDER, [Piece(text="It ships.", draft_id=draft.id, place=0), mine], ANN)
    (quote,) = publishing.scorecard(TOOL).quotes
    assert (quote.provenance.interest, quote.provenance.needs_second) == ("self", False)
