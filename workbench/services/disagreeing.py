"""What disagrees on a page beyond what the checks mark: a quote that differs from a fact is told of once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.domain.contradiction import Contradiction, Place, contradictions
from workbench.domain.finding import Finding
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.scorecard import Scorecard

Found = Mapping[tuple[ToolId, PersonaId], Sequence[Finding]]
"""What the checks say of each quote."""


def disagreements(cards: Iterable[Scorecard], found: Found) -> Iterator[Contradiction]:
    """Pairs of places that cannot both be so, without those of a card and words that conflict with the dossier."""
    for pair in contradictions(cards):
        quoted = [place for place in (pair.one, pair.other) if place.persona_id is not None]
        if len(quoted) == 2 or not any(_marked(place, found) for place in quoted):
            yield pair


def _marked(place: Place, found: Found) -> bool:
    said = found.get((place.tool_id, place.persona_id), ()) if place.persona_id is not None else ()
    return any(one.severity == "conflict" and one.start < place.end and place.start < one.end for one in said)
