"""What every wrapper around a provider has in common: it is the inner one but for its stream."""

from __future__ import annotations

from workbench.ports import Provider, ProviderConfig


class Wrapped:
    """Passes on what the inner provider was opened with, and its end; does nothing else of its own."""

    def __init__(self, inner: Provider) -> None:
        self._inner = inner

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        return self._inner.config

    async def close(self) -> None:
        """Close the SDK's client."""
        await self._inner.close()
