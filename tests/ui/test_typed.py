"""What is typed in a box and not saved comes back into it, whatever became of its page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import App, start, stop
from tests.ui.test_flow import ANVIL, LANTERN, decision, paste

pytestmark = pytest.mark.browser
WORDS = "Not yet said to anybody."


def box(page: Page, place: str) -> Locator:
    return page.locator(f".st-key-{place} :is(textarea, input)")


def lost(page: Page, place: str, text: str) -> None:
    """Type without leaving the box, and lose the page."""
    field = box(page, place)
    field.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    expect(field).to_be_focused()
    page.reload()
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")


def back(page: Page) -> Locator:
    return page.locator(".typed .line").filter(has_text="Put back")


@pytest.fixture
def app(tmp_path: Path) -> App:
    return start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="400")


def test_what_was_typed_and_not_saved_outlives_its_page(app: App, open_page: Callable[[str], Page]) -> None:
    page = open_page(f"{app.url}/tools")

    # A description that is pasted and mended, until its tools are added.
    lost(page, "paste-text", LANTERN.strip())
    expect(box(page, "paste-text")).to_have_value(LANTERN.strip())
    expect(back(page)).to_have_count(1)
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_role("button", name="Add 1 tool").click()
    page.wait_for_function("() => localStorage.getItem('workbench.typed.paste-text') === null")
    page.goto(f"{app.url}/tools")
    page.get_by_text("Add tools").first.click()
    expect(box(page, "paste-text")).to_have_value("")
    paste(page, ANVIL)
    page.get_by_role("button", name="Add 1 tool").click()
    expect(page.get_by_role("heading", name="Draft room")).to_be_visible()

    # An editor's call, until it is saved.
    page.goto(f"{app.url}/comparison?tool=lantern&tool=anvil")
    call = page.get_by_label("Which one should you ship with?")
    call.click()
    page.keyboard.type(WORDS)
    page.reload()
    expect(call).to_have_value(WORDS)
    page.get_by_role("button", name="Save the call").click()
    expect(page.get_by_text("Saved by Edith Editor")).to_be_visible()
    expect(back(page)).to_have_count(0)
    page.reload()
    expect(call).to_have_value(WORDS)
    expect(page.get_by_text("Saved by Edith Editor")).to_be_visible()
    expect(back(page)).to_have_count(0)
    stop(app)


def test_a_persona_that_is_being_written_comes_back_until_it_is_thrown_away(
    app: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{app.url}/personas")
    text = box(page, "text-persona-builder")
    stands = text.input_value()
    lost(page, "text-persona-builder", WORDS)
    expect(text).to_have_value(stands + WORDS)
    page.get_by_role("button", name="Discard").click()
    expect(text).to_have_value(stands)
    page.reload()
    expect(text).to_have_value(stands)
    expect(page.locator(".st-key-save-row")).to_be_visible()
    expect(back(page)).to_have_count(0)

    # And what is typed after that is kept again, however often the page is drawn.
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(WORDS)
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Discard").click()
    expect(text).to_have_value(stands)
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("Again. ")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("This text can be used.")).to_be_visible()
    lost(page, "text-persona-builder", WORDS)
    expect(text).to_have_value(f"{stands}Again. {WORDS}")
    page.get_by_role("button", name="Discard").click()
    expect(text).to_have_value(stands)
    stop(app)


def test_the_reason_of_a_verdict_outlives_its_box_and_its_page(app: App, open_page: Callable[[str], Page]) -> None:
    page = open_page(f"{app.url}/tools")
    paste(page, LANTERN)
    page.get_by_role("button", name="Add 1 tool").click()
    page.get_by_role("button", name="Draft all 8").click()
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8)
    page.keyboard.press("1")
    cell = decision(page, "lantern", "builder")
    expect(cell).to_contain_text("Accepted as drafted")
    page.keyboard.press("s")
    cell.get_by_role("button", name="Why", exact=True).click()
    why = page.get_by_label("The reason in a line")
    why.click()
    page.keyboard.type(WORDS)
    page.keyboard.press("Escape")
    expect(why).to_have_count(0)
    page.reload()
    cell.get_by_role("button", name="Why", exact=True).click()
    expect(why).to_have_value(WORDS)
    page.get_by_role("button", name="Keep", exact=True).press("Enter")
    expect(cell.get_by_role("button", name="Why (said)")).to_be_visible()
    stop(app)
