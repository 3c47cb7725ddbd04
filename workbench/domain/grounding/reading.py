"""Reads a text once: its words, its values of every kind, and its cues. A draft and a dossier are read alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.claim import Kind
from workbench.domain.grounding.cues import Cue, cues
from workbench.domain.grounding.dates import Day, dates
from workbench.domain.grounding.names import Version, identifiers, names, versions
from workbench.domain.grounding.quantities import Quantity, quantities
from workbench.domain.grounding.terms import Billing, Licence, Tier, billings, licences, tiers
from workbench.domain.grounding.words import Word, telling, words

_DIGIT = re.compile(r"\d")
Value = Quantity | Day | Version | Licence | Tier | Billing
Named = tuple[str, ...]
"""A name's telling words in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """One value, where it stands. A string is an identifier, a tuple the words of a name."""

    start: int
    end: int
    kind: Kind
    value: Value | Named | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text holds; atoms in order, none overlapping. `telling`: each word's stem, empty if it says nothing.

    `starts`: where each word begins.
    """

    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    telling: tuple[str, ...]
    atoms: tuple[Atom, ...]
    cues: tuple[Cue, ...]


def read(text: str, *, every: bool = False) -> Reading:
    """The text's words, atoms and cues. Where two readings claim the same characters, the more telling kind has them.

    With `every`, small numbers in words are read too: what a fact says so may be claimed in digits.
    """
    found = words(text)
    atoms: list[Atom] = []
    taken = bytearray(len(text) + 1)
    for start, end, kind, value in _claimed(text, found, every=every):
        if end > start and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            atoms.append(Atom(start=start, end=end, kind=kind, value=value))
    return Reading(
        text=text,
        words=tuple(found),
        starts=tuple(one.start for one in found),
        telling=tuple(telling(found)),
        atoms=tuple(sorted(atoms, key=lambda one: one.start)),
        cues=tuple(one for one in cues(found) if not any(taken[one.start : one.end])),
    )


def _claimed(text: str, found: list[Word], *, every: bool) -> Iterator[tuple[int, int, Kind, Value | Named | str]]:
    """What each reading makes of which characters, the more telling kinds first."""
    for start, end, identifier in identifiers(text):
        yield start, end, "identifier", identifier
    for start, end, licence in licences(text):
        yield start, end, "licence", licence
    for start, end, tier in tiers(text):
        yield start, end, "tier", tier
    for start, end, billing in billings(text):
        yield start, end, "price", billing
    # Most sentences hold no digit, and looking for dates and versions costs the most.
    digits = _DIGIT.search(text) is not None
    amounts = list(quantities(text, found, every=every))
    counted = {start for start, _, amount in amounts if amount.units}
    for start, end, day in dates(text) if digits else ():
        if day.month is not None or start not in counted:
            yield start, end, "date", day
    for start, end, version in versions(text, found) if digits else ():
        yield start, end, "version", version
    for start, end, amount in amounts:
        yield start, end, "price" if amount.money else "number", amount
    for start, end, named in names(text, found):
        yield start, end, "name", named
