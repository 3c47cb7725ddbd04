"""Joins a beat's opener and what follows, whatever part of speech the opener ends with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from workbench.rehearsal.phrases import BEFORE_CLAUSE, BEFORE_UNKNOWN, NOUNS, VERBS

Slot = Literal["clause", "after_is", "noun", "verb", "condition", "article", "sentence", "colon"]
Pick = Callable[[tuple[str, ...]], str]

_ENDS: dict[Slot, frozenset[str]] = {
    "after_is": frozenset(["is", "are", "was", "were", "be", "remains", "remain", "looks", "seems", "becomes"]),
    "clause": frozenset(
        ["that", "because", "since", "so", "and", "but", "as", "while", "although", "though", "whether"]
    ),
    "condition": frozenset(["when", "if", "where", "once", "unless", "until"]),
    "noun": frozenset(
        [
            "on",
            "by",
            "with",
            "for",
            "from",
            "at",
            "of",
            "about",
            "against",
            "in",
            "into",
            "over",
            "under",
            "behind",
            "between",
            "through",
            "toward",
            "towards",
            "like",
            "has",
            "have",
            "had",
            "needs",
            "takes",
            "than",
            "not",
        ]
    ),
    "verb": frozenset(
        [
            "to",
            "will",
            "would",
            "can",
            "could",
            "should",
            "must",
            "may",
            "might",
            "cannot",
            "does",
            "do",
            "did",
            "won't",
        ]
    ),
    "article": frozenset(["a", "an", "the", "its", "their", "this", "another"]),
}
_ARTICLES = {"a": "matter of one line", "an": "argument with one line in it"}


def slot_of(opener: str) -> Slot:
    """What the opener's last word asks for; `colon` when it asks for nothing in particular."""
    last = opener.rsplit(" ", 1)[-1].lower()
    if not opener or last[-1] in ".!?…":
        return "sentence"
    if last[-1] in ":,;—–-":
        return "clause"
    for slot, words in _ENDS.items():
        if last in words:
            return slot
    return "colon"


def join(opener: str, clause: str, *, known: bool, pick: Pick) -> str:
    """Opener and clause as one run of text without its full stop. `known`: the clause rests on a fact."""
    match slot_of(opener):
        case "clause":
            return f"{opener} {clause}"
        case "after_is":
            return f"{opener} {pick(BEFORE_CLAUSE if known else BEFORE_UNKNOWN)}: {clause}"
        case "noun":
            return f"{opener} {pick(NOUNS) if known else 'something left open'}: {clause}"
        case "verb":
            return f"{opener} {pick(VERBS) if known else 'wait'}: {clause}"
        case "condition":
            return f"{opener} it comes to this: {clause}"
        case "article":
            article = opener.rsplit(" ", 1)[-1].lower()
            return f"{opener} {_ARTICLES.get(article, 'thing to read twice')}: {clause}"
        case "sentence":
            return f"{opener} {clause[:1].upper()}{clause[1:]}".strip()
        case "colon":
            return f"{opener}: {clause}"
