"""Makes the README's pictures: `make screenshots`. The app runs in rehearsal on a throw-away workspace."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.serving import chromium, free_port, running

HERE = Path(__file__).resolve().parent
DESK = "?tool=claude-4-api-tool-use-streaming-prompt-caching&tool=codestral-2-1"
PERSONAS = ("builder", "skeptic", "futurist", "business")


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
            page = _open(browser, f"{url}/tools", "light")
            page.get_by_text("not drafted").first.wait_for()
            _take(page, "tools")
            page.goto(f"{url}/room{DESK}")
            page.get_by_role("button", name="Draft all 16").click()
            page.locator(".prose").nth(7).wait_for()
            page.wait_for_timeout(1_500)
            _take(page, "draft-room")
            page.locator("[class*=st-key-accept-]").nth(7).wait_for(timeout=60_000)
            _decide(page, "claude-4-api-tool-use-streaming-prompt-caching")
            page.get_by_role("radio", name="Codestral 2.1").click()
            _decide(page, "codestral-2-1")
            page.get_by_role("link", name="Comparison").click()
            page.get_by_text("Publish").first.wait_for()
            page.wait_for_timeout(1_500)
            _take(page, "comparison")
            for scheme, size in (("dark", (1400, 1000)), ("light", (390, 844))):
                for name, path in (
                    ("tools", "/tools"),
                    ("draft-room", f"/room{DESK}"),
                    ("comparison", f"/comparison{DESK}"),
                ):
                    other = _open(browser, f"{url}{path}", scheme, size)
                    other.wait_for_timeout(3_000)
                    if name == "draft-room":
                        other.locator(".st-key-costs summary").click()
                        other.locator(".meters").wait_for()
                    _take(other, f"{name}-{'dark' if scheme == 'dark' else 'narrow'}")
                    other.context.close()


def _open(browser: Browser, url: str, scheme: str, size: tuple[int, int] = (1400, 1000)) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(url)
    return page


def _decide(page: Page, tool: str) -> None:
    for number, persona in enumerate(PERSONAS):
        slot = page.locator(f".st-key-slot-{tool}-{persona}-{'claude' if number % 2 else 'codestral'}")
        slot.get_by_role("button", name="Accept").click()
        slot.get_by_text("Accepted").wait_for()
        verdict = page.locator(f".st-key-decision-{tool}-{persona}").get_by_role(
            "radio", name="Skip" if number == 3 and tool.startswith("codestral") else "Ship"
        )
        verdict.click()
        page.wait_for_timeout(500)


def _take(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png")
    print(HERE / f"{name}.png")


if __name__ == "__main__":
    main()
