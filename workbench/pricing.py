"""What usage costs, from genai-prices: dated list prices with cache reads and writes.

Codestral's other names are priced as the dated model they stand for: the lists know them not, or without cached tokens.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.domain.events import Tokens, Usage
from workbench.domain.models import dated

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

_KINDS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
MOST_KEPT = 64
"""Rates that are remembered: of a few models, for the minute."""


class ListPrices:
    """The `Prices` port over genai-prices' built-in tables; nothing is fetched."""

    def cost(self, api: str, model: str, usage: Usage, at: datetime) -> Decimal | None:
        """US dollars, each pass by its own model's price; None when one of them is unknown."""
        if not usage.iterations:
            return _price(api, model, usage, at)
        # One by one: the other model has other prices, and a long prompt's surcharge counts each pass alone.
        prices = [_price(api, one.model or model, one, at) for one in usage.iterations]
        known = [price for price in prices if price is not None]
        return sum(known, Decimal(0)) if len(known) == len(prices) else None


def _price(api: str, model: str, tokens: Tokens, at: datetime) -> Decimal | None:
    """What genai-prices says, to the digit: it takes half a millisecond to ask, so it is asked for the rates, which
    hold for a minute and between two steps in a prompt's length."""
    minute = at.replace(second=0, microsecond=0)
    steps = _steps(api, model, minute)
    if steps is None:
        return None
    fewest = max((step + 1 for step in steps if step < tokens.prompt_tokens), default=0)
    base, rates = _rates(api, model, minute, fewest)
    counts = [getattr(tokens, kind) for kind in _KINDS]
    counts[0] -= fewest
    return base + sum((rate * number for rate, number in zip(rates, counts, strict=True) if number), Decimal(0))


@lru_cache(maxsize=MOST_KEPT)
def _steps(api: str, model: str, at: datetime) -> frozenset[int] | None:
    """The prompt tokens above which other rates hold; None for a model nobody knows."""
    from genai_prices.types import TieredPrices  # noqa: PLC0415 - 0.1 s, and only once a draft has usage

    try:
        listed = _listed(api, model, Tokens(), at).model_price
    except LookupError:
        return None
    tiered = (price for price in vars(listed).values() if isinstance(price, TieredPrices))
    return frozenset(tier.start for price in tiered for tier in price.tiers)


@lru_cache(maxsize=MOST_KEPT)
def _rates(api: str, model: str, at: datetime, fewest: int) -> tuple[Decimal, tuple[Decimal, ...]]:
    """What a prompt of `fewest` uncached tokens costs, and one more token of each kind."""
    least = Tokens(input_tokens=fewest)
    more = (replace(least, **{kind: getattr(least, kind) + 1}) for kind in _KINDS)
    base, *each = (_listed(api, model, tokens, at).total_price for tokens in (least, *more))
    return base, tuple(one - base for one in each)


def _listed(api: str, model: str, tokens: Tokens, at: datetime) -> PriceCalculation:
    from genai_prices import Usage as PricedUsage  # noqa: PLC0415
    from genai_prices import calc_price  # noqa: PLC0415

    priced = PricedUsage(
        input_tokens=tokens.prompt_tokens,
        cache_read_tokens=tokens.cache_read_tokens,
        cache_write_tokens=tokens.cache_write_5m_tokens + tokens.cache_write_1h_tokens,
        cache_write_1h_tokens=tokens.cache_write_1h_tokens,
        output_tokens=tokens.output_tokens,
    )
    return calc_price(priced, model_ref=dated(api, model), provider_id=api, genai_request_timestamp=at)
