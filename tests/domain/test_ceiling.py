"""A sum that is told as a bound: above what was spent, and the same whoever wrote one more draft."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.domain.bill import Spent, ceiling

COSTS = some.decimals(min_value="0", max_value="500", places=4)


def spent(provider: str, drafts: int, cost: Decimal | None, *, rehearsal: bool = False) -> Spent:
    return Spent(provider=provider, rehearsal=rehearsal, drafts=drafts, unpriced=0, prompt_tokens=0, cost=cost)


@given(some.lists(some.tuples(some.integers(0, 90_000), COSTS), min_size=1, max_size=3))
def test_a_bound_is_above_the_sum_and_in_whole_dimes(each: list[tuple[int, Decimal]]) -> None:
    bound = ceiling(spent(f"p{number}", drafts, cost) for number, (drafts, cost) in enumerate(each))
    assert bound is not None
    assert bound > sum(cost for _, cost in each)
    assert bound % Decimal("0.1") == 0


@given(some.integers(1, 50), some.integers(1, 50), COSTS, COSTS)
def test_one_more_draft_moves_a_bound_alike_whoever_wrote_it(
    one: int, other: int, dear: Decimal, cheap: Decimal
) -> None:
    def bound(more: int, less: int) -> Decimal | None:
        return ceiling([spent("a", one + more, dear * (one + more)), spent("b", other + less, cheap * (other + less))])

    assert bound(1, 0) == bound(0, 1)


@pytest.mark.parametrize(
    ("drafts", "cost", "bound"),
    [(1, "0.0611", "0.10"), (9, "0.0611", "0.10"), (10, "0.1000", "0.20"), (1, "0", "0.10")],
)
def test_a_bound_is_the_next_dime(drafts: int, cost: str, bound: str) -> None:
    assert ceiling([spent("a", drafts, Decimal(cost))]) == Decimal(bound)


def test_a_rehearsal_adds_nothing_to_what_was_spent_and_no_price_is_no_bound() -> None:
    real, rehearsed = spent("a", 1, Decimal("0.05")), spent("b", 9, Decimal(9), rehearsal=True)
    assert ceiling([real, rehearsed]) == Decimal("0.10")
    assert ceiling([spent("a", 3, None)]) is None
