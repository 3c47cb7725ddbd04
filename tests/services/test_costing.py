"""Many requests are priced by rates, and never differently from one by one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import NOON, FakePrices, a_config
from workbench.domain.events import Usage
from workbench.pricing import ListPrices
from workbench.services.costing import pricing

tokens = st.integers(0, 60_000)
usages = st.builds(
    Usage,
    input_tokens=tokens,
    cache_read_tokens=tokens,
    cache_write_5m_tokens=tokens,
    cache_write_1h_tokens=tokens,
    output_tokens=tokens,
)


class Counted(ListPrices):
    """List prices, and how often they were asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def cost(self, *args: object, **more: object) -> Decimal | None:
        self.asked += 1
        return super().cost(*args, **more)  # type: ignore[arg-type]  # passed on as they came


@settings(max_examples=20, deadline=None)
@given(st.lists(usages, min_size=1, max_size=40), st.sampled_from(["claude-sonnet-5-5", "claude-haiku-5-5", "unknown"]))
def test_every_price_is_the_list_s_own(many: list[Usage], model: str) -> None:
    """Haiku 5.5 costs five times as much above 100,000 tokens."""
    one = a_config(model=model)
    price = pricing(ListPrices(), one, many, NOON)
    assert [price(each) for each in many] == [ListPrices().cost(one.api, model, each, NOON) for each in many]


@pytest.mark.parametrize(
    ("model", "longest", "at_most"), [("claude-sonnet-5-5", 1000, 8), ("claude-haiku-5-5", 200, 8)]
)
def test_a_long_run_asks_for_few_prices(model: str, longest: int, at_most: int) -> None:
    prices = Counted()
    many = [Usage(input_tokens=100 * number, output_tokens=550) for number in range(longest)]
    price = pricing(prices, a_config(model=model), many, NOON)
    assert all(price(each) is not None for each in many)
    assert prices.asked <= at_most


def test_a_price_with_a_step_in_the_run_is_asked_for_each() -> None:
    many = [Usage(input_tokens=10_000 * number) for number in range(1, 41)]
    price = pricing(ListPrices(), a_config(model="claude-haiku-5-5"), many, NOON)
    assert price(many[9]) == Decimal("0.01")
    assert price(many[10]) == Decimal("0.055")


def test_an_unknown_price_stays_unknown_for_all() -> None:
    many = [Usage(input_tokens=number) for number in range(100)]
    price = pricing(FakePrices(), a_config(model="mystery"), many, NOON)
    assert {price(each) for each in many} == {None}
