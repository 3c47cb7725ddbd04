"""Values that two texts about one tool give for the same thing, where both cannot be so."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.grounding import moods
from workbench.domain.grounding.index import Index
from workbench.domain.grounding.names import Version
from workbench.domain.grounding.quantities import Quantity
from workbench.domain.grounding.reading import read
from workbench.domain.grounding.terms import Licence
from workbench.domain.grounding.words import content, stem, words

_MOST = 60
"""Values of one text that are compared with another's: a quote has a tenth of it."""
_ROUND = 1000
"""An amount without a unit is the size of something only from here on: 256K."""
_VAGUE = frozenset({"%", "times"})
"""A share can be of anything: two of them are of the same thing only if more words say so."""
_OPENNESS = frozenset({"open", "closed", "weights"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A value as a text asserts it, with offsets into the text, and what it is about.

    `company` are the telling stems around it; `sentence` is the number of its sentence in the text.
    """

    start: int
    end: int
    text: str
    value: Quantity | Version | Licence
    company: frozenset[str]
    sentence: int

    @property
    def matter(self) -> str:
        """What two of them disagree about."""
        if isinstance(self.value, Quantity):
            return "the price" if self.value.money else "a figure"
        return "the version" if isinstance(self.value, Version) else "the licence"


def stated(text: str, own: str) -> list[Stated]:
    """The values the text asserts of the tool whose names are `own`, in its order: none that it supposes or judges, and
    none of a sentence that names somebody else, but for what runs on whom."""
    index = Index(own=content(words(own)))
    found: list[Stated] = []
    for number, (start, end) in enumerate(moods.sentences(text)):
        reading = read(text[start:end])
        parts = moods.parts(reading.text)
        strange = index.strangers(reading)
        for atom in reading.atoms:
            value = atom.value
            mood = next((one.mood for one in parts if one.start <= atom.start < one.end), "asserted")
            if not isinstance(value, Quantity | Version | Licence) or mood in {"scenario", "conditional"}:
                continue
            if not strange or isinstance(value, Version):
                company = index.company(reading, atom)
                at, stop = start + atom.start, start + atom.end
                said = text[at:stop]
                found.append(Stated(start=at, end=stop, text=said, value=value, company=company, sentence=number))
            if len(found) == _MOST:
                return found
    return found


def differ(one: Stated, other: Stated) -> bool:
    """Whether they are of the same thing, and not the same."""
    if isinstance(one.value, Quantity) and isinstance(other.value, Quantity):
        return _amounts_differ(one, other)
    if isinstance(one.value, Version) and isinstance(other.value, Version):
        return _versions_differ(one, other)
    if isinstance(one.value, Licence) and isinstance(other.value, Licence):
        families = {one.value.family, other.value.family}
        return not families & _OPENNESS and not _agree(one, other)
    return False


def _agree(one: Stated, other: Stated) -> bool:
    return one.value.agrees(other.value) or other.value.agrees(one.value)


def _amounts_differ(one: Stated, other: Stated) -> bool:
    left, right = one.value, other.value
    assert isinstance(left, Quantity)
    assert isinstance(right, Quantity)
    shared = one.company & other.company
    same = left.handle == right.handle or (left.handle in right.aliases and not left.per | right.per)
    if same or left.several or right.several:
        return False
    if left.money and right.money and left.kin == right.kin:
        # “It costs $49 a month” says of which price it speaks by saying nothing about it.
        return bool(shared) or not (one.company and other.company)
    if left.kin != right.kin:
        bare = not left.units or not right.units
        sized = {"token"} >= left.units | right.units and min(left.amount, right.amount) >= _ROUND
        return bare and sized and not left.per | right.per and bool(shared)
    if not left.units:
        return min(left.amount, right.amount) >= _ROUND and bool(shared)
    return len(shared) > bool(left.units & _VAGUE)


def _versions_differ(one: Stated, other: Stated) -> bool:
    left, right = one.value, other.value
    assert isinstance(left, Version)
    assert isinstance(right, Version)
    named = frozenset(left.kin) & frozenset(right.kin)
    known = left.admits(right) or right.admits(left) or left.number == right.number
    company = (one.company & other.company) - frozenset(map(stem, named))
    return bool(named) and not known and bool(company)
