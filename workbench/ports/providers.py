"""Models behind APIs: how one is configured, asked, priced and closed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from workbench.domain.events import DraftEvent, Usage
from workbench.domain.models import ModelCard
from workbench.domain.plan import Plan


class Secret:
    """A key that prints as dots. `reveal` is called once, where the SDK's client is made."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('••••')"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfig:
    """One configured model. `base_url` empty: the vendor's own. `options` are the adapter's own settings;
    `key_name` is the variable the key came from, for messages; `vendor` makes the model, empty when unknown."""

    name: str
    api: str
    model: str
    key: Secret
    key_name: str = ""
    base_url: str = ""
    rehearsal: bool = False
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    vendor: str = ""


class Provider(Protocol):
    """A configured model behind an API."""

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        ...

    def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The draft's events, ending in Finished or Failed.

        Raises ProviderError before the first event if the request is refused. Closing the iterator
        early closes the connection.
        """
        ...

    async def count(self, plan: Plan) -> int | None:
        """Tokens of the plan's prompt by the vendor's own count; None where it has no counter. Raises ProviderError."""
        del plan
        return None

    async def models(self) -> tuple[ModelCard, ...]:
        """What this key may use; empty where the endpoint does not say. Raises ProviderError."""
        return ()

    async def warm(self, plan: Plan) -> Usage | None:
        """Write the plan's prefixes to the cache without an answer; None where the API refuses that for this
        configuration. Raises ProviderError."""
        del plan
        return None

    async def close(self) -> None:
        """Close the SDK's client."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """A vendor's API at `url`. `options` are the settings keys it understands beyond those every provider has."""

    api: str
    vendor: str
    url: str
    key_name: str
    options: frozenset[str]
    open: Callable[[ProviderConfig], Provider]


class Prices(Protocol):
    """What usage costs."""

    def cost(self, api: str, model: str, usage: Usage, at: datetime) -> Decimal | None:
        """US dollars at the list price of the day; None when the price is unknown (never 0)."""
        ...
