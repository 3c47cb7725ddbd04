"""List prices: the vendors' figures to the cent, and never a price nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage as PricedUsage
from genai_prices import calc_price
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.events import Iteration, Usage
from workbench.domain.models import facts
from workbench.pricing import ListPrices

DAY = datetime(2026, 11, 22, tzinfo=UTC)
MILLION = 1_000_000
TOKENS = st.one_of(st.integers(0, 60_000), st.sampled_from([0, 99_999, 100_000, 100_001, 200_000]))
USAGES = st.builds(
    Usage,
    input_tokens=TOKENS,
    cache_read_tokens=TOKENS,
    cache_write_5m_tokens=TOKENS,
    cache_write_1h_tokens=TOKENS,
    output_tokens=TOKENS,
)


def cost(api: str, model: str, usage: Usage) -> Decimal | None:
    return ListPrices().cost(api, model, usage, DAY)


@pytest.mark.parametrize(
    "model", ["codestral-2508", "codestral-latest", "codestral", "mistral-code-latest", "mistral-code-fim-latest"]
)
def test_codestrals_cached_tokens_cost_a_tenth_under_every_name(model: str) -> None:
    usage = Usage(input_tokens=3600, cache_read_tokens=6400, output_tokens=800)
    assert cost("mistral", model, usage) == Decimal("0.001992")
    known, own = facts("mistral", model), facts("mistral", "codestral-2508")
    assert known is not None
    assert own is not None
    assert (known.minimum, known.read, known.context) == (own.minimum, own.read, own.context)


@pytest.mark.parametrize(
    ("model", "prices"),
    [
        ("claude-opus-5-5", "4 20 5 8 0.20"),
        ("claude-sonnet-5-5", "2 10 2.5 4 0.10"),
        ("claude-sonnet-5", "2 10 2.5 4 0.2"),
        ("claude-opus-5", "5 25 6.25 10 0.5"),
        ("claude-haiku-4-5", "1 5 1.25 2 0.1"),
    ],
)
def test_each_kind_of_token_has_its_own_price(model: str, prices: str) -> None:
    kinds = (
        Usage(input_tokens=MILLION),
        Usage(output_tokens=MILLION),
        Usage(cache_write_5m_tokens=MILLION),
        Usage(cache_write_1h_tokens=MILLION),
        Usage(cache_read_tokens=MILLION),
    )
    assert [cost("anthropic", model, usage) for usage in kinds] == [Decimal(price) for price in prices.split()]


def test_a_draft_pays_for_what_it_wrote_read_and_said() -> None:
    usage = Usage(
        input_tokens=100,
        cache_read_tokens=6000,
        cache_write_5m_tokens=900,
        cache_write_1h_tokens=2000,
        output_tokens=600,
    )
    dollars = 100 * 2 + 6000 * Decimal("0.1") + 900 * Decimal("2.5") + 2000 * 4 + 600 * 10
    assert cost("anthropic", "claude-sonnet-5-5", usage) == dollars / MILLION


@pytest.mark.parametrize(("tokens", "dollars"), [(100_000, "0.01"), (100_001, "0.0500005")])
def test_a_long_prompt_costs_haiku_five_times_as_much(tokens: int, dollars: str) -> None:
    assert cost("anthropic", "claude-haiku-5-5", Usage(input_tokens=tokens)) == Decimal(dollars)


@pytest.mark.parametrize(
    ("api", "model"),
    [
        ("anthropic", "claude-mythos-5"),
        ("anthropic", "qwen3-coder"),
        ("mistral", "codestral-2601"),
        ("mistral", "codestral-next"),
        ("nobody", "codestral-2508"),
        ("anthropic", ""),
    ],
)
def test_a_model_nobody_prices_has_no_price_rather_than_none_to_pay(api: str, model: str) -> None:
    assert cost(api, model, Usage(input_tokens=1000, output_tokens=10)) is None


def test_no_tokens_cost_nothing() -> None:
    assert cost("mistral", "codestral-2508", Usage()) == 0


MAIN = Iteration(input_tokens=100_000, output_tokens=1000)
ADVISOR = Iteration(model="claude-opus-4-8", input_tokens=2543, output_tokens=18)


def several(*passes: Iteration) -> Usage:
    return Usage(
        input_tokens=sum(one.input_tokens for one in passes),
        output_tokens=sum(one.output_tokens for one in passes),
        iterations=passes,
    )


def test_each_pass_is_priced_by_its_own_model_and_alone() -> None:
    main = cost("anthropic", "claude-haiku-5-5", Usage(input_tokens=100_000, output_tokens=1000))
    advisor = cost("anthropic", "claude-opus-4-8", Usage(input_tokens=2543, output_tokens=18))
    assert main is not None
    assert advisor is not None
    # Together they are over the hundred thousand tokens from which this model costs more; neither is alone.
    assert cost("anthropic", "claude-haiku-5-5", several(MAIN, ADVISOR)) == main + advisor


def test_one_pass_nobody_prices_makes_the_whole_unknown() -> None:
    unknown = Iteration(model="claude-mythos-5", input_tokens=1)
    assert cost("anthropic", "claude-haiku-5-5", several(MAIN, unknown)) is None
    assert cost("anthropic", "claude-mythos-5", several(MAIN, ADVISOR)) is None


@settings(max_examples=60, deadline=None)
@given(USAGES, st.sampled_from(["claude-sonnet-5-5", "claude-haiku-5-5", "claude-sonnet-4-5", "codestral-2508"]))
def test_rates_that_are_remembered_give_the_list_s_own_price(usage: Usage, model: str) -> None:
    """Some of them cost more above 100,000 or 200,000 tokens."""
    api = "mistral" if "codestral" in model else "anthropic"
    asked = PricedUsage(
        input_tokens=usage.prompt_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_5m_tokens + usage.cache_write_1h_tokens,
        cache_write_1h_tokens=usage.cache_write_1h_tokens,
        output_tokens=usage.output_tokens,
    )
    listed = calc_price(asked, model_ref=model, provider_id=api, genai_request_timestamp=DAY)
    assert cost(api, model, usage) == listed.total_price


def test_a_price_changes_with_its_day() -> None:
    usage = Usage(input_tokens=MILLION)
    days = (datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 6, 17, tzinfo=UTC))
    before, after = (ListPrices().cost("mistral", "mistral-medium-latest", usage, day) for day in days)
    assert before != after
