"""Forecasts on the desk: on their day an editor says what became of them; and the desk's new sections in a browser."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import start, stop
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, TOOLS, Stage, alone, some_settings, staged
from tests.ui.test_comparison import drawn
from tests.ui.test_desk import ANN
from workbench.bootstrap import Workbench, build
from workbench.domain.ids import PersonaId

FUTURIST = PersonaId("futurist")
QUOTE = "In 1 day all is one file. In 2 days <b>nobody</b> ships two."


def foretell(bench: Workbench, *, days: int = 1) -> None:
    """A quote with two forecasts, both due since as many days."""
    bench.deciding.edit(KETTLE, FUTURIST, QUOTE, ANN, verdict="ship")
    day = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    with closing(sqlite3.connect(bench.settings.workspace)) as connection:
        connection.execute("UPDATE forecast SET due = ?, due_on = ?", [day, day])
        connection.commit()


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


def test_forecasts_that_are_due_are_told_with_their_words_day_and_editor(stage: Stage) -> None:
    assert "Forecasts due" not in Screen("desk").said("header")
    foretell(stage.bench)
    screen = Screen("desk")
    assert "Forecasts due" in screen.said("header")
    assert "<p>In 1 day all is one file.</p>" in drawn(screen)
    assert "&lt;b&gt;nobody&lt;/b&gt;" in drawn(screen)
    assert "Futurist of Kettle" in drawn(screen)
    assert "approved by Ann" in drawn(screen)


def test_each_is_held_failed_or_too_early_and_leaves_the_desk(stage: Stage) -> None:
    foretell(stage.bench)
    screen = Screen("desk").open("judge-failed-1-")
    screen.at.text_input(key="note-failed-1-0").set_value("Two files.")
    screen.run().click("found-failed-1-0")
    assert any("failed" in one for one in screen.said("success"))
    screen.open("judge-too_early-2-")
    asked = screen.at.date_input(key="day-too_early-2-0").value
    assert isinstance(asked, date)
    screen.click("found-too_early-2-0")
    assert "Forecasts due" not in screen.said("header")
    first, second = sorted(stage.bench.foretelling.all(), key=lambda one: one.number)
    assert (first.state, first.events[-1].note, first.events[-1].editor) == ("failed", "Two files.", "Edith Editor")
    assert (second.state, second.due_on) == ("open", asked)


def test_one_that_somebody_judged_meanwhile_is_said_and_not_judged_twice(stage: Stage) -> None:
    foretell(stage.bench)
    screen = Screen("desk").open("judge-held-1-")
    stage.bench.foretelling.judge(1, "failed", editor="Ann")
    screen.click("found-held-1-0")
    assert ["Ann found this forecast failed meanwhile" in one for one in screen.said("error")] == [True]
    assert [one.state for one in stage.bench.foretelling.all() if one.number == 1] == ["failed"]


@pytest.mark.browser
def test_a_reopened_tool_and_a_due_forecast_are_settled_from_the_desk(
    tmp_path: Path, open_page: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone(tmp_path, monkeypatch)
    bench = build(some_settings(tmp_path))
    bench.importing.commit(bench.importing.preview_text(TOOLS))
    foretell(bench)
    bench.deciding.edit(KETTLE, PersonaId("builder"), "It boils a build down to 1 file.", ANN, verdict="ship")
    bench.deciding.edit(ANVIL, PersonaId("builder"), "It is fine.", ANN, verdict="ship")
    bench.importing.commit(bench.importing.preview_text(TOOLS.partition("---")[0].replace("one file", "64 files")))
    bench.close()
    app = start(tmp_path, tmp_path / "desk.db")
    page = open_page(app.url)
    due = page.locator("[class*=st-key-forecast-]")
    expect(due).to_have_count(2)
    due.first.get_by_role("button", name="Held").click()
    page.get_by_label("A word on it (optional)").fill("So it was.")
    page.get_by_role("button", name="Keep: held").click()
    expect(page.get_by_text("Kept: held.")).to_be_visible()
    expect(due).to_have_count(1)
    page.get_by_role("radio", name="Re-opened · 1").or_(page.get_by_role("button", name="Re-opened · 1")).first.click()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft room")
    expect(page.locator("del")).to_have_text("one file.")
    page.get_by_role("button", name="Stands all the same").click()
    page.get_by_label("Why, in a line").fill("It never counted files.")
    page.get_by_role("button", name="The quote stands").click()
    expect(page.locator("del")).to_have_count(0)
    page.get_by_role("link", name="Desk").click()
    expect(page.locator("[class*=st-key-shelf-bar]").get_by_text("Re-opened · 0")).to_be_visible()
    stop(app)
