"""The room by keyboard alone: eight decisions, and every key's own act."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.ui.conftest import App, start, stop
from tests.ui.staging import some_settings
from tests.ui.test_flow import ANVIL, LANTERN, decision, slot
from workbench.bootstrap import build

pytestmark = pytest.mark.browser

QUICK = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "3000", "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0.01"}
PAIRS = (
    *(("Lantern", "Anvil"), ("Harbor", "Loom"), ("Ember", "Quarry"), ("Beacon", "Mallet"), ("Buoy", "Chisel")),
    *(("Taper", "Vise"), ("Candle", "Rasp"), ("Torch", "Plane"), ("Wick", "Lathe"), ("Flare", "Gauge")),
    *(("Signal", "Clamp"), ("Match", "Ruler"), ("Tiller", "Sprocket"), ("Rudder", "Cog")),
)
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
    pages = [text for pair in PAIRS for text in renamed(*pair)]
    with drafted(tmp_path_factory.mktemp("keys"), *pages, **QUICK) as app:
        yield app


@contextmanager
def drafted(folder: Path, *pages: str, **env: str) -> Generator[App]:
    """A server over these tools, each with all its drafts."""
    bench = build(some_settings(folder, workspace=folder / "work.db"))
    tools = bench.importing.commit(bench.importing.preview_text("---\n".join(pages)))
    with bench.store.reading() as repositories:
        dossiers = [found for one in tools if (found := repositories.tools.latest(one)) is not None]
    bench.drafting.wait(one.id for each in dossiers for one in bench.drafting.start(bench.planning.jobs(each)))
    bench.close()
    running = start(folder, folder / "work.db", **env)
    try:
        yield running
    finally:
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


def test_whoever_is_back_at_a_tool_before_the_other_was_drawn_sees_it(desk: Desk) -> None:
    page = desk.page
    page.keyboard.press("j")
    for key in "vvs":
        page.keyboard.press(key)
    desk.says("Skeptic", desk.first, "drafted, undecided, verdict ship")
    expect(desk.place("skeptic")).to_have_attribute("data-active", "")
    expect(desk.slot("skeptic", "claude").locator(".text")).to_be_focused()


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


def test_a_link_brings_one_to_its_cell_below_the_rail_on_a_telephone_too(
    room: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page("about:blank")
    page.set_viewport_size({"width": 390, "height": 844})
    first, second = (one.lower() for one in PAIRS[-1])
    page.goto(f"{room.url}/room?tool={first}&tool={second}&cell=futurist")
    expect(slot(page, first, "futurist", "claude").locator(".text")).to_be_focused()
    still(page)
    head = page.locator(f".st-key-cell-{first}-futurist .cell-head").bounding_box()
    rail = page.locator(".st-key-room-rail").bounding_box()
    assert head is not None
    assert rail is not None
    assert 0 < head["y"] - (rail["y"] + rail["height"]) < 60


def test_while_somebody_types_no_key_decides(desk: Desk) -> None:
    page = desk.page
    desk.slot("builder", "claude").get_by_role("button", name=re.compile("^Reject")).click()
    page.get_by_label("Note (optional)").click()
    page.keyboard.type("12sdxzgu")
    page.keyboard.press("Enter")  # the reason is still to be chosen
    expect(page.get_by_role("button", name="1 Invented fact")).to_be_focused()
    page.keyboard.press("Escape")
    desk.says("Builder", desk.first, "drafted, undecided")


def test_a_note_that_was_not_sent_is_there_when_its_dialog_opens_again(desk: Desk) -> None:
    page = desk.page
    reason, take = page.get_by_label("Note (optional)"), page.get_by_label("What should it do differently? (optional)")
    page.keyboard.press("x")
    reason.press_sequentially("too loud")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("more on price")
    page.mouse.click(5, 5)  # beside the dialog
    expect(take).to_be_hidden()

    page.keyboard.press("n")
    expect(take).to_have_value("more on price")
    page.keyboard.press("Enter")
    expect(desk.slot("builder", "claude")).to_contain_text("after your note “more on price”", timeout=60_000)
    page.keyboard.press("n")
    expect(take).to_have_value("")  # the new take's own
    page.keyboard.press("Escape")
    page.keyboard.press(",")
    expect(desk.slot("builder", "claude").get_by_role("radio", name="take 1")).to_be_checked()
    page.keyboard.press("n")
    expect(take).to_have_value("")  # it was sent
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(reason).to_have_value("too loud")


def test_other_asks_for_its_note_and_enter_rejects(desk: Desk) -> None:
    page = desk.page
    dialog = page.get_by_role("dialog", name="Why will it not do?")
    page.keyboard.press("x")
    page.keyboard.press("6")
    expect(page.get_by_label("Note: what is it?")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.type("sings 12 songs")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.slot("builder", "claude").locator(".state")).to_have_text("Rejected: other")
    desk.says("Builder", desk.first, "drafted, undecided")
    page.keyboard.press("y")
    expect(page.locator(f".st-key-history-{desk.first.lower()}-builder")).to_contain_text("“sings 12 songs”")


def test_the_focus_stays_where_the_keys_act_whatever_is_drawn_anew(desk: Desk) -> None:
    page = desk.page
    left, right = (desk.slot("builder", one).locator(".text") for one in ("claude", "codestral"))
    page.keyboard.press("ArrowRight")
    expect(right).to_be_focused()
    page.keyboard.press("1")
    desk.says("Builder", desk.first, "accepted")
    expect(left).to_be_focused()
    page.keyboard.press("2")
    expect(decision(page, desk.first.lower(), "builder")).to_contain_text("Accepted as drafted")
    expect(right).to_be_focused()

    for keys, done in (("g", "take 2"), ("n", "take 3")):
        page.keyboard.press(keys)
        if keys == "n":
            page.keyboard.type("shorter")
            page.keyboard.press("Enter")
        box = desk.slot("builder", "codestral")
        expect(box.get_by_role("radio", name=done)).to_be_checked()
        expect(box.locator(".state")).to_have_text("Done", timeout=60_000)
        still(page)
        expect(right).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("2")
    expect(desk.slot("builder", "codestral").locator(".state")).to_have_text("Rejected: off voice")
    still(page)
    expect(right).to_be_focused()
    page.keyboard.press("z")
    expect(desk.slot("builder", "codestral").locator(".state")).to_have_text("Done")
    still(page)
    expect(right).to_be_focused()

    page.keyboard.press("b")
    expect(page.locator(".composer .line").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".composer")).to_have_count(0)
    page.keyboard.press("1")
    expect(left).to_be_focused()
    still(page)
    expect(left).to_be_focused()


def test_a_draft_that_shows_its_end_has_its_keys_before_python_has_drawn_it(
    tmp_path: Path, open_page: Callable[[str], Page]
) -> None:
    with drafted(tmp_path, LANTERN, WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="40") as app:
        desk = Desk(open_page("about:blank"), "Lantern", "")
        page = desk.page
        held: list[str | bytes] | None = None
        lines: list[WebSocketRoute] = []

        def begun(line: WebSocketRoute) -> None:
            lines.append(line)
            line.connect_to_server().on_message(lambda told: line.send(told) if held is None else held.append(told))

        page.route_web_socket(re.compile("_stcore/stream"), begun)
        page.goto(f"{app.url}/room?tool=lantern")
        expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
        page.get_by_role("button", name=f"Builder of {desk.first}").focus()
        page.keyboard.press("g")
        expect(desk.slot("builder", "claude").get_by_role("radio", name="take 2")).to_be_checked()
        expect(desk.slot("builder", "claude").locator(".pane[data-state=streaming]")).to_be_visible()
        expect(desk.slot("builder", "claude").locator(".pane")).to_have_count(1)  # the one before it has left
        held = []
        expect(desk.slot("builder", "claude").locator(".state")).to_have_text("Done", timeout=60_000)
        page.keyboard.press("x")
        expect(page.get_by_role("dialog", name="Why will it not do?")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("1")
        expect(page.locator(".room .said")).to_have_text("Accepting claude …")
        kept, held = held, None
        for told in kept:
            lines[-1].send(told)
        desk.says("Builder", desk.first, "accepted, no verdict yet")


def still(page: Page) -> None:
    """Nothing is drawn any more."""
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_timeout(300)
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_whoever_closes_the_grid_looks_at_its_cell(desk: Desk) -> None:
    page = desk.page
    for _ in range(2):
        page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".composer .line").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".composer")).to_have_count(0)
    still(page)
    head = desk.place("futurist").locator(".cell-head").bounding_box()
    rail = page.locator(".st-key-room-rail").bounding_box()
    assert head is not None
    assert rail is not None
    assert rail["y"] + rail["height"] <= head["y"] < 900


def test_the_history_opens_where_it_is_seen_and_closes_with_escape(desk: Desk) -> None:
    page = desk.page
    said, history = page.locator(".room .said"), page.locator(f".st-key-history-{desk.first.lower()}-builder")
    for verdict in "sdsdsdsdsdsdsdsdsdsdsds":
        page.keyboard.press(verdict)
    desk.says("Builder", desk.first, "drafted, undecided, verdict ship")
    still(page)
    page.keyboard.press("y")
    expect(history).to_be_focused()
    expect(history).to_be_in_viewport()
    expect(said).to_have_text("History of Builder: 23 decisions")
    expect(history.locator("[class*=st-key-decision-]")).to_have_count(20)
    history.get_by_text("Earlier: 3 decisions").click()
    expect(history.locator("[class*=st-key-decision-]")).to_have_count(23)
    page.keyboard.press("Escape")
    expect(history).to_have_count(0)
    expect(desk.slot("builder", "claude").locator(".text")).to_be_focused()
    expect(said).to_have_text("History of Builder closed")
    page.keyboard.press("y")
    expect(history).to_be_focused()


def test_the_status_line_says_what_a_key_did_and_what_stands_already(desk: Desk) -> None:
    page = desk.page
    said = page.locator(".room .said")
    page.keyboard.press("s")
    expect(said).to_have_text(re.compile("^Builder: .*verdict ship"))
    page.keyboard.press("s")
    expect(said).to_have_text("Builder: already ship.")
    page.keyboard.press("1")
    desk.says("Builder", desk.first, "accepted, verdict ship")
    page.keyboard.press("1")
    expect(said).to_have_text(re.compile("claude already stands here.", re.IGNORECASE))
    still(page)
    page.keyboard.press("y")
    expect(said).to_have_text("History of Builder: 2 decisions")
    page.keyboard.press("Escape")

    seen = set()
    for _ in range(12):
        page.keyboard.press("f")
        expect(said).to_have_text(re.compile(r"^\w+, (conflict|warning|note) \d of \d$"))
        told = said.inner_text()
        seen.add(told)
        expect(desk.place(told.partition(",")[0].lower())).to_have_attribute("data-active", "")
    assert len(seen) > 2


@pytest.mark.parametrize("width", [1280, 390])
def test_a_verdict_moves_no_chip_of_the_rail(desk: Desk, width: int) -> None:
    page = desk.page
    page.set_viewport_size({"width": width, "height": 900})
    rows = page.locator(".room .rail .row")
    where = "all => all.map((one) => [one.getBoundingClientRect().x, one.getBoundingClientRect().width])"

    def chips() -> list[object]:
        return [rows.nth(number).locator(".chip").evaluate_all(where) for number in range(2)]

    before = chips()
    assert before[0] == before[1]
    page.keyboard.press("s")
    desk.says("Builder", desk.first, "drafted, undecided, verdict ship")
    page.keyboard.press("1")
    desk.says("Builder", desk.first, "accepted, verdict ship")
    assert chips() == before
    cut = "all => all.some((one) => one.scrollWidth > one.clientWidth)"
    assert not rows.locator(".chip span").evaluate_all(cut)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_sheet_opens_over_the_grid_too_and_has_the_grids_keys(desk: Desk) -> None:
    page = desk.page
    sheet, row = page.get_by_role("dialog", name="Keys of the draft room"), page.locator(".composer .line").first
    page.keyboard.press("e")
    expect(row).to_be_focused()
    page.keyboard.press("h")
    expect(sheet).to_contain_text("In the beat grid")
    expect(sheet).to_contain_text("Save the quote")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(row).to_be_focused()
    page.keyboard.press("e")
    page.keyboard.type(" h?")
    expect(row.locator("textarea").first).to_have_value(re.compile(r" h\?$"))
    expect(sheet).to_be_hidden()
