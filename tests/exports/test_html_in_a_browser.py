from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, sync_playwright

from tests.chromium import needed
from tests.exports import pages
from workbench.domain.comparison import Page
from workbench.exports.html_page import EXPORTER

pytestmark = pytest.mark.browser

ATTACK = (
    "</script><script>alert(1)</script><img src=https://example.test/x.png onerror=alert(2)>"
    "<iframe src=https://example.test></iframe><style>@import 'https://example.test/x.css'</style>"
    "<a href='javascript:alert(3)'>x</a>![x](https://example.test/y.png) `</code><script>alert(4)</script>`"
)


@dataclass
class Visit:
    """What a reader's browser did with a page."""

    requests: list[str] = field(default_factory=list[str])
    dialogs: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])
    width: int = 0
    text: str = ""
    background: str = ""


def visit(file: Path, width: int, scheme: str) -> Visit:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needed(), args=["--no-sandbox"])
        try:
            return _look(browser, file, width, scheme)
        finally:
            browser.close()


def _look(browser: Browser, file: Path, width: int, scheme: str) -> Visit:
    seen = Visit()
    tab = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    tab.on("request", lambda request: seen.requests.append(request.url))
    tab.on("console", lambda message: seen.complaints.append(message.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))

    def refuse(dialog: Dialog) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", refuse)
    tab.goto(file.as_uri(), wait_until="load")
    tab.locator("summary").first.click()
    seen.width = int(tab.evaluate("document.documentElement.scrollWidth"))
    seen.text = tab.locator("blockquote").first.inner_text()
    seen.background = str(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    return seen


@pytest.fixture
def looker() -> Iterator[ThreadPoolExecutor]:
    # Playwright keeps a loop in the thread it runs in, so it gets one of its own.
    with ThreadPoolExecutor(1) as pool:
        yield pool


def opened(looker: ThreadPoolExecutor, folder: Path, page: Page, width: int = 1280, scheme: str = "light") -> Visit:
    file = folder / "page.html"
    file.write_bytes(EXPORTER.render(page))
    return looker.submit(visit, file, width, scheme).result()


def hostile_page() -> Page:
    told = pages.tool(ATTACK, tagline=ATTACK)
    return pages.page(
        pages.card(told, pages.quote(ATTACK), description=ATTACK), pages.card(pages.tool("Beta")), call=ATTACK
    )


def test_hostile_text_makes_no_request_and_opens_no_dialog(looker: ThreadPoolExecutor, tmp_path: Path) -> None:
    seen = opened(looker, tmp_path, hostile_page())
    assert seen.requests == [(tmp_path / "page.html").as_uri()]
    assert seen.dialogs == []
    assert seen.complaints == []
    assert "<script>alert(1)</script>" in seen.text


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_no_text_however_long_makes_the_page_scroll_sideways(
    looker: ThreadPoolExecutor, tmp_path: Path, width: int
) -> None:
    endless = "supercalifragilistic" * 10
    told = pages.tool(endless, tagline=endless)
    page = pages.page(
        pages.card(told, pages.quote(f"`{endless}` {endless}"), description=endless),
        pages.card(told, pages.quote(endless, verdict=None)),
        call=endless,
    )
    assert opened(looker, tmp_path, page, width).width == width


def test_a_reader_in_the_dark_gets_a_dark_page(looker: ThreadPoolExecutor, tmp_path: Path) -> None:
    light = opened(looker, tmp_path, pages.full_page())
    dark = opened(looker, tmp_path, pages.full_page(), scheme="dark")
    assert light.background == "rgb(250, 248, 244)"
    assert dark.background == "rgb(20, 22, 26)"
