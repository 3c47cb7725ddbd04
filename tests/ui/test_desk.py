"""The desk: figures, shelves, what comes next on Enter, a first minute that teaches; and a page signed by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import start, stop
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, NO_REHEARSAL, PERSONAS, Stage, alone, some_settings, staged
from tests.ui.test_comparison import comparison, drawn, open_points, write
from workbench.bootstrap import build
from workbench.domain.ids import ToolId
from workbench.services.deciding import Signature
from workbench.ui import runtime

ANN = Signature(editor="Ann")


@pytest.fixture
def keyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """As if there were keys: its drafts are no rehearsals."""
    with staged(tmp_path, monkeypatch, rehearsal=NO_REHEARSAL) as made:
        yield made


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    alone(tmp_path, monkeypatch)
    monkeypatch.setattr(runtime, "_workbench", None)
    yield tmp_path
    runtime.close()


def counts(screen: Screen) -> list[str]:
    """The four figures."""
    return re.findall(r'class="fig [^>]*><span>[^<]*</span><b>([^<]*)</b>', drawn(screen))


def marks(screen: Screen) -> list[list[str]]:
    """What each row's segments say, as a screen reader hears it."""
    rows = re.findall(r'<span class="segs">(.*?)</span>', drawn(screen))
    return [re.findall(r'aria-label="([^"]*)"', one) for one in rows]


def settle(stage: Stage, *tools: ToolId) -> None:
    for tool in tools:
        for persona in PERSONAS:
            write(stage, tool, persona)


# --- the desk


def test_figures_and_shelves_follow_the_work(stage: Stage) -> None:
    assert counts(Screen("desk")) == ["0", "0", "0", "0", "$0"]
    stage.drafted(KETTLE, personas=["builder"])
    settle(stage, ANVIL)
    screen = Screen("desk")
    assert counts(screen)[:4] == ["1", "0", "0", "1"]
    (row,) = marks(screen)
    assert row == [
        "Builder of Kettle: drafted: waits for your decision",
        *(f"{one} of Kettle: not drafted" for one in ("Skeptic", "Futurist", "Business")),
    ]
    screen.at.segmented_control(key="desk.shelf").set_value("ready")
    screen.run()
    assert [one.endswith("approved, with a verdict") for one in marks(screen)[0]] == [True] * 4
    assert "4/4" in drawn(screen)


def test_the_next_cell_opens_in_the_room_with_its_comparison(stage: Stage) -> None:
    stage.bench.desk.begin([ANVIL, KETTLE])
    assert "next-up" not in Screen("desk").buttons()
    stage.drafted(KETTLE, personas=["skeptic"])
    screen = Screen("desk")
    assert screen.buttons("next-up") == {"next-up": "Next: Skeptic of Kettle"}
    screen.click("next-up")
    assert screen.title == "Draft room"
    assert screen.at.query_params["tool"] == [KETTLE, ANVIL]
    assert screen.at.query_params["cell"] == "skeptic"


def test_a_shelf_is_searched_and_an_empty_one_says_what_to_do(stage: Stage) -> None:
    assert stage.drafts() == []
    screen = Screen("desk")
    screen.at.text_input(key="desk.search").set_value("forge")
    screen.run()
    assert list(screen.buttons("open-")) == [f"open-{ANVIL}"]
    screen.at.text_input(key="desk.search").set_value("*nobody*")
    screen.run()
    assert [one.split("”. ")[0] for one in screen.said("info")] == [r"No tool on this shelf matches “\*nobody\*"]
    assert screen.buttons("found-") == {}
    screen.at.text_input(key="desk.search").set_value("")
    screen.at.segmented_control(key="desk.shelf").set_value("progress")
    screen.run()
    assert ["Nothing is in progress" in one for one in screen.said("info")] == [True]


def test_what_is_on_another_shelf_is_found_from_this_one(stage: Stage) -> None:
    stage.drafted(KETTLE, personas=["skeptic"])
    screen = Screen("desk")
    screen.at.text_input(key="desk.search").set_value("forge")
    screen.run()
    assert screen.buttons("found-") == {"found-undrafted": "Not drafted · 1"}
    screen.click("found-undrafted")
    assert list(screen.buttons("open-")) == [f"open-{ANVIL}"]


def test_once_all_is_decided_the_next_thing_is_to_finish_the_page(stage: Stage) -> None:
    stage.bench.desk.begin([KETTLE, ANVIL])
    settle(stage, KETTLE, ANVIL)
    screen = Screen("desk")
    assert screen.buttons("next-up") == {"next-up": "Next: finish Kettle vs Anvil DB"}
    screen.click("next-up")
    assert screen.title == "Comparison"
    stage.bench.publishing.call(comparison(stage), "Kettle.", "Ann")
    stage.bench.signing.sign(stage.bench.publishing.page(comparison(stage)), "", "Ann")
    assert "next-up" not in Screen("desk").buttons()


def test_a_comparison_shows_its_progress_and_whether_it_is_signed(stage: Stage) -> None:
    stage.bench.desk.begin([KETTLE, ANVIL])
    settle(stage, KETTLE)
    write(stage, ANVIL, "builder")
    screen = Screen("desk")
    assert "<b>Kettle vs Anvil DB</b>" in drawn(screen)
    assert "5/8" in drawn(screen)
    assert "not signed" in drawn(screen)
    assert "Open" in screen.buttons("open-").values()
    settle(stage, ANVIL)
    assert list(Screen("desk").buttons("publish-").values()) == ["Finish"]
    stage.bench.publishing.call(comparison(stage), "Kettle.", "Ann")
    stage.bench.signing.sign(stage.bench.publishing.page(comparison(stage)), "", "Ann")
    screen = Screen("desk")
    assert "signed by Ann" in drawn(screen)
    assert list(screen.buttons("publish-").values()) == ["Publish"]
    write(stage, ANVIL, "builder", "skip")
    screen = Screen("desk")
    assert "changed since" in drawn(screen)
    assert list(screen.buttons("publish-").values()) == ["Finish"]


def test_a_tool_that_waits_for_a_second_look_is_in_progress_and_its_page_to_be_finished(keyed: Stage) -> None:
    stage = keyed  # a rehearsal needs no second editor
    own = "Name: Claude Desk\nVendor: Anthropic\n\nIt answers letters from readers."
    (tool,) = stage.bench.importing.commit(stage.bench.importing.preview_text(own))
    stage.bench.desk.begin([ToolId(tool), ANVIL])
    (draft,) = stage.drafted(ToolId(tool), personas=["builder"], providers=["claude"])
    stage.bench.deciding.accept(draft.id, "ship", ANN)
    screen = Screen("desk")
    assert counts(screen)[:3] == ["1", "1", "0"]
    assert "of 3 tools" in drawn(screen)
    settle(stage, ANVIL)
    for persona in PERSONAS[1:]:
        write(stage, ToolId(tool), persona)
    screen = Screen("desk")
    assert counts(screen)[:4] == ["1", "1", "0", "1"]
    assert "1 second look open" in drawn(screen)
    assert list(screen.buttons("publish-").values()) == ["Finish"]


def test_every_figure_explains_itself(stage: Stage) -> None:
    stage.drafted(KETTLE, personas=["builder"])
    explained = re.findall(r'<em class="why" aria-hidden="true">([^<]+)</em>', drawn(Screen("desk")))
    assert len(explained) == 5
    assert [one.endswith(".") for one in explained] == [True] * 5


def test_an_empty_workspace_teaches_and_starts_with_the_sample(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SAMPLE", "false")
    screen = Screen("desk")
    assert drawn(screen).count("<li>") == 3
    assert screen.buttons() == {"sample": "Start with two sample tools", "paste-own": "Paste your own"}
    screen.click("sample")
    assert counts(screen) == ["0", "0", "0", "0", "$0"]
    assert len(marks(screen)) == 2
    assert (home / "desk.db").exists()


def test_the_samples_note_is_put_away_for_good(home: Path) -> None:
    screen = Screen("desk")
    assert 'class="guide-note"' in drawn(screen)
    screen.click("guide-read")
    assert 'class="guide-note"' not in drawn(screen)
    runtime.close()
    assert 'class="guide-note"' not in drawn(Screen("desk"))
    assert (home / "desk.db").exists()


def test_the_samples_note_opens_both_tools_as_a_comparison(home: Path) -> None:
    screen = Screen("desk").click("guide-open")
    assert screen.title == "Draft room"
    assert len(screen.at.query_params["tool"]) == 2
    assert "0/8" in drawn(Screen("desk"))
    assert (home / "desk.db").exists()


# --- the sign-off


def test_a_page_is_signed_by_name_and_a_change_lapses_it_visibly(stage: Stage) -> None:
    settle(stage, KETTLE, ANVIL)
    screen = Screen("comparison", tool=[KETTLE, ANVIL])
    assert "sign" not in screen.buttons()
    assert "1 point to settle first." in screen.said("caption")
    screen.type(f"call-{comparison(stage).id}", "Kettle.")
    assert [one for one in open_points(screen) if "no editor’s call" in one] == []
    screen.click("sign")
    assert [one.startswith("Signed off by Edith Editor on") for one in screen.said("success")] == [True]
    assert "sign" not in screen.buttons()
    write(stage, ANVIL, "skeptic", "skip")
    screen.run()
    assert ["Skeptic of Anvil DB" in one for one in screen.said("warning")] == [True]
    assert screen.buttons("sign") == {"sign": "Sign as Edith Editor"}


def test_a_page_that_changed_while_one_read_is_not_signed(stage: Stage) -> None:
    settle(stage, KETTLE, ANVIL)
    stage.bench.publishing.call(comparison(stage), "Kettle.", "Ann")
    screen = Screen("comparison", tool=[KETTLE, ANVIL])
    write(stage, ANVIL, "skeptic", "skip")
    screen.click("sign")
    assert ["Skeptic of Anvil DB" in one for one in screen.said("error")] == [True]
    assert comparison(stage).signed_at is None


def test_an_open_point_leads_to_its_cell(stage: Stage) -> None:
    settle(stage, KETTLE)
    screen = Screen("comparison", tool=[KETTLE, ANVIL])
    screen.click("to-unapproved-0")
    assert screen.title == "Draft room"
    assert screen.at.query_params["tool"] == [ANVIL, KETTLE]
    assert screen.at.query_params["cell"] == "builder"


def test_the_sides_stay_as_they_were_begun(stage: Stage) -> None:
    stage.bench.desk.begin([KETTLE, ANVIL])
    screen = Screen("comparison", tool=[ANVIL, KETTLE])
    assert screen.at.selectbox(key="comparison.left").value == KETTLE


# --- in a browser


@pytest.mark.browser
def test_enter_opens_the_next_cell_but_not_while_one_types_or_presses_a_button(
    tmp_path: Path, open_page: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone(tmp_path, monkeypatch)
    bench = build(some_settings(tmp_path, sample=True))
    with bench.store.reading() as repositories:
        tools = [one.tool.id for one in repositories.tools.summaries()]
        dossier = repositories.tools.latest(tools[0])
    assert dossier is not None
    bench.drafting.wait(one.id for one in bench.drafting.start(bench.planning.jobs(dossier, personas=["skeptic"])))
    bench.close()
    app = start(tmp_path, tmp_path / "desk.db")
    page = open_page(app.url)
    expect(page.get_by_role("button", name=re.compile("Next: Skeptic"))).to_be_visible()
    search = page.get_by_placeholder("Search name, vendor or category")
    search.fill("nobody")
    search.press("Enter")
    expect(page.get_by_text("No tool on this shelf matches")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
    search.fill("")
    search.press("Enter")
    expect(page.locator("[class*=st-key-tally-]")).to_have_count(1)
    # A figure says how it came about, by pointer and by keyboard.
    figure = page.locator(".fig").first
    figure.hover()
    expect(figure.locator(".why")).to_be_visible()
    page.mouse.move(0, 0)
    row = page.locator("[class*=st-key-tally-]").get_by_role("button")
    row.focus()
    row.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft room")
    expect(page).not_to_have_url(re.compile("cell="))
    page.get_by_role("link", name="Desk").click()
    expect(page.get_by_role("button", name=re.compile("Next: Skeptic"))).to_be_visible()
    page.locator("h1").click()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft room")
    expect(page).to_have_url(re.compile(r"cell=skeptic"))
    cell = page.locator("[class*=st-key-cell-]").filter(has=page.get_by_role("heading", name="Skeptic"))
    expect(cell.locator(".text").first).to_be_focused()  # the reader stands in the cell, not at the top of the page
    expect(cell.locator(".text").first).to_be_in_viewport()
    stop(app)
