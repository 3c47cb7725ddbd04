"""The room by keyboard alone: eight decisions, and every key's own act."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import App, start, stop
from tests.ui.staging import some_settings
from tests.ui.test_flow import ANVIL, LANTERN, decision, slot
from workbench.bootstrap import build

pytestmark = pytest.mark.browser

QUICK = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "3000", "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0.01"}
PAIRS = (("Lantern", "Anvil"), ("Harbor", "Loom"), ("Ember", "Quarry"), ("Tiller", "Sprocket"))
"""Two tools for each test to decide on."""
PERSONAS = ("Builder", "Skeptic", "Futurist", "Business")


@dataclass
class Desk:
    """The room with two tools and sixteen drafts, all done; the keys' focus is on the first cell."""

    page: Page
    first: str
    second: str

    def place(self, persona: str, *, tool: str = "") -> Locator:
        return self.page.locator(f".st-key-cell-{(tool or self.first).lower()}-{persona}")

    def slot(self, persona: str, provider: str) -> Locator:
        return slot(self.page, self.first.lower(), persona, provider)

    def says(self, persona: str, tool: str, what: str) -> None:
        """The rail says this of a cell."""
        expect(self.page.get_by_role("button", name=f"{persona} of {tool}: {what}")).to_be_visible()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A server over drafted tools, a pair for each test."""
    folder = tmp_path_factory.mktemp("keys")
    bench = build(some_settings(folder, workspace=folder / "work.db"))
    pages = [text for pair in PAIRS for text in renamed(*pair)]
    tools = bench.importing.commit(bench.importing.preview_text("---\n".join(pages)))
    with bench.store.reading() as repositories:
        dossiers = [found for one in tools if (found := repositories.tools.latest(one)) is not None]
    bench.drafting.wait(one.id for each in dossiers for one in bench.drafting.start(bench.planning.jobs(each)))
    bench.close()
    running = start(folder, folder / "work.db", **QUICK)
    yield running
    stop(running)


def renamed(first: str, second: str) -> tuple[str, str]:
    return LANTERN.replace("Lantern", first), ANVIL.replace("Anvil", second)


@pytest.fixture
def desk(room: App, open_page: Callable[[str], Page], pairs: Iterator[tuple[str, str]]) -> Desk:
    first, second = next(pairs)
    page = open_page(f"{room.url}/room?tool={first.lower()}&tool={second.lower()}")
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
    page.get_by_role("button", name=f"Builder of {first}").focus()
    return Desk(page, first, second)


@pytest.fixture(scope="module")
def pairs() -> Iterator[tuple[str, str]]:
    return iter(PAIRS)


def test_eight_decisions_take_a_few_keys_each_and_no_mouse(
    desk: Desk, record_property: Callable[[str, object], None]
) -> None:
    page = desk.page
    page.mouse.move(0, 0)
    pressed, began = 0, time.monotonic()

    def press(key: str) -> None:
        nonlocal pressed
        page.keyboard.press(key)
        pressed += 1

    for number in range(8):
        tool, persona = (desk.first, desk.second)[number // 4], PERSONAS[number % 4]
        press("1" if number % 2 else "2")
        desk.says(persona, tool, "accepted, no verdict yet")
        press("d" if number == 5 else "s")
        desk.says(persona, tool, f"accepted, verdict {'skip' if number == 5 else 'ship'}")
        press("u")
    took = time.monotonic() - began
    expect(page.get_by_text("All decided").first).to_be_visible()
    assert pressed == 24
    record_property("keystrokes", pressed)
    record_property("seconds", round(took, 1))

    # What the keys decided is what is stored, and Z takes the last of it back.
    expect(decision(page, desk.second.lower(), "business")).to_contain_text("Accepted as drafted by Edith Editor")
    page.keyboard.press("z")
    desk.says("Business", desk.second, "accepted, no verdict yet")


def test_keys_pressed_faster_than_the_room_is_drawn_are_all_heard_once_and_in_order(desk: Desk) -> None:
    page = desk.page
    for key in "1sj2dj1sj2dj1sdsj2szj1dj2s":
        page.keyboard.press(key)
    expect(page.get_by_text("All decided").first).to_be_hidden()
    wanted = {desk.first: "ship skip ship skip", desk.second: "ship , skip ship"}
    for tool, verdicts in wanted.items():
        for persona, verdict in zip(PERSONAS, verdicts.split(), strict=True):
            desk.says(persona, tool, "accepted, no verdict yet" if verdict == "," else f"accepted, verdict {verdict}")


def test_each_key_does_what_the_sheet_says(desk: Desk) -> None:
    page = desk.page

    # Moving: cells, panes, tools; the pane that keys act on has the focus.
    page.keyboard.press("j")
    expect(desk.place("skeptic")).to_have_attribute("data-active", "")
    expect(desk.slot("skeptic", "claude").locator(".text")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(desk.slot("skeptic", "codestral").locator(".text")).to_be_focused()
    page.keyboard.press("v")
    expect(desk.place("skeptic", tool=desk.second)).to_have_attribute("data-active", "")
    page.keyboard.press("v")
    expect(desk.place("skeptic")).to_have_attribute("data-active", "")

    # The sheet opens with H, closes with Esc, and gives the focus back.
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="Keys of the draft room")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys of the draft room")).to_be_hidden()
    desk.says("Skeptic", desk.first, "drafted")

    # Rejecting asks for a reason by number; no accept is near it.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("x")
    expect(page.get_by_role("dialog", name="Why will it not do?")).to_be_visible()
    page.keyboard.press("2")
    expect(desk.slot("skeptic", "claude").locator(".state")).to_have_text("Rejected: off voice")
    expect(page.locator(".room .said")).to_have_text(re.compile("claude rejected, "))

    # W asks how sure one is of a verdict, and why; the focus is in it.
    page.keyboard.press("w")
    expect(page.locator(".room .said")).to_have_text(re.compile("Sign a verdict first"))
    page.keyboard.press("s")
    desk.says("Skeptic", desk.first, "drafted, undecided, verdict ship")
    page.keyboard.press("w")
    expect(page.get_by_test_id("stPopoverBody").locator(":focus")).to_be_visible()
    page.keyboard.press("Escape")
    desk.slot("skeptic", "claude").locator(".text").focus()

    # Another take with a note; it is kept with the draft, and the comma goes back to the first.
    page.keyboard.press("n")
    page.keyboard.type("more concrete on price")
    page.keyboard.press("Enter")
    box = desk.slot("skeptic", "claude")
    expect(box.get_by_role("radio", name="take 2")).to_be_checked()
    expect(box).to_contain_text("after your note “more concrete on price”", timeout=60_000)
    page.keyboard.press(",")
    expect(box.get_by_role("radio", name="take 1")).to_be_checked()
    page.keyboard.press(".")
    expect(box.get_by_role("radio", name="take 2")).to_be_checked()

    # B opens the beat grid, where letters are text.
    page.keyboard.press("b")
    expect(page.locator(".composer")).to_be_visible()


def test_a_button_pressed_before_the_pages_scripts_have_come_is_heard(
    room: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page("about:blank")
    page.route("**/room.js", lambda _: None)  # asked for, and not answered
    page.goto(f"{room.url}/room?tool={PAIRS[-1][0].lower()}")
    page.get_by_role("button", name="Another take").first.click()
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.unroute("**/room.js")
    expect(page.get_by_role("dialog", name="Another take, with a note")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("[class*=st-key-edit-]").first.get_by_role("button").click()  # another redraw
    expect(page.locator(".composer")).to_be_visible()
    expect(page.get_by_role("dialog", name="Another take, with a note")).to_be_hidden()


def test_while_somebody_types_no_key_decides(desk: Desk) -> None:
    page = desk.page
    desk.slot("builder", "claude").get_by_role("button", name=re.compile("^Reject")).click()
    page.get_by_label("Note (optional)").click()
    page.keyboard.type("12sdxzgu")
    page.keyboard.press("Enter")  # the reason is still to be chosen
    expect(page.get_by_role("button", name="1 Invented fact")).to_be_focused()
    page.keyboard.press("Escape")
    desk.says("Builder", desk.first, "drafted, undecided")
