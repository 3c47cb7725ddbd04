"""Real replies that are no streams: whole answers, lists of models, counts; and that none of them all is forgotten."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.providers import recorded_rules as rules
from tests.providers.recordings import (
    ALL,
    BATCHED,
    COUNTS,
    LISTS,
    MESSAGES,
    REPLAYED,
    Case,
    provider_for,
    reason_not_to_replay,
    usages,
)
from tests.providers.wires import PLAN, Wire, claude, claude_config, codestral, listed, refused
from tests.running import run
from tests.shared_data import needs_shared
from workbench.domain.events import Usage
from workbench.domain.plan import Plan
from workbench.ports import Provider
from workbench.providers import _claude_events, _codestral_events

pytestmark = needs_shared
JSON = {"content-type": "application/json"}


def of(*vendors: str, among: list[Case]) -> list[Case]:
    return [case for case in among if case.vendor in vendors]


def test_every_recording_is_replayed_or_there_is_a_reason_not_to() -> None:
    assert [str(case) for case in ALL if case not in REPLAYED and not reason_not_to_replay(case)] == []
    assert set(ALL) >= REPLAYED


async def warmed(provider: Provider, plan: Plan = PLAN) -> Usage | None:
    try:
        return await provider.warm(plan)
    finally:
        await provider.close()


@pytest.mark.parametrize("case", of("anthropic", among=MESSAGES), ids=str)
def test_a_recorded_whole_answer_of_claude_gives_its_usage(case: Case) -> None:
    wire = Wire(body=case.body, headers={**JSON, **case.headers})
    usage = run(warmed(claude(wire, claude_config(mode="tool"))))
    assert usage is not None
    assert replace(usage, iterations=()) == rules.claude_tokens(case.expected["usage"])
    assert len(wire.requests) == 1  # a wish to wait beside a 200 is no reason to


@pytest.mark.parametrize("case", of("mistral", among=MESSAGES), ids=str)
def test_a_recorded_whole_answer_of_mistral_gives_its_usage(case: Case) -> None:
    usage = _codestral_events.usage_of(case.expected["usage"])
    assert usage == rules.mistral_tokens(case.expected["usage"])


@pytest.mark.parametrize("case", BATCHED, ids=str)
def test_an_answer_out_of_a_batch_is_counted_like_any_other(case: Case) -> None:
    for model, usage in usages(case):
        if case.vendor == "anthropic":
            found = _claude_events.usage_of(usage, model)
            assert replace(found, iterations=()) == rules.claude_tokens(usage)
        else:
            assert _codestral_events.usage_of(usage) == rules.mistral_tokens(usage)


@pytest.mark.parametrize("case", MESSAGES, ids=str)
def test_a_whole_answer_in_a_streams_place_is_no_draft(case: Case) -> None:
    error = run(refused(provider_for(case, Wire(body=case.body, headers={**JSON, **case.headers}))))
    assert (error.kind, error.retryable) == ("not_a_provider", False)


@pytest.mark.parametrize("case", of("anthropic", among=LISTS), ids=str)
def test_a_recorded_list_of_claudes_models_gives_a_card_for_each(case: Case) -> None:
    # One page: a second would be asked for, and this wire gives the same again and again.
    page: dict[str, Any] = {**json.loads(case.body), "has_more": False}
    cards = run(listed(claude(Wire(body=json.dumps(page).encode(), headers=JSON))))
    assert [(card.id, card.name, card.context, card.longest_answer) for card in cards] == [
        (one["id"], one.get("display_name") or "", one.get("max_input_tokens"), one.get("max_tokens"))
        for one in page["data"]
    ]


@pytest.mark.parametrize("case", of("mistral", among=LISTS), ids=str)
def test_a_recorded_list_of_mistrals_models_gives_a_card_for_each(case: Case) -> None:
    cards = run(listed(codestral(Wire(body=case.body, headers=JSON))))
    found = json.loads(case.body)["data"]
    assert [(card.id, list(card.aliases), card.context, card.replacement) for card in cards] == [
        (
            one["id"],
            one.get("aliases") or [],
            one.get("max_context_length"),
            one.get("deprecation_replacement_model") or "",
        )
        for one in found
    ]
    ends = [(card.lifecycle, str(card.retires_on)) for card in cards if card.lifecycle not in {"", "retired"}]
    assert ends == [
        ("deprecated", one["deprecation"][:10]) if one.get("deprecation") else ("active", "None")
        for one in found
        if not one.get("archived") and "deprecation" in one
    ]


@pytest.mark.parametrize("case", COUNTS, ids=str)
def test_a_recorded_count_is_the_plans_size(case: Case) -> None:
    provider = claude(Wire(body=case.body, headers=JSON))
    assert run(provider.count(PLAN)) == json.loads(case.body)["input_tokens"]
