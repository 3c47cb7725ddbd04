"""Which provider wrote which draft, kept from the editor until the cell is decided."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.domain import mask
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.interest import Makers
from workbench.domain.review import Review
from workbench.errors import FailureKind
from workbench.ports import Store
from workbench.services.live import Sight, Snapshot

_FAILED: Mapping[FailureKind, str] = {
    "key_refused": "Its key was refused.",
    "not_allowed": "Its key may not use its model.",
    "unknown_model": "Its model is not known where it was asked for.",
    "spend_limit": "Its spend limit is reached.",
    "bad_request": "Its request was refused.",
    "too_long": "The request was too long for its model.",
    "rate_limited": "Its rate limit is reached.",
    "overloaded": "It was overloaded.",
    "provider_error": "It had an error of its own.",
    "unreachable": "It could not be reached.",
    "timed_out": "It did not answer in time.",
    "cut_off": "Its answer broke off.",
    "empty_answer": "Its answer was empty.",
    "not_a_provider": "What answered was not what was asked.",
    "wrong_shape": "It did not hand in a review.",
    "too_much_text": "Its answer grew without end.",
    "process_ended": "The workbench ended while it was streaming; what had arrived is kept.",
    "over_budget": "The budget was used up before it was its turn.",
    "bug": "It ended by a fault of ours.",
}
"""What may be said of a failure while the drafter is hidden: its own words name the vendor, a host or a key."""
_THEN = "Ask for another take, or decide with the other draft: the reason in full is shown once the cell has a quote."


class Masking:
    """Masks undecided cells while `on`; `makers` are of the configured models."""

    def __init__(self, *, store: Store, on: bool, makers: Makers | None = None) -> None:
        self._store = store
        self.on = on
        configured = makers.configured if makers is not None else {}
        self.names = mask.names_to_hide((name, model, maker) for (name, model), maker in configured.items())

    def masked(self, cell: Cell | None) -> bool:
        """Whether the cell's providers are hidden; None is a cell without a decision."""
        return mask.masked(cell, on=self.on)

    def hide(self, text: str, dossier: Dossier, *, whole: bool) -> str:
        """The text without what would give its drafter away; all of its end is shown only when it is `whole`."""
        return self.hidden(text, dossier, whole=whole).text

    def hidden(self, text: str, dossier: Dossier, *, whole: bool) -> mask.Hidden:
        """The same, and where the words that are left stand in it."""
        return mask.hidden(text, self.names, _spoken(dossier), whole=whole)

    def review(self, review: Review, dossier: Dossier, *, whole: bool) -> Review:
        """The review without what gives its drafter away; of one that grows, the last sentence's end is held back."""
        last = len(review.sentences) - 1
        return review._replace(
            sentences=tuple(
                one._replace(text=self.hide(one.text, dossier, whole=whole or place < last))
                for place, one in enumerate(review.sentences)
            ),
            reason=self.hide(review.reason, dossier, whole=whole),
        )

    def sight(self, snapshot: Snapshot, dossier: Dossier) -> Sight:
        """What a page may see of a draft that streams; not whom it waits for."""
        waiting = snapshot.draft.waiting
        return Sight(
            self.review(snapshot.review, dossier, whole=snapshot.draft.state == "done"),
            None if waiting is None else replace(waiting, reason=""),
        )

    def failure(self, kind: FailureKind) -> str:
        """What went wrong and what to do next, without a name."""
        return f"{_FAILED[kind]} {_THEN}"

    def sides(
        self, tool_id: ToolId, persona_ids: Sequence[PersonaId], names: Sequence[str]
    ) -> Mapping[PersonaId, tuple[str, ...]]:
        """The order in which each cell shows the providers `names`: drawn by lot once, then the same for everybody.

        A name that is new to a cell comes behind those it has; one that is not asked for keeps its place unshown.
        """
        with self._store.reading() as repositories:
            kept = repositories.sides.of_tool(tool_id)
        if _incomplete(kept, persona_ids, names):
            with self._store.writing() as repositories:
                kept = repositories.sides.of_tool(tool_id)  # another window may have drawn first
                drawn = {one: _drawn(kept.get(one, ()), names) for one in _incomplete(kept, persona_ids, names)}
                repositories.sides.put(tool_id, drawn)
                kept.update(drawn)
        asked = set(names)
        return {one: tuple(name for name in kept.get(one, ()) if name in asked) for one in persona_ids}


def _incomplete(
    kept: Mapping[PersonaId, tuple[str, ...]], persona_ids: Sequence[PersonaId], names: Sequence[str]
) -> list[PersonaId]:
    return [one for one in persona_ids if not set(names) <= set(kept.get(one, ()))]


def _drawn(kept: tuple[str, ...], names: Sequence[str]) -> tuple[str, ...]:
    fresh = [name for name in dict.fromkeys(names) if name not in kept]
    secrets.SystemRandom().shuffle(fresh)
    return (*kept, *fresh)


def _spoken(dossier: Dossier) -> str:
    """Everything the material says, from which a draft may take a name without giving itself away."""
    tool = dossier.tool
    facts = (f"{fact.text} {fact.source}" for fact in dossier.facts)
    return "\n".join((tool.name, tool.vendor, tool.category, tool.tagline, dossier.description, *facts))
