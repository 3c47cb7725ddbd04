"""A laptop's lid: both lines of a page are cut in mid-run and come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.ui.conftest import start, stop
from tests.ui.test_flow import LANTERN, decision, paste, slot, words, words_of

pytestmark = pytest.mark.browser


def test_a_reader_whose_lines_were_cut_finds_every_word_and_goes_on(
    tmp_path: Path, open_page: Callable[[str], Page]
) -> None:
    app = start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="20")
    page = open_page(f"{app.url}/tools")
    lines: list[tuple[WebSocketRoute, WebSocketRoute]] = []
    page.route_web_socket(re.compile("/stream|/live"), lambda line: lines.append((line, line.connect_to_server())))
    page.reload()
    paste(page, LANTERN)
    page.get_by_role("button", name="Add 1 tool").click()
    page.get_by_role("button", name="Draft all 8").click()
    first = slot(page, "lantern", "builder", "claude")
    expect(first.locator(".prose").first).to_contain_text("The primitive")
    decision(page, "lantern", "business").get_by_role("button", name="Beat grid").click()
    editor = words(page, "lantern", "business")
    editor.press_sequentially("Not yet sent.")

    before = len(lines)
    for to_page, to_server in lines:
        to_page.close()
        to_server.close()
    for _ in range(1_000):
        page.wait_for_timeout(20)
        if len(lines) > before + 1:
            break
    assert len(lines) > before + 1

    # What is typed stands, a click counts, and every draft is there from its first word to its last.
    expect(editor).to_have_value("Not yet sent.")
    slot(page, "lantern", "skeptic", "claude").get_by_role("button", name="Stop", exact=True).click()
    expect(slot(page, "lantern", "skeptic", "claude").locator(".state")).to_have_text("Stopped")
    expect(page.locator("[class*=st-key-stop-]")).to_have_count(0, timeout=60_000)
    expect(editor).to_have_value("Not yet sent.")
    streamed = words_of(page, "lantern", "builder", "claude")
    page.reload()
    expect(first.locator(".state")).to_have_text("Done")
    assert words_of(page, "lantern", "builder", "claude") == streamed
    stop(app)
