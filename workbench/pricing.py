"""What usage costs, from genai-prices: dated list prices with cache reads and writes.

`codestral-latest` is priced as the dated model it stands for: its own entry lacks the cache-read price.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from workbench.domain.events import Usage

_STANDS_FOR = {"codestral-latest": "codestral-2508"}


class ListPrices:
    """The `Prices` port over genai-prices' built-in tables; nothing is fetched."""

    def cost(self, api: str, model: str, usage: Usage, at: datetime) -> Decimal | None:
        """US dollars, or None when the model's price is unknown."""
        from genai_prices import Usage as PricedUsage  # noqa: PLC0415 - 0.1 s, and only once a draft has usage
        from genai_prices import calc_price  # noqa: PLC0415

        priced = PricedUsage(
            input_tokens=usage.prompt_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_write_tokens=usage.cache_write_5m_tokens + usage.cache_write_1h_tokens,
            cache_write_1h_tokens=usage.cache_write_1h_tokens,
            output_tokens=usage.output_tokens,
        )
        try:
            price = calc_price(
                priced, model_ref=_STANDS_FOR.get(model, model), provider_id=api, genai_request_timestamp=at
            )
        except LookupError:
            return None
        return price.total_price
