"""A dossier, read once and laid out for looking things up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from workbench.domain.claim import Claim
from workbench.domain.dossier import Dossier, Entry
from workbench.domain.grounding.cues import ALIKE, Cue
from workbench.domain.grounding.names import Version, called
from workbench.domain.grounding.opposites import Opposite, denials, opposites
from workbench.domain.grounding.quantities import Quantity
from workbench.domain.grounding.reading import Atom, Reading, Value, read
from workbench.domain.grounding.terms import Tier
from workbench.domain.grounding.units import TELLING_UNITS, UNITS
from workbench.domain.grounding.words import content, stem, words

CARD = ""
"""Stands for the tool's own card where the others are facts: `F1`…"""
_SHORTEST_INITIALS = 3
_TELLING = 40
"""A stem in more facts than this says nothing about which of them is near."""

Refs = frozenset[str]
Stems = frozenset[str]
NOWHERE: Refs = frozenset()
NEAR = 8
"""Words on each side that say what a value is about."""


_PRICING = frozenset(map(stem, ("plan", "tier", "cost", "costs", "price", "pay", "pays", "charge", "entry")))
"""Said of every price, and so of none in particular."""
_BILLING = frozenset(spelled for spelled, unit in UNITS.items() if unit.name in TELLING_UNITS or unit.name == "user")
_RIVAL = re.compile(r"\s*(?:rivals?|competitors?|alternatives?)\b", re.IGNORECASE)


class Told(NamedTuple):
    """A value of a fact, and what it is about. `own`: the fact names nobody but the tool."""

    ref: str
    value: Value
    company: Stems
    own: bool


@dataclass(slots=True)
class Index:
    """What a dossier holds: who says a word, a stem, a value, and each fact's whole text in lower case."""

    free: bool = False
    """Whether one gets in for nothing and no fact names a price."""
    priced: bool = False
    """Whether a fact names a price."""
    ways_in: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict[str, str])
    initials: dict[str, str] = field(default_factory=dict[str, str])
    words: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stems: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    phrases: defaultdict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    opposed: defaultdict[str, list[tuple[str, Opposite]]] = field(default_factory=lambda: defaultdict(list))
    denied: list[Stems] = field(default_factory=list[Stems])
    filed: defaultdict[tuple[type, Hashable], set[Told]] = field(default_factory=lambda: defaultdict(set))
    kin: defaultdict[tuple[type, Hashable], set[Told]] = field(default_factory=lambda: defaultdict(set))
    judged: dict[tuple[str, Refs, bool], tuple[Claim, ...]] = field(
        default_factory=dict[tuple[str, Refs, bool], tuple[Claim, ...]]
    )
    """What was found of a piece of text before, by what it cites and whether it is a summary."""
    own: Stems = NOWHERE
    """The stems of the tool's own name and its vendor's, which tell nothing about a value."""

    def add(self, ref: str, text: str) -> None:
        """Read one fact in."""
        reading = read(text, every=True)
        self.texts[ref] = f"{self.texts.get(ref, '')}\n{text.lower().replace('`', '')}"
        lowered = [one.text.lower() for one in reading.words]
        self.initials[ref] = self.initials.get(ref, "") + "".join(one[0] for one in lowered) + " "
        # Names are written apart or together: VS Code, VSCode.
        for word in [*lowered, *map("".join, pairwise(lowered))]:
            self.words[called(word)].add(ref)
        for telling in filter(None, reading.telling):
            self.stems[ALIKE.get(telling, telling)].add(ref)
        for one in opposites(reading.words):
            self.opposed[one.word.stem].append((ref, one))
        for cue in reading.cues:
            self.phrases[cue.stems].add(ref)
        self.denied.extend(stems for _, stems in denials(reading.words))
        own = not self.strangers(reading)
        for atom in reading.atoms:
            if not isinstance(atom.value, str | tuple):
                self.file(ref, atom.value, self.company(reading, atom), own=own)

    def file(self, ref: str, value: Value, company: Stems = NOWHERE, *, own: bool = True) -> None:
        """Put a value where it will be looked for."""
        told = Told(ref, value, company, own)
        for handle in (value.handle, *value.aliases):
            self.filed[type(value), handle].add(told)
        for one in value.shelves if isinstance(value, Quantity | Tier) else value.kin:
            self.kin[type(value), one].add(told)

    def company(self, reading: Reading, atom: Atom) -> Stems:
        """What a value is about: the telling stems around it, but for units and for the tool's own name.

        Of a price only what it is measured and billed by is left out: a team plan is not a solo plan.
        """
        here = bisect_left(reading.starts, atom.start)
        near = filter(str.isalpha, reading.telling[max(0, here - NEAR) : here + NEAR])
        units = _BILLING if atom.kind == "price" else UNITS
        return frozenset(one for one in near if one not in units and one not in _PRICING and one not in self.own)

    def strangers(self, reading: Reading) -> bool:
        """Whether a text names somebody who is not the tool, or says that it is about a rival."""
        if _RIVAL.match(reading.text) is not None:
            return True
        named = (atom.value for atom in reading.atoms if isinstance(atom.value, tuple))
        return any(stem(word) not in self.own for words_of in named for word in words_of)

    def holders(self, atom: Atom) -> Refs:
        """The facts that hold this very value; none when the dossier does not."""
        value = atom.value
        if isinstance(value, str):
            return frozenset(ref for ref, text in self.texts.items() if _stands_in(value, text))
        if isinstance(value, tuple):
            return self._named(value)
        filed = self.filed.get((type(value), value.handle), ())
        return frozenset(told.ref for told in self._weighty(value, filed) if told.value.agrees(value))

    def rivals(self, value: Value, company: Stems, *, own: bool) -> Refs:
        """The facts that hold another value of the same thing.

        Amounts are of the same thing where they keep company; a price also where the tool has only one of its kind.
        """
        told = [one for kin in value.kin for one in self.kin.get((type(value), kin), ())]
        if isinstance(value, Version):
            return frozenset(
                one.ref for one in told if not (isinstance(one.value, Version) and one.value.admits(value))
            )
        if not isinstance(value, Quantity):
            return frozenset(one.ref for one in self._weighty(value, told))
        near = frozenset(one.ref for one in told if one.company & company)
        if near or not (own and value.money):
            return near
        prices = [one for one in told if one.own]
        alone = len({one.value.handle for one in prices}) == 1
        return frozenset(one.ref for one in prices) if alone else NOWHERE

    def _weighty(self, value: Value, told: Iterable[Told]) -> list[Told]:
        """Only the entry can say that a tool is nothing but free or paid; a fact may speak of one plan among others."""
        whole = isinstance(value, Tier) and (value.only or value.forever) and bool(self.ways_in)
        return [one for one in told if not whole or one.ref in self.ways_in]

    def multiples(self, value: Quantity, factors: Iterable[Decimal]) -> tuple[Refs, frozenset[Decimal]]:
        """The facts whose price gives this one when it is multiplied, and by which of the factors."""
        prices = [
            (one.ref, price)
            for (kind, _), filed in self.filed.items()
            if kind is Quantity
            for one in filed
            if isinstance(one.value, Quantity) and one.value.money and one.value.units == value.units
            # A price of each million tokens is one of each token, too.
            for price in {one.value.amount, one.value.amount * one.value.factor}
        ]
        hits = [(ref, factor) for factor in factors for ref, price in prices if price * factor == value.amount]
        return frozenset(ref for ref, _ in hits), frozenset(factor for _, factor in hits)

    def contrary(self, one: Opposite) -> tuple[Refs, Refs]:
        """The facts that say the contrary: of the same thing, and merely in the same company."""
        told = [(ref, other) for contrary in one.contraries for ref, other in self.opposed.get(contrary, ())]
        same = frozenset(ref for ref, other in told if one.contradicts(other))
        return same, frozenset(ref for ref, other in told if one.near & other.near)

    def affirming(self, denied: Stems) -> Refs:
        """The facts that say what is denied; none when the dossier denies some of it too."""
        if not denied or any(denied & stems for stems in self.denied):
            return NOWHERE
        score = Counter(ref for stem in denied for ref in self.stems.get(stem, NOWHERE))
        return frozenset(ref for ref, shared in score.items() if 2 * shared >= len(denied) and ref != CARD)

    def saying(self, cue: Cue) -> Refs:
        """The facts with the same wording, or with all its stems; “cheaper” stands where “cheap” does."""
        each = (self.stems.get(stem) or self.stems.get(stem.removesuffix("er"), set[str]()) for stem in cue.stems)
        return frozenset.intersection(*map(frozenset, each)) | self.phrases.get(cue.stems, NOWHERE)

    def nearest(self, stems: Iterable[str]) -> str:
        """The fact that shares the most telling stems with these, the card aside; empty when none shares any."""
        known = [one for one in stems if one in self.stems]
        if not known:
            return ""
        score = Counter[str]()
        for one in known:
            refs = self.stems.get(one, NOWHERE)
            # What stands everywhere tells nothing, and costs the most.
            for ref in refs if len(refs) <= _TELLING else ():
                score[ref] += 1 + len(self.texts) // len(refs)
        del score[CARD]
        return max(score, key=lambda ref: (score[ref], -int(ref[1:])), default="")

    def _named(self, value: tuple[str, ...]) -> Refs:
        each = [self._word(word) for word in value]
        if not all(each):
            return frozenset(self.words.get("".join(value), NOWHERE))
        return frozenset.intersection(*each) or frozenset.union(*each)

    def _word(self, word: str) -> Refs:
        known = self.words.get(word) or self.words.get(word.removesuffix("s")) or self.stems.get(stem(word))
        refs = frozenset(known or ())
        if not refs and len(word) >= _SHORTEST_INITIALS:
            return frozenset(ref for ref, initials in self.initials.items() if word in initials)
        return refs


@lru_cache(maxsize=64)
def index(dossier: Dossier) -> Index:
    """The dossier laid out; an unchanged dossier is read once."""
    tool = dossier.tool
    found = Index(own=content(words(f"{tool.name} {tool.vendor}")))
    found.add(CARD, f"{tool.name}\n{tool.vendor}\n{tool.category}\n{tool.url}")
    for fact in dossier.facts:
        found.add(fact.ref, fact.text)
        if fact.source == "entry" and tool.entry is not None:
            found.ways_in = (fact.ref,)
            found.file(fact.ref, Tier(name=tool.entry.value.lower()))
    priced = any(isinstance(one.value, Quantity) and one.value.money for filed in found.filed.values() for one in filed)
    found.priced = priced
    found.free = tool.entry in {Entry.FREE, Entry.OPEN_SOURCE} and not priced
    return found


@lru_cache(maxsize=4096)
def _stands_in(value: str, text: str) -> bool:
    before, after = (r"(?<!\w)" if value[:1].isalnum() else "", r"(?!\w)" if value[-1:].isalnum() else "")
    return re.search(before + re.escape(value) + after, text) is not None
