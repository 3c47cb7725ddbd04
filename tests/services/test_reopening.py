"""A new revision re-opens exactly the quotes that rest on what it changed, until a person decides again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, keep
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from tests.services.test_signing import OTHER, PANEL, Office
from workbench.domain.board import Point
from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId
from workbench.domain.piece import Piece
from workbench.domain.staleness import told
from workbench.errors import ConflictError, DecisionError, InputError
from workbench.services.deciding import Signature
from workbench.services.desk import Desk as Overview
from workbench.services.foretelling import catch_up
from workbench.services.reopening import Reopening, keep_revision

SKEPTIC, FUTURIST = PersonaId("skeptic"), PersonaId("futurist")
FIRST = "It holds 256K of context. It runs in an editor. It costs $4."
SECOND = FIRST.replace("256K", "128K")


class Case:
    """Quotes, and revisions of what is known about their tool."""

    def __init__(self, store: WilfulStore, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.desk = Desk(store=store, clock=clock)
        self.reopening = Reopening(store=store)

    def revise(self, description: str, revision: int = 3) -> Dossier:
        self.clock.forward(3600)
        dossier = a_dossier(TOOL, description=description, revision=revision)
        with self.store.writing() as repositories:
            keep_revision(repositories, dossier, self.clock.now())
        return dossier

    def reopened(self) -> dict[PersonaId, list[str]]:
        """What is re-opened, and why; the marks in the store must say the same."""
        found = self.reopening.of_tool(TOOL)
        with self.store.reading() as repositories:
            marked = repositories.tools.some([TOOL])[TOOL].reopened
        assert marked == {persona: one.since for persona, one in found.items()}
        return {persona: [told(change) for change in one.changes] for persona, one in found.items()}


@pytest.fixture
def case(store: WilfulStore, clock: FakeClock) -> Case:
    keep(store, [a_dossier(TOOL, description=FIRST, revision=2)])
    return Case(store, clock)


def cited(*sentences: tuple[str, list[str]]) -> str:
    said = [{"beat": "claim", "facts": facts, "text": text} for text, facts in sentences]
    return json.dumps({"sentences": said, "verdict": "ship", "confidence": "high", "reason": "So."})


def test_only_the_quotes_that_rest_on_the_changed_fact_are_reopened(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN, verdict="ship")
    case.desk.edit(TOOL, SKEPTIC, "It costs $4, and that is fair.", ANN, verdict="ship")
    case.desk.edit(TOOL, FUTURIST, "It is a fine thing.", ANN)
    assert case.reopened() == {}
    case.revise(SECOND)
    assert case.reopened() == {BUILDER: ["F1: “256K” became “128K”"]}
    assert case.reopening.of_tool(TOOL)[BUILDER].since == case.clock.now()
    assert case.desk.cells(TOOL)[BUILDER].approved


def test_a_revision_that_only_adds_or_rewords_nothing_reopens_nothing(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    case.revise(f"{FIRST} It was checked again.")
    case.revise(f"It is known. {FIRST}", 4)
    assert case.reopened() == {}


def test_an_accepted_draft_rests_on_what_its_sentences_cite(case: Case) -> None:
    draft = case.desk.draft(text=cited(("It holds a repository.", ["F1"]), ("It is fair.", ["F3"])))
    case.desk.accept(draft.id, "ship", ANN)
    case.revise(FIRST.replace("an editor", "a browser"))
    assert case.reopened() == {}
    case.revise(SECOND, 4)
    assert case.reopened() == {BUILDER: ["F1: “256K” became “128K”"]}


def test_a_draft_of_an_older_revision_cites_by_that_revisions_numbers(case: Case) -> None:
    with case.store.reading() as repositories:
        older = repositories.tools.latest(TOOL)
    assert older is not None
    case.revise(f"It is new. {FIRST}")
    draft = case.desk.draft(text=cited(("It holds a repository.", ["F1"])), dossier_digest=older.digest)
    case.desk.accept(draft.id, "ship", ANN)
    assert case.reopened() == {}
    case.revise(f"It is old. {FIRST}", 4)
    assert case.reopened() == {}
    case.revise(f"It is old. {SECOND}", 5)
    assert case.reopened() == {BUILDER: ["F2: “256K” became “128K”"]}


def test_what_was_edited_away_from_a_draft_is_not_cited_any_more(case: Case) -> None:
    draft = case.desk.draft(text=cited(("It holds a repository.", ["F1"]), ("It is fair all the same.", ["F3"])))
    case.desk.edit(TOOL, BUILDER, "It is fair, all the same.", ANN, draft_id=draft.id)
    case.desk.edit(TOOL, SKEPTIC, "By hand.", ANN)
    case.revise(SECOND)
    assert case.reopened() == {}
    case.revise(SECOND.replace("$4", "$9"), 4)
    assert list(case.reopened()) == [BUILDER]


def test_a_composed_quote_rests_on_what_its_pieces_sentences_cite(case: Case) -> None:
    draft = case.desk.draft(text=cited(("It holds a repository.", ["F1"]), ("It is fair.", ["F3"])))
    own = Piece(text="I like it.")
    taken = Piece(text="It is fair.", beat="claim", draft_id=draft.id, place=1)
    beyond = Piece(text="Nothing stands there.", draft_id=draft.id, place=9)
    case.desk.compose(TOOL, BUILDER, [own, taken, beyond], ANN)
    case.revise(SECOND)
    assert case.reopened() == {}
    case.revise(SECOND.replace("$4", "$9"), 4)
    assert list(case.reopened()) == [BUILDER]


def test_a_draft_whose_dossier_nobody_has_cites_nothing(case: Case) -> None:
    draft = case.desk.draft(text=cited(("It holds a repository.", ["F1"])), dossier_digest=a_dossier("zz").digest)
    case.desk.accept(draft.id, "ship", ANN)
    case.revise(SECOND)
    assert case.reopened() == {}


ACTS: dict[str, Callable[[Case], object]] = {
    "accepting again": lambda case: case.desk.accept(case.desk.draft("With 128K.").id, None, ANN),
    "editing": lambda case: case.desk.edit(TOOL, BUILDER, "With 128K it holds less.", ANN),
    "letting it stand": lambda case: case.desk.uphold(TOOL, BUILDER, "  It is\nabout size.", ANN),
    "withdrawing": lambda case: case.desk.withdraw(TOOL, BUILDER, ANN),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_persons_decision_ends_the_review_and_undo_brings_it_back(case: Case, act: str) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN, verdict="ship")
    case.revise(SECOND)
    since = case.reopening.of_tool(TOOL)[BUILDER].since
    case.clock.forward(60)
    ACTS[act](case)
    assert case.reopened() == {}
    case.desk.undo(TOOL, BUILDER, ANN)
    assert case.reopening.of_tool(TOOL)[BUILDER].since == since
    assert list(case.reopened()) == [BUILDER]


def test_a_verdict_is_no_decision_about_the_facts(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    case.revise(SECOND)
    case.desk.set_verdict(TOOL, BUILDER, "skip", ANN)
    assert list(case.reopened()) == [BUILDER]


def test_what_stands_all_the_same_is_reopened_by_the_next_change_only(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository for $4.", ANN)
    case.revise(SECOND)
    case.desk.uphold(TOOL, BUILDER, "It was so then.", ANN)
    case.revise(f"{SECOND} It is new.", 4)
    assert case.reopened() == {}
    case.revise(SECOND.replace("$4", "$9"), 5)
    assert list(case.reopened()) == [BUILDER]


def test_a_change_taken_back_ends_the_review(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    case.revise(SECOND)
    assert list(case.reopened()) == [BUILDER]
    case.revise(FIRST, 4)
    assert case.reopened() == {}


def test_letting_it_stand_needs_a_reason_and_something_to_decide(case: Case) -> None:
    with pytest.raises(InputError, match="Why does the quote stand"):
        case.desk.uphold(TOOL, BUILDER, " \n ", ANN)
    with pytest.raises(DecisionError, match="No fact"):
        case.desk.uphold(TOOL, BUILDER, "So.", ANN)
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    with pytest.raises(DecisionError, match="No fact"):
        case.desk.uphold(TOOL, BUILDER, "So.", ANN)


def test_a_click_that_comes_twice_lets_it_stand_once(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    case.revise(SECOND)
    seen = Signature(editor="Ann", version=1)
    first = case.desk.uphold(TOOL, BUILDER, "So.", seen)
    assert case.desk.uphold(TOOL, BUILDER, "So.", seen) == first
    with pytest.raises(ConflictError):
        case.desk.uphold(TOOL, BUILDER, "Otherwise.", Signature(editor="Bea", version=1))
    assert [one.act.kind for one in case.desk.history(TOOL, BUILDER)] == ["edited", "upheld"]


def test_a_quote_decided_before_revisions_were_written_down_is_told_by_its_date(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    (decision,) = case.desk.history(TOOL, BUILDER)
    with case.store.writing() as repositories:
        unwritten = replace(decision, number=2, at=decision.at + timedelta(minutes=1), revision=0)
        repositories.decisions.append(unwritten)
    case.clock.forward(3600)
    with case.store.writing() as repositories:
        repositories.tools.add(a_dossier(TOOL, description=SECOND, revision=3), case.clock.now())
    catch_up(case.store, case.clock.now())
    assert case.reopened() == {BUILDER: ["F1: “256K” became “128K”"]}


def test_quotes_nobody_looked_at_are_caught_up_with_once(case: Case) -> None:
    case.desk.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    case.clock.forward(3600)
    with case.store.writing() as repositories:
        repositories.tools.add(a_dossier(TOOL, description=SECOND, revision=3), case.clock.now())
        assert repositories.tools.some([TOOL])[TOOL].reopened == {}
    catch_up(case.store, case.clock.now())
    assert list(case.reopened()) == [BUILDER]
    before = case.store.attempts
    catch_up(case.store, case.clock.now())
    assert case.store.attempts == before


def test_a_page_with_a_quote_under_review_is_published_and_not_signed(
    store: WilfulStore, library: FakeLibrary, clock: FakeClock
) -> None:
    keep(store, [a_dossier(TOOL, description=FIRST, revision=2)])
    office = Office(store, library, clock, checks=())
    office.finish()
    office.deciding.edit(TOOL, BUILDER, "With 256K it holds a repository.", ANN)
    assert office.signing.points(office.page()) == ()
    Case(store, clock).revise(SECOND)
    page = office.page()
    day = clock.now().date().isoformat()
    assert tuple(one for one in office.signing.points(page) if one.kind != "disagreement") == (
        Point(
            kind="reopened",
            text=f"Builder of A Tool is under review since {day}, for what it rests on has changed. "
            "F1: “256K” became “128K”.",
            tool_id=TOOL,
            persona_id=BUILDER,
        ),
    )
    assert [(card.tool.id, one.persona_id) for card, one in page.quotes if one.reopened] == [(TOOL, BUILDER)]
    with pytest.raises(DecisionError, match="under review since"):
        office.signing.sign(page, "", "Bea")
    office.deciding.uphold(TOOL, BUILDER, "It was so then.", ANN)
    assert office.signing.sign(office.page(), "", "Bea").signed_by == "Bea"


def test_the_desk_lists_what_was_reopened_and_offers_it_next(
    store: WilfulStore, library: FakeLibrary, clock: FakeClock
) -> None:
    keep(store, [a_dossier(TOOL, description=FIRST, revision=2)])
    case = Case(store, clock)
    for persona in PANEL:
        case.desk.edit(TOOL, persona, f"{persona} sees 256K." if persona == BUILDER else "Fine.", ANN, verdict="ship")
    overview = Overview(store=store, library=library, clock=clock)
    assert overview.look("ready").counts["ready"] == 1
    case.revise(SECOND)
    view = overview.look("reopened")
    assert (view.counts["ready"], view.counts["reopened"], view.found) == (0, 1, 1)
    assert [one.tool.id for one in view.rows] == [TOOL]
    assert view.next_up is not None
    assert (view.next_up[0].id, view.next_up[1]) == (TOOL, BUILDER)
    assert OTHER not in {one.tool.id for one in view.rows}
