"""The beat grid in a real browser: what is taken and typed is what is saved, and no word is ever lost."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.fakes import until
from tests.ui.conftest import App, start, stop
from tests.ui.staging import some_settings
from tests.ui.test_flow import ANVIL, LANTERN, cli
from workbench.bootstrap import build
from workbench.domain.text import sentences, word_count
from workbench.ui.scripts import SCRIPTS_PATH

pytestmark = pytest.mark.browser

SOCKETS = """
const Socket = window.WebSocket, made = [];
window.WebSocket = class extends Socket {
  constructor(...all) { super(...all); if (String(all[0]).includes("/workbench/live")) made.push(this); }
};
window.deaf = false;
window.slow = 0; // ms
window.cut = () => made.forEach((one) => one.close());
const send = Socket.prototype.send;
Socket.prototype.send = function (text) {
  if (!made.includes(this)) return send.call(this, text);
  if (!window.deaf) setTimeout(() => send.call(this, text), window.slow);
};
"""
"""A page whose live socket can be cut, can be slow, and can lose what is sent."""


PULLEY = """Name: Pulley
Vendor: Hoist Works
Category: Developer Tools
Entry: Paid

Pulley queues jobs in one file. It retries what fails, and says so.
"""


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which three tools are drafted: a cell for each test."""
    folder = tmp_path_factory.mktemp("drafted")
    bench = build(some_settings(folder, workspace=folder / "work.db"))
    tools = bench.importing.commit(bench.importing.preview_text(f"{LANTERN}---\n{ANVIL}---\n{PULLEY}"))
    with bench.store.reading() as repositories:
        dossiers = [found for one in tools if (found := repositories.tools.latest(one)) is not None]
    started = [one.id for each in dossiers for one in bench.drafting.start(bench.planning.jobs(each))]
    bench.drafting.wait(started)
    bench.close()
    return folder / "work.db"


@pytest.fixture(scope="module")
def room(drafted: Path) -> Iterator[App]:
    running = start(drafted.parent, drafted)
    yield running
    stop(running)


class Grid:
    """One cell's beat grid on a page of its own."""

    def __init__(self, page: Page, app: App, place: str) -> None:
        self.page = page
        self.app = app
        self.tool, self.persona = place.split("-")
        self.box = page.locator(f".st-key-decision-{place}")
        self.node = self.box.locator(".composer")
        self.status = self.node.locator(".status")
        self.alert = self.node.get_by_role("alert")

    def begin(self) -> Grid:
        """Open it."""
        expect(self.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
        self.box.get_by_role("button", name=re.compile("Beat grid|Continue the unsaved quote")).click()
        expect(self.row(0)).to_be_visible()
        return self

    def row(self, number: int) -> Locator:
        return self.node.locator(".line").nth(number)

    def words(self, number: int) -> Locator:
        """The first text field of a row."""
        return self.row(number).locator("textarea").first

    def sentence(self, number: int, column: int) -> str:
        return self.row(number).locator(".cell").nth(column).locator(".take").first.inner_text()

    def button(self, name: str) -> Locator:
        return self.node.get_by_role("button", name=name)

    def expect_quote(self, text: str) -> None:
        """The quote as the grid shows it joined."""
        expect(self.node.locator(".quote")).to_have_text(text)

    def expect_kept(self, *texts: str) -> None:
        """What was typed has arrived in the workspace."""
        expect(self.status).to_have_text(re.compile(r"^Saved as you type · \d\d:\d\d:\d\d$"))
        assert self.kept() == list(texts)

    def expect_saved(self, text: str | re.Pattern[str]) -> None:
        """The grid has closed over a saved quote."""
        expect(self.box.locator(f".st-key-quote-{self.tool}-{self.persona}")).to_contain_text(text)
        expect(self.node).to_have_count(0)

    def kept(self) -> list[str]:
        return [text for (text,) in self._rows("SELECT text FROM scratch")]

    def decided(self) -> list[dict[str, Any]]:
        """The acts of the cell's decisions, oldest first."""
        return [json.loads(act) for (act,) in self._rows("SELECT act FROM decision")]

    def _rows(self, query: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.app.workspace}?mode=ro", uri=True) as file:
            own = " WHERE tool_id = ? AND persona_id = ? ORDER BY rowid"
            return file.execute(query + own, (self.tool, self.persona)).fetchall()


@pytest.fixture
def enter(room: App, open_page: Callable[[str], Page]) -> Callable[..., Grid]:
    """Open a cell's grid on a fresh page, with `script` in it."""

    def entered(place: str, script: str = "") -> Grid:
        page = open_page("about:blank")
        page.add_init_script(script)
        page.goto(f"{room.url}/room?tool={place.partition('-')[0]}")
        return Grid(page, room, place).begin()

    return entered


# --- taking and typing


def test_a_quote_is_put_together_with_keys_alone_and_saved_as_it_is_shown(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-builder")
    keyboard = grid.page.keyboard
    expect(grid.row(0)).to_be_focused()
    first, second, third = grid.sentence(0, 0), grid.sentence(1, 1), grid.sentence(2, 0)
    for key in ("1", "2", "1"):
        keyboard.press(key)
    expect(grid.row(3)).to_be_focused()
    keyboard.press("e")
    keyboard.type("Here I say it myself.")
    keyboard.press("Escape")
    expect(grid.row(3)).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    keyboard.press("Control+End")
    keyboard.type(" And so it is.")
    shown = f"{first} {second} {third} And so it is. Here I say it myself."
    grid.expect_quote(shown)
    expect(grid.node.locator(".count")).to_contain_text(f"{len(shown.split())} words")
    expect(grid.node.locator(".met")).to_have_text("beats 4/5")
    expect(grid.node.locator(".origin").nth(2)).to_contain_text("edited")
    keyboard.press("Control+Enter")
    grid.expect_saved(shown)
    [act] = grid.decided()
    assert (act["kind"], act["text"], grid.kept()) == ("edited", shown, [])
    assert [(one["place"], one["draft_id"] is None) for one in act["pieces"]] == [
        (0, False),
        (1, False),
        (2, False),
        (None, True),
    ]


def test_a_click_takes_a_sentence_and_the_next_takes_it_back(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-skeptic")
    takes = grid.row(1).locator(".take")
    left, right = takes.nth(0).inner_text(), takes.nth(1).inner_text()
    takes.nth(0).click()
    grid.expect_quote(left)
    takes.nth(1).click()
    grid.expect_quote(right)
    expect(takes.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(takes.nth(0)).to_have_attribute("aria-pressed", "false")
    takes.nth(0).click(modifiers=["Shift"])
    grid.expect_quote(f"{right} {left}")
    takes.nth(1).click()
    takes.nth(0).click()
    expect(grid.words(1)).to_have_value("")
    grid.button("Take all of codestral").click()
    expect(grid.node.locator(".met")).to_have_text("beats 5/5")
    grid.button("Save the quote").click()
    grid.expect_saved(right)
    assert grid.decided()[0]["kind"] == "accepted"  # a whole draft, unchanged


def test_what_was_changed_of_a_sentence_is_shown_word_by_word(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-futurist")
    grid.page.keyboard.press("1")
    said = grid.words(0).input_value().split(" ")
    grid.words(0).fill(" ".join([*said[:2], "really", *said[2:-1], "end."]))
    diff = grid.row(0).locator(".diff")
    expect(diff.locator("ins")).to_have_text(["really", "end."])
    expect(diff.locator("del")).to_have_text([said[-1]])
    grid.button("Changes").click()
    expect(diff).to_be_hidden()
    grid.button("Changes").click()
    expect(diff).to_be_visible()
    grid.words(0).fill(" ".join(said))
    expect(diff).to_be_hidden()


def test_undo_and_redo_go_over_the_whole_working_copy(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-business", SOCKETS)
    keyboard = grid.page.keyboard
    first, second = grid.sentence(0, 0), grid.sentence(1, 1)
    keyboard.press("1")
    keyboard.press("2")
    grid.words(2).click()
    keyboard.insert_text("My own words.")
    grid.button("Clear").click()
    expect(grid.node.locator(".met")).to_have_text("beats 0/5")
    keyboard.press("Control+z")
    grid.expect_quote(f"{first} {second} My own words.")
    keyboard.press("Control+z")
    grid.expect_quote(f"{first} {second}")
    keyboard.press("Control+Shift+z")
    keyboard.press("Control+y")
    expect(grid.node.locator(".met")).to_have_text("beats 0/5")
    expect(grid.button("Redo")).to_be_disabled()
    grid.button("Undo").click()
    grid.expect_quote(f"{first} {second} My own words.")
    grid.expect_kept(f"{first} {second} My own words.")
    grid.page.evaluate("window.deaf = true")
    grid.button("Undo").click()
    expect(grid.status).to_have_text("Not saved yet…")


def test_pasted_text_is_a_source_like_any_other(enter: Callable[..., Grid]) -> None:
    grid = enter("anvil-builder")
    grid.button("Paste text").click()
    pasting = grid.node.get_by_label("Text to take sentences from")
    pasting.fill("First I say this. Then <b>that</b>, e.g. twice.\n\nThe end!")
    grid.button("Make it a column").click()
    expect(grid.node.locator(".heads .source").nth(2)).to_contain_text("Pasted")
    grid.page.keyboard.press("3")
    grid.page.keyboard.press("3")
    grid.expect_quote("First I say this. Then <b>that</b>, e.g. twice.")
    expect(grid.row(1).locator(".origin")).to_have_text("Pasted")
    grid.expect_kept("First I say this. Then <b>that</b>, e.g. twice.")
    grid.page.reload()
    grid.begin()
    expect(grid.node.locator(".heads .source").nth(2)).to_contain_text("Pasted")
    assert grid.sentence(2, 2) == "The end!"
    grid.page.keyboard.press("Control+Enter")
    grid.expect_saved("First I say this. Then <b>that</b>, e.g. twice.")
    [act] = grid.decided()
    assert [one["source"] for one in act["pieces"]] == ["pasted", "pasted"]


def test_keys_of_the_grid_decide_nothing_in_the_room(enter: Callable[..., Grid]) -> None:
    grid = enter("anvil-skeptic", SOCKETS)
    grid.page.evaluate("window.slow = 500")  # what is kept arrives after the room was asked to close the grid
    for key in ("1", "2", "s", "x", "z", "Escape"):
        grid.page.keyboard.press(key)
    expect(grid.node).to_have_count(0)
    expect(grid.box.get_by_role("button", name="Continue the unsaved quote")).to_be_visible()
    assert grid.decided() == []


# --- never a lost word


def test_typed_text_outlives_another_page_a_closed_grid_and_a_reload(enter: Callable[..., Grid]) -> None:
    grid = enter("anvil-futurist")
    page = grid.page
    grid.words(0).fill("Typed and left at once.")
    page.get_by_role("link", name="Comparison").click(delay=80)
    expect(page.locator(".composer")).to_have_count(0)
    page.get_by_role("link", name="Draft room").click(delay=80)
    expect(grid.words(0)).to_have_value("Typed and left at once.")
    grid.words(0).press("Control+End")
    grid.words(0).press_sequentially(" And more.")
    grid.button("Close").click()
    expect(grid.begin().words(0)).to_have_value("Typed and left at once. And more.")
    grid.words(0).press("Control+End")
    grid.words(0).press_sequentially(" Once again.")
    page.reload()
    expect(grid.begin().words(0)).to_have_value("Typed and left at once. And more. Once again.")
    until(lambda: grid.kept() == ["Typed and left at once. And more. Once again."])


def test_a_lost_connection_is_said_and_made_up_for(enter: Callable[..., Grid]) -> None:
    grid = enter("anvil-business", SOCKETS)
    grid.words(0).fill("Before.")
    grid.expect_kept("Before.")
    grid.page.evaluate("window.deaf = true")  # sent, and lost on the way
    grid.words(0).fill("Before. During.")
    grid.page.wait_for_timeout(600)
    grid.page.evaluate("window.cut()")
    expect(grid.status).to_contain_text("Not saved yet")
    grid.words(0).fill("Before. During. After.")
    grid.page.evaluate("window.deaf = false; window.cut()")
    grid.expect_kept("Before. During. After.")
    grid.page.evaluate("window.deaf = true")
    grid.words(0).fill("Before. During. After. Last.")
    grid.page.reload()  # nothing of it reached the workspace: the browser has it
    expect(grid.begin().words(0)).to_have_value("Before. During. After. Last.")
    grid.expect_kept("Before. During. After. Last.")


def test_nobody_is_in_conflict_with_words_of_their_own_whose_answer_was_lost(enter: Callable[..., Grid]) -> None:
    grid = enter("pulley-futurist")
    lines: list[WebSocketRoute] = []
    lost: list[str | bytes] = []
    mute = [True]

    def begun(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server().on_message(
            lambda said: lost.append(said) if mute[0] and '"kept"' in str(said) else line.send(said)
        )

    def until_lost(count: int) -> None:
        for _ in range(500):
            if len(lost) >= count:
                return
            grid.page.wait_for_timeout(20)
        raise AssertionError(f"{len(lost)} of {count} answers came")

    grid.page.route_web_socket(re.compile("/workbench/live"), begun)
    grid.page.reload()
    grid.begin().words(0).fill("Before.")
    until_lost(1)
    grid.words(0).fill("Before. During.")
    lines[-1].close()
    until_lost(2)
    grid.words(0).fill("Before. During. After.")
    mute[0] = False
    lines[-1].close()
    grid.expect_kept("Before. During. After.")
    expect(grid.alert).to_have_count(0)


def test_a_killed_server_loses_at_most_the_last_second(
    drafted: Path, open_page: Callable[[str], Page], tmp_path: Path
) -> None:
    shutil.copy(drafted, tmp_path / "work.db")
    app = start(tmp_path, tmp_path / "work.db")
    grid = Grid(open_page(f"{app.url}/room?tool=lantern"), app, "lantern-futurist").begin()
    grid.words(0).fill("Typed a second before.")
    grid.page.wait_for_timeout(1_000)
    grid.words(0).fill("Typed a second before. And just now.")
    app.process.kill()
    app.process.join(10)
    app = start(tmp_path, tmp_path / "work.db")
    grid = Grid(open_page(f"{app.url}/room?tool=lantern"), app, "lantern-futurist").begin()
    expect(grid.words(0)).to_have_value(re.compile(r"^Typed a second before\."))
    stop(app)


def test_two_windows_of_one_cell_lose_neither_ones_words(enter: Callable[..., Grid]) -> None:
    mine, theirs = enter("pulley-builder"), enter("pulley-builder")
    mine.words(0).fill("Mine.")
    mine.expect_kept("Mine.")
    theirs.words(0).fill("Theirs.")
    expect(theirs.alert).to_contain_text("writes here in another window")
    assert (theirs.sentence(0, 2), theirs.kept()) == ("Mine.", ["Mine."])
    theirs.button("Go on with mine").click()
    theirs.expect_kept("Theirs.")
    mine.words(0).fill("Mine. Still.")
    expect(mine.alert).to_contain_text("writes here in another window")
    expect(mine.words(0)).to_have_value("Mine. Still.")
    assert mine.sentence(0, 2) == "Theirs."
    mine.words(0).press("Control+Enter")
    mine.expect_saved("Mine. Still.")


def test_a_decision_made_meanwhile_is_said_and_what_was_typed_stays(
    enter: Callable[..., Grid], room: App, tmp_path: Path
) -> None:
    grid = enter("pulley-skeptic")
    grid.words(0).fill("My own words.")
    (tmp_path / "quote.txt").write_text("Written at the command line.", encoding="utf-8")
    cli(room, "decide", "pulley", "skeptic", "--edit-file", str(tmp_path / "quote.txt"))
    grid.words(0).press("Control+Enter")
    expect(grid.alert).to_contain_text("decided here while you were working")
    expect(grid.words(0)).to_have_value("My own words.")
    expect(grid.node.locator(".heads")).to_contain_text("The quote that stands")
    grid.button("Save the quote").click()
    grid.expect_saved("My own words.")
    assert [one["text"] for one in grid.decided()] == ["Written at the command line.", "My own words."]


def test_no_redraw_takes_the_text_field_away_from_who_types_in_it(
    enter: Callable[..., Grid], room: App, open_page: Callable[[str], Page]
) -> None:
    grid, other = enter("pulley-business"), open_page(f"{room.url}/room?tool=pulley")
    field, text = grid.words(0), "Typed while another take streams and a verdict is given."
    field.evaluate("node => { node.first = true; }")
    other.locator(".st-key-slot-pulley-business-left").get_by_role("button", name="Another take").click()
    other.get_by_role("button", name="Ask for another take").click()
    grid.box.get_by_role("button", name="Ship", exact=True).click()  # a redraw, with a pane that streams in it
    field.press_sequentially(text)
    expect(grid.box.get_by_role("button", name="Undo verdict ship")).to_be_visible()
    expect(field).to_have_value(text)
    assert field.evaluate("node => node.first === true && node.getRootNode().activeElement === node")
    field.press("Control+Enter")
    grid.expect_saved(text)


WORDINGS = (
    "",
    "It ships.",
    "It ships now — e.g. today. “Really?” Yes: 3 of 5 - or so!",
    "Dr. Who says “No.” Then it goes on… And on.",
    "Ein Müßiggänger, 42 € и слово; 🫖 – _",
    "It ships today, e.g. now. Yes: 4 of 5 or so!",
    "one\n\ntwo. Three\tfour\nFive six\nand seven.\n- Eight. Nine\n12. Ten",
    "A line that was broken by the window in which its writer wrote it,\nGoes on here.\nShort\nLines.",
)


def test_words_sentences_and_changes_are_told_as_the_workspace_tells_them(
    room: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{room.url}/workbench/scripts/none")  # the app's own origin, and nothing on the page
    told = page.evaluate(
        """async ([address, texts]) => {
          const { wordCount, sentencesOf, wordDiff } = await import(address);
          return {
            counts: texts.map(wordCount),
            sentences: texts.map(sentencesOf),
            changes: texts.map((before) => texts.map((after) => wordDiff(before, after))),
          };
        }""",
        [f"{SCRIPTS_PATH}/composer_words.js", WORDINGS],
    )
    assert told["counts"] == [word_count(one) for one in WORDINGS]
    assert told["sentences"] == [sentences(one) for one in WORDINGS]
    for before, changes in zip(WORDINGS, told["changes"], strict=True):
        for after, runs in zip(WORDINGS, changes, strict=True):
            assert "".join(text for kind, text in runs if kind != "added") == before
            assert "".join(text for kind, text in runs if kind != "removed") == after


def test_a_fact_chip_says_its_fact_in_the_pane_and_in_the_grid(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-builder")
    for root in (grid.page.locator(".pane").first, grid.node):
        chip, tip = root.locator(".chip[data-says]").first, root.locator(".tip")
        says = chip.get_attribute("data-says")
        assert says
        chip.hover()
        expect(tip).to_have_text(says)
        grid.page.mouse.move(0, 0)
        expect(tip).to_be_hidden()
        chip.focus()
        expect(tip).to_be_visible()
        box = tip.bounding_box()
        assert box is not None
        assert box["width"] > 80
        chip.evaluate("node => node.blur()")
        expect(tip).to_be_hidden()


def test_own_words_that_give_way_are_a_source_like_any_other(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-builder")
    keyboard, mine = grid.page.keyboard, "These are my own words."
    grid.row(0).focus()
    for key in ("1", "ArrowUp", "e"):
        keyboard.press(key)
    grid.words(0).fill(mine)
    keyboard.press("Escape")
    keyboard.press("2")
    columns = grid.node.locator(".heads .source b")
    expect(columns.last).to_have_text("Your words")
    own = columns.count()
    assert grid.sentence(0, own - 1) == mine
    assert grid.words(0).input_value() == grid.sentence(0, 1)

    # They come back by their key, outlive the page, and go with the undo of what displaced them.
    grid.page.reload()
    grid.begin()
    grid.row(0).focus()
    keyboard.press(str(own))
    assert grid.words(0).input_value() == mine
    expect(columns).to_have_count(own)
    keyboard.press("Control+z")
    assert grid.words(0).input_value() == grid.sentence(0, 1)
    grid.node.get_by_role("button", name="Close", exact=True).click()


def test_what_stands_in_the_box_for_pasting_outlives_the_page(enter: Callable[..., Grid]) -> None:
    grid = enter("lantern-builder")
    grid.button("Paste text…").click()
    grid.page.keyboard.type("Half a thought")
    grid.page.reload()
    grid.begin()
    box = grid.node.get_by_label("Text to take sentences from")
    expect(box).to_have_value("Half a thought")
    box.press("Control+End")
    grid.page.keyboard.type(" made whole.")
    grid.button("Make it a column").click()
    expect(grid.node.locator(".heads .source b").last).to_have_text("Pasted")
    grid.page.reload()
    grid.begin()
    expect(box).to_be_hidden()
    expect(box).to_have_value("")
    grid.node.get_by_role("button", name="Close", exact=True).click()
