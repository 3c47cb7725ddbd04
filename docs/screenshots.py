"""Makes the pictures: `make screenshots`. The app runs in rehearsal on a throw-away workspace.

Every page in light, dark and on a telephone: `docs/<page>[-dark|-narrow].png`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.serving import chromium, free_port, running

HERE = Path(__file__).resolve().parent
DESK = "?tool=claude-4-api-tool-use-streaming-prompt-caching&tool=codestral-2-1"
LOOKS = {"": ("light", (1400, 1000)), "-dark": ("dark", (1400, 1000)), "-narrow": ("light", (390, 844))}
PAGES = {
    "desk": "/",
    "tools": "/tools",
    "draft-room": f"/room{DESK}&cell=futurist",
    "comparison": f"/comparison{DESK}",
    "personas": "/personas",
}


def main() -> None:
    """Drive the app once and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        port = free_port()
        settings = {
            "WORKBENCH_WORKSPACE": f"{folder}/work.db",
            "WORKBENCH_REHEARSAL__MODE": "always",
            "WORKBENCH_EDITOR": "Edith Editor",
        }
        command = [sys.executable, "-m", "workbench", "app", "--port", str(port)]
        with running(command, Path(folder), port, settings) as url:
            _draft_and_decide(_open(browser, f"{url}/room{DESK}", "light"))
            for suffix, (scheme, size) in LOOKS.items():
                for name, path in PAGES.items():
                    page = _open(browser, f"{url}{path}", scheme, size)
                    page.wait_for_timeout(4_000)
                    _take(page, f"{name}{suffix}")
                    if name == "draft-room":
                        _beat_grid(page, suffix)
                    page.context.close()


def _draft_and_decide(page: Page) -> None:
    """Sixteen drafts; the first tool decided by keys, of the second two cells left open."""
    page.get_by_role("button", name="Draft all 16").click()
    page.locator(".prose").nth(8).wait_for(timeout=120_000)
    page.wait_for_timeout(1_500)
    _take(page, "streaming")
    page.get_by_role("button", name="All drafted").wait_for(timeout=120_000)
    page.get_by_role("button", name="Builder of Claude").focus()
    for number in range(6):
        page.keyboard.press("1" if number % 2 else "2")
        page.locator("button[aria-label*='accepted, no verdict yet']").wait_for()
        page.keyboard.press("d" if number == 5 else "s")
        page.locator("button[aria-label*='accepted, verdict']").nth(number).wait_for()
        page.keyboard.press("u")
        page.wait_for_timeout(800)


def _beat_grid(page: Page, suffix: str) -> None:
    page.locator(".st-key-room-rail").get_by_role("button", name="Futurist of Codestral").click()
    page.wait_for_timeout(1_000)
    page.keyboard.press("b")
    page.locator(".composer").wait_for()
    page.wait_for_timeout(1_000)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("1")
    page.wait_for_timeout(1_200)
    page.locator(".composer").first.scroll_into_view_if_needed()
    _take(page, f"beat-grid{suffix}")


def _open(browser: Browser, url: str, scheme: str, size: tuple[int, int] = (1400, 1000)) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(url)
    return page


def _take(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png")
    print(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
