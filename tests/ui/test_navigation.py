"""Whatever a page still asks for while its reader leaves it, the next page is drawn and stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.ui.conftest import App, start, stop
from tests.ui.test_flow import LANTERN, paste, slot

pytestmark = pytest.mark.browser


class SlowLine:
    """Can hold back what a page asks the server for, and deliver it in order, all at once."""

    def __init__(self, page: Page) -> None:
        self.held: list[bytes | str] = []
        self._holding = False
        page.route_web_socket(re.compile("_stcore/stream"), self._opened)
        page.reload()

    def _opened(self, socket: WebSocketRoute) -> None:
        self._server = socket.connect_to_server()
        socket.on_message(self._asked)

    def _asked(self, message: bytes | str) -> None:
        self.held.append(message)
        if not self._holding:
            self.deliver()

    def hold(self) -> None:
        self._holding = True

    def deliver(self) -> None:
        self._holding = False
        while self.held:
            self._server.send(self.held.pop(0))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    running = start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="30")
    yield running
    stop(running)


def drafting(app: App, open_page: Callable[[str], Page]) -> tuple[Page, SlowLine]:
    """A reader in the draft room while eight drafts stream."""
    page = open_page(f"{app.url}/tools")
    line = SlowLine(page)
    paste(page, LANTERN)
    page.get_by_role("button", name="Add 1 tool").click()
    page.get_by_role("button", name="Draft all 8").click()
    expect(slot(page, "lantern", "builder", "claude").get_by_role("button", name="Stop", exact=True)).to_be_visible()
    return page, line


def deliver_once_the_page_asks_again(page: Page, line: SlowLine) -> None:
    for _ in range(2_000):
        page.wait_for_timeout(20)
        if len(line.held) > 1:  # the way to the next page, and what comes too late
            break
    assert len(line.held) > 1
    line.deliver()


def expect_to_stay(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    page.wait_for_timeout(1_000)  # what was asked too late would be drawn right after the page
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


@pytest.mark.parametrize("title", ["Tools", "Comparison"])
def test_a_draft_that_ends_while_the_reader_leaves_does_not_blank_the_next_page(
    app: App, open_page: Callable[[str], Page], title: str
) -> None:
    page, line = drafting(app, open_page)
    line.hold()
    page.get_by_role("link", name=title).click()
    deliver_once_the_page_asks_again(page, line)
    expect_to_stay(page, title)
    page.get_by_role("link", name="Draft room").click()
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)


def test_a_draft_that_ends_while_the_reader_goes_back_or_forward_does_not_blank_the_page(
    app: App, open_page: Callable[[str], Page]
) -> None:
    page, line = drafting(app, open_page)
    line.hold()
    page.evaluate("history.back()")
    page.wait_for_url(re.compile("/tools"))
    deliver_once_the_page_asks_again(page, line)
    expect_to_stay(page, "Tools")
    page.evaluate("history.forward()")
    page.wait_for_url(re.compile("/room"))
    expect_to_stay(page, "Draft room")


def test_a_click_on_a_page_that_is_being_left_does_not_blank_the_next_page(
    app: App, open_page: Callable[[str], Page]
) -> None:
    page, line = drafting(app, open_page)
    line.hold()
    page.get_by_role("link", name="Tools").click()
    slot(page, "lantern", "builder", "claude").get_by_role("button", name="Stop", exact=True).click()
    deliver_once_the_page_asks_again(page, line)
    expect_to_stay(page, "Tools")
    expect(page.get_by_text(re.compile("8 drafts(?! streaming)"))).to_be_visible(timeout=60_000)  # its clock is heard
