"""What a new revision of a dossier changed, and whether a quote rested on it.

A fact is the same fact as long as its words are, whatever its number, source or date of checking have become. A quote
rests on the facts its sentences cite, and on those that hold what it claims. A claim that the new wording still holds
has lost nothing: “256K” becoming “128K” does not touch a quote that only takes the vendor's name from that fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from workbench.domain.claim import Claim, Standing
from workbench.domain.dossier import Dossier, Fact
from workbench.domain.grounding.claims import claims
from workbench.domain.review import Review
from workbench.domain.text import one_line
from workbench.domain.wording import word_diff

_HELD: frozenset[Standing] = frozenset({"in_dossier", "miscited"})
"""A miscited claim is held, too: by a fact its sentence does not name."""
_ALIKE = 0.5
"""Share of common words from which two facts of different words are one that was changed."""
_PAIRED = 10_000
"""Pairs of facts that are compared by their words; beyond, only place and source tell which belongs to which."""
_LONGEST = 200
"""Characters of what is told of one change."""
_ENDS = ".!?…;, "


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A fact that no longer says what it said; `after` is None when it was removed."""

    before: Fact
    after: Fact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two revisions do not share; a fact that only moved, or was checked again, is in none of these."""

    changed: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    added: tuple[Fact, ...] = ()

    @property
    def gone(self) -> tuple[Change, ...]:
        """Everything the older revision said and the newer does not, by number."""
        return tuple(sorted((*self.changed, *self.removed), key=lambda one: one.before.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """Why an approved quote waits for a decision: facts it rests on changed, the first time with a revision of `since`.

    `revision` is that revision's number.
    """

    since: datetime
    revision: int
    changes: tuple[Change, ...]


@lru_cache(maxsize=256)
def compare(before: Dossier, after: Dossier) -> Difference:
    """The facts of two revisions, paired by their words, then by likeness, source and number."""
    olds, news, _ = _same(before, after)
    pairs = dict(_alike(olds, news))
    taken = {one.number for one in pairs.values()}
    return Difference(
        changed=tuple(Change(before=one, after=pairs[one.number]) for one in olds if one.number in pairs),
        removed=tuple(Change(before=one) for one in olds if one.number not in pairs),
        added=tuple(one for one in news if one.number not in taken),
    )


def successors(before: Dossier, after: Dossier) -> Mapping[str, str]:
    """What each fact of `before` is called in `after` (`F2` → `F3`), changed ones included, without the removed."""
    *_, same = _same(before, after)
    changed = {one.before.ref: one.after.ref for one in compare(before, after).changed if one.after is not None}
    return {**same, **changed}


def touched(review: Review, seen: Dossier, now: Dossier) -> tuple[Change, ...]:
    """The facts of `seen` the quote rests on that `now` says otherwise or not at all, by number; `review` cites `seen`.

    Facts that were only added touch nothing.
    """
    difference = compare(seen, now)
    gone = difference.gone
    if not gone:
        return ()
    found = {ref for sentence in review.sentences for ref in sentence.facts}
    left = tuple(replace(one.after, number=one.before.number) for one in gone if one.after is not None)
    still = {(one.start, one.end) for one in claims(review, replace(now, facts=left)) if one.standing in _HELD}
    then = claims(review, seen)
    for one in then:
        if one.standing in _HELD and (one.start, one.end) not in still:
            found.update(one.facts)
    against = {(one.start, one.end) for one in then if _is_contrary(one)}
    contrary = {
        ref
        for one in claims(review, now)
        if _is_contrary(one) and (one.start, one.end) not in against
        for ref in one.facts
    }
    return tuple(
        one for one in gone if one.before.ref in found or (one.after is not None and one.after.ref in contrary)
    )


def told(change: Change) -> str:
    """What changed, in a line: `F1: “256K” became “128K”`."""
    before, after = change.before, change.after
    if after is None:
        return f"{before.ref} was removed: “{_short(before.text)}”"
    parts: list[str] = []
    taken = ""
    for kind, words in (*word_diff(one_line(before.text), one_line(after.text)), ("same", "")):
        if kind == "removed":
            taken = words.strip()
        elif kind == "added":
            put = _short(words.strip())
            parts.append(f"“{_short(taken)}” became “{put}”" if taken else f"“{put}” came in")
            taken = ""
        elif taken:
            parts.append(f"“{_short(taken)}” went out")
            taken = ""
    return f"{before.ref}: {_short(', '.join(parts))}"


def _is_contrary(claim: Claim) -> bool:
    """Whether the facts that a claim names say otherwise, for certain or perhaps."""
    return claim.standing == "conflicts" or (claim.kind in {"opposite", "denial"} and claim.standing == "absent")


def reopened(review: Review, seen: Dossier, later: Sequence[tuple[Dossier, datetime]]) -> Reopened | None:
    """Whether the quote waits for a decision. `later` are the revisions after `seen` with their dates, oldest first.

    What was changed and changed back touches nothing: only the newest revision counts, and how long it has been so.
    """
    found: Reopened | None = None
    for dossier, at in reversed(later):
        changes = touched(review, seen, dossier)
        if not changes:
            break
        newest = changes if found is None else found.changes
        found = Reopened(since=at, revision=dossier.revision, changes=newest)
    return found


def _same(before: Dossier, after: Dossier) -> tuple[list[Fact], list[Fact], dict[str, str]]:
    """The facts without one of the same words in the other revision, and the names of those that have one."""
    places: dict[str, list[Fact]] = {}
    for one in reversed(after.facts):
        places.setdefault(_words(one), []).append(one)
    olds: list[Fact] = []
    same: dict[str, str] = {}
    for one in before.facts:
        if twins := places.get(_words(one)):
            same[one.ref] = twins.pop().ref
        else:
            olds.append(one)
    taken = set(same.values())
    return olds, [one for one in after.facts if one.ref not in taken], same


def _alike(olds: Sequence[Fact], news: Sequence[Fact]) -> Iterator[tuple[int, Fact]]:
    """Which old fact's number became which new fact, the likest first; each once."""
    scored = sorted(_scores(olds, news), key=lambda row: row[:3], reverse=True)
    left, right = set[int](), set[int]()
    for *_, old, new in scored:
        if old.number not in left and new.number not in right:
            left.add(old.number)
            right.add(new.number)
            yield old.number, new


def _scores(olds: Sequence[Fact], news: Sequence[Fact]) -> Iterator[tuple[float, bool, int, Fact, Fact]]:
    few = len(olds) * len(news) <= _PAIRED
    words = {one: set(_words(one).split()) for one in (*olds, *news)} if few else {}
    placed = {(one.source, one.number): one for one in news}
    for old in olds:
        for new in news if few else filter(None, [placed.get((old.source, old.number))]):
            shared = _share(words[old], words[new]) if few else 0.0
            at_home = old.source == new.source
            if shared >= _ALIKE or (at_home and old.number == new.number):
                yield shared, at_home, -abs(old.number - new.number), old, new


def _share(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _words(fact: Fact) -> str:
    """The fact's words as they are compared: neither case nor blanks nor its last full stop make another fact."""
    return one_line(fact.text).casefold().rstrip(_ENDS)
