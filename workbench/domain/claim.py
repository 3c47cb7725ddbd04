"""What a sentence asserts that could be looked up, and how it stands against the dossier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "number",
    "price",
    "date",
    "version",
    "name",
    "licence",
    "identifier",
    "tier",
    "opposite",
    "denial",
    "mechanism",
    "market",
    "comparison",
    "superlative",
    "universal",
    "time",
]
"""What is asserted: a value of its own, or from `mechanism` on wording that asserts something."""
CUES: frozenset[Kind] = frozenset({"mechanism", "market", "comparison", "superlative", "universal", "time"})
Standing = Literal["in_dossier", "absent", "conflicts", "miscited", "scenario", "opinion"]
"""`absent` says nothing about truth, only that no fact holds it. `conflicts`: a fact of the same kind says otherwise.
`miscited`: a fact holds it, but none that the sentence cites. `scenario`: said of a what-if or a prediction.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`text` is exactly what stands at `start` to `end` of the quote. No two claims of a quote overlap.

    `facts` are the facts that hold it (`F2`…) or contradict it; where none does, the nearest one if any is near. What
    the tool's own card says (its name, vendor, category) is in the dossier without a fact.
    """

    kind: Kind
    standing: Standing
    start: int
    end: int
    text: str
    facts: tuple[str, ...] = ()
