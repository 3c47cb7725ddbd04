"""What a number is for each of: `$0.3 per 1M input tokens`, `60 requests a minute`, `$49/user/month` are one value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from workbench.domain.grounding.units import MONTH, SECOND, UNITS
from workbench.domain.grounding.words import EMPTY, Word, listed, stem

ANY = "…"
"""Stands for what a number is for each of where only how many are named: “per million”."""
_QUALIFYING = "input output cached prompt completion active billed compute write read training reasoning"
QUALIFIERS = listed(_QUALIFYING)
_ALIKE = {"prompt": "input", "completion": "output"}
_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_OF = re.compile(
    r"[\s-]?(?P<many>(?P<count>\d{1,3}(?:,\d{3}){1,3}|\d{1,9}(?:\.\d{1,3})?)?[\s-]?"
    r"(?P<scale>[kKmMbB](?![^\W_])|(?:hundred|thousand|million|billion)\b)?)[\s-]?"
    rf"(?P<qualified>(?:(?:{'|'.join(_QUALIFYING.split())})(?:[\s-]|\b(?![\s-]?[A-Za-z]))){{0,2}})"
    r"(?P<unit>[A-Za-z]{1,30})?",
    re.IGNORECASE,
)
"""So many of what."""
_STOP = re.compile(r"[.;:!?—()\[\]|\n\"”]")
_PAUSE = re.compile(r"[,–]")
_REACH = 8
"""Words behind a number among which it may say what it is for each of."""
_EACH = frozenset({"per", "each", "every"})
_LINKS = frozenset({"for", "and"})
_NUMERALS = listed(
    """one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy
    eighty ninety hundred"""
)
"""Where the next number begins."""
_NO_RATE = listed("or and to for than after before until like once")
"""Behind these an article begins something else: “five minutes or an hour”."""
_MANY = frozenset({"thousand", "million", "billion"})
_ARTICLES = frozenset({"a", "an"})
_ADVERBS = listed("hourly daily weekly monthly quarterly yearly annually")
_TIMES = frozenset({SECOND, MONTH})
_PAYING = frozenset({"user", "person", "developer", "engineer", "member"})
_BASE = {SECOND: Decimal(604_800), MONTH: Decimal(12)}
"""A rate is kept by the week or by the year, so that small ones stay whole numbers."""


class Rate(NamedTuple):
    """What one is for, the factor that makes it comparable, and where the wording for it ends."""

    per: frozenset[str] = frozenset()
    factor: Decimal = Decimal(1)
    end: int = 0


def rate(text: str, end: int, found: Sequence[Word], at: int, *, priced: bool) -> Rate:
    """What the number that ends at `end` is for each of; `at` is the first word behind it.

    “a month” is a rate behind anything, “a seat” only behind a price.
    """
    known, last = Rate(), end
    for place in range(at, min(at + _REACH, len(found))):
        word, low = found[place], found[place].text.lower()
        if word.start < last:
            continue
        gap = text[last : word.start]
        if _STOP.search(gap) or (_PAUSE.search(gap) and low not in _EACH):
            break
        begin = _begins(gap, found, place, priced=priced, on=known.end == last and bool(known.per))
        one = None if begin is None else _each(text, begin)
        if one is not None:
            known = Rate(known.per | one.per, known.factor * one.factor, one.end)
        elif low in _ADVERBS and place <= at + 1:
            known = Rate(known.per | {UNITS[word.stem].name}, known.factor * per_one(word.stem), word.end)
        elif word.text[0].isdigit() or low in _NUMERALS or (known.per and low not in _LINKS):
            break
        last = max(word.end, known.end)
    return known


def per_one(unit: str) -> Decimal:
    """The factor for one of a known unit, by its stem."""
    name, factor, _ = UNITS[unit]
    return _BASE.get(name, Decimal(1)) / factor


def _begins(gap: str, found: Sequence[Word], place: int, *, priced: bool, on: bool) -> int | None:
    """Where “per”, “/”, “each” or “a” at this word has been said; None when nothing of the kind is."""
    word, low = found[place], found[place].text.lower()
    if "/" in gap:
        return word.start
    following = found[place + 1] if place + 1 < len(found) else None
    unit = UNITS.get(following.stem) if following is not None else None
    if low in _EACH:
        return word.end
    if on and low == "and":
        return word.end if unit is not None and unit.name in _TIMES | _PAYING else None
    if low in _ARTICLES and following is not None and (not place or found[place - 1].text.lower() not in _NO_RATE):
        timed = unit is not None and unit.name in _TIMES
        paying = priced and unit is not None and unit.name in _PAYING
        if timed or paying or (priced and following.text.lower() in _MANY):
            return word.end
    return None


def _each(text: str, begin: int) -> Rate | None:
    """So many of what; None when nothing is counted there."""
    said = _OF.match(text, begin)
    if said is None:
        return None
    count = Decimal((said["count"] or "1").replace(",", "")) * _SCALES.get((said["scale"] or "").lower(), 1)
    of = {_ALIKE.get(one, one) for one in re.split(r"[\s-]+", said["qualified"].lower()) if one}
    spelled = said["unit"] or ""
    unit = UNITS.get(stem(spelled)) if spelled else None
    if unit is not None and count:
        return Rate(frozenset({*of, unit.name}), per_one(stem(spelled)) / count, said.end())
    if said["many"].strip() and count:
        return Rate(frozenset({*of, ANY}), 1 / count, said.end("qualified") if of else said.end("many"))
    known = spelled and spelled.lower() not in EMPTY
    return Rate(frozenset({*of, stem(spelled)}), Decimal(1), said.end()) if known else None
