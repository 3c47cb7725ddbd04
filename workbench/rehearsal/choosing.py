"""Chooses the facts each beat stands on: by shared words, spread so that beats and lenses differ, or none at all."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from workbench.domain.persona import Beat
from workbench.rehearsal.reading import Assignment, Given

Topic = Literal["payer", "price", "rivals", "moat"]

_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
_STOP = frozenset(
    [
        "about",
        "after",
        "all",
        "also",
        "and",
        "any",
        "are",
        "becomes",
        "been",
        "before",
        "but",
        "can",
        "does",
        "each",
        "for",
        "from",
        "has",
        "have",
        "here",
        "how",
        "into",
        "its",
        "more",
        "most",
        "name",
        "not",
        "one",
        "only",
        "other",
        "over",
        "say",
        "says",
        "should",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)

ASKS: dict[Topic, re.Pattern[str]] = {
    "payer": re.compile(r"\b(?:buyers?|payers?|budgets?|procurement|who (?:pays|buys|signs))\b", re.IGNORECASE),
    "price": re.compile(r"\b(?:pric\w*|cost\w*|billing|fees?|paid|pays)\b", re.IGNORECASE),
    "rivals": re.compile(r"\b(?:rivals?|competitors?|competition|alternatives?|peers?)\b", re.IGNORECASE),
    "moat": re.compile(r"\b(?:moat|lock-in|defensib\w*)\b", re.IGNORECASE),
}
"""Words in a beat's name or opener that ask for a fact of one kind and no other."""

ANSWERS: dict[Topic, re.Pattern[str]] = {
    "payer": re.compile(
        r"\A(?:payer|buyer|customers?)\b|\b(?:buyers?|budgets?|procurement|purchas\w+|subscribers?"
        r"|(?:per|(?:for )?(?:a|each)) (?:seat|user|developer|organi[sz]ation|team)"
        r"|(?:teams?|companies|customers?|organi[sz]ations?|enterprises?|users?|developers?) (?:that )?"
        r"(?:pay|buy|subscribe)\w*"
        r"|paid (?:for )?by|(?:billed|invoiced|sold) to)\b",
        re.IGNORECASE,
    ),
    "price": re.compile(
        r"[$€£]\s?\d|\b(?:pric\w*|costs?|free|freemium|paid|trial|tiers?|plans?|bill\w*|per (?:month|seat|user|million)"
        r"|subscri\w*|discount\w*|credits?|entry)\b",
        re.IGNORECASE,
    ),
    "rivals": re.compile(r"\b(?:rivals?|compet\w*|alternatives?|versus|vs|against|unlike|peers?)\b", re.IGNORECASE),
    "moat": re.compile(
        r"\b(?:moat|lock-in|switch\w*|licen\w*|weights|self-host\w*|proprietary|patent\w*|exclusive\w*|ecosystem"
        r"|marketplace|migrat\w*|export\w*|open[- ]source)\b",
        re.IGNORECASE,
    ),
}
"""Words in a fact that answer such a beat."""

NOTHING: dict[Topic | None, str] = {
    "payer": "nobody who pays",
    "price": "no price",
    "rivals": "no rival",
    "moat": "nothing that would hold a customer",
    None: "nothing",
}


_FIGURE = re.compile(r"[$€£]\s?\d|\d\s?%|\d x\b|\dx\b|\bfree\b", re.IGNORECASE)


def dice(*parts: str) -> float:
    """A number in [0, 1) that depends on the parts and on nothing else."""
    return int.from_bytes(hashlib.blake2b("\x00".join(parts).encode(), digest_size=6).digest(), "big") / 2**48


@lru_cache(maxsize=512)
def topic_of(beat: Beat) -> Topic | None:
    """The one kind of fact the beat asks for, if it asks for one."""
    # An opener names its subject early: “What survives a price drop” does not ask for a price.
    asked = f"{beat.id} {beat.label} {' '.join(beat.opener.split()[:3])}"
    return next((topic for topic, pattern in ASKS.items() if pattern.search(asked)), None)


def answers(fact: Given, topic: Topic) -> bool:
    """Whether the fact speaks of that topic."""
    return ANSWERS[topic].search(fact.text) is not None


def _nothing(_: Given) -> float:
    return 0.0


def choose(
    assignment: Assignment,
    seed: str,
    liking: Callable[[Given], float] = _nothing,
    kept: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[list[Given]]:
    """For each beat its facts, best first; an empty list says that the beat has nothing to stand on.

    `liking` is how much rather than others a fact is wanted; `kept` are the facts of beats that are not chosen for.
    """
    used: Counter[str] = Counter(ref for refs in kept.values() for ref in refs)
    usable = [fact for fact in assignment.facts if not fact.orders]
    told = {fact.ref: stems(fact.text) for fact in usable}
    unloved = {fact.ref: _banned(fact, assignment) for fact in usable}
    chosen: list[list[Given]] = []
    for beat in assignment.beats:
        if beat.id in kept:
            chosen.append([fact for fact in usable if fact.ref in kept[beat.id]])
            continue
        topic = topic_of(beat)
        fitting = [fact for fact in usable if topic is None or answers(fact, topic)]
        asked = stems(f"{beat.id} {beat.label} {beat.brief}")
        ranked = sorted(
            fitting,
            key=lambda fact: (
                2.0 * used[fact.ref]
                - min(1.5, 0.5 * len(asked & told[fact.ref]))
                + unloved[fact.ref]
                - liking(fact)
                + (0.0 if topic is not None else _bare(fact))
                + (_beside_the_price(fact) if topic == "price" else 0.0)
                - 0.9 * dice(seed, assignment.lens, beat.id, fact.text)
            ),
        )
        used.update(fact.ref for fact in ranked[:1])
        # The second is a spare for sentences that need more to say.
        used.update({fact.ref: 1 for fact in ranked[1:2] if not used[fact.ref]})
        chosen.append(ranked[:2])
    return chosen


@lru_cache(maxsize=2048)
def stems(text: str) -> frozenset[str]:
    """The words that tell what a text is about, cut short so that their forms are one."""
    words = _WORD.findall(text.lower().replace("-", " "))
    return frozenset({word[:6].rstrip("s") for word in words if len(word) > 2 and word not in _STOP})


def _bare(fact: Given) -> float:
    """Entries such as “Entry: Free” answer a question; elsewhere a sentence has more to say."""
    return 1.6 if re.match(r"[A-Z][\w/ -]{0,30}: ", fact.text) else 0.0


def _beside_the_price(fact: Given) -> float:
    """A rival's price serves only where there is no other, however often that has served; a figure before none."""
    return (20.0 if answers(fact, "rivals") else 0.0) + (0.0 if _FIGURE.search(fact.text) else 1.5)


def _banned(fact: Given, assignment: Assignment) -> float:
    return 1.0 if any(word.lower() in fact.text.lower() for word in assignment.banned) else 0.0
