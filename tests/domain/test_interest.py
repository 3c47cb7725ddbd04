"""Who owns what, and what a drafter's maker has at stake."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.services.test_live import a_draft
from workbench.domain.decision import Cell
from workbench.domain.dossier import Tool
from workbench.domain.ids import DraftId, PersonaId, ProviderName, ToolId
from workbench.domain.interest import (
    VENDORS,
    Interest,
    Makers,
    interest,
    named_in,
    needs_second,
    owner,
    owner_of,
    strongest,
)


def a_tool(name: str, vendor: str = "") -> Tool:
    return Tool(id=ToolId(name.lower()), name=name, vendor=vendor)


CLAUDE = a_tool("Claude 4 API: Tool Use", "Anthropic")
CODESTRAL = a_tool("Codestral 2.1", "Mistral AI")
KETTLE = a_tool("Kettle", "Steam Works")


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("Anthropic", "Anthropic"),
        ("anthropic, PBC", "Anthropic"),
        ("Mistral", "Mistral AI"),
        ("Mistral AI SAS", "Mistral AI"),
        ("GitHub, Inc.", "Microsoft"),
        ("GitHub (Microsoft)", "Microsoft"),
        ("Google DeepMind", "Google"),
        ("Google Cloud", "Google"),
        ("AWS", "Amazon"),
        ("  Steam   Works ", "Steam Works"),
        ("Metabase", "Metabase"),
        ("Meta Analytics", "Meta Analytics"),
        ("Cloud Inc", "Cloud Inc"),
        ("", ""),
    ],
)
def test_a_company_is_known_by_all_its_names_and_by_no_part_of_another_s(name: str, company: str) -> None:
    assert owner(name) == company


@pytest.mark.parametrize(
    ("tool", "company"),
    [
        (a_tool("Codestral 2.1"), "Mistral AI"),
        (a_tool("GitHub Copilot"), "Microsoft"),
        (a_tool("codestral-2508"), "Mistral AI"),
        (a_tool("GPT-5"), "OpenAI"),
        (a_tool("A linter for Claude"), ""),
        (a_tool("Metabase"), ""),
        (a_tool("A sonnet writer"), ""),
        (a_tool("Claude helper", "Steam Works"), "Steam Works"),
    ],
)
def test_a_tool_is_its_vendor_s_and_without_one_its_product_name_s(tool: Tool, company: str) -> None:
    assert owner_of(tool) == company


def test_the_first_of_several_names_counts() -> None:
    assert named_in("Copilot with Claude") == "Microsoft"
    assert named_in("Claude on Bedrock") == "Anthropic"


@given(some.sampled_from([(vendor, name) for vendor in VENDORS for name in (vendor.name, *vendor.aliases)]))
def test_every_registered_name_leads_to_its_owner(registered: tuple[object, str]) -> None:
    vendor, name = registered
    assert owner(name) == owner(f"{name}, Inc.") == getattr(vendor, "name", "")


def test_no_name_has_two_owners() -> None:
    names = [name.casefold() for vendor in VENDORS for name in vendor.names]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("maker", "subject", "other", "stake"),
    [
        ("Anthropic", CLAUDE, CODESTRAL, "self"),
        ("Anthropic", CODESTRAL, CLAUDE, "rival"),
        ("Mistral", CODESTRAL, CLAUDE, "self"),
        ("Mistral", CLAUDE, CODESTRAL, "rival"),
        ("OpenAI", CLAUDE, CODESTRAL, "neutral"),
        ("", CLAUDE, CODESTRAL, "neutral"),
        ("steam works", KETTLE, CLAUDE, "self"),
        ("Steam Works Ltd", CLAUDE, KETTLE, "rival"),
        ("Anthropic", KETTLE, a_tool("Bare"), "neutral"),
    ],
)
def test_a_maker_has_its_own_tool_or_another_on_the_page_at_stake(
    maker: str, subject: Tool, other: Tool, stake: Interest
) -> None:
    assert interest(maker, subject, [other]) == stake


def test_a_vendor_that_only_competes_is_neutral() -> None:
    assert interest("OpenAI", CLAUDE) == "neutral"


def test_a_tool_nobody_owns_is_not_an_unknown_maker_s() -> None:
    assert interest("", a_tool("Bare"), [a_tool("Other")]) == "neutral"


@given(some.lists(some.sampled_from(get_args(Interest))))
def test_the_strongest_stake_is_told(stakes: list[Interest]) -> None:
    order: list[Interest] = ["neutral", "rival", "self"]
    assert order.index(strongest(stakes)) == max((order.index(one) for one in stakes), default=0)


def test_the_settings_name_a_model_s_maker_and_the_model_s_name_does_once_they_do_not() -> None:
    makers = Makers(
        {("house", "m-1"): "Acme Inc", ("gateway", "claude-x"): "", ("codestral", "codestral-1"): "Mistral"}
    )
    origin = a_draft().origin

    def of(provider: str, model: str) -> str:
        return makers.of(replace(origin, provider=ProviderName(provider), model=model))

    assert of("house", "m-1") == "Acme Inc"
    assert of("gateway", "claude-x") == ""  # a gateway of one's own: it was not said who makes its model
    assert of("codestral", "codestral-1") == "Mistral AI"
    assert of("claude", "claude-sonnet-4") == "Anthropic"  # drafted before the settings changed
    assert of("claude", "who-knows") == ""


def a_cell(*, text: str = "Good.", edited: bool = False, seconded_by: str = "") -> Cell:
    return Cell(
        tool_id=ToolId("t"),
        persona_id=PersonaId("p"),
        text=text,
        draft_id=DraftId("d"),
        edited=edited,
        seconded_by=seconded_by,
    )


def test_only_a_maker_s_own_unedited_praise_needs_a_second_editor() -> None:
    assert needs_second(a_cell(), "self", rehearsal=False)
    assert not needs_second(a_cell(), "self", rehearsal=True)
    assert not needs_second(a_cell(), "rival", rehearsal=False)
    assert not needs_second(a_cell(), "neutral", rehearsal=False)
    assert not needs_second(a_cell(edited=True), "self", rehearsal=False)
    assert not needs_second(a_cell(seconded_by="Bob"), "self", rehearsal=False)
    assert not needs_second(a_cell(text=""), "self", rehearsal=False)
