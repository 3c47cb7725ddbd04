"""A pane's data, and what hostile text can do on the page: be read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from playwright.sync_api import Dialog, Locator, Page, Request, expect

from tests.fakes import NOON, a_dossier, a_persona, an_answer, streamed
from tests.services.test_live import a_draft
from tests.ui.conftest import start, stop
from tests.ui.screen import Screen
from tests.ui.staging import Stage, some_settings, staged
from workbench.bootstrap import Workbench, build
from workbench.domain.decision import Cell
from workbench.domain.draft import LIVE, Draft, State
from workbench.domain.events import Failed, Usage
from workbench.domain.ids import ToolId
from workbench.domain.submission import Submission
from workbench.services.deciding import Signature
from workbench.services.live import Snapshot
from workbench.services.reading import read_partial
from workbench.ui.board import Side, Slot
from workbench.ui.components.pane import pane_data
from workbench.ui.filling import notice

LURES = (
    "![x](http://evil.example/i.png)",
    "<img src=http://evil.example/j.png onerror=alert(1)>",
    "<script>alert(2)</script>",
    "[here](javascript:alert(3))",
    ":material/skull:",
    ":red[blood]",
    r"$\pi$",
    "**bold**",
    "`code`",
    "&lt;b&gt;",
)
LURE = " ".join(LURES)
QUICK = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "5000", "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0"}


def shown(draft: Draft, **changes: Any) -> dict[str, Any]:
    snapshot, dossier, persona = Snapshot(draft), a_dossier(), a_persona("builder")
    side = Side(
        key="left",
        label="claude",
        provider="claude",
        takes=(snapshot,),
        shown=snapshot,
        dossier=dossier,
        review=snapshot.review,
        notice=notice(draft),
    )
    cell = Cell(tool_id=dossier.tool.id, persona_id=persona.id)
    slot = Slot(dossier=dossier, persona=persona, cell=cell, sides=(side,), last=None, masked=False)
    return pane_data(replace(slot, **changes), side, marks=(), token="t", now=NOON)


def drafted(state: State, **changes: Any) -> Draft:
    made = a_draft()
    return replace(
        made,
        state=state,
        text=an_answer("Secret words.", LURE),
        started_at=NOON - timedelta(seconds=9),
        ended_at=None if state in LIVE else NOON - timedelta(seconds=2),
        **changes,
    )


# --- the data


@pytest.mark.parametrize("state", get_args(State))
def test_a_panes_data_is_scalars_only(state: State) -> None:
    failure = Failed(failure="overloaded", message="Overloaded.", remedy="Wait.")
    for draft in (drafted(state), drafted(state, failure=failure, usage=Usage(input_tokens=9), cost=Decimal("0.01"))):
        data = shown(draft)
        assert {type(one) for one in data.values()} <= {str, int, float, bool}
        assert data == json.loads(json.dumps(data))
        assert (data["draft"], data["state"]) == (draft.id, state)


@pytest.mark.parametrize("state", sorted(LIVE))
def test_nothing_a_live_draft_says_is_in_its_data(state: State) -> None:
    data = shown(drafted(state))
    assert [key for key, one in data.items() if "Secret words" in str(one) or "evil.example" in str(one)] == []
    assert (data["sentences"], data["words"], data["opinion"], data["figures"]) == ("[]", 0, "", "")


def test_a_live_panes_data_does_not_change_while_its_draft_says_more() -> None:
    before, after = (replace(drafted("streaming"), text=text) for text in ("", an_answer("A lot more.")))
    assert shown(before) == shown(after)


def test_an_ended_draft_is_shown_whole() -> None:
    data = shown(drafted("done"))
    assert [one["text"] for one in json.loads(data["sentences"])] == ["Secret words.", LURE]
    assert data["words"] == read_partial(drafted("done").text).words
    assert data["elapsed"] == 7.0
    assert data["opinion"] == "Suggests ship (high confidence): It works."


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("done", ""),
        ("refused", "The model declined."),
        ("truncated", "token limit"),
        ("stopped", "what was written is kept"),
    ],
)
def test_an_end_that_needs_a_word_has_one(state: State, told: str) -> None:
    notice = shown(drafted(state))["notice"]
    assert told in notice if told else notice == ""


def test_a_failure_says_what_happened_and_what_to_do() -> None:
    failure = Failed(failure="overloaded", message="The provider is overloaded.", remedy="Ask for another take.")
    assert shown(drafted("failed", failure=failure))["notice"] == "The provider is overloaded. Ask for another take."


def test_a_price_nobody_knows_is_not_zero_and_a_rehearsal_spends_nothing() -> None:
    usage = Usage(input_tokens=1000, cache_read_tokens=500, output_tokens=50)
    unknown = shown(drafted("done", usage=usage))["figures"]
    assert unknown == "500 read · 1,000 uncached · 50 out · price unknown"
    rehearsed = replace(drafted("done", usage=usage, cost=Decimal("0.002")), origin=rehearsal(a_draft()))
    assert shown(rehearsed)["figures"].endswith("$0.0020 at list price, not spent")


def rehearsal(draft: Draft) -> Any:
    return replace(draft.origin, rehearsal=True)


# --- hostile text without a browser


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


def lure(bench: Workbench) -> tuple[ToolId, ToolId]:
    """Two tools of which everything a vendor can write is hostile."""
    added: list[ToolId] = []
    for name in ("Eve", "Mallory"):
        form = Submission(
            name=f"{name} {LURE}",
            vendor=f"Vendor {LURE}",
            category=f"Category {LURE}",
            tagline=f"Tagline {LURE}",
            description=f"{name} says {LURE} here. And {LURE} once more.",
        )
        added += bench.importing.commit(bench.importing.preview_form(form))
    return added[0], added[1]


def as_markdown(screen: Screen) -> list[str]:
    """Every text on the page that the browser reads as Markdown."""
    found: list[str] = []
    for node in screen.at._tree:
        kind = str(node.type)
        if kind not in ("text", "html", "text_area", "text_input", "bidi_component"):
            value = getattr(node, "value", None)
            found += [value] if isinstance(value, str) and kind not in ("selectbox", "radio") else []
        found += [str(getattr(node, "label", "") or ""), str(getattr(node, "help", "") or "")]
        if kind == "button_group":
            found += [str(one.content) for one in node.proto.options]
    return [one for one in found if "evil" in one or "skull" in one or "blood" in one or "bold" in one]


def test_hostile_names_facts_and_quotes_reach_no_markdown_unescaped(stage: Stage) -> None:
    stage.play("claude", streamed(an_answer(f"It says {LURE}.", "And ends.")))
    tools = lure(stage.bench)
    ann = Signature(editor=f"Ann {LURE}")
    for draft in stage.drafted(*tools, personas=["builder"], providers=["claude"]):
        stage.bench.deciding.accept(draft.id, "ship", ann)
        stage.bench.deciding.edit(draft.origin.tool_id, draft.origin.persona_id, f"Edited: {LURE}", ann)
    comparison = stage.bench.publishing.comparison(*tools)
    stage.bench.publishing.call(comparison, f"Neither {LURE}", ann.editor)
    screen = Screen()
    screen.type("paste.text", f"Name: Trudy {LURE}\n\nTrudy says {LURE} to whoever listens.")
    pages = [as_markdown(screen)]
    pages.append(as_markdown(screen.go("room", tool=list(tools))))
    screen.at.toggle(key="room.both").set_value(True)
    pages.append(as_markdown(screen.run()))
    pages.append(as_markdown(screen.go("comparison", tool=list(tools))))
    assert [bool(page) for page in pages[::2]] == [True] * 2  # the others draw no name but as text
    assert [text for page in pages for text in page for one in LURES if one in text] == []


# --- and with one


def outside(requests: list[str]) -> list[str]:
    return [one for one in requests if not re.match(r"(?:https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:", one)]


def lures_that_caught(place: Locator) -> int:
    return place.locator("img, script, a[href^=javascript], strong strong, [aria-label='skull icon'], .katex").count()


@pytest.mark.browser
def test_a_hostile_tool_can_be_drafted_and_published_without_a_visit_elsewhere(
    tmp_path: Path, open_page: Callable[[str], Page]
) -> None:
    bench = build(some_settings(tmp_path, workspace=tmp_path / "work.db"))
    tools = lure(bench)
    bench.close()
    app = start(tmp_path, tmp_path / "work.db", **QUICK)
    page = open_page(f"{app.url}/tools")
    requests: list[str] = []
    dialogs: list[str] = []

    def asked(request: Request) -> None:
        requests.append(request.url)

    def spoken(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.context.on("request", asked)
    page.on("dialog", spoken)
    page.goto(f"{app.url}/room?tool={tools[0]}&tool={tools[1]}")
    page.get_by_role("button", name="Draft all 16").click()
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
    room = page.locator("[data-testid=stMain]")
    expect(room.get_by_text("![x](http://evil.example/i.png)").first).to_be_visible()
    assert lures_that_caught(room) == 0
    for view in (0, 1):
        page.locator(".rail .row").nth(view).get_by_role("button").first.click()
        expect(page.locator("[class*=st-key-accept-]")).to_have_count(8)
        page.locator("[class*=st-key-accept-]").first.get_by_role("button").click()
        expect(page.locator("[class*=st-key-accept-]")).to_have_count(7)
    page.get_by_role("link", name="Comparison").click()
    expect(page.locator("[class*=st-key-published-]")).to_have_count(2)
    preview = page.frame_locator("iframe").first
    expect(preview.get_by_role("heading").first).to_contain_text("Eve")
    assert lures_that_caught(room) == 0
    page.get_by_role("link", name="Tools").click()
    expect(page.locator("[class*=st-key-tool-]")).to_have_count(2)
    assert lures_that_caught(room) == 0
    assert requests
    assert outside(requests) == []
    assert dialogs == []
    stop(app)
