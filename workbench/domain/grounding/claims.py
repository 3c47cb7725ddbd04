"""Finds what a review asserts and says how each of it stands against the dossier: in it, absent, contrary to it.

No model, no network, no judgement of truth. Marks of one quote never overlap: a value goes before the wording around
it, and wording is marked once for each piece of a sentence that holds no mark yet.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from workbench.domain.claim import Claim, Kind, Standing
from workbench.domain.dossier import Dossier
from workbench.domain.grounding import moods
from workbench.domain.grounding.cues import Cue
from workbench.domain.grounding.index import CARD, NOWHERE, Index, Refs, index
from workbench.domain.grounding.opposites import denials, opposites
from workbench.domain.grounding.quantities import Quantity, figures
from workbench.domain.grounding.reading import Atom, Reading, read
from workbench.domain.grounding.words import Word, stem
from workbench.domain.review import Review

_LONGEST = 2000
"""Characters of a sentence that are read at once."""
_PLENTY = 100
"""More values than this in one piece are a table, not a sentence."""
_KEPT = 512
"""Pieces that are remembered for each dossier."""
_COMPANY = 12
"""Words on each side that say what a value is about."""
_CHARGING = frozenset(map(stem, ("price", "discount", "invoice", "billing", "sku", "selling", "sold", "charge", "fee")))
_DIFFERENCE = re.compile(
    r"(?:[\s-]?\w{1,20}){0,2}\s(?:faster|slower|more|less|fewer|cheaper|dearer|longer|shorter|later|earlier|sooner|ahead|behind"
    r"|smaller|larger|bigger|after|before|off|saved)\b",
    re.IGNORECASE,
)
"""By how much two things differ is neither of them."""
_PRICED = frozenset(map(stem, ("price", "priced", "cost", "charge", "fee", "token", "api", "list", "pay", "pays")))
"""Wording that a price in the dossier bears out."""
_DENYING = re.compile(r"\b(?:no|not|never|without|nothing|nobody)\b|n['’]t\b", re.IGNORECASE)
"""There is no invoice, which goes with being free."""
_SPARED = re.compile(r"\b(?:saves?|avoids?|spares?|instead of|rather than)\b", re.IGNORECASE)
"""Somebody else charges."""
_STANDING: frozenset[Kind] = frozenset({"price", "version", "licence", "tier"})
_SUPPOSED: frozenset[moods.Mood] = frozenset({"scenario", "conditional"})
_YEAR = Decimal(12)
"""A price by the month, so many times, is one by the year."""
_SUMS = 8
"""More numbers than this are no reckoning."""


def claims(review: Review, dossier: Dossier, *, summary: bool = False) -> list[Claim]:
    """Every claim of the quote in order, with offsets into `review.quote`.

    A `summary` supposes and judges nothing, and what it denies has to be denied in the dossier; in a quote “not this
    but that” is a figure of speech. A sentence of more than 2,000 characters is read in pieces.
    """
    known = index(dossier)
    found: list[Claim] = []
    start = 0
    for sentence in review.sentences:
        text = sentence.text.strip()
        cited = frozenset(one for one in sentence.facts if one in known.texts)
        for begin, end in moods.pieces(text, _LONGEST):
            for one in _judged(text[begin:end], known, cited, summary=summary):
                at = start + begin
                found.append(_moved(one, at) if at else one)
        # As in `Review.quote`: a blank between sentences, nothing for one without text.
        start += len(text) + 1 if text else 0
    return found


def _moved(one: Claim, by: int) -> Claim:
    """The claim so many characters further on."""
    return Claim(
        kind=one.kind,
        standing=one.standing,
        start=one.start + by,
        end=one.end + by,
        text=one.text,
        facts=one.facts,
    )


def _judged(piece: str, known: Index, cited: Refs, *, summary: bool) -> tuple[Claim, ...]:
    """The claims of one piece, with offsets into it: while an editor types, all but one were judged before."""
    key = (piece, cited, summary)
    before = known.judged.get(key)
    if before is None:
        if len(known.judged) >= _KEPT:
            known.judged.clear()
        before = tuple(_Judge(reading=read(piece), index=known, cited=cited, summary=summary).claims())
        known.judged[key] = before
    return before


class _Judge:
    """One sentence before one dossier."""

    def __init__(self, *, reading: Reading, index: Index, cited: Refs, summary: bool) -> None:
        self._reading, self._index, self._cited, self._summary = reading, index, cited, summary
        self._parts = moods.parts(reading.text)
        self._part_starts = [one.start for one in self._parts]
        self._piece_starts = moods.piece_starts(reading.text)
        self._own = not index.strangers(reading)
        self._reckoned = self._sums() if any(one.kind == "price" for one in reading.atoms) else {}

    def claims(self) -> list[Claim]:
        """Values first, then contraries, then wording where nothing is marked yet."""
        found = [self._valued(atom) for atom in self._reading.atoms[:_PLENTY]]
        found += [self._found(atom) for atom in self._reading.atoms[_PLENTY:]]
        taken = bytearray(len(self._reading.text))
        for atom in self._reading.atoms:
            taken[atom.start : atom.end] = b"\1" * (atom.end - atom.start)
        found += self._contrary(taken)
        found += self._denied(taken) if self._summary else self._worded(found)
        return sorted(found, key=lambda one: one.start)

    def _found(self, atom: Atom) -> Claim:
        """Only whether a fact holds it: where there are so many values, nobody asks which fact is near each of them."""
        holders = self._index.holders(atom)
        return self._claim(atom.kind, "in_dossier" if holders else "absent", atom, holders)

    def _valued(self, atom: Atom) -> Claim:
        holders = self._index.holders(atom) or self._reckoned.get(atom.start, NOWHERE)
        supposed = self._is_supposed(atom)
        if holders:
            elsewhere = bool(self._cited) and not holders & (self._cited | {CARD}) and not supposed
            return self._claim(atom.kind, "miscited" if elsewhere else "in_dossier", atom, holders)
        if supposed:
            return self._claim(atom.kind, "scenario", atom)
        rivals = self._rivals(atom)
        return self._claim(atom.kind, "conflicts", atom, rivals) if rivals else self._absent(atom.kind, atom)

    def _is_supposed(self, atom: Atom) -> bool:
        """What a sentence supposes may be anything, but not what it says one has to type.

        What holds when something does is a fact about a price, a version, a licence or a way in.
        """
        mood = self._mood(atom)
        if isinstance(atom.value, str):
            return False
        return mood == "scenario" or (mood == "conditional" and atom.kind not in _STANDING)

    def _rivals(self, atom: Atom) -> Refs:
        """The facts with another value, where they speak of the same thing."""
        if isinstance(atom.value, str | tuple) or not atom.value.kin:
            return NOWHERE
        if _DIFFERENCE.match(self._reading.text, atom.end) is not None:
            return NOWHERE
        company = self._index.company(self._reading, atom)
        return self._index.rivals(atom.value, company, own=self._own)

    def _sums(self) -> dict[int, Refs]:
        """Where a sum stands that is a known price so many times, and the number it was multiplied by: by 12, too."""
        amounts = [(one.start, one.value) for one in self._reading.atoms if isinstance(one.value, Quantity)]
        counted = {at: one.amount for at, one in amounts if not one.money and one.amount > 1}
        said = {*counted.values(), *figures(self._reading.words)} - {0, 1}
        factors = {_YEAR, *said, *(_YEAR * one for one in said)}
        found = dict[int, Refs]()
        for at, one in amounts[:_SUMS] if len(counted) <= _SUMS else ():
            refs, hits = self._index.multiples(one, factors) if one.money else (NOWHERE, frozenset[Decimal]())
            if refs:
                found |= {at: refs} | {
                    place: refs for place, count in counted.items() if count in hits or count * _YEAR in hits
                }
        return found

    def _contrary(self, taken: bytearray) -> Iterator[Claim]:
        for one in opposites(self._reading.words):
            word = one.word
            # Who names both sides contrasts them.
            known = word.stem in self._index.stems or not one.contraries.isdisjoint(self._reading.telling)
            if taken[word.start] or known or self._mood(word) in _SUPPOSED:
                continue
            same, near = self._index.contrary(one)
            if same or (near and (self._summary or one.telling)):
                taken[word.start : word.end] = b"\1" * (word.end - word.start)
                standing: Standing = "conflicts" if same or self._summary else "absent"
                yield self._claim("opposite", standing, word, same or near)

    def _denied(self, taken: bytearray) -> Iterator[Claim]:
        for word, denied in denials(self._reading.words):
            facts = self._index.affirming(denied)
            if facts and not taken[word.start]:
                yield self._claim("denial", "conflicts", word, facts)

    def _worded(self, found: Sequence[Claim]) -> Iterator[Claim]:
        """One mark for each piece that holds none yet, on its first wording that no fact holds."""
        marked = {self._piece(one.start) for one in found if one.standing != "in_dossier"}
        for cue in self._reading.cues:
            piece = self._piece(cue.start)
            priced = self._index.priced and _PRICED.issuperset(cue.stems)
            if piece in marked or cue.aimed or priced or self._index.saying(cue):
                continue
            marked.add(piece)
            mood = self._mood(cue)
            # When something happened is no matter of taste.
            if mood in _SUPPOSED:
                yield self._claim(cue.kind, "scenario", cue)
            elif mood == "opinion" and cue.kind != "time":
                yield self._claim(cue.kind, "opinion", cue)
            elif self._index.free and _CHARGING.intersection(cue.stems) and self._said(_DENYING, cue):
                continue
            elif self._index.free and self._charges(cue):
                yield self._claim(cue.kind, "conflicts", cue, self._index.ways_in)
            else:
                yield self._absent(cue.kind, cue)

    def _charges(self, cue: Cue) -> bool:
        return bool(_CHARGING.intersection(cue.stems)) and not self._said(_SPARED, cue)

    def _said(self, pattern: re.Pattern[str], cue: Cue) -> bool:
        """Whether the piece around the wording says so."""
        start = self._piece_starts[self._piece(cue.start)]
        end = next((one for one in self._piece_starts if one > cue.start), len(self._reading.text))
        return pattern.search(self._reading.text, start, end) is not None

    def _absent(self, kind: Kind, at: Atom | Cue) -> Claim:
        nearest = self._index.nearest(self._company(at))
        return self._claim(kind, "absent", at, [nearest] if nearest else [])

    def _mood(self, at: Atom | Cue | Word) -> moods.Mood:
        return "asserted" if self._summary else self._part(at).mood

    def _part(self, at: Atom | Cue | Word) -> moods.Part:
        return self._parts[moods.place(self._part_starts, at.start)]

    def _piece(self, position: int) -> int:
        return moods.place(self._piece_starts, position)

    def _company(self, at: Atom | Cue) -> frozenset[str]:
        """The telling stems around it, but for figures, as far as its part goes."""
        part = self._part(at)
        here, first, end = (bisect_left(self._reading.starts, place) for place in (at.start, part.start, part.end))
        return frozenset(
            filter(str.isalpha, self._reading.telling[max(first, here - _COMPANY) : min(end, here + _COMPANY)])
        )

    def _claim(self, kind: Kind, standing: Standing, at: Atom | Cue | Word, refs: Iterable[str] = ()) -> Claim:
        return Claim(
            kind=kind,
            standing=standing,
            start=at.start,
            end=at.end,
            text=self._reading.text[at.start : at.end],
            facts=tuple(sorted((ref for ref in refs if ref != CARD), key=lambda ref: int(ref[1:]))),
        )
