"""A server that dies and comes back while somebody types: no word becomes a decision, and the grid is there again."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui import conftest
from tests.ui.conftest import App, start
from tests.ui.staging import some_settings
from tests.ui.test_flow import LANTERN
from workbench.bootstrap import build

pytestmark = pytest.mark.browser

PROSE = "sized 12 boxes, dusk; using zinc shelves, xenon glue & such 2."
"""Nearly every key that decides something, as words."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    bench = build(some_settings(tmp_path, workspace=tmp_path / "work.db"))
    [tool] = bench.importing.commit(bench.importing.preview_text(LANTERN))
    with bench.store.reading() as repositories:
        dossier = repositories.tools.latest(tool)
    assert dossier is not None
    bench.drafting.wait(one.id for one in bench.drafting.start(bench.planning.jobs(dossier)))
    bench.close()
    return tmp_path / "work.db"


@pytest.fixture
def servers(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], App]]:
    """Start the app, each time at the same address, and after the one before was killed."""
    running: list[App] = []

    def again() -> App:
        if running:
            kill(running.pop())
        running.append(start(workspace.parent, workspace))
        return running[0]

    port = conftest.free_port()
    monkeypatch.setattr(conftest, "free_port", lambda: port)
    yield again
    kill(running.pop())


def kill(app: App) -> None:
    app.process.kill()
    app.process.join(10)


def enter(open_page: Callable[[str], Page], app: App) -> Page:
    page = open_page(f"{app.url}/room?tool=lantern")
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
    page.get_by_role("button", name="Builder of Lantern").focus()
    return page


def decisions(workspace: Path) -> int:
    with sqlite3.connect(f"file:{workspace}?mode=ro", uri=True) as file:
        [(found,)] = file.execute("SELECT count(*) FROM decision").fetchall()
    return int(found)


def test_words_typed_over_a_restart_go_on_in_the_grid_and_decide_nothing(
    servers: Callable[[], App], open_page: Callable[[str], Page], workspace: Path
) -> None:
    page = enter(open_page, servers())
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".composer .line").first).to_be_focused()
    words = page.locator(".composer .line").nth(1).locator("textarea").first
    words.focus()
    words.press("ControlOrMeta+a")
    page.keyboard.type("Before it,")
    gone = page.locator(".composer").element_handle()
    servers()
    assert gone is not None
    typed = ""
    while gone.evaluate("one => one.isConnected") or not page.locator(".composer").count():
        page.keyboard.type(PROSE[len(typed) % len(PROSE)])
        typed += PROSE[len(typed) % len(PROSE)]
        page.wait_for_timeout(60)
        assert len(typed) < 1_000
    expect(words).to_be_focused()
    page.keyboard.type(" and after.")
    expect(words).to_have_value("Before it," + typed + " and after.")
    expect(page.locator(".composer .status")).to_have_text(re.compile("^Saved as you type"))
    assert decisions(workspace) == 0


def test_where_the_field_does_not_come_back_its_words_are_taken_for_no_keys(
    servers: Callable[[], App], open_page: Callable[[str], Page], workspace: Path
) -> None:
    page = enter(open_page, servers())
    page.keyboard.press("e")
    expect(page.locator(".composer .line").first).to_be_focused()
    words = page.locator(".composer .line textarea").first
    words.focus()
    page.keyboard.type("Words")
    page.locator(".composer").evaluate("one => one.getRootNode().host.remove()")
    page.locator(".st-key-ship-lantern-builder button").first.focus()
    page.keyboard.type(PROSE, delay=20)
    said = page.locator(".room .said")
    expect(said).to_have_text("Your typing was not taken as keys.")
    page.wait_for_timeout(2_200)
    page.keyboard.press("j")
    expect(said).to_have_text(re.compile("^Skeptic"))
    assert decisions(workspace) == 0


def test_whoever_leaves_a_field_has_the_keys_at_once(
    servers: Callable[[], App], open_page: Callable[[str], Page]
) -> None:
    page = enter(open_page, servers())
    said = page.locator(".room .said")
    page.keyboard.press("x")
    page.get_by_label("Note (optional)").focus()
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(said).to_have_text(re.compile("^Skeptic"))
    page.keyboard.press("b")
    expect(page.locator(".composer .line").first).to_be_focused()
    page.locator(".composer .line textarea").first.focus()
    page.keyboard.type("no")
    page.locator(".st-key-cell-lantern-skeptic .cell-head").click()
    page.keyboard.press("j")
    expect(said).to_have_text(re.compile("^Futurist"))


def test_what_would_do_harm_twice_is_not_asked_again_of_a_new_session_but_told(
    servers: Callable[[], App], open_page: Callable[[str], Page], workspace: Path
) -> None:
    page = enter(open_page, (app := servers()))
    said = page.locator(".room .said")
    page.keyboard.press("s")
    expect(said).to_have_text(re.compile("verdict ship.*Z undoes"))
    kill(app)
    page.keyboard.press("z")
    expect(said).to_have_text("Undoing verdict ship …")
    servers()
    expect(said).to_have_text(re.compile("^The workspace was started anew"), timeout=60_000)
    page.wait_for_timeout(4_000)  # longer than it takes to ask again
    assert decisions(workspace) == 1
    page.keyboard.press("z")
    expect(said).to_have_text("Builder: drafted, undecided")
    assert decisions(workspace) == 2
