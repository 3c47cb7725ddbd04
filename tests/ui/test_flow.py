"""The main job in a real browser: two pasted descriptions become an exported comparison page."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import App, child_environment, start, stop
from workbench.rehearsal.tokens import CHARACTERS

pytestmark = pytest.mark.browser

LANTERN = """Name: Lantern
Vendor: Lumen Works
Category: Developer Tools
Tagline: Trace every request through every service
Entry: Freemium

Lantern is a hosted tracer for distributed services. It accepts OpenTelemetry spans.

Spans are kept for 30 days. A team pays $20 a month for each million spans.

Queries run in the browser and return in under two seconds.
"""
ANVIL = """Name: Anvil
Vendor: Forge Labs
Category: Developer Tools
Tagline: Build images without a daemon
Entry: Open source

Anvil builds container images without a daemon. It is written in Rust, runs on Linux and macOS.

The project has shipped a release every month since 2024. Its licence is MIT.
"""
PASTED = f"{LANTERN}---\n{ANVIL}"
PERSONAS = ("builder", "skeptic", "futurist", "business")
QUICK = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "2000", "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0.05"}


def paste(page: Page, text: str) -> None:
    page.get_by_label("Description").first.fill(text)  # an empty workspace opens with the ways in
    page.get_by_role("button", name="Preview").click()


SIDES = {"claude": "left", "codestral": "right"}
"""Where the providers stand while nobody is masked."""


def slot(page: Page, tool: str, persona: str, provider: str) -> Locator:
    return page.locator(f".st-key-slot-{tool}-{persona}-{SIDES[provider]}")


def another_take(page: Page, box: Locator, note: str = "") -> None:
    box.get_by_role("button", name="Another take").click()
    if note:
        page.get_by_label("What should it do differently").fill(note)
    page.get_by_role("button", name="Ask for another take").click()


def take(box: Locator, number: int) -> Locator:
    return box.get_by_role("region", name=re.compile(f"take {number}$"))


def decision(page: Page, tool: str, persona: str) -> Locator:
    return page.locator(f".st-key-decision-{tool}-{persona}")


def words(page: Page, tool: str, persona: str) -> Locator:
    """The first text field of the open beat grid."""
    return decision(page, tool, persona).locator(".composer .line textarea").first


def show(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Builder of {name}").click()
    expect(page.locator(f".st-key-cell-{name.lower()}-builder")).to_be_visible()


def verdict(page: Page, tool: str, persona: str, name: str) -> None:
    decision(page, tool, persona).get_by_role("button", name=name, exact=True).click()
    expect(decision(page, tool, persona)).to_contain_text(f"Undo verdict {name.lower()}")  # the server has it


def accept(page: Page, tool: str, persona: str, provider: str) -> None:
    box = slot(page, tool, persona, provider)
    box.get_by_role("button", name="Accept", exact=True).click()
    expect(box).to_contain_text("Accepted")


def words_of(page: Page, tool: str, persona: str, provider: str) -> str:
    return " ".join(slot(page, tool, persona, provider).locator(".prose").all_inner_texts())


def cli(app: App, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "workbench", "--workspace", str(app.workspace), *arguments],
        cwd=app.workspace.parent,
        env=child_environment(app.workspace.parent),
        capture_output=True,
        timeout=120,
        check=True,
    )


@pytest.fixture
def slow_app(tmp_path: Path) -> Iterator[App]:
    """A fresh app that is still drafting when a slow machine has stopped one draft and asked for another take."""
    running = start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="22")
    yield running
    stop(running)


def test_two_pasted_descriptions_become_an_exported_page(  # noqa: PLR0915 - one job, told in one piece
    slow_app: App, open_page: Callable[[str], Page], tmp_path: Path
) -> None:
    app = slow_app
    page = open_page(f"{app.url}/tools")
    expect(page.get_by_text("No tools yet")).to_be_visible()

    # Paste; what would happen is shown first; two tools, sixteen drafts.
    paste(page, PASTED)
    expect(page.get_by_text("New", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Add 2 tools").click()
    page.get_by_role("button", name="Draft all 16").click()
    expect(page.get_by_role("button", name="Stop 16 drafts")).to_be_visible()

    # Sentences arrive with their beats while other panes stream; one pane is stopped and keeps its text.
    first = slot(page, "lantern", "builder", "claude")
    expect(first.locator(".prose").first).to_contain_text("The primitive here is")
    expect(first.locator(".beat").first).to_have_text(re.compile("primitive", re.IGNORECASE))
    first.get_by_role("button", name="Stop", exact=True).click()
    expect(first.locator(".state")).to_have_text("Stopped")
    stopped = words_of(page, "lantern", "builder", "claude")
    assert stopped.startswith("The primitive here is")

    # Another take of it streams beside the rest, and the stopped one stays.
    another_take(page, first)
    expect(first.get_by_role("radio", name="take 2")).to_be_checked()
    expect(slot(page, "lantern", "skeptic", "claude").locator(".state")).to_have_text(re.compile("Streaming|Done"))

    # The page is switched and reloaded in mid-run.
    page.get_by_role("link", name="Tools").click()
    expect(page.get_by_text(re.compile(r"drafts? streaming|drafts")).first).to_be_visible()
    page.get_by_role("link", name="Draft room").click()
    page.wait_for_url(re.compile(r"/room\?tool=lantern&tool=anvil"))
    page.reload()
    expect(page.locator(".st-key-cell-lantern-builder")).to_be_visible()
    expect(page.locator("[class*=st-key-stop-]")).to_have_count(0, timeout=60_000)
    show(page, "Anvil")
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8)
    show(page, "Lantern")
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8)
    first.get_by_role("radio", name="take 1").click()
    expect(take(first, 1)).to_contain_text("Stopped")
    expect(take(first, 2)).to_have_count(0)
    assert words_of(page, "lantern", "builder", "claude") == stopped
    first.get_by_role("radio", name="take 2").click()
    expect(take(first, 2)).to_contain_text("Done")
    expect(take(first, 1)).to_have_count(0)

    # Accept, reject with a reason, edit, and give verdicts.
    accept(page, "lantern", "builder", "claude")
    verdict(page, "lantern", "builder", "Ship")
    refused = slot(page, "lantern", "skeptic", "codestral")
    refused.get_by_role("button", name=re.compile("^Reject")).click()
    page.get_by_label("Note (optional)").fill("Sounds like a brochure.")
    page.get_by_role("button", name="Off voice").click()
    expect(refused).to_contain_text("Rejected")
    accept(page, "lantern", "skeptic", "claude")
    verdict(page, "lantern", "skeptic", "Skip")
    slot(page, "lantern", "futurist", "codestral").get_by_role("button", name="Edit", exact=True).click()
    expect(words(page, "lantern", "futurist")).to_have_value(re.compile("thesis"))
    editor = decision(page, "lantern", "futurist").get_by_label("Your words, anything else")
    editor.press_sequentially("The last word is the editor's.")
    editor.press("Control+Enter")
    expect(decision(page, "lantern", "futurist")).to_contain_text("The last word is the editor's.")
    expect(decision(page, "lantern", "futurist")).to_contain_text("Edited by Edith Editor")
    verdict(page, "lantern", "futurist", "Ship")
    show(page, "Anvil")
    accept(page, "anvil", "builder", "codestral")
    verdict(page, "anvil", "builder", "Ship")

    # The page shows the figures; an unapproved quote is not on it.
    page.get_by_role("link", name="Comparison").click()
    board = page.locator(".st-key-verdicts")
    expect(board).to_contain_text("67% panel ship")
    expect(board).to_contain_text("100% panel ship")
    expect(board).to_contain_text("Split: 2–1 vs 1–0")
    expect(page.locator(".st-key-points")).to_contain_text("Futurist of Anvil has no approved quote.")
    call = page.get_by_label("Which one should you ship with?")
    call.fill("Lantern, if you can say who reads the traces.")
    page.get_by_role("button", name="Save the call").click()
    expect(page.get_by_text("Saved by Edith Editor")).to_be_visible()

    # Every export downloads, and equals the command line's byte for byte.
    for name, label in (
        ("html", "HTML page"),
        ("text", "Plain text"),
        ("markdown", "Markdown"),
        ("json", "JSON"),
        ("csv", "CSV"),
    ):
        with page.expect_download() as waiting:
            page.locator("[class*=st-key-exports]").get_by_role("button", name=label, exact=True).click()
        downloaded = Path(waiting.value.path()).read_bytes()
        written = tmp_path / f"cli.{name}"
        cli(app, "export", "lantern", "anvil", "--format", name, "--output", str(written))
        assert downloaded == written.read_bytes()
        assert "The last word is the editor" in downloaded.decode("utf-8")
        assert "Rehearsal: no model was called" in downloaded.decode("utf-8")


def streaming(page: Page) -> Locator:
    return page.locator(".pane[data-state=streaming]")


def comes_back(page: Page, editor: Locator, text: str) -> None:
    """Typed and not saved, it outlives another page (a hand holds the button a moment), a closed editor, a reload."""
    page.get_by_role("link", name="Tools").click(delay=80)
    expect(page.locator(".st-key-tool-lantern")).to_be_visible()
    page.get_by_role("link", name="Draft room").click(delay=80)
    expect(editor).to_have_value(text)
    decision(page, "lantern", "business").locator(".composer").get_by_role("button", name="Close", exact=True).click()
    slot(page, "lantern", "business", "codestral").get_by_role("button", name="Edit", exact=True).click()
    expect(editor).to_have_value(text)
    expect(decision(page, "lantern", "business")).to_contain_text("21 words")
    page.reload()
    decision(page, "lantern", "business").get_by_role("button", name="Continue the unsaved quote").click()
    expect(editor).to_have_value(text)


def test_a_reader_who_types_for_ten_seconds_while_eight_panes_stream_loses_no_character(
    tmp_path: Path, open_page: Callable[[str], Page]
) -> None:
    app = start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="6")
    page = open_page(f"{app.url}/tools")
    paste(page, LANTERN)
    page.get_by_role("button", name="Add 1 tool").click()
    page.get_by_role("button", name="Draft all 8").click()
    stopping = slot(page, "lantern", "builder", "claude")
    expect(stopping.locator(".prose").first).to_contain_text("The primitive")
    decision(page, "lantern", "business").get_by_role("button", name="Beat grid").click()
    editor = words(page, "lantern", "business")
    editor.click()
    text = "Typed by hand while eight panes go on streaming, and not one character of it may be lost by it."
    expect(streaming(page)).to_have_count(8)
    page.keyboard.type(text, delay=10_000 / len(text))
    expect(streaming(page)).to_have_count(8)
    assert editor.input_value() == text
    assert editor.evaluate("node => node === node.getRootNode().activeElement")

    # A second tab opened in mid-run shows the same words. Who reads in it stays where they read when the draft ends,
    # in the middle and at its end; what nobody saw end stands at its beginning.
    other = open_page(f"{app.url}/room?tool=lantern")
    expect(streaming(other)).to_have_count(8)
    read = slot(other, "lantern", "builder", "claude").locator(".text")
    followed = slot(other, "lantern", "builder", "codestral").locator(".text")
    unseen = slot(other, "lantern", "business", "claude").locator(".text")
    for text_box in (read, followed, unseen):
        text_box.evaluate("node => { node.style.height = '5rem'; }")  # as its corner can be drawn
        expect(text_box.locator(".sentence").nth(2)).to_be_attached()
    read.evaluate("node => { node.scrollTop = 1; }")  # in the middle: there is more above and below
    place = "node => [node.scrollTop, Math.abs(node.scrollHeight - node.clientHeight - node.scrollTop) < 2]"
    for text_box in (followed, unseen):
        other.wait_for_function("node => node.scrollTop > 0", arg=text_box.element_handle())
        assert text_box.evaluate(place)[1]
    page.get_by_role("button", name="Stop 8 drafts").click()
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8)
    expect(other.locator("[class*=st-key-accept-]")).to_have_count(8)
    assert editor.input_value() == text
    assert read.evaluate("node => node.scrollTop") == 1
    assert unseen.evaluate("node => node.scrollTop") == 0
    at, ended = followed.evaluate(place)
    assert at > 0
    assert ended
    unseen.scroll_into_view_if_needed()
    other.wait_for_function("node => node.scrollTop === 0", arg=followed.element_handle())  # out of sight
    assert read.evaluate("node => node.scrollTop") == 1
    for persona in PERSONAS:
        for provider in SIDES:
            assert words_of(other, "lantern", persona, provider) == words_of(page, "lantern", persona, provider)
    other.close()

    editor.press_sequentially(" Yes.")
    comes_back(page, editor, f"{text} Yes.")
    decision(page, "lantern", "business").get_by_role("button", name="Save the quote").click()
    expect(decision(page, "lantern", "business")).to_contain_text("Edited by Edith Editor")
    stop(app)


def test_a_killed_app_keeps_its_text_and_another_take_works(tmp_path: Path, open_page: Callable[[str], Page]) -> None:
    workspace = tmp_path / "work.db"
    pace = 30  # tokens a second
    app = start(tmp_path, workspace, WORKBENCH_REHEARSAL__TOKENS_PER_SECOND=str(pace))
    page = open_page(f"{app.url}/tools")
    paste(page, LANTERN)
    page.get_by_role("button", name="Add 1 tool").click()
    page.get_by_role("button", name="Draft all 8").click()
    box = slot(page, "lantern", "builder", "claude")
    expect(box.locator(".prose").nth(1)).to_contain_text("The DX bet is that")
    page.wait_for_timeout(1_100)  # a save is due at least every second
    seen = words_of(page, "lantern", "builder", "claude")
    app.process.kill()
    app.process.join(10)

    app = start(tmp_path, workspace, **QUICK)
    page = open_page(f"{app.url}/room?tool=lantern")
    expect(box_of(page).locator(".state")).to_have_text("Interrupted")
    kept = words_of(page, "lantern", "builder", "claude")
    assert kept[:100] == seen[:100]
    assert len(kept) >= len(seen) - pace * CHARACTERS  # what a second writes, its JSON included
    another_take(page, box_of(page))
    expect(box_of(page).get_by_role("radio", name="take 2")).to_be_checked()
    expect(take(box_of(page), 2)).to_contain_text("Done")
    box_of(page).get_by_role("radio", name="take 1").click()
    expect(take(box_of(page), 1)).to_contain_text("Interrupted")
    stop(app)


def box_of(page: Page) -> Locator:
    return slot(page, "lantern", "builder", "claude")
