"""Words that say the contrary of each other, and denials: a fact turned round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.domain.grounding.words import Word, content, listed, stem, telling

_PAIRS = listed(
    """increase/reduce increase/decrease increase/lower raise/lower raise/cut grow/shrink improve/worsen improve/hinder
    improve/degrade enhance/hinder enhance/reduce enhance/diminish maximize/minimize maximum/minimum open/closed
    public/private free/paid fast/slow faster/slower quick/slow cheap/expensive cheaper/dearer affordable/expensive
    easy/difficult easy/hard easy/complicated simple/complex simple/complicated strong/weak high/low higher/lower
    large/small larger/smaller big/small long/short longer/shorter before/after include/exclude includes/lacks
    allow/prevent allow/forbid enable/disable enable/prevent encourage/discourage accept/reject support/oppose
    online/offline local/remote local/cloud internal/external automatic/manual automated/manual static/dynamic
    adjustable/fixed flexible/rigid customizable/fixed customizable/generic unique/common unique/generic
    unique/ordinary new/old newest/oldest latest/oldest modern/outdated modern/obsolete advanced/basic
    advanced/outdated advanced/primitive advanced/mediocre advanced/average premium/basic premium/cheap
    extensive/limited comprehensive/limited comprehensive/partial complete/partial complete/incomplete full/partial
    wide/narrow unlimited/limited secure/insecure secure/vulnerable safe/unsafe safe/dangerous reliable/unreliable
    efficient/inefficient efficiency/inefficiency effective/ineffective transparent/opaque transparency/opaqueness
    transparency/secrecy visible/hidden success/failure successful/unsuccessful gain/loss gain/lose profit/loss
    save/waste save/spend savings/losses buy/sell hardware/software digital/analog positive/negative best/worst
    perfect/worst perfect/flawed superior/inferior first/last upgrade/downgrade accelerate/slow accelerate/delay
    simplify/complicate streamline/complicate streamline/disrupt optimize/disrupt boost/lower boost/reduce
    boost/hinder benefit/harm help/hinder attract/repel expand/contract expand/shrink start/stop begin/end real/fake
    real/virtual live/recorded indoor/outdoor permanent/temporary
    complimentary/paid discount/surcharge discounted/inflated synchronous/asynchronous
    stateless/stateful mutable/immutable incremental/full proprietary/open single/multiple minimal/extensive
    minimal/heavy quality/junk clean/dirty dedicated/shared exclusive/shared exclusive/inclusive
    experienced/inexperienced expert/amateur professional/amateur trusted/distrusted friendly/hostile
    eliminate/introduce eliminate/create prevent/cause lightweight/heavyweight tolerant/intolerant
    compatible/incompatible readable/unreadable structured/unstructured"""
)


def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS:
        one, other = map(stem, pair.split("/"))
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {one: frozenset(others) for one, others in found.items()}


_OPPOSITES = _table()
_DENYING = listed(
    """not no never without cannot neither nor isn't aren't wasn't weren't doesn't don't didn't can't won't couldn't
    wouldn't hasn't haven't lacks lack lacking fails fail unable nothing none"""
)
_COPULAS = listed("is are was were be stays stay remains remain gets becomes")
_SOME = listed("a an another some any one")
_ENDINGS = ("ing", "ed", "s")
_OF_DEGREE = frozenset(
    map(
        stem,
        listed(
            "large small big long short wide narrow new old simple complex quick slow partial complete full first last"
        ),
    )
)
_REACH = 4
"""Words on each side in which a contrary must have company."""


class Opposite(NamedTuple):
    """A word that has a contrary: the contraries' stems, what it is said of, and the telling stems around it."""

    word: Word
    contraries: frozenset[str]
    heads: frozenset[str]
    near: frozenset[str]
    some: bool
    """Whether it is said of one among others: “a private API for itself”."""

    @property
    def telling(self) -> bool:
        """Whether it contradicts anything by itself: what differs from one to the next of its kind does not."""
        return self.word.stem not in _OF_DEGREE

    def contradicts(self, other: Opposite) -> bool:
        """Whether the contrary is said of the same thing in the same way: a closed file is not one it opens."""
        alike = _ending(self.word) == _ending(other.word)
        return alike and bool(self.heads & other.heads) and self.telling and not self.some


def opposites(found: Sequence[Word]) -> Iterator[Opposite]:
    """Every word of the text that has a contrary."""
    for at, word in enumerate(found):
        contrary = _OPPOSITES.get(word.stem)
        if contrary is not None:
            near = content([*found[max(0, at - _REACH) : at], *found[at + 1 : at + 1 + _REACH]])
            some = at > 0 and found[at - 1].text.lower() in _SOME
            yield Opposite(word, contrary, _heads(found, at), near, some)


def _heads(found: Sequence[Word], at: int) -> frozenset[str]:
    """What it is said of: the telling word behind it, and the one before an “is” in front of it."""
    behind = next(iter([one for one in telling(found[at + 1 : at + 1 + _REACH]) if one]), "")
    said = [one.text.lower() for one in found[max(0, at - 3) : at]]
    of = [one for one in telling(found[max(0, at - _REACH) : at]) if one] if _COPULAS.intersection(said) else []
    return frozenset(filter(None, (behind, *of[-1:])))


def _ending(word: Word) -> str:
    low = word.text.lower()
    return next((one for one in _ENDINGS if low.endswith(one)), "")


def denials(found: Sequence[Word]) -> Iterator[tuple[Word, frozenset[str]]]:
    """Every denying word with the stems of the telling words behind it."""
    for at, word in enumerate(found):
        if word.text.lower().replace("’", "'") in _DENYING:
            yield word, content(found[at + 1 : at + 1 + _REACH])
