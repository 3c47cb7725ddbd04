"""What usage costs, from genai-prices: dated list prices with cache reads and writes.

`codestral-latest` is priced as the dated model it stands for: its own entry lacks the cache-read price.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from workbench.domain.events import Tokens, Usage

_STANDS_FOR = {"codestral-latest": "codestral-2508"}


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
    from genai_prices import Usage as PricedUsage  # noqa: PLC0415 - 0.1 s, and only once a draft has usage
    from genai_prices import calc_price  # noqa: PLC0415

    priced = PricedUsage(
        input_tokens=tokens.prompt_tokens,
        cache_read_tokens=tokens.cache_read_tokens,
        cache_write_tokens=tokens.cache_write_5m_tokens + tokens.cache_write_1h_tokens,
        cache_write_1h_tokens=tokens.cache_write_1h_tokens,
        output_tokens=tokens.output_tokens,
    )
    try:
        price = calc_price(priced, model_ref=_STANDS_FOR.get(model, model), provider_id=api, genai_request_timestamp=at)
    except LookupError:
        return None
    return price.total_price
