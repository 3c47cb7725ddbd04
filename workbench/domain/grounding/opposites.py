"""Words that say the contrary of each other, and denials: a fact turned round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.domain.grounding.words import Word, content, listed, stem

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
    real/virtual live/recorded indoor/outdoor permanent/temporary annual/monthly annual/quarterly yearly/monthly
    monthly/weekly daily/weekly complimentary/paid discount/surcharge discounted/inflated synchronous/asynchronous
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
_REACH = 4
"""Words on each side in which a contrary must have company."""


def opposites(found: Sequence[Word]) -> Iterator[tuple[Word, frozenset[str], frozenset[str]]]:
    """Every word that has a contrary: the word, its contraries' stems, and the stems of the telling words around it."""
    for at, word in enumerate(found):
        contrary = _OPPOSITES.get(word.stem)
        if contrary is not None:
            yield word, contrary, content([*found[max(0, at - _REACH) : at], *found[at + 1 : at + 1 + _REACH]])


def denials(found: Sequence[Word]) -> Iterator[tuple[Word, frozenset[str]]]:
    """Every denying word with the stems of the telling words behind it."""
    for at, word in enumerate(found):
        if word.text.lower().replace("’", "'") in _DENYING:
            yield word, content(found[at + 1 : at + 1 + _REACH])
