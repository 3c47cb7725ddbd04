"""The facts of each model: the vendor's own words, the price list's ratios, and no retirement forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from workbench.domain.events import Usage
from workbench.domain.models import MODELS, ModelFacts, facts, retirement
from workbench.pricing import ListPrices

DAY = datetime(2026, 11, 22, tzinfo=UTC)
UNPRICED = {"claude-mythos-5-1", "claude-mythos-5", "claude-mythos-preview"}
REFUSES_FORCED_TOOLS = {
    "claude-opus-5-5",
    "claude-sonnet-5-5",
    "claude-fable-5-1",
    "claude-fable-5-2",
    "claude-mythos-5-1",
    "claude-mythos-5-2",
    "claude-mythos-preview",
}
MINIMA = {
    512: "fable-5 fable-5-1 fable-5-2 mythos-5 mythos-5-1 mythos-5-2 opus-5 opus-5-5 sonnet-5-5 haiku-5-5",
    1024: "opus-4-8 sonnet-5 sonnet-4-6 sonnet-4-5",
    2048: "opus-4-7 mythos-preview",
    4096: "opus-4-6 opus-4-5 haiku-4-5",
}
CLAUDES = [one for one in MODELS if one.api == "anthropic"]


def price(one: ModelFacts, usage: Usage) -> float:
    found = ListPrices().cost(one.api, one.model, usage, DAY)
    assert found is not None
    return float(found)


@pytest.mark.parametrize("one", [one for one in MODELS if one.model not in UNPRICED], ids=lambda one: one.model)
def test_the_multipliers_are_the_ratios_of_the_list_prices(one: ModelFacts) -> None:
    plain = price(one, Usage(input_tokens=10_000))
    assert price(one, Usage(cache_read_tokens=10_000)) == pytest.approx(one.read * plain)
    assert price(one, Usage(cache_write_5m_tokens=10_000)) == pytest.approx(one.write_5m * plain)
    assert price(one, Usage(cache_write_1h_tokens=10_000)) == pytest.approx(one.write_1h * plain)


def test_the_price_list_knows_every_other_model() -> None:
    unknown = {one.model for one in MODELS if ListPrices().cost(one.api, one.model, Usage(), DAY) is None}
    assert unknown == UNPRICED


def test_every_retirement_the_vendors_sdk_warns_of_is_known() -> None:
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    told = {model: _day(words) for model, words in DEPRECATED_MODELS.items()}
    assert told
    assert {model: retirement("anthropic", model) for model in told} == told


def test_nothing_else_is_said_to_retire() -> None:
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    retiring = {one.model for one in MODELS if retirement(one.api, one.model) is not None}
    assert retiring == {"claude-mythos-preview", "claude-sonnet-4-5"}
    assert retiring <= DEPRECATED_MODELS.keys()
    assert retirement("mistral", "claude-sonnet-4-5") is None


def test_each_prefix_minimum_is_the_one_the_vendor_names() -> None:
    named = {f"claude-{name}": tokens for tokens, names in MINIMA.items() for name in names.split()}
    assert {one.model: one.minimum for one in CLAUDES} == named
    assert {one.minimum for one in MODELS if one.api == "mistral"} == {64}


def test_the_newest_models_refuse_a_forced_tool() -> None:
    assert {one.model for one in MODELS if not one.forced_tool} == REFUSES_FORCED_TOOLS


def test_a_model_thinks_only_in_ways_it_may_be_told() -> None:
    for one in CLAUDES:
        assert one.thinking, one.model
        assert one.thinks or "disabled" in one.thinking, one.model
    assert [one.thinking for one in CLAUDES if one.model == "claude-sonnet-5-5"] == [{"adaptive", "between_tools"}]
    assert {one.model for one in CLAUDES if "enabled" in one.thinking} == {
        "claude-opus-4-6",
        "claude-opus-4-5",
        "claude-sonnet-4-6",
        "claude-sonnet-4-5",
        "claude-haiku-4-5",
    }


def test_only_a_vendor_that_bills_writes_has_writes_forecast() -> None:
    assert {one.api for one in MODELS if one.bills_writes} == {"anthropic"}


@pytest.mark.parametrize(
    ("api", "model", "found"),
    [
        ("anthropic", "claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic", "claude-sonnet-5-5", "claude-sonnet-5-5"),
        ("mistral", "codestral-latest", "codestral-latest"),
        ("mistral", "claude-sonnet-5-5", None),
        ("anthropic", "claude-sonnet-6", None),
        ("anthropic", "qwen3-coder", None),
        ("anthropic", "", None),
    ],
)
def test_a_model_is_known_by_its_id_with_or_without_its_date(api: str, model: str, found: str | None) -> None:
    known = facts(api, model)
    assert (known.model if known is not None else None) == found


def test_every_row_names_its_source_and_the_day_it_was_read() -> None:
    assert all(one.source for one in MODELS)
    assert {one.checked for one in MODELS} == {DAY.date()}
    assert len({(one.api, one.model) for one in MODELS}) == len(MODELS)


def _day(words: str) -> date:
    """`November 30th, 2026` as a date."""
    month, day, year = words.replace(",", "").split()
    return datetime.strptime(f"{month} {day.rstrip('stndrh')} {year}", "%B %d %Y").replace(tzinfo=UTC).date()
