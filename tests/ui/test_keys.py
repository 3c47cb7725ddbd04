"""The room by keyboard alone: eight decisions, and every key's own act."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import App, start, stop
from tests.ui.test_flow import PASTED, decision, paste, slot

pytestmark = pytest.mark.browser

QUICK = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "3000", "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0.01"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[App]:
    running = start(tmp_path, tmp_path / "work.db", **QUICK)
    yield running
    stop(running)


def drafted(page: Page, url: str) -> None:
    """Two tools, sixteen drafts, all done."""
    page.goto(f"{url}/tools")
    paste(page, PASTED)
    page.get_by_role("button", name="Add 2 tools").click()
    page.get_by_role("button", name="Draft all 16").click()
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
    expect(page.get_by_role("button", name="All drafted")).to_be_visible(timeout=60_000)


def cell(page: Page, name: str) -> str:
    """What the rail says of a cell."""
    return page.get_by_role("button", name=name).get_attribute("aria-label") or ""


def test_eight_decisions_take_a_few_keys_each_and_no_mouse(
    desk: App, open_page: Callable[[str], Page], record_property: Callable[[str, object], None]
) -> None:
    page = open_page(desk.url)
    drafted(page, desk.url)
    page.mouse.move(0, 0)
    page.get_by_role("button", name="Builder of Lantern").focus()
    pressed, began = 0, time.monotonic()

    def press(key: str) -> None:
        nonlocal pressed
        page.keyboard.press(key)
        pressed += 1

    for number in range(8):
        tool, persona = ("Lantern", "Anvil")[number // 4], ("Builder", "Skeptic", "Futurist", "Business")[number % 4]
        press("1" if number % 2 else "2")
        expect(page.get_by_role("button", name=f"{persona} of {tool}: accepted, no verdict yet")).to_be_visible()
        press("d" if number == 5 else "s")
        verdict = "skip" if number == 5 else "ship"
        expect(page.get_by_role("button", name=f"{persona} of {tool}: accepted, verdict {verdict}")).to_be_visible()
        press("u")
    took = time.monotonic() - began
    expect(page.get_by_text("All decided").first).to_be_visible()
    assert pressed == 24
    record_property("keystrokes", pressed)
    record_property("seconds", round(took, 1))

    # What the keys decided is what is stored, and Z takes the last of it back.
    expect(decision(page, "anvil", "business")).to_contain_text("Accepted as drafted by Edith Editor")
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Business of Anvil: accepted, no verdict yet")).to_be_visible()


def test_keys_pressed_faster_than_the_room_is_drawn_are_all_heard_once_and_in_order(
    desk: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(desk.url)
    drafted(page, desk.url)
    page.get_by_role("button", name="Builder of Lantern").focus()
    for key in "1sj2dj1sj2dj1sdsj2szj1dj2s":
        page.keyboard.press(key)
    expect(page.get_by_text("All decided").first).to_be_hidden()
    wanted = {"Lantern": "ship skip ship skip", "Anvil": "ship , skip ship"}
    for tool, verdicts in wanted.items():
        for persona, verdict in zip(("Builder", "Skeptic", "Futurist", "Business"), verdicts.split(), strict=True):
            said = "accepted, no verdict yet" if verdict == "," else f"accepted, verdict {verdict}"
            expect(page.get_by_role("button", name=f"{persona} of {tool}: {said}")).to_be_visible()


def test_each_key_does_what_the_sheet_says(desk: App, open_page: Callable[[str], Page]) -> None:
    page = open_page(desk.url)
    drafted(page, desk.url)
    page.get_by_role("button", name="Builder of Lantern").focus()

    # Moving: cells, panes, tools; the pane that keys act on has the focus.
    page.keyboard.press("j")
    expect(page.locator(".st-key-cell-lantern-skeptic")).to_have_attribute("data-active", "")
    expect(slot(page, "lantern", "skeptic", "claude").locator(".text")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(slot(page, "lantern", "skeptic", "codestral").locator(".text")).to_be_focused()
    page.keyboard.press("v")
    expect(page.locator(".st-key-cell-anvil-skeptic")).to_have_attribute("data-active", "")
    page.keyboard.press("v")
    expect(page.locator(".st-key-cell-lantern-skeptic")).to_have_attribute("data-active", "")

    # The sheet opens with H, closes with Esc, and gives the focus back.
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="Keys of the draft room")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys of the draft room")).to_be_hidden()
    assert "drafted" in cell(page, "Skeptic of Lantern")

    # Rejecting asks for a reason by number; no accept is near it.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("x")
    expect(page.get_by_role("dialog", name="Why will it not do?")).to_be_visible()
    page.keyboard.press("2")
    expect(slot(page, "lantern", "skeptic", "claude")).to_contain_text("Rejected: off voice")

    # Another take with a note; it is kept with the draft, and the comma goes back to the first.
    page.keyboard.press("n")
    page.keyboard.type("more concrete on price")
    page.keyboard.press("Enter")
    box = slot(page, "lantern", "skeptic", "claude")
    expect(box.get_by_role("radio", name="take 2")).to_be_checked()
    expect(box).to_contain_text("after your note “more concrete on price”", timeout=60_000)
    page.keyboard.press(",")
    expect(box.get_by_role("radio", name="take 1")).to_be_checked()
    page.keyboard.press(".")
    expect(box.get_by_role("radio", name="take 2")).to_be_checked()

    # B opens the beat grid, where letters are text.
    page.keyboard.press("b")
    expect(page.locator(".composer")).to_be_visible()


def test_while_somebody_types_no_key_decides(desk: App, open_page: Callable[[str], Page]) -> None:
    page = open_page(desk.url)
    drafted(page, desk.url)
    slot(page, "lantern", "builder", "claude").get_by_role("button", name=re.compile("^Reject")).click()
    page.get_by_label("Note (optional)").click()
    page.keyboard.type("12sdxzgu")
    page.keyboard.press("Escape")
    assert "drafted, undecided" in cell(page, "Builder of Lantern")
