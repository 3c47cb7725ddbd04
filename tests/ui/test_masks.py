"""Masked cells: nothing a reader, a script or a screen reader gets tells who drafted, until the decision."""

from __future__ import annotations

import asyncio
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
from tests.ui.staging import ANVIL, KETTLE, NO_REHEARSAL, PERSONAS, PROVIDERS, Stage, staged
from tests.ui.test_flow import PASTED, paste
from workbench.domain.events import Failed, Started, Usage, Waiting
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


def test_pressing_accept_again_changes_nothing_and_says_so_quietly(stage: Stage) -> None:
    stage.drafted(personas=["builder"])
    screen = Screen("room", tool=[KETTLE])
    place, first = f"{KETTLE}-builder", screen.panes()[0]["draft"]
    screen.ask("accept", place, draft=first)
    assert not any("the quote already" in one for one in screen.said("caption"))
    screen.ask("accept", place, draft=first)
    assert any("the quote already" in one for one in screen.said("caption"))
    assert stage.decisions("builder") == ["accepted"]
    assert any("without knowing whose draft it was" in one for one in screen.said("caption"))
    assert not any("the quote already" in one for one in screen.run().said("caption"))


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


def test_drafts_that_broke_off_are_told_in_the_bar_and_on_the_rail_without_saying_whose(stage: Stage) -> None:
    failed = Failed(failure="overloaded", message="Anthropic is overloaded.", remedy="Wait.")
    stage.play("claude", [failed])
    stage.drafted()
    screen = Screen("room", tool=[KETTLE])
    assert screen.buttons("draft-all") == {"draft-all": "Draft 4 again"}
    assert ":orange[4 of 8 drafts broke off]" in screen.said("caption")
    assert {cell["meaning"] for cell in screen.rail["cells"]} == {"drafted, one broke off"}
    both = Screen("room", tool=[KETTLE, ANVIL])
    assert both.buttons("draft-all") == {"draft-all": "Draft the missing 12, 4 of them again"}


def test_whoever_breaks_off_first_is_not_told_while_the_other_streams(stage: Stage) -> None:
    gate = asyncio.Event()
    stage.play("claude", [Failed(failure="overloaded", message="Overloaded.", remedy="Wait.")])
    stage.play("codestral", [Started(model="m"), gate, *streamed(an_answer("Said late."))])
    stage.start(personas=["builder"])
    stage.bench.drafting.wait([stage.draft("builder", "claude").id])
    screen = Screen("room", tool=[KETTLE])
    assert not any("broke off" in one for one in screen.texts())
    stage.release(gate)
    stage.finish()
    assert any("1 of 2 drafts broke off" in one for one in screen.run().texts())


def test_a_whole_take_makes_up_for_one_that_broke_off(stage: Stage) -> None:
    for name in PROVIDERS:
        stage.play(
            name, [Failed(failure="overloaded", message="Overloaded.", remedy="Wait.")], streamed(an_answer("So."))
        )
    stage.drafted(personas=["builder"])
    screen = Screen("room", tool=[KETTLE])
    assert screen.rail["cells"][0]["meaning"] == "no usable draft"
    stage.drafted(personas=["builder"])
    assert screen.run().rail["cells"][0]["meaning"] == "drafted, undecided"
    assert not any("broke off" in one for one in screen.texts())


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


def test_what_had_ended_before_the_other_was_begun_anew_stays_whole_and_can_be_decided_on(stage: Stage) -> None:
    gate = asyncio.Event()
    for name in PROVIDERS:
        stage.play(name, streamed(an_answer("Said.")), [Started(model="m"), gate, *streamed(an_answer("Said anew."))])
    stage.drafted(personas=["builder"])
    screen, place = Screen("room", tool=[KETTLE]), f"{KETTLE}-builder"
    left, right = (pane["draft"] for pane in screen.panes())
    screen.ask("again", place, draft=left)
    one, other = screen.panes()
    assert (one["state"] in ("queued", "streaming"), other["draft"], other["state"]) == (True, right, "done")
    assert one["round"] != other["round"]
    assert [(pane["live"], pane["acceptable"]) for pane in screen.rail["cells"][0]["panes"]] == [
        (True, False),
        (False, True),
    ]
    assert {f"accept-{right}", f"edit-{right}", f"reject-{right}"} <= set(screen.buttons())
    screen.ask("accept", place, draft=right)
    assert stage.cell("builder").draft_id == right
    stage.release(gate)
    stage.finish()


def test_of_drafts_begun_together_none_shows_that_it_was_the_quicker(stage: Stage) -> None:
    gate = asyncio.Event()
    stage.play("claude", [Started(model="m"), gate, *streamed(an_answer("Said late."))])
    stage.start(personas=["builder"])
    quick = stage.draft("builder", "codestral")
    stage.bench.drafting.wait([quick.id])
    screen = Screen("room", tool=[KETTLE])
    assert len({pane["round"] for pane in screen.panes()}) == 1
    assert [pane["live"] for pane in screen.rail["cells"][0]["panes"]] == [True, True]
    assert screen.buttons("accept-") == {}
    stage.release(gate)
    stage.finish()
    assert len(screen.run().buttons("accept-")) == 2


@pytest.mark.parametrize("rehearsal", [None, NO_REHEARSAL])
def test_no_sum_on_any_page_tells_whose_one_more_take_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rehearsal: dict[str, str] | None
) -> None:
    read: dict[str, list[str]] = {}
    settings: dict[str, object] = {} if rehearsal is None else {"rehearsal": rehearsal}
    budgets = {"day": 3, "run": 3, "rehearsal": True}
    for name in PROVIDERS:
        folder = tmp_path / name
        folder.mkdir()
        with staged(folder, monkeypatch, review={"masked": True}, budgets=budgets, **settings) as stage:
            _priced(stage)
            before = _told_everywhere()
            stage.drafted(personas=["skeptic"], providers=[name])
            read[name] = _told_everywhere()
        assert len([one for one in before if "under $0." in one]) >= 4
        exact = re.compile(r"\$\d+\.\d{3}|[\d,]{4,} tokens|\d % saved|missed\b(?! ?there)")
        assert [one for one in [*before, *read[name]] if exact.search(one)] == []
    assert read["claude"] == read["codestral"]


def _priced(stage: Stage) -> None:
    """Drafts of every cell, far dearer by the one than by the other, of which one breaks what its plan foresaw."""
    for name, usage in (("claude", Usage(input_tokens=2500)), ("codestral", Usage(cache_read_tokens=900))):
        said = [one for one in streamed(an_answer("Half of it."), model="") if not isinstance(one, Usage)]
        stage.play(name, [said[0], usage, *said[1:]])
    stage.drafted(KETTLE, ANVIL)


def _told_everywhere() -> list[str]:
    """What room, tools page and desk say of money."""
    room = Screen("room", tool=[KETTLE])
    room.at.session_state["costs"] = True
    pages = (room.run(), Screen("room", tool=[KETTLE, ANVIL]), Screen("tools"), Screen("desk"))
    found = [(*one.texts(), *(str(html.proto.body) for html in one.at.get("html"))) for one in pages]
    return [re.sub(r"\\(.)", r"\1", text) for page in found for text in page]


def test_the_price_of_what_is_missing_is_told_only_where_it_tells_nobody(stage: Stage) -> None:
    prices = [one for one in Screen("room", tool=[KETTLE]).said("caption") if "without caching" in one]
    assert len(prices) == 1
    stage.drafted(personas=["builder"], providers=["claude"])
    screen = Screen("room", tool=[KETTLE])
    assert "price not shown" in screen.said("caption")
    assert not [one for one in screen.texts() if "without caching" in one.lower()]
    stage.drafted(personas=["builder"], providers=["codestral"])
    assert "price not shown" not in Screen("room", tool=[KETTLE]).said("caption")


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


@pytest.mark.browser
def test_a_read_draft_is_not_retyped_while_the_other_is_taken_again(
    tmp_path: Path, open_page: Callable[[str], Page]
) -> None:
    running = start(
        tmp_path, tmp_path / "work.db", WORKBENCH_REVIEW__MASKED="true", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="25"
    )
    page = open_page(f"{running.url}/tools")
    paste(page, PASTED)
    page.get_by_role("button", name="Add 2 tools").click()
    page.get_by_role("button", name="Draft all 16").click()
    left, right = (page.locator(f".st-key-slot-lantern-builder-{side}") for side in ("left", "right"))
    expect(right.get_by_role("button", name="Accept", exact=True)).to_be_visible(timeout=60_000)
    said = right.locator(".text").inner_text()
    left.get_by_role("button", name="Another take").click()
    page.get_by_role("button", name="Ask for another take").click()
    expect(left.locator(".pane[data-state=streaming]")).to_be_visible()
    expect(left.locator(".pane")).to_have_count(1)  # the one before it has left
    expect(left.locator(".prose").first).to_be_visible()
    assert (right.locator(".state").inner_text(), right.locator(".text").inner_text()) == ("Done", said)
    page.locator("body").press("2")
    expect(right.locator(".state")).to_have_text("Accepted")
    stop(running)


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
