"""Finds what a review asserts and says how each of it stands against the dossier: in it, absent, contrary to it.

No model, no network, no judgement of truth. Marks of one quote never overlap: a value goes before the wording around
it, and wording is marked once for each piece of a sentence that holds no mark yet.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from workbench.domain.claim import Claim, Kind, Standing
from workbench.domain.dossier import Dossier
from workbench.domain.grounding import moods
from workbench.domain.grounding.cues import Cue
from workbench.domain.grounding.index import CARD, NOWHERE, Index, Refs, index
from workbench.domain.grounding.opposites import denials, opposites
from workbench.domain.grounding.quantities import Quantity
from workbench.domain.grounding.reading import Atom, Reading, read
from workbench.domain.grounding.words import content
from workbench.domain.review import Review

_COMPANY = 12
"""Words on each side that say what a value is about."""
_CHARGING = frozenset({"pric", "discount", "invoic", "bil", "sku"})


def claims(review: Review, dossier: Dossier, *, summary: bool = False) -> list[Claim]:
    """Every claim of the quote in order, with offsets into `review.quote`.

    A `summary` supposes and judges nothing, and what it denies has to be denied in the dossier; in a quote “not this
    but that” is a figure of speech.
    """
    found: list[Claim] = []
    for number, sentence in enumerate(review.sentences):
        start, end = review.span(number)
        if end > start:
            judged = _judged(sentence.text.strip(), frozenset(sentence.facts), dossier, summary=summary)
            found.extend(replace(one, start=start + one.start, end=start + one.end) for one in judged)
    return found


@lru_cache(maxsize=1024)
def _judged(text: str, facts: frozenset[str], dossier: Dossier, *, summary: bool) -> tuple[Claim, ...]:
    known = index(dossier)
    cited = facts & known.texts.keys()
    found: list[Claim] = []
    for start, end in moods.sentences(text):
        judge = _Judge(reading=read(text[start:end]), index=known, cited=cited, summary=summary)
        found.extend(replace(one, start=start + one.start, end=start + one.end) for one in judge.claims())
    return tuple(found)


class _Judge:
    """One sentence before one dossier."""

    def __init__(self, *, reading: Reading, index: Index, cited: Refs, summary: bool) -> None:
        self._reading, self._index, self._cited, self._summary = reading, index, cited, summary
        self._parts = moods.parts(reading.text)
        self._word_starts = [one.start for one in reading.words]
        self._part_starts = [one.start for one in self._parts]
        self._piece_starts = moods.piece_starts(reading.text)

    def claims(self) -> list[Claim]:
        """Values first, then contraries, then wording where nothing is marked yet."""
        found = [self._atom(atom) for atom in self._reading.atoms]
        found += self._turned(found)
        marked = {moods.place(self._piece_starts, one.start) for one in found if one.standing != "in_dossier"}
        for cue in () if self._summary else self._reading.cues:
            piece = moods.place(self._piece_starts, cue.start)
            if piece in marked or cue.aimed or self._index.saying(cue.stems):
                continue
            marked.add(piece)
            found.append(self._cue(cue))
        return sorted(found, key=lambda one: one.start)

    def _atom(self, atom: Atom) -> Claim:
        holders = self._index.holders(atom)
        # What a sentence supposes may be anything, but not what it says one has to type.
        supposed = self._mood(atom.start) == "scenario" and not isinstance(atom.value, str)
        if holders:
            elsewhere = bool(self._cited) and not holders & (self._cited | {CARD}) and not supposed
            return self._claim(atom.kind, "miscited" if elsewhere else "in_dossier", atom.start, atom.end, holders)
        if supposed:
            return self._claim(atom.kind, "scenario", atom.start, atom.end)
        rival = self._rival(atom)
        if rival is not None:
            return self._claim(atom.kind, "conflicts", atom.start, atom.end, (rival,))
        return self._absent(atom.kind, atom.start, atom.end)

    def _rival(self, atom: Atom) -> str | None:
        """The fact with another value, where it speaks of the same thing."""
        rivals = NOWHERE if isinstance(atom.value, str | tuple) else self._index.rivals(atom.value)
        if isinstance(atom.value, Quantity):
            rivals &= {ref for one in self._company(atom.start) for ref in self._index.stems.get(one, ())}
        return min(rivals, default=None)

    def _turned(self, found: list[Claim]) -> list[Claim]:
        taken = {at for one in found for at in range(one.start, one.end)}
        turned: list[Claim] = []
        for word, contraries, near in opposites(self._reading.words):
            if word.start in taken or word.stem in self._index.stems or self._mood(word.start) == "scenario":
                continue
            refs = self._index.contrary(contraries, near)
            if refs:
                turned.append(self._claim("opposite", "conflicts", word.start, word.end, refs[:1]))
        for word, denied in denials(self._reading.words) if self._summary else ():
            refs = sorted(self._index.affirming(denied))
            if refs:
                turned.append(self._claim("denial", "conflicts", word.start, word.end, refs[:1]))
        return turned

    def _cue(self, cue: Cue) -> Claim:
        mood = self._mood(cue.start)
        # When something happened is no matter of taste.
        greyed = mood == "scenario" or (mood == "opinion" and cue.kind != "time")
        if not greyed and self._index.free and _CHARGING.intersection(cue.stems):
            return self._claim(cue.kind, "conflicts", cue.start, cue.end, self._index.ways_in)
        if greyed and mood != "asserted":
            return self._claim(cue.kind, mood, cue.start, cue.end)
        return self._absent(cue.kind, cue.start, cue.end)

    def _absent(self, kind: Kind, start: int, end: int) -> Claim:
        nearest = self._index.nearest(self._company(start))
        return self._claim(kind, "absent", start, end, (nearest,) if nearest else ())

    def _mood(self, position: int) -> moods.Mood:
        if self._summary:
            return "asserted"
        return self._parts[moods.place(self._part_starts, position)].mood

    def _company(self, position: int) -> frozenset[str]:
        """The telling stems around a position, as far as its part goes."""
        part = self._parts[moods.place(self._part_starts, position)]
        at = bisect_left(self._word_starts, position)
        near = self._reading.words[max(0, at - _COMPANY) : at + _COMPANY]
        return content(one for one in near if part.start <= one.start < part.end)

    def _claim(self, kind: Kind, standing: Standing, start: int, end: int, refs: Iterable[str] = ()) -> Claim:
        facts = tuple(sorted((ref for ref in refs if ref != CARD), key=lambda ref: int(ref[1:])))
        text = self._reading.text[start:end]
        return Claim(kind=kind, standing=standing, start=start, end=end, text=text, facts=facts)
