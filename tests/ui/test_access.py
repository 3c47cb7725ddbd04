"""Every page to the rules of WCAG, by axe-core and by keyboard: light and dark, on a wide and on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as Late

from tests.ui.axe import Known, violations
from tests.ui.conftest import App, start, stop
from tests.ui.staging import KETTLE, TOOLS, alone, some_settings
from workbench.bootstrap import build

pytestmark = pytest.mark.browser

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
VIEWS: tuple[tuple[str, ViewportSize, tuple[str, ...]], ...] = (
    ("light", WIDE, ()),
    ("dark", WIDE, ("color-contrast",)),  # the rest does not change with the colours
    ("dark", NARROW, ()),
)
ROOM = f"/room?tool={KETTLE}&tool=anvil-db"
STREAMLITS = (
    Known(
        rule="scrollable-region-focusable",
        selector=".stCode pre",
        why="st.code takes no tabindex; Chromium and Firefox make a scroller without controls a Tab stop themselves",
    ),
)
"""What stands in Streamlit's own markup and cannot be mended from a page."""
OUTLINE = """() => [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")]
  .filter((one) => one.checkVisibility()).map((one) => Number(one.tagName[1]))"""
AT_REST = """(scheme) => getComputedStyle(document.querySelector(".stApp")).colorScheme === scheme
  && document.querySelector(".stApp").dataset.testScriptState === "notRunning"
  && !document.querySelector("[data-stale=true]")"""
FITS = """() => [document.scrollingElement, document.querySelector(".stMain")]
  .every((one) => one.scrollWidth <= one.clientWidth)"""
FOCUS = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  const [style, box] = [getComputedStyle(one), one.getBoundingClientRect()];
  const room = document.querySelector(".st-key-room-rail"), rail = room.getBoundingClientRect();
  const below = document.querySelector("[data-testid=stHeader]").getBoundingClientRect().bottom;
  return {
    name: one.tagName === "MAIN" ? "main" : one.getAttribute("aria-label") || one.innerText,
    marked: style.outlineStyle !== "none" || style.boxShadow !== "none" || one.matches("input"),
    covered: rail.top < below + 4 && document.querySelector(".st-key-cells").contains(document.activeElement)
      && box.bottom <= rail.bottom,
  };
}"""


SLOW = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "4"}
"""Drafts take a minute to write."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    alone(tmp_path, monkeypatch)
    running = start(tmp_path, tmp_path / "work.db", **SLOW)
    yield running
    stop(running)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A furnished app for tests that decide nothing."""
    folder = tmp_path_factory.mktemp("furnished")
    with pytest.MonkeyPatch.context() as patch:
        alone(folder, patch)
        running = start(folder, folder / "work.db", **SLOW)
        furnish(running)
        yield running
        stop(running)


def furnish(app: App) -> None:
    """Two tools on the desk, the first one's drafts done."""
    bench = build(some_settings(app.workspace.parent, workspace=app.workspace))
    bench.importing.commit(bench.importing.preview_text(TOOLS))
    with bench.store.reading() as repositories:
        dossier = repositories.tools.latest(KETTLE)
    assert dossier is not None
    bench.drafting.wait(one.id for one in bench.drafting.start(bench.planning.jobs(dossier)))
    bench.close()


class Critic:
    """Looks at a page in both colour schemes and at both widths, and remembers what is wrong."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.wrong: list[str] = []
        page.emulate_media(reduced_motion="reduce")

    def visit(self, path: str) -> None:
        self.page.goto(self.address + path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def look(self, name: str, *within: str) -> None:
        levels: list[int] = self.page.evaluate(OUTLINE)
        if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
            self.wrong.append(f"{name}: headings {levels}")
        for scheme, size, only in VIEWS:
            self._view(scheme, size)
            self.wrong += [f"{name}, {scheme}: {one}" for one in violations(self.page, STREAMLITS, only, within)]
            try:
                self.page.wait_for_function(FITS, timeout=5_000)
            except Late as error:
                self.wrong.append(f"{name}, {size['width']} px: scrolls sideways; {error}")
        self._view("light", WIDE)

    def _view(self, scheme: str, size: ViewportSize) -> None:
        self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        self.page.set_viewport_size(size)
        self.page.wait_for_function(AT_REST, arg=scheme)


def open_room(critic: Critic) -> Page:
    critic.visit(ROOM)
    page = critic.page
    expect(page.locator(".pane[data-state=done] .prose")).to_have_count(40)
    page.get_by_role("button", name="Builder of Kettle").focus()
    return page


def test_every_page_keeps_the_rules(app: App, open_page: Callable[[str], Page]) -> None:
    critic = Critic(open_page(app.url), app.url)
    for path in ("/", "/tools", "/room", "/comparison"):
        critic.visit(path)
        critic.look(f"{path}, empty")
    furnish(app)
    for path in ("/", "/tools", f"/comparison?tool={KETTLE}&tool=anvil-db"):
        critic.visit(path)
        critic.look(path)
    critic.visit("/personas")
    for tab in critic.page.get_by_role("tab").all():
        tab.click()
        expect(critic.page.get_by_role("tab", selected=True)).to_have_text(tab.inner_text())
        critic.look(f"/personas, {tab.inner_text()}")
    assert critic.wrong == []


def test_the_room_keeps_the_rules_whatever_is_open_in_it(app: App, open_page: Callable[[str], Page]) -> None:
    furnish(app)
    critic = Critic(open_page(app.url), app.url)
    page = open_room(critic)
    keys = page.keyboard
    critic.look("drafted")
    for key, name in (("h", "keys"), ("x", "reasons"), ("n", "note")):
        page.get_by_role("button", name="Builder of Kettle").press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        critic.look(name, ".st-key-room-guide [data-testid=stBidiComponentIsolated]", "dialog[open]")
        keys.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
    keys.press("b")
    expect(page.locator(".composer .take").first).to_be_visible()
    keys.press("1")
    keys.press("2")
    critic.look("beat grid", f".st-key-decision-{KETTLE}-builder")  # what stands above is half under the rail
    keys.press("Control+Enter")
    expect(page.locator(".composer")).to_have_count(0)
    keys.press("s")
    expect(page.locator(f".st-key-cell-{KETTLE}-builder .signed")).to_have_text("Ship")
    keys.press("y")
    expect(page.get_by_text("History, Builder")).to_be_visible()
    critic.look("decided", f".st-key-decision-{KETTLE}-builder")
    critic.look("decided, rail", ".st-key-room-guide")
    page.get_by_role("button", name="Draft the missing 8").click()
    keys.press("v")
    expect(page.locator(".pane[data-state=streaming] .prose").first).to_be_visible()
    critic.look("streaming")
    page.get_by_role("button", name="Stop 8 drafts").click()
    page.get_by_text("Both tools side by side").click()
    expect(page.locator("[class*=st-key-cell-]")).to_have_count(8)
    page.set_viewport_size(NARROW)
    page.wait_for_function(FITS)
    assert critic.wrong == []


def test_tab_reaches_the_room_in_reading_order_and_is_seen_wherever_it_stands(
    furnished: App, open_page: Callable[[str], Page]
) -> None:
    critic = Critic(open_page(furnished.url), furnished.url)
    critic.visit(ROOM)
    page = critic.page
    page.set_viewport_size(WIDE)
    expect(page.locator(".pane[data-state=done] .prose")).to_have_count(40)
    stops: list[dict[str, Any]] = []
    for _ in range(70):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    assert [one["name"] for one in stops if not one["marked"] or one["covered"]] == []
    names = [str(one["name"]) for one in stops]
    wanted = (
        "Skip to main content",
        "Desk",
        "Tools on the desk",
        "Draft the missing 8",
        "Builder of Kettle: drafted",
        "Builder of Kettle by claude, take 1: text",
        "F1: ",
        "Accept",
        "Another take",
        "Builder of Kettle by codestral, take 1: text",
        "Ship",
        "Beat grid",
        "Skeptic of Kettle by claude, take 1: text",
    )
    order = [next((at for at, name in enumerate(names) if one in name), -1) for one in wanted]
    assert order == sorted(order)
    assert order[0] == 0
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUS)["name"] == names[-2]


def test_what_opens_closes_with_esc_and_gives_the_focus_back(furnished: App, open_page: Callable[[str], Page]) -> None:
    critic = Critic(open_page(furnished.url), furnished.url)
    page = open_room(critic)
    chip = page.get_by_role("button", name="Builder of Kettle")
    for key in ("h", "x", "n"):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]").locator(":focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(chip).to_be_focused()
    page.keyboard.press("h")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(chip).to_be_focused()
    page.keyboard.press("b")
    row = page.locator(".composer .line").first
    expect(row).to_be_focused()
    page.keyboard.press("e")
    expect(row.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".composer")).to_have_count(0)
    cell = page.get_by_role("group", name="Builder of Kettle", exact=True)
    expect(cell.get_by_role("button", name="Beat grid")).to_be_focused()


def test_every_pane_and_every_group_of_buttons_says_whose_it_is(
    furnished: App, open_page: Callable[[str], Page]
) -> None:
    page = open_room(Critic(open_page(furnished.url), furnished.url))
    for persona in ("Builder", "Skeptic", "Futurist", "Business"):
        cell = page.get_by_role("group", name=f"{persona} of Kettle", exact=True)
        expect(cell.get_by_role("heading", level=2)).to_have_text(persona)
        for provider in ("claude", "codestral"):
            name = f"{persona} of Kettle by {provider}, take 1"
            expect(cell.get_by_role("region", name=name, exact=True)).to_be_visible()
            own = cell.get_by_role("group", name=name, exact=True)
            expect(own.get_by_role("button", name="Accept", exact=True)).to_be_visible()
