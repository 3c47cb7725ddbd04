"""Which configured models are about to go, and what is known of each: our table beside its vendor's own list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.domain.models import MODELS, ModelCard, ModelFacts, facts, retirement
from workbench.errors import ProviderError
from workbench.ports import Provider, ProviderConfig

AHEAD = timedelta(days=60)
"""How long before its retirement a model is warned of."""
PATIENCE = 15.0
"""Seconds an endpoint has to list its models."""

Ask = Callable[[str, Callable[[Provider], Awaitable[tuple[ModelCard, ...]]]], Future[tuple[ModelCard, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One model: as its endpoint lists it, and as our table does; either may be missing."""

    model: str
    card: ModelCard | None
    facts: ModelFacts | None
    retires_on: date | None

    @property
    def context(self) -> int | None:
        """Tokens of prompt and answer it takes: the smaller word where the two differ."""
        told = [one for one in (self.card and self.card.context, self.facts and self.facts.context) if one]
        return min(told, default=None)

    @property
    def longest_answer(self) -> int | None:
        """Tokens it answers at most, likewise."""
        told = [
            one for one in (self.card and self.card.longest_answer, self.facts and self.facts.longest_answer) if one
        ]
        return min(told, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to do about a provider's model. `past`: it concerns every draft from now on."""

    provider: str
    message: str
    remedy: str
    past: bool


def cards(ask: Ask, provider: str) -> tuple[ModelCard, ...]:
    """What the provider's endpoint lists; empty where it lists nothing. Raises ProviderError and SettingsError."""
    try:
        return ask(provider, lambda opened: opened.models()).result(PATIENCE)
    except TimeoutError:
        raise ProviderError(
            "timed_out", f"The endpoint of {provider} did not list its models in {PATIENCE:.0f} s.", "Try again."
        ) from None


def known(api: str, listed: Sequence[ModelCard] = ()) -> list[Known]:
    """Every model the endpoint lists; what our table has of that API where it lists none."""
    if listed:
        return [_known(api, card.id, card) for card in listed]
    return [_known(api, one.model, None) for one in MODELS if one.api == api]


def notices(
    providers: Iterable[ProviderConfig], on: date, listed: Mapping[str, Sequence[ModelCard]] | None = None
) -> list[Notice]:
    """What is to be done about the configured models on that day; `listed` holds endpoints' cards by provider."""
    found: list[Notice] = []
    for one in providers:
        own = (listed or {}).get(one.name, ())
        card = next((card for card in own if one.model in {card.id, *card.aliases}), None)
        if own and card is None:
            found.append(_unlisted(one, own))
        found.extend(_retiring(one, _known(one.api, one.model, card), on))
    return found


def _known(api: str, model: str, card: ModelCard | None) -> Known:
    told = card.retires_on if card is not None else None
    return Known(model=model, card=card, facts=facts(api, model), retires_on=told or retirement(api, model))


def _unlisted(one: ProviderConfig, listed: Sequence[ModelCard]) -> Notice:
    return Notice(
        provider=one.name,
        message=f"{one.name}: its endpoint does not list the model {one.model}.",
        remedy=f"Set providers.{one.name}.model to one it lists: {', '.join(card.id for card in listed[:5])}, …",
        past=True,
    )


def _retiring(one: ProviderConfig, model: Known, on: date) -> Iterable[Notice]:
    day, card = model.retires_on, model.card
    lifecycle = card.lifecycle if card is not None else ""
    instead = card.replacement if card is not None and card.replacement else "a model that stays"
    remedy = f"Set providers.{one.name}.model to {instead}; `workbench models --provider {one.name}` lists them."
    if day is not None and day <= on:
        said = f"has been retired since {day.isoformat()}: its drafts fail"
    elif lifecycle == "retired":
        said = "is retired: its drafts fail"
    elif day is not None and day <= on + AHEAD:
        left = (day - on).days
        said = f"retires on {day.isoformat()}, in {left} day{'' if left == 1 else 's'}"
    elif lifecycle == "deprecated" and day is None:
        said = "is deprecated; its vendor names no day"
    else:
        return ()
    past = said.endswith("fail")
    return (Notice(provider=one.name, message=f"{one.name}: {one.model} {said}.", remedy=remedy, past=past),)
