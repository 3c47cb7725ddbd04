"""What drafts cost, grouped as somebody asks for it, and why a cache hit that was foreseen did not come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from workbench.domain.bill import Bill, Charge, bill
from workbench.domain.draft import Draft
from workbench.domain.ids import PersonaId
from workbench.domain.models import facts

Group = Literal["day", "provider", "model", "editor", "run"]

SLACK = 0.05
"""Shares of a prompt may differ by this much from the forecast's before it counts as a miss."""
_REASONS = {
    "system_changed": "the vendor says that what all drafts share was not the same as in the request before it",
    "tools_changed": "the vendor says that the answer's tool was not the same as in the request before it",
    "model_changed": "the vendor says that the model was not the same as in the request before it",
    "messages_changed": "the vendor says that the dossier or the thinking setting was not the same as in the request "
    "before it",
    "previous_message_not_found": "the vendor no longer knew the request it was to be compared with",
    "unavailable": "the vendor could not compare it with the request before it",
    "sent_early": "it was sent before the response that writes the entry had begun",
}
_UNNAMED = "the vendor names no reason, so the entry had expired or was evicted"
_BEST_EFFORT = "the vendor's cache is best effort, and it never names a reason"


def bills(charges: Iterable[Charge], by: Sequence[Group]) -> dict[tuple[str, ...], Bill]:
    """A bill for each combination of what it is grouped by, in order; days are UTC and read `2026-11-23`."""
    found: dict[tuple[str, ...], list[Charge]] = {}
    for one in charges:
        found.setdefault(tuple(_value(one, group) for group in by), []).append(one)
    return {key: bill(found[key]) for key in sorted(found)}


def by_persona(drafts: Iterable[Draft]) -> dict[PersonaId, Bill]:
    """A bill for each persona's drafts."""
    found: dict[PersonaId, list[Charge]] = {}
    for one in drafts:
        found.setdefault(one.origin.persona_id, []).append(one.charge)
    return {persona_id: bill(charges) for persona_id, charges in found.items()}


def explain(draft: Draft) -> str:
    """Why fewer tokens came from the cache than foreseen, in a sentence; empty when there is nothing to explain."""
    forecast, usage = draft.origin.forecast, draft.usage
    if draft.live or forecast is None or usage is None or not usage.prompt_tokens:
        return ""
    foreseen = forecast.usage.cache_read_tokens
    # Shares, since a forecast by length may be wrong about every token alike.
    missed = foreseen / max(1, forecast.usage.prompt_tokens) - usage.cache_read_tokens / usage.prompt_tokens
    if missed <= SLACK:
        return ""
    lost = f" ({draft.missed_tokens:,} tokens)" if draft.missed_tokens else ""
    silent = _BEST_EFFORT if facts("mistral", draft.origin.model) is not None else _UNNAMED
    why = _REASONS.get(draft.miss, f"the vendor says “{draft.miss}”") if draft.miss else silent
    return f"About {foreseen:,} tokens should have come from the cache, {usage.cache_read_tokens:,} did: {why}{lost}."


def _value(one: Charge, group: Group) -> str:
    match group:
        case "day":
            return one.at.date().isoformat()
        case "run":
            return one.run_id
        case _:
            return str(getattr(one, group))
