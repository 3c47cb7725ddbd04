"""Reads the vendors' lists of models into our cards; an endpoint of one's own may say little more than ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from workbench.domain.models import ModelCard
from workbench.providers._bodies import count, items, mapping, text

_STAGES: dict[str, Literal["active", "deprecated", "retired"]] = {
    "active": "active",
    "deprecated": "deprecated",
    "retired": "retired",
}


def claude_cards(page: Mapping[str, object]) -> list[ModelCard]:
    """The models on one page of Anthropic's list."""
    return [_claude_card(card) for card in _cards(page)]


def codestral_cards(listed: Mapping[str, object]) -> tuple[ModelCard, ...]:
    """The models in Mistral's list; every alias has a card of its own."""
    return tuple(_codestral_card(card) for card in _cards(listed))


def _cards(listed: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = (mapping(one) for one in items(listed.get("data")))
    return [card for card in found if text(card.get("id"))]


def _claude_card(card: Mapping[str, object]) -> ModelCard:
    return ModelCard(
        id=text(card.get("id")),
        name=text(card.get("display_name")),
        context=count(card.get("max_input_tokens")),
        longest_answer=count(card.get("max_tokens")),
        lifecycle=_STAGES.get(text(card.get("lifecycle")), ""),
        retires_on=_day(card.get("retires_at")),
    )


def _codestral_card(card: Mapping[str, object]) -> ModelCard:
    # `deprecation` is the day of the removal; it is null while none is planned.
    stage = "retired" if card.get("archived") is True else "deprecated" if card.get("deprecation") else "active"
    return ModelCard(
        id=text(card.get("id")),
        name=text(card.get("name")),
        aliases=tuple(filter(None, map(text, items(card.get("aliases"))))),
        context=count(card.get("max_context_length")) or count(card.get("max_model_len")),
        lifecycle=_STAGES[stage] if "deprecation" in card else "",
        retires_on=_day(card.get("deprecation")),
        replacement=text(card.get("deprecation_replacement_model")),
    )


def _day(moment: object) -> date | None:
    try:
        return datetime.fromisoformat(text(moment)).date()
    except ValueError:
        return None
