"""Forecasts follow their quotes into the ledger, and come back to an editor on their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore
from tests.services.cells import ANN, BUILDER, TOOL, Desk
from tests.services.test_signing import OTHER, Office
from workbench.domain.decision import Edited
from workbench.domain.ids import PersonaId
from workbench.errors import ConflictError, DecisionError, InputError, UnknownNameError
from workbench.services.desk import FORECASTS
from workbench.services.desk import Desk as Overview
from workbench.services.foretelling import NOTE_LIMIT, Foretelling, catch_up

YEAR = 365 * 24 * 3600
BY_2027 = "By 2027, every build is one file."


@pytest.fixture
def desk(store: WilfulStore, clock: FakeClock) -> Desk:
    return Desk(store=store, clock=clock)


@pytest.fixture
def foretelling(store: WilfulStore, clock: FakeClock) -> Foretelling:
    return Foretelling(store=store, clock=clock)


def states(foretelling: Foretelling) -> list[tuple[str, str]]:
    return [(one.when, one.state) for one in sorted(foretelling.all(), key=lambda one: one.number)]


def test_approving_a_quote_keeps_what_it_foretells(desk: Desk, foretelling: Foretelling, clock: FakeClock) -> None:
    desk.accept(desk.draft(BY_2027, "It is a fine thing.").id, "ship", ANN)
    (one,) = foretelling.all()
    assert (one.what, one.due, one.tool_id, one.persona_id) == (BY_2027, date(2027, 12, 31), TOOL, BUILDER)
    assert (one.editor, one.decided_at, one.events) == ("Ann", clock.now(), ())
    assert foretelling.all(due=True) == []


def test_a_changed_quote_withdraws_its_old_forecast_and_undo_brings_it_back(
    desk: Desk, foretelling: Foretelling, clock: FakeClock
) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    clock.forward()
    desk.edit(TOOL, BUILDER, "By 2028, nobody builds.", ANN)
    assert states(foretelling) == [("By 2027", "withdrawn"), ("By 2028", "open")]
    clock.forward()
    desk.undo(TOOL, BUILDER, ANN)
    assert states(foretelling) == [("By 2027", "open"), ("By 2028", "withdrawn")]
    clock.forward()
    desk.withdraw(TOOL, BUILDER, ANN)
    assert {state for _, state in states(foretelling)} == {"withdrawn"}
    first = foretelling.all()[0]
    assert [(one.kind, one.editor) for one in first.events] == [
        ("withdrawn", "Ann"),
        ("restored", "Ann"),
        ("withdrawn", "Ann"),
    ]


def test_each_cell_has_its_own_forecasts_and_a_verdict_changes_none(desk: Desk, foretelling: Foretelling) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    desk.edit(TOOL, PersonaId("skeptic"), BY_2027, ANN)
    desk.edit(OTHER, BUILDER, BY_2027, ANN)
    desk.set_verdict(TOOL, BUILDER, "ship", ANN)
    desk.withdraw(TOOL, PersonaId("skeptic"), ANN)
    assert states(foretelling) == [("By 2027", "open"), ("By 2027", "withdrawn"), ("By 2027", "open")]


def test_a_due_forecast_is_judged_with_who_when_and_why(desk: Desk, foretelling: Foretelling, clock: FakeClock) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    clock.forward(3 * YEAR)
    (due,) = foretelling.all(due=True)
    judged = foretelling.judge(due.number, "failed", editor=" Bea ", note=" Two\nfiles. ", seen=0)
    found = judged.judgement
    assert found is not None
    assert (found.kind, found.editor, found.note, found.at) == ("failed", "Bea", "Two files.", clock.now())
    assert foretelling.all(due=True) == []


def test_too_early_brings_it_back_on_another_day(desk: Desk, foretelling: Foretelling, clock: FakeClock) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    clock.forward(3 * YEAR)
    (due,) = foretelling.all(due=True)
    foretelling.judge(due.number, "too_early", editor="Bea", due=foretelling.today)
    assert foretelling.all(due=True) == []
    clock.forward(24 * 3600)
    assert [one.number for one in foretelling.all(due=True)] == [due.number]


def test_a_finding_is_refused_with_what_it_lacks(desk: Desk, foretelling: Foretelling, clock: FakeClock) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    number = foretelling.all()[0].number
    with pytest.raises(UnknownNameError, match="forecast"):
        foretelling.judge(99, "held", editor="Bea")
    with pytest.raises(InputError, match="needs a name"):
        foretelling.judge(number, "held", editor=" ")
    with pytest.raises(InputError, match="501 characters"):
        foretelling.judge(number, "held", editor="Bea", note="x" * (NOTE_LIMIT + 1))
    for day in (None, date(2020, 1, 1)):
        with pytest.raises(InputError, match="needs a day to come back on"):
            foretelling.judge(number, "too_early", editor="Bea", due=day)
    with pytest.raises(InputError, match="Only a forecast that is too early"):
        foretelling.judge(number, "held", editor="Bea", due=clock.now().date())
    desk.withdraw(TOOL, BUILDER, ANN)
    with pytest.raises(DecisionError, match="withdrawn"):
        foretelling.judge(number, "held", editor="Bea")


def test_a_click_that_comes_twice_judges_once_and_two_editors_are_told(desk: Desk, foretelling: Foretelling) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    number = foretelling.all()[0].number
    first = foretelling.judge(number, "held", editor="Bea", seen=0)
    assert foretelling.judge(number, "held", editor="Bea", seen=0) == first
    with pytest.raises(ConflictError, match="Bea found this forecast held meanwhile"):
        foretelling.judge(number, "failed", editor="Ann", seen=0)
    assert foretelling.judge(number, "failed", editor="Ann", seen=1).state == "failed"


def test_somebody_whose_forecast_was_withdrawn_meanwhile_is_told(desk: Desk, foretelling: Foretelling) -> None:
    desk.edit(TOOL, BUILDER, BY_2027, ANN)
    number = foretelling.all()[0].number
    desk.withdraw(TOOL, BUILDER, ANN)
    with pytest.raises(ConflictError, match="Ann found this forecast withdrawn meanwhile"):
        foretelling.judge(number, "held", editor="Bea", seen=0)


def test_quotes_approved_before_there_was_a_ledger_are_caught_up_with_once(
    desk: Desk, foretelling: Foretelling, store: WilfulStore, clock: FakeClock
) -> None:
    desk.edit(TOOL, BUILDER, "It is a fine thing.", ANN)
    (decision,) = desk.history(TOOL, BUILDER)
    with store.writing() as repositories:
        repositories.decisions.append(replace(decision, number=2, act=Edited(text=BY_2027), revision=0))
    assert foretelling.all() == []
    for _ in range(2):
        catch_up(store, clock.now())
        assert states(foretelling) == [("By 2027", "open")]


def test_the_desk_shows_the_longest_due_and_counts_the_rest(
    desk: Desk, store: WilfulStore, library: FakeLibrary, clock: FakeClock
) -> None:
    years = range(2027, 2027 + FORECASTS + 2)
    desk.edit(TOOL, BUILDER, " ".join(f"By {year}, all is one." for year in years), ANN)
    overview = Overview(store=store, library=library, clock=clock)
    assert overview.look("progress").forecasts.count == 0
    clock.forward(20 * YEAR)
    view = overview.look("progress")
    assert (view.forecasts.count, view.forecasts.first[0].when) == (FORECASTS + 2, "By 2027")
    assert len(view.forecasts.first) == FORECASTS
    assert [one.name for one in view.foretelling.values()] == ["A Tool"]


def test_a_page_carries_the_forecasts_that_its_quotes_make(
    store: WilfulStore, library: FakeLibrary, clock: FakeClock, foretelling: Foretelling
) -> None:
    office = Office(store, library, clock, checks=())
    office.finish()
    office.deciding.edit(TOOL, BUILDER, BY_2027, ANN)
    clock.forward()
    office.deciding.edit(TOOL, BUILDER, "By 2028, nobody builds.", ANN)
    told = [one for _, quote in office.page().quotes for one in quote.forecasts]
    assert [(one.when, one.state) for one in told] == [("By 2028", "open")]
    foretelling.judge(told[0].number, "held", editor="Bea")
    assert [one.state for _, quote in office.page().quotes for one in quote.forecasts] == ["held"]
    clock.forward()
    office.deciding.edit(TOOL, BUILDER, "It is a fine thing.", ANN)
    assert [one for _, quote in office.page().quotes for one in quote.forecasts] == []
