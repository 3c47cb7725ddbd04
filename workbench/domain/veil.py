"""A text with what hides in it made visible, for whoever looks at the original."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from workbench.domain.injection import Suspicion, suspicions
from workbench.domain.orders import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of a text. `kind` says what it does, empty for nothing; `shown` is what a reader is to see of it."""

    text: str
    shown: str
    kind: Kind | None = None


def unveiled(raw: str) -> tuple[Stretch, ...]:
    """The whole text in stretches, in order: joined, their `text` is the raw text.

    What hides is shown by its name in ⟨ ⟩, everything else as it stands. Where suspicions overlap, what hides is shown
    wherever it stands.
    """
    found = suspicions(raw)
    hidden = [one for one in found if one.kind == "hidden"]
    edges = sorted({0, len(raw), *(place for one in found for place in (one.start, one.end))})
    stretches: list[Stretch] = []
    for start, end in pairwise(edges):
        text = raw[start:end]
        veil = next((one for one in hidden if one.start <= start < one.end), None)
        over = next((one for one in found if one.kind != "hidden" and one.start <= start < one.end), None)
        if veil is None:
            stretches.append(Stretch(text=text, shown=text, kind=None if over is None else over.kind))
        else:
            stretches.append(Stretch(text=text, shown=_named(veil, text), kind="hidden"))
    return tuple(stretches)


def visible(raw: str) -> str:
    """The text as one line of thought, with what hides named in ⟨ ⟩."""
    return "".join(one.shown for one in unveiled(raw))


def _named(veil: Suspicion, text: str) -> str:
    if "\U000e0000" <= text[0] <= "\U000e0fff":
        return f"⟨tags: {veil.words}⟩"
    return f"⟨{veil.words}{f' ×{len(text)}' if len(text) > 1 else ''}⟩"
