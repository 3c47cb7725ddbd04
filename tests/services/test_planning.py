"""Which drafts a run makes, which are missing, and what it should cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.fakes import NOON, FakeClock, FakeLibrary, FakePrices, a_config, a_dossier
from tests.services.test_live import a_draft
from workbench.domain.draft import Draft, State
from workbench.domain.ids import PersonaId, ProviderName, ToolId
from workbench.errors import KeyMissingError, LibraryError, UnknownNameError
from workbench.ports import ProviderConfig
from workbench.services.planning import TOKENS_PER_DRAFT, Job, Planning

TWO = {"claude": a_config("claude"), "codestral": a_config("codestral")}


def planning(
    library: FakeLibrary, providers: Mapping[str, ProviderConfig] = TWO, idle: Mapping[str, str] | None = None
) -> Planning:
    return Planning(library=library, providers=providers, idle=idle or {}, prices=FakePrices(), clock=FakeClock())


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


def test_the_estimate_counts_every_prompt_in_full(library: FakeLibrary) -> None:
    made = planning(library)
    jobs = made.jobs(a_dossier())
    estimate = made.estimate(jobs)
    prompt = sum(round(len(one.text) / 4) for job in jobs for one in job.plan.segments)
    assert (estimate.drafts, estimate.prompt_tokens, estimate.output_tokens) == (8, prompt, 8 * TOKENS_PER_DRAFT)
    assert estimate.cost == Decimal(prompt + 2 * 8 * TOKENS_PER_DRAFT) / 1000


def test_one_unknown_price_makes_the_whole_estimate_unknown(library: FakeLibrary) -> None:
    made = planning(library, TWO | {"new": a_config("new", model="mystery")})
    estimate = made.estimate(made.jobs(a_dossier()))
    assert estimate.cost is None
    assert estimate.prompt_tokens > 0


def test_nothing_to_draft_costs_nothing(library: FakeLibrary) -> None:
    estimate = planning(library).estimate([])
    assert (estimate.drafts, estimate.prompt_tokens, estimate.cost) == (0, 0, Decimal(0))
