"""Masked cells: nothing a reader, a script or a screen reader gets tells who drafted, until the decision."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.fakes import an_answer, streamed
from tests.ui.conftest import App, start, stop
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, NO_REHEARSAL, PERSONAS, Stage, staged
from tests.ui.test_flow import PASTED, paste
from workbench.domain.events import Failed, Waiting
from workbench.domain.ids import ToolId
from workbench.errors import FailureKind
from workbench.services.live import Snapshot

GIVEAWAYS = re.compile(
    r"claude|codestral|anthropic|mistral|sonnet|opus|haiku|2508|\$\s?\d|cache_read|\d tokens|self\b.*interest",
    re.IGNORECASE,
)
"""Providers, models, their makers, prices and what else a draft took."""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch, review={"masked": True}) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[App]:
    running = start(
        tmp_path, tmp_path / "work.db", WORKBENCH_REVIEW__MASKED="true", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="120"
    )
    yield running
    stop(running)


def places(stage: Stage) -> dict[str, list[str]]:
    """In which order each persona's providers stand."""
    names = [one.name for one in stage.bench.planning.providers]
    personas = [one.id for one in stage.bench.library.personas()]
    return {str(one): list(order) for one, order in stage.bench.masking.sides(KETTLE, personas, names).items()}


def test_every_tab_sees_the_same_sides_and_none_sees_a_name(stage: Stage) -> None:
    stage.drafted()
    one, other = Screen("room", tool=[KETTLE]), Screen("room", tool=[KETTLE])
    assert [pane["who"] for pane in one.panes()] == ["Left", "Right"] * 4
    assert [pane["draft"] for pane in one.panes()] == [pane["draft"] for pane in other.panes()]
    for pane in one.panes():
        assert GIVEAWAYS.search(json.dumps(pane)) is None
        assert (pane["model"], pane["elapsed"], pane["interest"]) == ("", 0.0, "")
        assert "▇▇▇ says so." in pane["sentences"]
    order: dict[str, list[str]] = {}
    for pane in one.panes():
        origin = stage.now(pane["draft"]).origin
        order.setdefault(origin.persona_id, []).append(origin.provider)
    assert order == places(stage)


def test_a_decision_lifts_the_mask_of_its_cell_for_good_and_is_kept_as_taken_masked(stage: Stage) -> None:
    stage.drafted()
    screen = Screen("room", tool=[KETTLE])
    first = screen.panes()[0]["draft"]
    screen.click(f"accept-{first}")
    assert sorted(pane["who"] for pane in screen.panes()[:2]) == ["claude", "codestral"]
    assert [pane["who"] for pane in screen.panes()[2:]] == ["Left", "Right"] * 3
    assert screen.panes()[0]["draft"] == first  # nothing changes its place by being named
    assert stage.cell("builder").masked
    screen.click(f"undo-{KETTLE}-builder")
    assert sorted(pane["who"] for pane in screen.panes()[:2]) == ["claude", "codestral"]
    screen.click(f"accept-{first}")
    assert not stage.cell("builder").masked


def test_a_makers_own_draft_left_as_it_is_asks_for_a_second_editor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staged(tmp_path, monkeypatch, rehearsal=NO_REHEARSAL, review={"masked": True}) as stage:
        _second(stage)


def test_a_rehearsed_draft_about_its_makers_tool_asks_for_nobody(stage: Stage) -> None:
    tool = _about_its_maker(stage)
    screen = Screen("room", tool=[tool])
    screen.click(f"accept-{stage.draft('builder', 'claude', tool).id}")
    assert screen.said("warning") == []
    assert {pane["who"]: pane["interest"] for pane in screen.panes()} == {"claude": "self", "codestral": ""}


def _about_its_maker(stage: Stage) -> ToolId:
    added = stage.bench.importing.commit(
        stage.bench.importing.preview_text("Name: Claude Desk\nVendor: Anthropic\n\nIt answers letters from readers.")
    )
    stage.drafted(added[0], personas=["builder"])
    return added[0]


def _second(stage: Stage) -> None:
    tool = _about_its_maker(stage)
    screen, place = Screen("room", tool=[tool]), f"{tool}-builder"
    screen.click(f"accept-{stage.draft('builder', 'claude', tool).id}")
    assert ["A second editor signs for it" in one for one in screen.said("warning")] == [True]
    assert {pane["who"]: pane["interest"] for pane in screen.panes()} == {"claude": "self", "codestral": ""}
    screen.at.text_input(key=f"second-{place}").set_value("Edith Editor")
    screen.click(f"second-sign-{place}")
    assert len(screen.said("error")) == 1  # nobody seconds their own decision
    screen.at.text_input(key=f"second-{place}").set_value("Ann")
    screen.click(f"second-sign-{place}")
    assert screen.said("warning") == []
    assert stage.cell("builder", tool).seconded_by == "Ann"


def test_a_failure_names_nobody_while_masked(stage: Stage) -> None:
    failed = Failed(failure="key_refused", message="Anthropic refused the key.", remedy="Check ANTHROPIC_API_KEY.")
    stage.play("claude", [failed])
    stage.drafted(personas=["builder"])
    told = [pane["notice"] for pane in Screen("room", tool=[KETTLE]).panes()]
    assert sorted(map(bool, told)) == [False, True]
    assert GIVEAWAYS.search(" ".join(told)) is None


@pytest.mark.parametrize("kind", get_args(FailureKind))
def test_whatever_fails_is_told_without_a_name_an_address_or_a_setting(stage: Stage, kind: FailureKind) -> None:
    assert re.search(r"vendor|provider|key_name|base_url|://|\d", stage.bench.masking.failure(kind)) is None


def test_a_wait_names_nobody_while_masked(stage: Stage) -> None:
    stage.drafted(personas=["builder"])
    [draft, _], dossier = stage.drafts(KETTLE), stage.dossier(KETTLE)
    waiting = Waiting(seconds=2.5, reason="Anthropic is overloaded: Overloaded.", attempt=2)
    sight = stage.bench.masking.sight(Snapshot(replace(draft, waiting=waiting)), dossier)
    assert sight.waiting == replace(waiting, reason="")


def test_with_masks_off_providers_stand_in_the_settings_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(tmp_path, monkeypatch, review={"masked": False}) as stage:
        stage.play("claude", streamed(an_answer("Claude says so.")))
        stage.drafted()
        screen = Screen("room", tool=[KETTLE])
        assert [pane["who"] for pane in screen.panes()] == ["claude", "codestral"] * len(PERSONAS)
        assert "Claude says so." in screen.panes()[0]["sentences"]
        assert not stage.cell("builder").masked
        assert stage.drafts(ANVIL) == []


@pytest.mark.browser
def test_no_frame_no_element_and_no_name_tells_who_drafted_before_the_decision(
    desk: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page("about:blank")
    frames: list[str] = []

    def listen(line: WebSocket) -> None:
        line.on("framereceived", lambda frame: frames.append(_text(frame)))

    page.on("websocket", listen)
    page.goto(f"{desk.url}/tools")
    paste(page, PASTED)
    page.get_by_role("button", name="Add 2 tools").click()
    frames.clear()
    page.get_by_role("button", name="Draft all 16").click()
    seen: list[str] = []
    for _ in range(3):  # while they stream, and when they have ended
        page.wait_for_timeout(600)
        seen.append(page.content() + _shadows(page) + str(page.locator("[data-testid=stMain]").aria_snapshot()))
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
    expect(page.get_by_role("button", name="All drafted")).to_be_visible(timeout=60_000)
    page.locator("[class*=st-key-cell-lantern-builder]").get_by_role("button", name="Beat grid").click()
    expect(page.locator(".composer")).to_be_visible()
    page.locator(".st-key-costs summary").click()
    page.wait_for_timeout(500)
    seen.append(page.content() + _shadows(page) + str(page.locator("[data-testid=stMain]").aria_snapshot()))
    assert len(frames) > 20
    rooms = [one for one in frames if "Lantern" in one or "primitive" in one]
    assert rooms
    assert [found.group() for one in [*frames, *seen] for found in GIVEAWAYS_OF_A_DRAFT.finditer(one)] == []

    # The decision shows both, in this cell only.
    page.locator("[class*=st-key-slot-lantern-skeptic-left]").get_by_role("button", name="Accept", exact=True).click()
    cell = page.locator(".st-key-cell-lantern-skeptic")
    expect(cell.get_by_text("claude", exact=True)).to_be_visible()
    expect(cell.get_by_text("codestral", exact=True)).to_be_visible()
    expect(page.locator(".st-key-cell-lantern-futurist").get_by_text("Left", exact=True)).to_be_visible()


GIVEAWAYS_OF_A_DRAFT = re.compile(
    r"claude|codestral|anthropic|mistral|sonnet|opus|haiku|(?<![0-9a-z])2508(?![0-9a-z])", re.IGNORECASE
)
"""Of what a whole page holds: a desk's summed price tells of no draft, nor do four digits within an id."""


def _text(frame: bytes | str) -> str:
    if isinstance(frame, str):
        return frame
    message = ForwardMsg()
    message.ParseFromString(frame)
    return str(message)


def _shadows(page: Page) -> str:
    """The markup of every element that draws for itself."""
    return str(
        page.evaluate(
            "[...document.querySelectorAll('*')].filter(n => n.shadowRoot).map(n => n.shadowRoot.innerHTML).join('\\n')"
        )
    )
