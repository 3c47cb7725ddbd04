"""A dossier, read once and laid out for looking things up."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from workbench.domain.dossier import Dossier, Entry
from workbench.domain.grounding.cues import Cue
from workbench.domain.grounding.opposites import denials, opposites
from workbench.domain.grounding.quantities import Quantity
from workbench.domain.grounding.reading import Atom, Value, read
from workbench.domain.grounding.terms import Tier

CARD = ""
"""Stands for the tool's own card where the others are facts: `F1`…"""
_SHORTEST_INITIALS = 3
_TELLING = 40
"""A stem in more facts than this says nothing about which of them is near."""

Refs = frozenset[str]
Stems = frozenset[str]
NOWHERE: Refs = frozenset()


@dataclass(slots=True)
class Index:
    """What a dossier holds: who says a word, a stem, a value, and each fact's whole text in lower case."""

    free: bool = False
    """Whether one gets in for nothing and no fact names a price."""
    ways_in: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict[str, str])
    initials: dict[str, str] = field(default_factory=dict[str, str])
    words: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stems: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    phrases: defaultdict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    opposed: defaultdict[str, list[tuple[str, Stems]]] = field(default_factory=lambda: defaultdict(list))
    denied: list[Stems] = field(default_factory=list[Stems])
    filed: defaultdict[tuple[type, Hashable], set[tuple[str, Value]]] = field(default_factory=lambda: defaultdict(set))
    kin: defaultdict[tuple[type, Hashable], set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, ref: str, text: str) -> None:
        """Read one fact in."""
        reading = read(text, every=True)
        self.texts[ref] = f"{self.texts.get(ref, '')}\n{text.lower().replace('`', '')}"
        lowered = [one.text.lower() for one in reading.words]
        self.initials[ref] = self.initials.get(ref, "") + "".join(one[0] for one in lowered) + " "
        # Names are written apart or together: VS Code, VSCode.
        for word in [*lowered, *map("".join, pairwise(lowered))]:
            self.words[word.replace("’", "'").partition("'")[0]].add(ref)
        for stem in filter(None, reading.telling):
            self.stems[stem].add(ref)
        for one, _, near in opposites(reading.words):
            self.opposed[one.stem].append((ref, near))
        for cue in reading.cues:
            self.phrases[cue.stems].add(ref)
        self.denied.extend(stems for _, stems in denials(reading.words))
        for atom in reading.atoms:
            if not isinstance(atom.value, str | tuple):
                self.file(ref, atom.value)

    def file(self, ref: str, value: Value) -> None:
        """Put a value where it will be looked for."""
        for handle in (value.handle, *value.aliases):
            self.filed[type(value), handle].add((ref, value))
        for one in value.kin:
            self.kin[type(value), one].add(ref)

    def holders(self, atom: Atom) -> Refs:
        """The facts that hold this very value; none when the dossier does not."""
        value = atom.value
        if isinstance(value, str):
            return frozenset(ref for ref, text in self.texts.items() if _stands_in(value, text))
        if isinstance(value, tuple):
            return self._named(value)
        filed = self.filed.get((type(value), value.handle), ())
        return frozenset(ref for ref, known in filed if known.agrees(value))

    def rivals(self, value: Value) -> Refs:
        """The facts that hold another value of the same thing."""
        return frozenset(ref for one in value.kin for ref in self.kin.get((type(value), one), ()))

    def contrary(self, contraries: Stems, near: Stems) -> Refs:
        """The facts that hold one of the contraries in the same company."""
        return frozenset(ref for one in contraries for ref, around in self.opposed.get(one, ()) if near & around)

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
        score = Counter[str]()
        for stem in stems:
            refs = self.stems.get(stem, NOWHERE)
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
        refs = frozenset(self.words.get(word, ())) or frozenset(self.words.get(word.removesuffix("s"), ()))
        if not refs and len(word) >= _SHORTEST_INITIALS:
            return frozenset(ref for ref, initials in self.initials.items() if word in initials)
        return refs


@lru_cache(maxsize=64)
def index(dossier: Dossier) -> Index:
    """The dossier laid out; an unchanged dossier is read once."""
    tool = dossier.tool
    found = Index()
    found.add(CARD, f"{tool.name}\n{tool.vendor}\n{tool.category}\n{tool.url}")
    for fact in dossier.facts:
        found.add(fact.ref, fact.text)
        if fact.source == "entry" and tool.entry is not None:
            found.ways_in = (fact.ref,)
            found.file(fact.ref, Tier(name=tool.entry.value.lower()))
    priced = any(isinstance(value, Quantity) and value.money for filed in found.filed.values() for _, value in filed)
    found.free = tool.entry in {Entry.FREE, Entry.OPEN_SOURCE} and not priced
    return found


@lru_cache(maxsize=4096)
def _stands_in(value: str, text: str) -> bool:
    before, after = (r"(?<!\w)" if value[:1].isalnum() else "", r"(?!\w)" if value[-1:].isalnum() else "")
    return re.search(before + re.escape(value) + after, text) is not None
