"""Amounts with what they count, prices among them, in digits and in words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain.grounding.words import Word, listed, stem

_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
_NAMED_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 20 + 10 * at for at, word in enumerate(_TENS.split())
}
_COUNTED = listed(
    """language parameter model file page repo repository developer engineer customer company companies
    team employee people person member project product package agent plugin integration connector editor platform
    country region image document row record node core gpu star contributor commit percentage point word character
    message session device server endpoint tool step step function variant benchmark dataset partner organization
    business app application version release provider vendor bug issue step primitive feature"""
)
_UNITS = {
    stem(word): unit
    for unit, spelled in {
        "%": "percent",
        "$": "dollar usd",
        "€": "euro eur",
        "£": "pound gbp",
        "millisecond": "ms millisecond",
        "second": "s sec second",
        "minute": "min minute",
        "hour": "h hr hour hourly",
        "day": "day daily",
        "week": "wk week weekly",
        "month": "mo month monthly",
        "quarter": "quarter quarterly",
        "year": "yr year yearly annual annually annum",
        "decade": "decade",
        "byte": "byte",
        "kb": "kb kib",
        "mb": "mb mib",
        "gb": "gb gib",
        "tb": "tb tib",
        "times": "times fold",
        "token": "token tok",
        "user": "user seat",
        "request": "request call query",
        "line": "line loc",
        "rps": "rps qps",
        "tps": "tps",
    }.items()
    for word in spelled.split()
} | {stem(word): stem(word) for word in _COUNTED}
_MONEY = frozenset("$€£¥")
_IN_POWERS_OF_TWO = frozenset({"token", "byte"})
_BINARY = tuple(map(Decimal, ("1.024", "0.9765625", "1.048576", "0.95367431640625")))
"""1024 for a thousand and 2²⁰ for a million, and the other way round."""
_AFTER, _AFTER_PRICE = 3, 5
"""A number's unit stands among this many words behind it, a price's among so many: “$24 a month for each user”."""
_NUMBER = re.compile(
    r"(?=[\d~≈$€£¥U])(?<![\w.,/])(?:[~≈]\s?)?(?:US)?(?P<money>[$€£¥])?(?P<digits>\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,5}(?!\d)|\d{1,18})"
    r"(?P<part>\.\d{1,9})?(?!\d)(?P<scale>(?:bn|mn|[kKmMbBT]|\s[KMB])(?![^\W_]))?(?P<sign>\s?%|[xX](?![^\W_])|×)?\+?"
)
_GROUPING = re.compile(r"\D")
_ATTACHED = re.compile(r"[^\W\d_]{1,12}")
_NAMED_SCALE = re.compile(r"\s?(hundred|thousand|million|billion|trillion)\b", re.IGNORECASE)
_SMALLEST_SPELLED = 13
_BETWEEN = re.compile(r"\s?(?:-|–|to|and|or)\s?")
_STOP = re.compile(r"[,.;:!?—()\[\]|\n\"”]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount and the known units behind it; none where nothing known is counted."""

    amount: Decimal
    units: frozenset[str] = frozenset()

    @property
    def money(self) -> bool:
        """Whether it is a price."""
        return bool(self.units & _MONEY)

    @property
    def handle(self) -> Decimal:
        """It is looked for by its amount."""
        return self.amount

    @property
    def aliases(self) -> tuple[Decimal, ...]:
        """The amounts it may also be looked for by: 256K tokens are 256,000 or 262,144 of them."""
        return (
            tuple(self.amount * ratio for ratio in _BINARY) if not self.units or self.units & _IN_POWERS_OF_TWO else ()
        )

    @property
    def kin(self) -> tuple[frozenset[str], ...]:
        """What it counts: another amount of the same contradicts it."""
        return (self.units,) if self.units else ()

    def agrees(self, claimed: object) -> bool:
        """Whether it counts the same, given the same amount; units count when both have some."""
        if not isinstance(claimed, Quantity) or not self.units or not claimed.units:
            return isinstance(claimed, Quantity)
        # A price for each user and month is not that price a month; the bare sum may stand alone.
        return claimed.units in (self.units, self.units & _MONEY) if self.money else bool(self.units & claimed.units)


def quantities(text: str, found: Sequence[Word], *, every: bool = False) -> Iterator[tuple[int, int, Quantity]]:
    """Every amount of the text: start, end, what it says.

    Small numbers in words count only before a unit that is known, and “one” never does: most are figures of speech.
    With `every` they all do.
    """
    later: tuple[int, frozenset[str]] | None = None
    amounts = sorted([*_in_digits(text), *_in_words(text, found)], reverse=True)
    places = [one.start for one in found]
    for start, end, amount, given, spelled in amounts:
        priced, at = bool(given & _MONEY), bisect_left(places, end)
        behind = found[at : at + (_AFTER_PRICE if priced else _AFTER)]
        units = given | _units(text, end, behind, every=priced)
        if later is not None and not units and _BETWEEN.fullmatch(text, end, later[0]):
            units = later[1]
        later = start, units
        if spelled and not every and (amount == 1 or (amount < _SMALLEST_SPELLED and not units)):
            continue
        yield start, end, Quantity(amount=amount, units=units)


def counts(word: Word) -> bool:
    """Whether the word is a unit: a number in front of it is an amount."""
    return word.stem in _UNITS


def _in_digits(text: str) -> Iterator[tuple[int, int, Decimal, frozenset[str], bool]]:
    for one in _NUMBER.finditer(text):
        part = one.groupdict()
        end = one.end()
        units = set[str]()
        attached = _ATTACHED.match(text, end)
        if attached is not None:
            unit = _UNITS.get(stem(attached.group()))
            if unit is None:
                # Ordinals and names such as 3D are not amounts.
                continue
            units.add(unit)
            end = attached.end()
        if part["money"]:
            units.add(part["money"])
        if part["sign"]:
            units.add("%" if part["sign"].endswith("%") else "times")
        amount = Decimal(_GROUPING.sub("", part["digits"]) + (part["part"] or ""))
        scale = _SCALES.get((part["scale"] or "").strip().lower(), 1)
        named = _NAMED_SCALE.match(text, end)
        if named is not None:
            scale, end = scale * _NAMED_SCALES[named[1].lower()], named.end()
        yield one.start(), end, amount * scale, frozenset(units), False


def _in_words(text: str, found: Sequence[Word]) -> Iterator[tuple[int, int, Decimal, frozenset[str], bool]]:
    behind = 0
    for first, opening in enumerate(found):
        if first < behind or opening.text.lower() not in _SPELLED:
            continue
        total, group, behind = 0, 0, first
        for at in range(first, len(found)):
            word = found[at].text.lower()
            scale = _NAMED_SCALES.get(word)
            if at > first and text[found[at - 1].end : found[at].start] not in {" ", "-"}:
                break
            if word in _SPELLED:
                group += _SPELLED[word]
            elif scale is None:
                break
            else:
                total, group = (total, group * scale) if scale == 100 else (total + group * scale, 0)
            behind = at + 1
        yield opening.start, found[behind - 1].end, Decimal(total + group), frozenset[str](), True


def _units(text: str, end: int, behind: Sequence[Word], *, every: bool) -> frozenset[str]:
    """The first unit behind a number, or every one behind a price: `$50/user per month`."""
    units = set[str]()
    for one in behind:
        if _STOP.search(text, end, one.start) or one.text[0].isdigit() or one.text.lower() in _SPELLED:
            break
        unit = _UNITS.get(one.stem)
        if unit is not None:
            units.add(unit)
            if not every:
                break
        end = one.end
    return frozenset(units)
