"""Prices what a run is forecast to use: many requests to one model, alike but for their lengths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from workbench.domain.events import Usage
from workbench.ports import Prices, ProviderConfig

Pricing = Callable[[Usage], Decimal | None]
_KINDS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
_STEP = 1000
_FEW = 24
"""Up to so many requests are priced one by one."""


def pricing(prices: Prices, provider: ProviderConfig, usages: Sequence[Usage], at: datetime) -> Pricing:
    """The prices of these usages, to the digit: a price list takes half a millisecond to ask, so it is asked for the
    rates, and for each usage only where the rates of the longest prompt do not hold for the shortest."""

    def listed(usage: Usage) -> Decimal | None:
        return prices.cost(provider.api, provider.model, usage, at)

    if len(usages) <= _FEW:
        return listed
    shortest, longest = (pick(usages, key=lambda one: one.prompt_tokens) for pick in (min, max))
    base = listed(longest)
    if base is None:
        return listed
    rates = {kind: _rate(listed, longest, kind, base) for kind in _KINDS}

    def by_rates(usage: Usage) -> Decimal:
        return base + sum(
            (rates[kind] * (getattr(usage, kind) - getattr(longest, kind)) for kind in _KINDS), Decimal(0)
        )

    return by_rates if by_rates(shortest) == listed(shortest) else listed


def _rate(listed: Pricing, longest: Usage, kind: str, base: Decimal) -> Decimal:
    more = listed(replace(longest, **{kind: getattr(longest, kind) + _STEP}))
    return ((more or base) - base) / _STEP
