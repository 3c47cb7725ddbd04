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
