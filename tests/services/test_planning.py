"""Which drafts a run makes, which are missing, and what it should cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from tests.fakes import NOON, FakeClock, FakeLibrary, FakePrices, a_config, a_dossier
from tests.services.test_live import a_draft
from workbench.domain.bill import total
from workbench.domain.draft import Draft, State
from workbench.domain.events import Usage
from workbench.domain.forecast import TOKENS_PER_DRAFT, without_cache
from workbench.domain.ids import Digest, PersonaId, ProviderName, ToolId
from workbench.domain.plan import Plan
from workbench.errors import KeyMissingError, LibraryError, UnknownNameError
from workbench.ports import ProviderConfig
from workbench.pricing import ListPrices
from workbench.services.counting import Counting
from workbench.services.planning import Job, Planning, RunPlan, Share

TWO = {"claude": a_config("claude"), "codestral": a_config("codestral")}
REAL = {
    "claude": a_config("claude", model="claude-sonnet-5-5"),
    "codestral": replace(a_config("codestral", model="codestral-2508"), api="mistral"),
}
LONG = a_dossier(description="It builds. It tests. " * 200)


def planning(
    library: FakeLibrary, providers: Mapping[str, ProviderConfig] = TWO, idle: Mapping[str, str] | None = None
) -> Planning:
    return Planning(library=library, providers=providers, idle=idle or {}, prices=FakePrices(), clock=FakeClock())


def real(
    library: FakeLibrary,
    providers: Mapping[str, ProviderConfig] = REAL,
    warm: Callable[[str], Collection[Digest]] = lambda _: (),
) -> Planning:
    """Planning for models whose cache is known."""
    return Planning(library=library, providers=providers, idle={}, prices=CachePrices(), clock=FakeClock(), warm=warm)


class CachePrices(FakePrices):
    """A read costs a tenth, a write a quarter more."""

    def cost(self, api: str, model: str, usage: Usage, at: datetime) -> Decimal | None:
        whole = super().cost(api, model, usage, at)
        written = usage.cache_write_5m_tokens + usage.cache_write_1h_tokens
        return None if whole is None else whole + Decimal(written - 3.6 * usage.cache_read_tokens) / 4000


def a_draft_of(job: Job, state: State) -> Draft:
    tool, persona, provider = job.cell
    draft = a_draft()
    origin = replace(draft.origin, tool_id=ToolId(tool), persona_id=PersonaId(persona), provider=ProviderName(provider))
    return replace(draft, origin=origin, state=state, ended_at=NOON)


def test_every_persona_meets_every_provider(library: FakeLibrary) -> None:
    jobs = planning(library).jobs(a_dossier())
    assert len({job.cell for job in jobs}) == len(jobs) == 8
    assert [job.provider.name for job in jobs[:2]] == ["claude", "codestral"]


def test_a_selection_is_drafted_in_the_order_it_was_asked_for(library: FakeLibrary) -> None:
    jobs = planning(library).jobs(a_dossier(), personas=["skeptic", "builder"], providers=["codestral"])
    assert [job.cell for job in jobs] == [("a-tool", "skeptic", "codestral"), ("a-tool", "builder", "codestral")]


def test_all_jobs_of_a_tool_share_everything_but_the_last_line(library: FakeLibrary) -> None:
    plans = [job.plan for job in planning(library).jobs(a_dossier())]
    assert len({plan.cache_key for plan in plans}) == 1
    assert len({plan.segments[:-1] for plan in plans}) == 1
    assert len({plan.segments[-1] for plan in plans}) == 4


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"personas": ["nobody"]}, "There is no persona called “nobody”. Known: builder, business, futurist, skeptic."),
        ({"providers": ["nobody"]}, "There is no provider called “nobody”. Known: claude, codestral."),
    ],
)
def test_a_name_nobody_knows_is_answered_with_those_that_exist(
    library: FakeLibrary, asked: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        planning(library).jobs(a_dossier(), **asked)
    assert str(caught.value) == message


def test_a_provider_without_a_key_says_which_one(library: FakeLibrary) -> None:
    made = planning(library, {"claude": TWO["claude"]}, {"codestral": "MISTRAL_API_KEY is not set"})
    assert [one.name for one in made.providers] == ["claude"]
    with pytest.raises(KeyMissingError, match="“codestral” cannot draft: MISTRAL_API_KEY is not set"):
        made.jobs(a_dossier(), providers=["codestral"])


def test_without_any_provider_every_reason_and_the_remedy_are_named(library: FakeLibrary) -> None:
    idle = {"claude": "ANTHROPIC_API_KEY is not set", "codestral": "MISTRAL_API_KEY is not set"}
    with pytest.raises(KeyMissingError) as caught:
        planning(library, {}, idle).jobs(a_dossier())
    assert "claude: ANTHROPIC_API_KEY is not set; codestral: MISTRAL_API_KEY is not set" in caught.value.message
    assert "WORKBENCH_REHEARSAL__MODE=auto" in caught.value.remedy


def test_without_any_enabled_provider_that_is_the_reason(library: FakeLibrary) -> None:
    with pytest.raises(KeyMissingError, match="none is enabled"):
        planning(library, {}).jobs(a_dossier())


def test_an_empty_library_is_named_before_anything_is_planned() -> None:
    with pytest.raises(LibraryError, match="no persona"):
        planning(FakeLibrary()).jobs(a_dossier())


@pytest.mark.parametrize(
    ("state", "is_missing"),
    [
        ("queued", False),
        ("streaming", False),
        ("done", False),
        ("truncated", True),
        ("refused", True),
        ("interrupted", True),
        ("stopped", True),
        ("failed", True),
    ],
)
def test_only_a_live_or_a_whole_draft_fills_its_cell(library: FakeLibrary, state: State, is_missing: bool) -> None:
    made = planning(library)
    jobs = made.jobs(a_dossier())
    missing = made.missing(jobs, [a_draft_of(jobs[0], state)])
    assert missing == (jobs if is_missing else jobs[1:])


def test_one_whole_take_fills_a_cell_whatever_the_others_came_to(library: FakeLibrary) -> None:
    made = planning(library)
    jobs = made.jobs(a_dossier())
    drafts = [a_draft_of(jobs[0], "done"), a_draft_of(jobs[0], "failed")]
    assert made.missing(jobs, drafts) == jobs[1:]


def test_another_tools_drafts_fill_no_cell_of_this_one(library: FakeLibrary) -> None:
    made = planning(library)
    others = [a_draft_of(job, "done") for job in made.jobs(a_dossier("b-tool"))]
    assert len(made.missing(made.jobs(a_dossier()), others)) == 8


def test_the_first_draft_writes_what_the_others_of_its_provider_read(library: FakeLibrary) -> None:
    run = real(library).plan(real(library).jobs(LONG))
    assert [(job.provider.name, wrote(job)) for job in run.jobs] == [
        (name, persona == 0 and name == "claude") for persona in range(4) for name in ("claude", "codestral")
    ]
    first, *others = [job.forecast.usage for job in run.jobs if job.forecast and job.provider.name == "claude"]
    assert first.cache_read_tokens == 0
    shared = first.cache_write_1h_tokens + first.cache_write_5m_tokens
    assert [one.cache_read_tokens for one in others] == [shared] * 3
    codestral = [job.forecast.usage for job in run.jobs if job.forecast and job.provider.name == "codestral"]
    assert [one.cache_read_tokens > 0 for one in codestral] == [False, True, True, True]


def test_what_is_cached_already_is_read_at_once(library: FakeLibrary) -> None:
    cold = real(library).plan(real(library).jobs(LONG))
    known = {prefix.digest for job in cold.jobs for prefix in job.plan.prefixes}
    warm = real(library, warm=lambda name: known if name == "claude" else ())
    run = warm.plan(warm.jobs(LONG))
    assert not any(wrote(job) for job in run.jobs)
    assert by_name(run)["codestral"].bill == by_name(cold)["codestral"].bill
    claude = by_name(run)["claude"].bill
    assert claude.cost is not None
    assert claude.cost < (by_name(cold)["claude"].bill.cost or 0)


def test_each_tools_drafts_follow_each_other(library: FakeLibrary) -> None:
    made = real(library)
    jobs = [*made.jobs(LONG), *made.jobs(a_dossier("b-tool"))]
    shuffled = jobs[::3] + jobs[1::3] + jobs[2::3]
    run = made.plan(shuffled)
    assert [job.dossier.tool.id for job in run.jobs] == ["a-tool"] * 8 + ["b-tool"] * 8
    assert sorted(job.cell for job in run.jobs) == sorted(job.cell for job in jobs)


def test_one_persona_alone_is_told_what_the_whole_board_is(library: FakeLibrary) -> None:
    made = real(library)
    board = made.plan(made.jobs(LONG))
    alone = made.plan(made.jobs(LONG, personas=["skeptic"], providers=["claude"]))
    assert [job.plan for job in alone.jobs] == [job.plan for job in board.jobs if job.cell == alone.jobs[0].cell]


def test_a_prefix_below_the_models_minimum_has_no_breakpoint_and_is_named(library: FakeLibrary) -> None:
    made = real(library, {"claude": a_config("claude", model="claude-haiku-4-5")})
    run = made.plan([*made.jobs(a_dossier()), *made.jobs(a_dossier("b-tool"))])
    assert [job.plan.prefixes for job in run.jobs] == [()] * 8
    (share,) = run.shares
    assert any(re.fullmatch(TOO_SHORT, note) for note in share.notes), share.notes
    assert share.bill.saved == 0


TOO_SHORT = (
    r"The dossier of A Tool and 1 more is too short to be cached by claude-haiku-4-5 \(\d[\d,]* of 4,096 tokens\)\."
)


def test_a_long_dossier_is_cached_where_the_shared_part_is_too_short_alone(library: FakeLibrary) -> None:
    made = real(library, {"claude": a_config("claude", model="claude-haiku-4-5")})
    run = made.plan(made.jobs(a_dossier(description="It builds. " * 2000)))
    assert {len(job.plan.prefixes) for job in run.jobs} == {1}
    (note,) = run.shares[0].notes
    assert re.fullmatch(
        r"What all drafts share is too short to be cached by claude-haiku-4-5 \([\d,]+ of 4,096 tokens\)\.", note
    )
    assert (run.bill.saved or 0) > 0.4


def test_a_dossier_that_leaves_no_room_for_an_answer_is_named(library: FakeLibrary) -> None:
    made = real(library, {"claude": a_config("claude", model="claude-haiku-4-5")})
    run = made.plan(made.jobs(a_dossier(description="It builds. " * 80_000)))
    (note,) = [one for one in run.shares[0].notes if "no room" in one]
    assert re.fullmatch(
        r"The prompt about A Tool leaves claude-haiku-4-5 no room for an answer \([\d,]+ of 200,000 tokens\)\.", note
    )


def test_vendors_count_only_when_asked_to(library: FakeLibrary) -> None:
    counting = Tally()
    made = Planning(library=library, providers=REAL, idle={}, prices=FakePrices(), clock=FakeClock(), counting=counting)
    made.plan(made.jobs(LONG))
    assert counting.asked == []
    made.plan(made.jobs(LONG), count=True)
    assert counting.asked == ["claude", "codestral"]


class Tally(Counting):
    """Remembers which providers were to count."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def count(self, provider: ProviderConfig, plans: Iterable[Plan]) -> None:
        self.asked.append(provider.name)
        super().count(provider, plans)


def test_a_model_nobody_lists_is_promised_no_cache_and_keeps_its_breakpoints(library: FakeLibrary) -> None:
    made = planning(library)
    run = made.plan(made.jobs(a_dossier()))
    assert {share.facts for share in run.shares} == {None}
    assert run.shares[0].notes == ("Nothing is known of the cache of a-model: what it saves is not in the forecast.",)
    assert [job.plan for job in run.jobs] == [job.plan for job in made.jobs(a_dossier())]
    assert run.bill.usage == without_cache(run.bill.usage)
    assert run.bill.usage.output_tokens == 8 * TOKENS_PER_DRAFT
    assert run.bill.cost == run.bill.uncached == Decimal(run.bill.usage.prompt_tokens + 16 * TOKENS_PER_DRAFT) / 1000


def test_an_unknown_price_is_never_nothing_to_pay(library: FakeLibrary) -> None:
    made = planning(library, {"new": a_config("new", model="mystery")})
    run = made.plan(made.jobs(a_dossier()))
    assert (run.bill.cost, run.bill.uncached, run.bill.unpriced) == (None, None, 4)
    assert {job.forecast.cost for job in run.jobs if job.forecast} == {None}
    assert run.bill.usage.prompt_tokens > 0


def test_nothing_to_draft_is_an_empty_plan(library: FakeLibrary) -> None:
    run = planning(library).plan([])
    assert (run.jobs, run.shares, run.bill.drafts, run.bill.cost) == ((), (), 0, None)


def test_a_plan_made_of_planned_jobs_is_the_same_plan(library: FakeLibrary) -> None:
    made = real(library)
    once = made.plan(made.jobs(LONG))
    assert made.plan(once.jobs) == once


def test_many_drafts_hold_one_copy_of_what_they_share(library: FakeLibrary) -> None:
    made = real(library)
    dossiers = [a_dossier(f"t{number}") for number in range(100)]
    run = made.plan([job for one in dossiers for job in made.jobs(one)])
    assert len(run.jobs) == 800
    copies: dict[str, set[int]] = {}
    for part in (part for job in run.jobs for part in job.plan.segments):
        copies.setdefault(part.kind, set()).add(id(part.text))
    assert len(copies["house"]) == 1
    assert len(copies.get("briefs", ())) <= 1
    assert len(copies.get("brief", ())) <= 4
    assert len(copies["dossier"]) == 100


def test_the_forecast_of_a_run_is_the_sum_of_its_drafts(library: FakeLibrary) -> None:
    made = Planning(
        library=library, providers=REAL, idle={}, prices=ListPrices(), clock=FakeClock(), counting=Counting()
    )
    dossiers = [a_dossier(f"t{number}", description="It builds. " * (50 + number)) for number in range(12)]
    run = made.plan([job for one in dossiers for job in made.jobs(one)])
    for share in run.shares:
        own = [job.forecast for job in run.jobs if job.forecast and job.provider.name == share.provider.name]
        prices = [ListPrices().cost(share.provider.api, share.provider.model, one.usage, NOON) for one in own]
        assert [one.cost for one in own] == prices
        assert share.bill.cost == sum(one for one in prices if one is not None)
        assert share.bill.usage == total(one.usage for one in own)
    assert run.bill.cost == sum(share.bill.cost or 0 for share in run.shares)


def wrote(job: Job) -> bool:
    assert job.forecast is not None
    return job.forecast.usage.cache_write_1h_tokens + job.forecast.usage.cache_write_5m_tokens > 0


def by_name(run: RunPlan) -> dict[str, Share]:
    return {share.provider.name: share for share in run.shares}
