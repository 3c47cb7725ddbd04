"""Marks in a real browser: they lie on the words they name, and what an editor answers them is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.fakes import streamed
from tests.ui.conftest import App, start, stop
from tests.ui.staging import Stage, some_settings
from tests.ui.test_access import Critic
from workbench.bootstrap import build

pytestmark = pytest.mark.browser

TOOL = """Name: {name}
Vendor: Steam Works
Category: Developer Tools
Entry: Free

{name} boils a build down to one file of 256K tokens. It runs on a laptop. It answers over HTTP.
"""
BEATS = ("primitive", "dx-bet", "moment-of-truth", "weekend-test", "earned-win")
SAID = (
    "The primitive 🫖 is one file of 512K tokens, boiled down from a whole build, and it answers over HTTP.",
    "The DX bet is that a file beats a service: it costs $50 a month, and Claude Sonnet does it for less.",
    "The moment of truth comes on a laptop, where I saw it run, and nobody has to learn a new way to deploy.",
    "The weekend test is whether a developer with a laptop gets a build into one file, and this one does.",
    "It earns the ship: Netlify has shipped the same thing since 2024, and this is the only one that fits in a file.",
)
NAMES = ("Kettle", "Anvil", "Pulley", "Hoist", "Winch", "Crane", "Lathe", "Forge")


def answer(*texts: str) -> str:
    """A review whose sentences serve the builder's beats in order."""
    said = [{"beat": beat, "facts": ["F1"], "text": text} for beat, text in zip(BEATS, texts, strict=False)]
    return json.dumps({"sentences": said, "verdict": "ship", "confidence": "high", "reason": "It fits."})


def furnish(folder: Path, **settings: Any) -> Path:
    """A workspace with a builder's draft of each tool, both providers saying the same."""
    bench = build(some_settings(folder, workspace=folder / "work.db", **settings))
    stage = Stage(bench)
    for provider in ("claude", "codestral"):
        stage.play(provider, *(streamed(answer(*SAID)) for _ in NAMES))
    tools = bench.importing.commit(bench.importing.preview_text("---\n".join(TOOL.format(name=one) for one in NAMES)))
    for tool in tools:
        stage.drafted(tool, personas=["builder"])
    bench.close()
    return folder / "work.db"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("marked")
    running = start(folder, furnish(folder))
    yield running
    stop(running)


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("masked")
    running = start(folder, furnish(folder, review={"masked": True}), WORKBENCH_REVIEW__MASKED="true")
    yield running
    stop(running)


@pytest.fixture(scope="module")
def unused() -> Iterator[str]:
    return iter(NAMES)


@pytest.fixture
def tool(unused: Iterator[str]) -> str:
    """A tool no other test decides on."""
    return next(unused).lower()


class Pane:
    """One draft's pane on a page of its own."""

    def __init__(self, page: Page, tool: str, side: str) -> None:
        self.page = page
        self.box = page.locator(f".st-key-slot-{tool}-builder-{side}")
        self.marks = self.box.locator(".mark")
        self.legend = self.box.locator(".legend")

    def words(self, at: int) -> str:
        """A sentence's own words."""
        return str(self.box.locator(".prose").nth(at).text_content())

    def marked(self) -> list[str]:
        expect(self.marks.first).to_be_visible()
        return self.marks.all_text_contents()

    def mark(self, words: str) -> Locator:
        return self.marks.filter(has_text=re.compile(f"^{re.escape(words)}$"))

    def open(self, words: str) -> Locator:
        """The list's entry of the mark on these words, opened by a click on them."""
        self.mark(words).first.click()
        expect(self.entry(words)).to_have_class(re.compile(r"\bcurrent\b"))
        return self.entry(words)

    def entry(self, words: str) -> Locator:
        """The list's entry of the mark on these words."""
        return self.box.locator(".entry").filter(has_text=f"“{words}”")


def looked_at(page: Page) -> str:
    """What the focused entry of a list says."""
    return str(
        page.evaluate(
            """() => { let one = document.activeElement;
            while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
            return one?.closest(".entry")?.querySelector(".reason").textContent || ""; }"""
        )
    )


def test_marks_lie_on_the_words_they_name(room: App, open_page: Callable[[str], Page]) -> None:
    pane = Pane(open_page(f"{room.url}/room?tool=kettle"), "kettle", "left")
    assert {"512K", "$50", "Claude Sonnet", "Netlify", "2024", "the only"} <= set(pane.marked())
    assert [pane.words(at) for at in range(len(SAID))] == list(SAID)  # marks add nothing to the text
    expect(pane.mark("512K")).to_have_class(re.compile(r"\bconflict\b"))
    expect(pane.mark("$50")).to_have_class(re.compile(r"\bwarning\b"))
    expect(pane.mark("the only")).to_have_class(re.compile(r"\bnote\b"))
    expect(pane.legend).to_contain_text("1 conflict")
    pane.mark("512K").hover()
    expect(pane.box.get_by_role("tooltip")).to_contain_text("The dossier says otherwise about the figure: “512K”.")
    pane.mark("512K").click()
    expect(pane.entry("512K")).to_contain_text("F1: Kettle boils a build down to one file of 256K tokens.")


def test_a_masked_draft_s_marks_lie_on_their_words_and_name_nobody(
    masked: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{masked.url}/room?tool=kettle")
    pane = Pane(page, "kettle", "left")
    marked = pane.marked()
    assert {"512K", "$50", "▇▇▇", "Netlify"} <= set(marked)
    assert pane.words(1) == SAID[1].replace("Claude Sonnet", "▇▇▇")
    pane.mark("▇▇▇").click()
    expect(pane.box.locator(".entry.current")).to_contain_text("“▇▇▇”")
    told = str(page.locator("[data-testid=stMain]").aria_snapshot())
    told += str(
        page.evaluate("[...document.querySelectorAll('*')].map((n) => n.shadowRoot?.innerHTML || '').join('\\n')")
    )
    assert re.search("claude|codestral", told, re.IGNORECASE) is None


def test_f_steps_through_the_marks_of_all_panes_and_back(room: App, open_page: Callable[[str], Page]) -> None:
    page = open_page(f"{room.url}/room?tool=kettle")
    pane = Pane(page, "kettle", "left")
    expect(pane.marks.first).to_be_visible()
    page.locator("body").press("f")
    expect(pane.box.locator(".entry.current")).to_have_count(1)
    listed = pane.box.locator(".entry").count()
    seen = [looked_at(page)]
    for _ in range(2 * listed):
        page.keyboard.press("f")
        seen.append(looked_at(page))
    assert len(set(seen[:listed])) == listed
    assert seen[:listed] == seen[listed : 2 * listed]  # the other pane says the same
    page.keyboard.press("Shift+F")
    assert looked_at(page) == seen[-2]


def test_reword_opens_the_beat_grid_at_the_words(room: App, open_page: Callable[[str], Page], tool: str) -> None:
    page = open_page(f"{room.url}/room?tool={tool}")
    pane = Pane(page, tool, "left")
    pane.mark("$50").click()
    pane.entry("$50").get_by_role("button", name="Reword").click()
    expect(page.locator(".composer .line textarea").nth(1)).to_be_focused()
    selected = """() => { let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        return one.value.slice(one.selectionStart, one.selectionEnd); }"""
    assert page.evaluate(selected) == "$50"


def test_a_conflict_holds_accept_until_it_is_answered_and_the_answer_stays(
    room: App, open_page: Callable[[str], Page], tool: str
) -> None:
    page = open_page(f"{room.url}/room?tool={tool}")
    pane = Pane(page, tool, "left")
    accept = pane.box.get_by_role("button", name="Accept", exact=True)
    expect(pane.box).to_contain_text("1 conflict holds this back")
    expect(accept).to_be_disabled()
    pane.box.locator(".text").focus()
    page.keyboard.press("1")  # the key goes to what holds it
    expect(pane.entry("512K").locator(".which")).to_be_focused()

    # By keyboard: a reason is asked for, and no key of the room's acts meanwhile.
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    asking = page.get_by_role("dialog", name="Keep, with a reason")
    page.keyboard.type("1sdx: the vendor said so on stage")
    page.keyboard.press("Control+Enter")
    expect(asking).to_have_count(0)
    expect(pane.mark("512K")).to_have_class(re.compile(r"\bkept\b"))
    expect(pane.legend).to_contain_text("1 kept")
    expect(accept).to_be_enabled()
    other = Pane(page, tool, "right")
    expect(other.mark("512K")).to_have_class(re.compile(r"\bkept\b"))  # the same sentence, the same answer

    # It survives a reload, says who gave it, and can be taken back.
    page.reload()
    expect(pane.mark("512K")).to_have_class(re.compile(r"\bkept\b"))
    entry = pane.open("512K")
    expect(entry).to_contain_text("Kept by Edith Editor: 1sdx: the vendor said so on stage")
    entry.get_by_role("button", name="Take the reason back").click()
    expect(pane.mark("512K")).to_have_class(re.compile(r"\bconflict\b"))
    expect(accept).to_be_disabled()


def test_a_source_becomes_a_fact_and_clears_its_mark_in_every_pane(
    room: App, open_page: Callable[[str], Page], tool: str
) -> None:
    page = open_page(f"{room.url}/room?tool={tool}")
    panes = [Pane(page, tool, side) for side in ("left", "right")]
    panes[0].open("Netlify").get_by_role("button", name="Add a source").click()
    asking = page.get_by_role("dialog", name="Add a source")
    expect(asking.get_by_label("The fact")).to_have_value(SAID[4])  # the sentence's own claim
    asking.get_by_label("The fact").fill("Netlify has shipped something like it since 2024.")
    asking.get_by_role("button", name="Add to the dossier").click()
    expect(asking).to_be_visible()  # a fact needs a source
    asking.get_by_label("Where it is said").fill("https://example.com/netlify")
    asking.get_by_role("button", name="Add to the dossier").click()
    for pane in panes:
        expect(pane.mark("Netlify")).to_have_count(0)
        expect(pane.mark("$50")).to_have_count(1)
    expect(page.get_by_text("Added to the dossier as F5.")).to_be_visible()


def test_a_refused_source_is_not_typed_twice(room: App, open_page: Callable[[str], Page], tool: str) -> None:
    page = open_page(f"{room.url}/room?tool={tool}")
    pane = Pane(page, tool, "left")
    pane.open("$50").get_by_role("button", name="Add a source").click()
    asking = page.get_by_role("dialog", name="Add a source")
    asking.get_by_label("The fact").fill("It runs on a laptop.")
    asking.get_by_label("Where it is said").fill("https://example.com/laptop")
    asking.get_by_role("button", name="Add to the dossier").click()
    expect(page.get_by_text("The dossier has this fact already")).to_be_visible()
    pane.entry("$50").get_by_role("button", name="Add a source").click()
    expect(asking.get_by_label("Where it is said")).to_have_value("https://example.com/laptop")


def test_the_grid_marks_what_is_typed_as_it_is_kept(room: App, open_page: Callable[[str], Page], tool: str) -> None:
    page = open_page(f"{room.url}/room?tool={tool}")
    pane = Pane(page, tool, "left")
    pane.box.get_by_role("button", name="Edit").click()
    grid = page.locator(".composer")
    under = grid.locator(".under")
    expect(under.nth(1).locator(".mark")).to_have_text(["$50", "Claude Sonnet"])
    field = grid.locator(".line textarea").nth(1)
    laid = """(text) => {
        const [one, two] = [text, text.previousElementSibling].map((node) => node.getBoundingClientRect());
        return [one.x - two.x, one.y - two.y, one.width - two.width, one.height - two.height]; }"""
    assert all(abs(by) < 1 for by in field.evaluate(laid))  # the marks lie under the words

    # Words before a mark move it along; a new claim is marked without a rerun, a mended one is not any more.
    field.fill("The DX bet, so to say, is that it costs $60 a month, and Claude Sonnet does it for less.")
    expect(under.nth(1).locator(".mark").first).to_have_text("$60")
    assert under.nth(1).text_content() == field.input_value()
    field.fill("The DX bet is that nobody pays for a file.")
    expect(under.nth(1).locator(".mark")).to_have_count(0)

    # F steps here as well, and types nothing; a kept word is quiet, here and in the list.
    page.keyboard.press("Escape")
    expect(grid.locator(".holds")).to_contain_text("1 conflict waits")
    grid.get_by_role("button", name="Save the quote").click()
    expect(grid.get_by_role("alert")).to_contain_text("The dossier says otherwise: “512K”")
    grid.locator(".line").first.focus()
    page.keyboard.press("f")
    expect(grid.locator(".entry.current")).to_have_count(1)
    while "512K" not in looked_at(page):
        page.keyboard.press("f")
    grid.locator(".entry.current").get_by_role("button", name="Keep, with a reason").click()
    page.get_by_role("dialog", name="Keep, with a reason").get_by_label("Why the words stay").fill("Said on stage.")
    page.get_by_role("button", name="Keep the words").click()
    expect(under.nth(0).locator(".mark", has_text="512K")).to_have_class(re.compile(r"\bkept\b"))
    expect(grid.locator(".holds")).to_be_empty()
    assert [one.input_value() for one in grid.locator(".line textarea").all()][
        1
    ] == "The DX bet is that nobody pays for a file."
    grid.get_by_role("button", name="Save the quote").click()
    expect(page.locator(f".st-key-quote-{tool}-builder")).to_contain_text("nobody pays for a file")


def test_reword_in_the_grid_selects_the_words_where_they_are_typed(
    room: App, open_page: Callable[[str], Page], tool: str
) -> None:
    page = open_page(f"{room.url}/room?tool={tool}")
    Pane(page, tool, "left").box.get_by_role("button", name="Edit").click()
    grid = page.locator(".composer")
    grid.locator(".legend").click()
    entry = grid.locator(".entry").filter(has_text="“Netlify”")
    entry.locator(".which").click()
    entry.get_by_role("button", name="Reword").click()
    page.keyboard.type("Somebody")
    expect(grid.locator(".line textarea").nth(4)).to_have_value(SAID[4].replace("Netlify", "Somebody"))


def test_marks_lists_and_what_they_ask_keep_the_rules_for_every_reader(
    room: App, open_page: Callable[[str], Page], tool: str
) -> None:
    page = open_page("about:blank")
    critic = Critic(page, room.url)
    critic.visit(f"/room?tool={tool}")
    pane = Pane(page, tool, "left")
    slot = f".st-key-slot-{tool}-builder-left"
    entry = pane.open("512K")
    critic.look("an open list", slot)
    for name in ("Add a source", "Keep, with a reason"):
        entry.get_by_role("button", name=name).click()
        critic.look(name, slot)
        page.keyboard.press("Escape")
    entry.get_by_role("button", name="Keep, with a reason").click()
    page.get_by_role("dialog").get_by_label("Why the words stay").fill("Said on stage.")
    page.get_by_role("button", name="Keep the words").click()
    expect(pane.legend).to_contain_text("1 kept")
    pane.box.get_by_role("button", name="Edit").click()
    page.locator(".composer .legend").click()
    page.locator(".composer .line").first.focus()
    critic.look("the grid", f".st-key-decision-{tool}-builder")
    assert critic.wrong == []


def test_a_sentence_is_marked_while_its_draft_still_streams(tmp_path: Path, open_page: Callable[[str], Page]) -> None:
    running = start(tmp_path, furnish(tmp_path), WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="12")
    page = open_page(f"{running.url}/room?tool=kettle")
    page.get_by_role("button", name="Draft the missing 6").click()
    streaming = page.locator(".pane[data-state=streaming]")
    expect(streaming.locator(".mark").first).to_be_visible(timeout=60_000)
    expect(streaming.first).to_be_visible()
    inside = "(nodes) => nodes.every((one) => one.closest('.sentence') !== one.closest('.text').lastElementChild)"
    assert streaming.locator(".mark").evaluate_all(inside)  # none in the sentence that is being written
    assert streaming.locator(".answer").count() == 0  # what is not whole yet is not answered yet
    stop(running)
