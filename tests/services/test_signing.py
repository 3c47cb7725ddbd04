"""A name under a page: only once nothing is left to settle, for exactly what was read, and lapsing by name."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, keep
from tests.services.cells import ANN, TOOL, Desk, a_remarking
from workbench.checks.banned import CHECK
from workbench.checks.beats import CHECK as BEATS
from workbench.checks.claims import CHECK as CLAIMS
from workbench.checks.verdict import CHECK as VERDICT
from workbench.domain.comparison import Comparison, Page
from workbench.domain.ids import PersonaId, ToolId
from workbench.errors import ConflictError, DecisionError, InputError
from workbench.ports import Check
from workbench.services.answering import Answering
from workbench.services.desk import Desk as Overview
from workbench.services.publishing import CALL_LIMIT, Publishing
from workbench.services.signing import Signing
from workbench.services.sourcing import Sourcing

OTHER = ToolId("b-tool")
PANEL = tuple(PersonaId(one) for one in ("builder", "skeptic", "futurist", "business"))


class Office:
    """Everything a page goes through."""

    def __init__(
        self,
        store: WilfulStore,
        library: FakeLibrary,
        clock: FakeClock,
        checks: Sequence[Check] = (CHECK, BEATS),
        *,
        conflicts_block: bool = True,
    ) -> None:
        self.store = store
        self.deciding = Desk(store=store, clock=clock)
        self.publishing = Publishing(store=store, library=library, exporters={}, clock=clock)
        self.signing = Signing(
            store=store,
            library=library,
            publishing=self.publishing,
            remarking=a_remarking(library, *checks),
            clock=clock,
            conflicts_block=conflicts_block,
        )
        self.overview = Overview(store=store, library=library, clock=clock)

    def comparison(self) -> Comparison:
        return self.publishing.comparison(TOOL, OTHER)

    def page(self) -> Page:
        return self.publishing.page(self.comparison())

    def finish(self) -> Page:
        """Quotes, verdicts and a call."""
        for tool in (TOOL, OTHER):
            for persona in PANEL:
                self.deciding.edit(tool, persona, f"{persona} on {tool}.", ANN, verdict="ship")
        self.publishing.call(self.comparison(), "The first.", "Ann")
        return self.page()


@pytest.fixture
def office(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Office:
    return Office(store, library, clock)


def test_a_finished_page_is_signed_and_says_so(office: Office, clock: FakeClock) -> None:
    signed = office.signing.sign(office.finish(), " I read it. ", "Bea ")
    assert (signed.signed_by, signed.signed_at, signed.statement) == ("Bea", clock.now(), "I read it.")
    assert office.comparison() == signed
    assert office.page().sign_off == f"Signed off by Bea on {clock.now().date()} (“I read it.”)."


def test_a_change_lapses_the_signature_by_name_and_taking_it_back_restores_it(office: Office) -> None:
    office.signing.sign(office.finish(), "", "Bea")
    office.deciding.set_verdict(TOOL, PANEL[0], "skip", ANN)
    office.publishing.call(office.comparison(), "The second.", "Ann")
    page = office.page()
    assert page.changed == ("the editor’s call", "Builder of A Tool")
    assert page.sign_off.endswith("; changed since: the editor’s call, Builder of A Tool.")
    office.deciding.undo(TOOL, PANEL[0], ANN)
    office.publishing.call(office.comparison(), "The first.", "Ann")
    assert office.page().changed == ()


def test_a_page_with_something_to_settle_is_not_signed_and_it_is_named(office: Office) -> None:
    office.deciding.edit(TOOL, PANEL[0], "A quote.", ANN)
    with pytest.raises(DecisionError) as refused:
        office.signing.sign(office.page(), "", "Bea")
    assert "Builder of A Tool has no verdict." in refused.value.message
    assert "Skeptic of B Tool has no approved quote." in refused.value.message
    assert "no editor’s call yet" in refused.value.message
    assert office.page().sign_off == ""


def test_what_changed_while_one_read_is_not_signed(office: Office) -> None:
    read = office.finish()
    office.deciding.set_verdict(OTHER, PANEL[2], "skip", ANN)
    with pytest.raises(ConflictError, match="Futurist of B Tool"):
        office.signing.sign(read, "", "Bea")
    assert office.page().sign_off == ""


def test_a_signature_needs_a_name_and_a_statement_that_can_be_kept(office: Office) -> None:
    page = office.finish()
    for statement, editor in (("", " "), ("x" * (CALL_LIMIT + 1), "Bea"), ("\ud800", "Bea")):
        with pytest.raises(InputError):
            office.signing.sign(page, statement, editor)


def test_findings_on_the_approved_text_are_worth_a_look_and_block_nothing(office: Office) -> None:
    office.finish()
    draft = office.deciding.draft("First.", "Second.")
    office.deciding.accept(draft.id, "ship", ANN)
    points = office.signing.points(office.page())
    assert {one.kind for one in points} == {"finding"}
    assert {(one.tool_id, one.persona_id) for one in points} == {(TOOL, PANEL[0])}
    assert [one.blocks for one in points] == [False] * len(points)
    assert office.signing.sign(office.page(), "", "Bea").signed_by == "Bea"


def test_the_desk_lists_comparisons_with_what_became_of_their_signature(office: Office) -> None:
    office.overview.begin([TOOL, OTHER])
    office.overview.begin([TOOL])
    (pair,) = office.overview.look("progress").pairs
    assert (pair.comparison.signed_by, pair.lapsed) == ("", False)
    office.signing.sign(office.finish(), "", "Bea")
    (pair,) = office.overview.look("ready").pairs
    assert (pair.comparison.signed_by, pair.lapsed) == ("Bea", False)
    office.deciding.withdraw(TOOL, PANEL[0], ANN)
    (pair,) = office.overview.look("ready").pairs
    assert (pair.comparison.signed_by, pair.lapsed) == ("Bea", True)


def test_the_desk_knows_what_comes_next(office: Office) -> None:
    assert office.overview.look("undrafted").next_up is None
    office.deciding.draft("First.", persona=PANEL[1], tool=OTHER)
    coming = office.overview.look("progress").next_up
    assert coming is not None
    assert (coming[0].id, coming[1]) == (OTHER, PANEL[1])


def test_a_note_that_was_put_away_stays_away_until_its_words_change(office: Office) -> None:
    assert not office.overview.was_read("Press 1.")
    office.overview.read("Press 1.")
    assert office.overview.was_read("Press 1.")
    assert not office.overview.was_read("Press 2.")


def test_the_editors_verdict_is_held_against_the_quote(
    store: WilfulStore, library: FakeLibrary, clock: FakeClock
) -> None:
    office = Office(store, library, clock, checks=[VERDICT])
    office.finish()
    office.deciding.edit(TOOL, PANEL[0], "It is a skip.", ANN, verdict="ship")
    said = [one.text for one in office.signing.points(office.page()) if one.persona_id == PANEL[0]]
    assert "Builder of A Tool: The verdict is ship, but the text says “a skip”." in said
    office.deciding.set_verdict(TOOL, PANEL[0], "skip", ANN)
    assert not [one for one in office.signing.points(office.page()) if "a skip" in one.text]


@pytest.mark.parametrize("blocks", [True, False])
def test_an_open_conflict_blocks_where_it_is_set_to_until_it_is_answered(
    store: WilfulStore, library: FakeLibrary, clock: FakeClock, blocks: bool
) -> None:
    keep(store, [a_dossier(description="It reads 256K tokens. It tests.", revision=2)])
    office = Office(store, library, clock, checks=[CLAIMS], conflicts_block=blocks)
    office.finish()
    office.deciding.edit(TOOL, PANEL[0], "It reads 512K tokens, and it wins 12 prizes.", ANN)
    said = "Builder of A Tool: The dossier says otherwise about the figure: “512K”."
    lesser = "Builder of A Tool: The dossier does not hold the figure: “12”."
    if blocks:
        conflict, advice = office.signing.points(office.page())
        assert (conflict.kind, conflict.text) == ("conflict", f"{said} F1: It reads 256K tokens.")
        assert (advice.kind, advice.text) == ("finding", lesser)
        with pytest.raises(DecisionError, match="“512K”"):
            office.signing.sign(office.page(), "", "Bea")
    else:
        assert [(one.kind, one.text) for one in office.signing.points(office.page())] == [
            ("finding", said),
            ("finding", lesser),
        ]
    with store.reading() as repositories:
        remark, _ = a_remarking(library, CLAIMS).on(repositories, TOOL).on_cell(office.deciding.cells(TOOL)[PANEL[0]])
    answering = Answering(store=store, clock=clock, sourcing=Sourcing(store=store, clock=clock))
    answering.keep(TOOL, PANEL[0], remark.mark, "The vendor wrote to us.", editor="Ann")
    advice, answered = office.signing.points(office.page())
    assert (advice.kind, advice.text) == ("finding", lesser)
    assert (answered.kind, answered.text) == ("answered", f"{said} Kept by Ann: The vendor wrote to us.")
    assert office.signing.sign(office.page(), "", "Bea").signed_by == "Bea"


def test_quotes_that_disagree_are_named_with_both_their_words_and_block_nothing(office: Office) -> None:
    office.finish()
    office.deciding.edit(TOOL, PANEL[1], "Its source is open.", ANN, verdict="ship")
    office.deciding.edit(TOOL, PANEL[3], "It is closed source.", ANN, verdict="ship")
    [point] = [one for one in office.signing.points(office.page()) if one.kind == "disagreement"]
    assert point.text == (
        "Skeptic of A Tool says “source is open”, Business of A Tool says “closed source”: "
        "they disagree about whether its source is open."
    )
    assert (point.tool_id, point.persona_id, point.blocks) == (TOOL, PANEL[3], False)
    assert office.signing.sign(office.page(), "", "Bea").signed_by == "Bea"


def test_a_quote_that_disagrees_with_the_tools_card_leads_to_that_quote(office: Office) -> None:
    office.finish()
    office.deciding.edit(TOOL, PANEL[0], "A team pays per seat for it.", ANN, verdict="ship")
    [point] = [one for one in office.signing.points(office.page()) if one.kind == "disagreement"]
    assert "the card of A Tool says “Entry: Free”" in point.text
    assert point.persona_id == PANEL[0]
