"""Makes the pictures: `make screenshots`. The app runs in rehearsal on a throw-away workspace.

Every page in light, dark and on a telephone: `docs/<page>[-dark|-narrow].png`. A picture is taken when the page has
come to rest, and of the part of it that holds something; one with a placeholder in it is refused.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.serving import chromium, free_port, running

HERE = Path(__file__).resolve().parent
DESK = "?tool=claude-4-api-tool-use-streaming-prompt-caching&tool=codestral-2-1"
LOOKS = {"": ("light", (1280, 900)), "-dark": ("dark", (1280, 900)), "-narrow": ("light", (390, 844))}
PAGES = {
    "desk": "/",
    "tools": "/tools",
    "draft-room": f"/room{DESK}&cell=futurist",
    "comparison": f"/comparison{DESK}",
    "personas": "/personas",
}
PACE = "25"
"""Tokens a second: as quick as a model, and slow enough to be met in the middle of a sentence."""
PATIENCE = 120_000
"""Milliseconds a page may take to come to rest on a busy machine."""
UNREST = (
    ".stApp:not([data-test-script-state=notRunning])",
    "[data-testid=stSkeleton]",
    "[data-stale=true]",
    ".pane:not([data-state])",
)
"""What a page that is still being drawn has somewhere."""
LIVE = ".pane[data-state=queued], .pane[data-state=streaming]"
"""Panes whose draft has not ended."""


def main(folder: Path = HERE) -> None:
    """Drive the app once and take the pictures."""
    with tempfile.TemporaryDirectory() as home, chromium() as browser:
        port = free_port()
        settings = {
            "WORKBENCH_WORKSPACE": f"{home}/work.db",
            "WORKBENCH_REHEARSAL__MODE": "always",
            "WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": PACE,
            "WORKBENCH_EDITOR": "Edith Editor",
        }
        command = [sys.executable, "-m", "workbench", "app", "--port", str(port)]
        with running(command, Path(home), port, settings) as url:
            _draft_and_decide(_open(browser, f"{url}/room{DESK}", "light"), folder)
            for suffix, (scheme, size) in LOOKS.items():
                for name, path in PAGES.items():
                    page = _open(browser, f"{url}{path}", scheme, size)
                    _take(page, folder / f"{name}{suffix}.png")
                    if name == "draft-room":
                        _beat_grid(page, folder / f"beat-grid{suffix}.png")
                    page.context.close()


def _draft_and_decide(page: Page, folder: Path) -> None:
    """Sixteen drafts; the first tool decided by keys, of the second two cells left open."""
    page.get_by_role("button", name="Draft all 16").click()
    begun = page.locator(".pane[data-state=streaming]:has(.sentence ~ .sentence .prose:not(:empty))")
    begun.first.wait_for(timeout=PATIENCE)
    _picture(page, folder / "streaming.png")
    page.get_by_role("button", name="All drafted").wait_for(timeout=PATIENCE)
    _rest(page)
    page.get_by_role("button", name="Builder of Claude").focus()
    for number in range(6):
        page.keyboard.press("1" if number % 2 else "2")
        page.locator("button[aria-label*='accepted, no verdict yet']").wait_for()
        page.keyboard.press("d" if number == 5 else "s")
        page.locator("button[aria-label*='accepted, verdict']").nth(number).wait_for()
        page.keyboard.press("u")
        _rest(page)
    page.context.close()


def _beat_grid(page: Page, path: Path) -> None:
    page.locator(".st-key-room-rail").get_by_role("button", name="Futurist of Codestral").click()
    _rest(page)
    page.keyboard.press("b")
    page.locator(".composer").wait_for()
    _rest(page)
    for key in ("1", "2", "1"):
        page.keyboard.press(key)
    page.locator(".composer").first.scroll_into_view_if_needed()
    _take(page, path)
    page.keyboard.press("Escape")


def _open(browser: Browser, url: str, scheme: str, size: tuple[int, int] = (1280, 900)) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(url)
    page.get_by_role("heading", level=1).first.wait_for(timeout=PATIENCE)
    _rest(page)
    return page


def _rest(page: Page) -> None:
    """Wait until nothing is being drawn and no draft is live, and stays so for a moment."""
    for _ in range(2):
        for sign in (*UNREST, LIVE):
            expect(page.locator(sign)).to_have_count(0, timeout=PATIENCE)
        page.wait_for_timeout(300)


def _take(page: Page, path: Path) -> None:
    _rest(page)
    _picture(page, path)


def _picture(page: Page, path: Path) -> None:
    """The window down to where the page ends. Raises AssertionError when a placeholder stands in it."""
    window = page.viewport_size
    shown = page.locator(".stMainBlockContainer").bounding_box()
    assert window is not None, "the window has a size of its own"
    assert shown is not None, f"{path.name} shows no page"
    bottom = max(1, min(window["height"], int(shown["y"] + shown["height"])))
    page.screenshot(path=path, clip={"x": 0, "y": 0, "width": window["width"], "height": bottom}, animations="disabled")
    assert page.locator("[data-testid=stSkeleton]").count() == 0, f"{path.name} shows a placeholder"
    print(path)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
