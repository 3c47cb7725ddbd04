"""What every wrapper around a provider has in common: it is the inner one but for its stream."""

from __future__ import annotations

from workbench.domain.events import Usage
from workbench.domain.models import ModelCard
from workbench.domain.plan import Plan
from workbench.ports import Provider, ProviderConfig


class Wrapped(Provider):
    """Passes on what the inner provider was opened with, and its end; does nothing else of its own."""

    def __init__(self, inner: Provider) -> None:
        self._inner = inner

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        return self._inner.config

    async def count(self, plan: Plan) -> int | None:
        """The vendor's own count."""
        return await self._inner.count(plan)

    async def models(self) -> tuple[ModelCard, ...]:
        """What this key may use."""
        return await self._inner.models()

    async def warm(self, plan: Plan) -> Usage | None:
        """Write the plan's prefixes to the cache."""
        return await self._inner.warm(plan)

    async def close(self) -> None:
        """Close the SDK's client."""
        await self._inner.close()
