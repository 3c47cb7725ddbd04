"""Money and the cache on the screen: foreseen before a run, held against it afterwards, and never spent beyond."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fakes import an_answer, streamed, until
from tests.ui.conftest import start, stop
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, Stage, staged
from tests.ui.test_flow import PASTED, paste, slot
from workbench.domain.events import DraftEvent, Finished, Started, Usage
from workbench.domain.plan import Plan
from workbench.providers._scripted import ScriptedProvider
from workbench.rehearsal.server import RehearsalServer
from workbench.services.deciding import Signature
from workbench.ui.components.progress import planned

ANSWER = an_answer("Half of it.", "The other half.")
STRANGERS = {
    "claude": {"api": "anthropic", "model": "claude-sonnet-4-5"},
    "codestral": {"api": "mistral", "model": "nobody-knows-it"},
}


@pytest.fixture
def stage_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Stage]]:
    """A stage under the settings that a test gives."""
    with ExitStack() as until_the_end:

        def made(**settings: object) -> Stage:
            return until_the_end.enter_context(staged(tmp_path, monkeypatch, **settings))

        yield made


@pytest.fixture
def stage(stage_with: Callable[..., Stage]) -> Stage:
    return stage_with()


def billed(usage: Usage) -> list[DraftEvent]:
    """A draft by the model it was asked of, which reports this usage."""
    said = [one for one in streamed(ANSWER, model="") if not isinstance(one, Usage)]
    return [said[0], usage, *said[1:]]


def bare(markdown: str) -> str:
    return markdown.replace("\\", "")


def captions(screen: Screen) -> list[str]:
    return [bare(one) for one in screen.said("caption")]


def drawn(screen: Screen, mark: str) -> str:
    """The text of the first piece of HTML with this class, a line a row."""
    found = next((one.proto.body for one in screen.at.get("html") if f'class="{mark}"' in one.proto.body), "")
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</tr>|</li>|</p>|</div>", "\n", found)))


def opened(screen: Screen) -> Screen:
    """The same with its Costs open."""
    screen.at.session_state["costs"] = True
    return screen.run()


def row(text: str, label: str) -> list[str]:
    """The figures of a table's row."""
    line = next(one for one in text.splitlines() if one.strip().startswith(label))
    return re.split(r"\s{2,}", line.strip().removeprefix(label).strip())


# --- before


def test_a_run_says_what_it_should_cost_before_it_starts(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE, ANVIL])
    told = next(one for one in captions(screen) if "without caching" in one)
    said = re.fullmatch(r"about \$(0\.\d{4}) at list price, not spent · \$(0\.\d{4}) without caching", told)
    assert said is not None
    assert float(said[1]) < float(said[2])
    bill = drawn(screen, "bill")
    assert re.search(r"claude\s+claude-sonnet-5-5\s+codestral\s+codestral-2508\s+all", bill)
    read, written, output = (row(bill, one) for one in ("Read from cache", "Written for 1 h", "Output"))
    assert [int(one.replace(",", "")) > 10_000 for one in read] == [True] * 3
    assert (written[1], output) == ("0", ["4,400", "4,400", "8,800"])
    assert row(bill, "Cost")[-1] == f"${said[1]}"
    assert row(bill, "Without caching")[-1] == f"${said[2]}"
    assert "A rehearsal: list price, not spent." in bill
    assert "claude: all briefs shared, dossier cached; tokens estimated." in bill
    assert stage.drafts() == []


def test_a_price_nobody_knows_is_not_a_zero_before_or_after(stage_with: Callable[..., Stage]) -> None:
    stage = stage_with(providers=STRANGERS)
    stage.play("codestral", billed(Usage(input_tokens=1234, output_tokens=56)))
    bill = drawn(Screen("room", tool=[KETTLE]), "bill")
    assert row(bill, "Cost")[1] == "price unknown"
    assert row(bill, "Price unknown") == ["–", "4 drafts", "4 drafts"]
    assert "Nothing is known of the cache of nobody-knows-it" in bill
    stage.drafted(personas=["builder"], providers=["codestral"])
    screen = Screen("tools")
    assert [one for one in captions(screen) if "Today" in one] == ["Today: codestral 1,234 tokens in, price unknown"]
    screen.go("room", tool=[KETTLE])
    assert "So far price unknown" in captions(screen)
    assert drawn(screen, "costs") == ""
    assert row(drawn(opened(screen), "costs"), "Actual") == ["price unknown", "price unknown"]


def test_what_the_budgets_leave_is_said_with_the_plan(stage_with: Callable[..., Stage]) -> None:
    stage_with(budgets={"run": 2, "day": 3, "editor_day": 1, "rehearsal": True})
    bill = drawn(Screen("room", tool=[KETTLE]), "bill")
    assert re.findall(r"Budget, (.+)\.\n", bill) == [
        "this run: $2.00 of $2.00 left",
        "today: $3.00 of $3.00 left",
        "today, Edith Editor: $1.00 of $1.00 left",
    ]


def test_a_run_beyond_the_budget_is_refused_under_its_button(stage_with: Callable[..., Stage]) -> None:
    stage = stage_with(budgets={"run": "0.01", "rehearsal": True})
    screen = Screen("room", tool=[KETTLE]).click("draft-all")
    (refused,) = (bare(one) for one in screen.said("error"))
    assert "the budget (this run) leaves $0.01 of $0.01" in refused
    assert "raise budgets.run in the settings" in refused
    assert stage.drafts() == []
    assert screen.run().said("error") == []


def test_a_take_beyond_the_budget_is_refused_in_its_cell(stage_with: Callable[..., Stage]) -> None:
    stage = stage_with(budgets={"day": "0.01", "rehearsal": True})
    for name in ("claude", "codestral"):
        stage.play(name, billed(Usage(input_tokens=10_000_000)))
    (first,) = stage.drafted(personas=["builder"], providers=["claude"])
    screen = Screen("room", tool=[KETTLE]).ask("again", f"{KETTLE}-builder", draft=first.id)
    assert ["the budget (today) leaves $0.00 of $0.01" in bare(one) for one in screen.said("error")] == [True]
    assert len(stage.drafts()) == 1


def test_a_draft_that_money_did_not_reach_says_so_in_its_pane(stage_with: Callable[..., Stage]) -> None:
    stage = stage_with(budgets={"run": 1, "rehearsal": True}, drafting={"concurrency": 1})
    for name in ("claude", "codestral"):
        stage.play(name, billed(Usage(input_tokens=10_000_000)))
    Screen("room", tool=[KETTLE]).click("draft-all")
    stage.finish()
    panes = Screen("room", tool=[KETTLE]).panes()
    notices = [one["notice"] for one in panes if one["state"] == "failed"]
    assert len(notices) >= 6
    used_up = "The budget (this run, $1.00) is used up; this draft was not sent."
    assert set(notices) == {f"{used_up} Raise budgets.run in the settings, or draft it another day."}


def test_a_plan_is_made_once_while_nothing_it_rests_on_changes(stage: Stage) -> None:
    jobs = stage.bench.planning.jobs(stage.dossier())
    made = planned(stage.bench, jobs)
    assert planned(stage.bench, stage.bench.planning.jobs(stage.dossier())) is made
    assert planned(stage.bench, jobs[:1]).bill.drafts == 1
    stage.drafted(personas=["builder"])
    again = planned(stage.bench, jobs).bill.usage
    assert (made.bill.usage.cache_write_1h_tokens > 0, again.cache_write_1h_tokens) == (True, 0)


def test_a_model_that_goes_is_named_in_the_room(stage_with: Callable[..., Stage]) -> None:
    stage_with(providers=STRANGERS)
    screen = Screen("room", tool=[KETTLE])
    told = [bare(one) for one in [*screen.said("caption"), *screen.said("warning")] if "retire" in one]
    assert len(told) == 1
    assert re.match(r"claude: claude-sonnet-4-5 (retires on|has been retired since) 2026-11-30", told[0])
    assert "Set providers.claude.model to a model that stays" in told[0]


class Warming(ScriptedProvider):
    """Remembers what it was to cache beforehand."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # as the base class takes them
        self.warmed: list[Plan] = []

    async def warm(self, plan: Plan) -> Usage | None:
        self.warmed.append(plan)
        return Usage(cache_write_1h_tokens=6000)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_desks_prompts_are_cached_beforehand_once_where_that_is_wanted(
    stage_with: Callable[..., Stage], wanted: bool
) -> None:
    stage = stage_with(drafting={"prewarm": wanted})
    provider = stage.playing["claude"] = Warming(stage.playing["claude"].config)
    screen = Screen("room", tool=[KETTLE]).run()
    screen.run()
    if wanted:
        until(lambda: len(stage.bench.drafting.warm("claude")) == 2, "the prompts are cached")
    assert len(provider.warmed) == wanted
    screen.run()
    assert (len(provider.warmed), stage.drafts()) == (wanted, [])


# --- afterwards


def test_drafts_keep_their_forecast_and_who_asked_for_them(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE]).click("draft-all")
    stage.finish()
    first = stage.draft("builder", "claude").id
    screen.run().ask("again", f"{KETTLE}-builder", draft=first)
    drafts = stage.finish()
    assert [one.origin.take for one in drafts].count(2) == 1
    assert {one.origin.editor for one in drafts} == {"Edith Editor"}
    forecasts = [one.origin.forecast for one in drafts]
    assert [one is not None and one.cost is not None for one in forecasts] == [True] * 9
    again = stage.draft("builder", "claude").origin.forecast
    assert again is not None
    assert again.usage.cache_write_1h_tokens == 0  # its prefix is still cached


def test_a_hit_that_did_not_come_is_explained_on_the_desk_and_in_its_pane(stage: Stage) -> None:
    stage.play("claude", [Started(model="", miss="system_changed"), *billed(Usage(input_tokens=6000))[1:]])
    stage.play("codestral", billed(Usage(input_tokens=70, cache_read_tokens=6000)))
    Screen("room", tool=[KETTLE]).click("draft-all")
    stage.finish()
    screen = Screen("room", tool=[KETTLE])
    told = next(one for one in captions(screen) if one.startswith("So far"))
    assert re.fullmatch(
        r"So far \$0\.\d{4} at list price, not spent · \d+ % saved by caching · 3 cache hits missed", told
    )
    told = drawn(opened(screen), "costs")
    assert "kettle, skeptic by claude, take 1: About" in told
    assert "what all drafts share was not the same" in told
    skeptic = next(one for one in screen.panes() if one["label"].startswith("Skeptic by claude"))
    assert skeptic["figures"].endswith("cache hit missed")
    assert "should have come from the cache, 0 did" in skeptic["expected"]


def test_a_stopped_drafts_figures_are_lower_bounds(stage: Stage) -> None:
    stage.play("claude", [*billed(Usage(input_tokens=6000, output_tokens=1))[:3], Finished(stop="stopped")])
    stage.drafted(personas=["builder"], providers=["claude"])
    (pane,) = Screen("room", tool=[KETTLE]).panes()
    assert pane["figures"] == "6,000 uncached · ≥ 1 out · ≥ $0.0120 at list price, not spent"
    assert pane["expected"] == "Nothing was predicted. Without caching: $0.0120."


def test_the_tools_page_has_the_days_costs_by_provider(stage: Stage) -> None:
    assert [one for one in captions(Screen()) if "Today" in one] == []
    stage.play("claude", billed(Usage(input_tokens=1_000_000)))
    stage.play("codestral", billed(Usage(input_tokens=1_000_000)))
    stage.drafted(personas=["builder"])
    (today,) = [one for one in captions(Screen()) if "Today" in one]
    assert re.fullmatch(
        r"Today: claude \$\d\.\d\d at list price, not spent; codestral \$0\.\d{4} at list price, not spent", today
    )


def test_the_tools_page_has_the_days_sum_alone_while_a_take_would_tell_whose_it_is(
    stage_with: Callable[..., Stage],
) -> None:
    stage = stage_with(review={"masked": True})
    stage.play("claude", billed(Usage(input_tokens=1_000_000)))
    stage.play("codestral", billed(Usage(input_tokens=1_000_000)))
    drafts = stage.drafted(personas=["builder"])
    (today,) = [one for one in captions(Screen()) if "Today" in one]
    assert re.fullmatch(r"Today: under \$\d\.\d0 at list price, not spent, by provider once every cell .*", today)
    stage.bench.deciding.accept(drafts[0].id, None, Signature(editor="Ann"))
    (today,) = [one for one in captions(Screen()) if "Today" in one]
    assert today.startswith("Today: claude $")


# --- in a browser


def figures(told: str) -> dict[str, int]:
    """`claude: 41,329 read, …` as numbers."""
    return {
        kind: int(number.replace(",", "")) for number, kind in re.findall(r"([\d,]+) (read|written|uncached)", told)
    }


@pytest.mark.browser
def test_what_a_run_took_is_what_its_plan_said(tmp_path: Path, open_page: Callable[[str], Page]) -> None:
    app = start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="60")
    page = open_page(f"{app.url}/tools")
    paste(page, PASTED)
    page.get_by_role("button", name="Add 2 tools").click()
    expect(
        page.get_by_text(re.compile(r"^about \$0\.\d{4} at list price, not spent · \$0\.\d{4} without"))
    ).to_be_visible()
    page.get_by_role("button", name="What this run costs").click()
    expect(page.locator(".bill ~ .notes")).to_contain_text("all briefs shared, dossier cached")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Draft all 16").click()
    expect(page.get_by_role("button", name="Stop 16 drafts")).to_be_visible()
    costs = page.locator(".st-key-costs")
    costs.locator("summary").click()
    expect(page.get_by_role("button", name=re.compile("Stop"))).to_have_count(0, timeout=60_000)

    # The panel that was opened in mid-run is open still, with the whole run's figures: the prompts' to the token.
    expect(page.get_by_text(re.compile(r"at list price, not spent · [1-9]\d % saved by caching"))).to_be_visible()
    told = costs.get_by_role("img", name=re.compile("^claude")).get_attribute("aria-label") or ""
    actual, predicted = (figures(one) for one in told.split("; predicted "))
    assert actual == predicted
    assert actual["read"] > 30_000
    told = costs.get_by_role("img", name=re.compile("^codestral")).get_attribute("aria-label") or ""
    actual, predicted = (figures(one) for one in told.split("; predicted "))
    assert abs(actual["read"] - predicted["read"]) < 64 * 8  # it caches blocks of 64 tokens

    # What one draft took is under it, and what it was to take one click away.
    done = slot(page, "lantern", "skeptic", "claude").get_by_role("region")
    expect(done.get_by_text("Predicted:")).to_be_hidden()
    done.get_by_text(re.compile(r"read · .* out · \$0\.\d{4} at list price, not spent")).click()
    expect(done.get_by_text(re.compile(r"^Predicted: .* Without caching: \$0\.\d{4}\.$"))).to_be_visible()
    page.get_by_role("link", name="Tools").click()
    expect(
        page.get_by_text(re.compile(r"^Today: claude \$0\.\d{4} at list price, not spent; codestral"))
    ).to_be_visible()
    stop(app)


@pytest.mark.browser
def test_real_money_is_held_to_its_budget_and_a_missed_hit_is_explained(
    tmp_path: Path, open_page: Callable[[str], Page]
) -> None:
    endpoint = RehearsalServer(first_token=0.05, tokens_per_second=2000, cache_misses=1)
    providers = {
        "claude": {"api": "anthropic", "model": "claude-sonnet-5-5", "base_url": endpoint.start()},
        "codestral": {"api": "mistral", "model": "codestral-2508", "base_url": endpoint.url},
    }
    app = start(
        tmp_path,
        tmp_path / "work.db",
        WORKBENCH_REHEARSAL__MODE="never",
        WORKBENCH_PROVIDERS=json.dumps(providers),
        WORKBENCH_BUDGETS__RUN="0.06",
    )
    page = open_page(f"{app.url}/tools")
    paste(page, PASTED)
    page.get_by_role("button", name="Add 2 tools").click()
    page.get_by_role("button", name="Draft all 16").click()
    expect(page.get_by_role("alert")).to_contain_text("the budget (this run) leaves $0.06 of $0.06")
    expect(page.get_by_role("button", name="Draft all 16")).to_be_enabled()
    expect(page.get_by_role("region", name=re.compile(" by "))).to_have_count(0)

    page.goto(f"{app.url}/room?tool=lantern")
    page.get_by_role("button", name="What this run costs").click()
    expect(page.locator(".bill ~ .notes")).to_contain_text("Budget, this run: $0.0600 of $0.0600 left.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Draft all 8").click()
    expect(page.locator("[class*=st-key-accept-]")).to_have_count(8, timeout=60_000)
    costs = page.locator(".st-key-costs")
    expect(page.get_by_text(re.compile(r"^So far \$0\.\d{4} · .* · \d cache hits? missed"))).to_be_visible()
    costs.locator("summary").click()
    expect(costs).to_contain_text("the vendor's cache is best effort, and it never names a reason.")
    expect(costs).not_to_contain_text("not spent")
    stop(app)
    endpoint.stop()
