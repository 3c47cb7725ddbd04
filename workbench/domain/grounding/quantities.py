"""Amounts with what they count, prices among them, in digits and in words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from workbench.domain.grounding.rates import ANY, QUALIFIERS, Rate, per_one, rate
from workbench.domain.grounding.units import BYTE, MONEY, MONTH, SECOND, TELLING_UNITS, UNITS, Unit, group
from workbench.domain.grounding.words import Word, stem

_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12}
_NAMED_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED = {word: value for value, word in enumerate(_ONES.split())} | {
    word: 20 + 10 * at for at, word in enumerate(_TENS.split())
}
_IN_POWERS_OF_TWO = frozenset({"token", BYTE})
_BINARY = tuple(
    Decimal(ratio) for kilo in (Decimal("1.024"),) for power in (1, 2, 3) for ratio in (kilo**power, 1 / kilo**power)
)
"""1024 for a thousand, 2²⁰ for a million, 2³⁰ for a billion, and the other way round."""
_AFTER = 3
"""A number's unit stands among this many words behind it."""
_NUMBER = re.compile(
    r"(?=[\d~≈$€£¥UEG])(?<![\w.,/])(?:[~≈]\s?)?(?:US)?(?P<money>[$€£¥]|(?:USD|EUR|GBP)\s)?"
    r"(?P<digits>\d{1,3}(?:[,\u00a0\u202f]\d{3}){1,5}(?!\d)|\d{1,18})"
    r"(?P<part>\.\d{1,9})?(?!\d)(?P<scale>(?:bn|mn|[kKmMbBT]|\s[KMB])(?![^\W_]))?(?P<sign>\s?%|[xX](?![^\W_])|×)?\+?"
)
_CODES = {"USD": "$", "EUR": "€", "GBP": "£"}
_CLOCK = re.compile(r"\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b\.?|o['’]clock)|\d{1,2}:\d\d(?!\d)|24[/x]7\b", re.IGNORECASE)
"""A time of day, and round the clock: nothing is counted."""
_LISTED = re.compile(r"^\s{0,3}\d{1,2}[.)](?=\s|$)", re.MULTILINE)
_GROUPING = re.compile(r"\D")
_ATTACHED = re.compile(r"[^\W\d_]{1,12}")
_NAMED_SCALE = re.compile(r"\s?(hundred|thousand|million|billion|trillion|dozen)\b", re.IGNORECASE)
_SMALLEST_SPELLED = 13
_BETWEEN = re.compile(r"\s?(?:-|–|to|and|or)\s?")
_STOP = re.compile(r"[,.;:!?—()\[\]|\n\"”]")
_SHARES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "hundredth": 100, "thousandth": 1000}
_SHARE = re.compile(
    r"\b(?:(?P<many>an?|one|two|three|four)[\s-])?(?P<share>half|third|quarter|fifth|tenth|hundredth|thousandth)s?(?:"
    r"\sof\san?\s(?P<whole>[A-Za-z]+)|\san\s(?P<hour>hour)|\sa\s(?P<half>[a-z]+)"
    r"|\sof\s(?P<all>all\s|every)|\sof\s(?:(?:the|its|their|our)\s)?(?P<noun>[A-Za-z]+)"
    r"|\sthe\s(?P<cost>price|cost|time|size|memory|latency|speed)\b)",
    re.IGNORECASE,
)
"""Half of all teams, a tenth of a second, half the price."""
_TWICE = re.compile(r"\b(?:twice|double)(?=\s(?:as|the)\s)", re.IGNORECASE)
_DOZEN = re.compile(r"\b(?P<half>half\s)?a\sdozen\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(dozens|hundreds|thousands|millions|billions)(?=\sof\s)", re.IGNORECASE)
_AT_LEAST = {"dozens": 20, "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9}
_MULTIPLE = frozenset({"times"})
"""How many times what, a word does not tell: one multiple contradicts no other."""
_TIMED = frozenset({SECOND, MONTH})
_BILLED = frozenset({SECOND, MONTH, "user"})
_AT_MOST = 1000
"""“Hundreds” are a hundred or more, and fewer than a thousand times that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount in base units, the known units behind it, and what it is for each of (`per`, with its `factor`).

    `several`: “hundreds of teams”, of which the amount is the least.
    """

    amount: Decimal
    units: frozenset[str] = frozenset()
    per: frozenset[str] = frozenset()
    factor: Decimal = Decimal(1)
    several: bool = False
    listed: bool = False
    """Whether it numbers an entry of a list, so that there are so many of whatever is listed."""

    @property
    def money(self) -> bool:
        """Whether it is a price."""
        return bool(self.units & MONEY)

    @property
    def handle(self) -> Decimal | frozenset[str]:
        """It is looked for by its comparable amount, several of something by what they are."""
        return self.units if self.several else self.amount * self.factor

    @property
    def aliases(self) -> tuple[Decimal | frozenset[str], ...]:
        """What it may also be looked for by: the bare amount, and 256K tokens are 256,000 or 262,144 of them."""
        binary = not self.units or self.units & _IN_POWERS_OF_TWO
        ratios = tuple(self.amount * ratio for ratio in _BINARY) if binary else ()
        return (self.amount, self.units, *ratios)

    @property
    def kin(self) -> tuple[tuple[frozenset[str], frozenset[str] | None], ...]:
        """What it counts, and for each of what: another amount of the same contradicts it."""
        return ((self._group, self.per or None),) if self.units and self.units != _MULTIPLE and not self.several else ()

    @property
    def shelves(self) -> tuple[tuple[frozenset[str], frozenset[str] | None], ...]:
        """Where one that contradicts it looks: one for each of nothing contradicts a rate, but no price of tokens."""
        bare = self.dimensions <= _BILLED or not self.money
        return tuple(dict.fromkeys((*self.kin, *((one, None) for one, _ in self.kin if bare))))

    def agrees(self, claimed: object) -> bool:
        """Whether it counts the same, given the same amount; a sum may stand without what it is for each of."""
        if not isinstance(claimed, Quantity):
            return False
        if claimed.several:
            return claimed.amount <= self.amount < claimed.amount * _AT_MOST
        if self.several or not self._counts_alike(claimed):
            return False
        if not claimed.per:
            return True
        if self.amount * self.factor != claimed.amount * claimed.factor:
            return False
        # A price for each user and month is not that price a month.
        open_ended = frozenset({ANY}) in {claimed.dimensions, self.dimensions}
        alike = open_ended or claimed.dimensions == self.dimensions
        alike = alike and bool(self.per) and _TIMED.isdisjoint(claimed.dimensions ^ self.dimensions)
        return alike and claimed.per & QUALIFIERS <= self.per & QUALIFIERS

    @property
    def dimensions(self) -> frozenset[str]:
        """What it is for each of, whether input or output."""
        return self.per - QUALIFIERS

    @property
    def _group(self) -> frozenset[str]:
        return frozenset(group(one, self.amount) for one in self.units)

    def _counts_alike(self, claimed: Quantity) -> bool:
        if self.units and claimed.units:
            return bool(self.units & claimed.units)
        # Without a unit a small number is of nothing else, and a large one of no price or time.
        small = self.amount < _SMALLEST_SPELLED and not self.listed
        return not (self.units or claimed.units) or not (claimed.units & TELLING_UNITS or (small and not self.units))


class _Number(NamedTuple):
    """A number where it stands, with the unit that is part of it; `several` means nothing without one behind it."""

    start: int
    end: int
    amount: Decimal
    given: Unit | None = None
    spelled: bool = False
    several: bool = False
    listed: bool = False


def quantities(text: str, found: Sequence[Word], *, every: bool = False) -> Iterator[tuple[int, int, Quantity]]:
    """Every amount of the text: start, end, what it says.

    Small numbers in words count only before a unit that is known, and “one” never does: most are figures of speech.
    With `every` they all do. The million of “per million tokens” is no amount of its own.
    """
    numbers = [*_in_digits(text), *_in_words(text, found), *_in_parts(text)]
    numbers.sort(key=lambda one: (one.start, -one.end))
    places = [one.start for one in found]
    read: list[tuple[_Number, Unit | None, Rate]] = []
    done = 0
    for one in numbers:
        if one.start >= done:
            at = bisect_left(places, one.end)
            unit = one.given or _unit(text, one.end, found[at : at + _AFTER])
            priced = unit is not None and unit.name in MONEY
            known = rate(text, one.end, found, at, priced=priced)
            read.append((one, unit, known))
            done = max(one.end, known.end)
    for place in range(len(read) - 2, -1, -1):
        one, unit, _ = read[place]
        # “5 to 10 MB”: what stands behind the last is the first one's, too.
        if unit is None and _BETWEEN.fullmatch(text, one.end, read[place + 1][0].start):
            read[place] = one, *read[place + 1][1:]
    for one, unit, known in read:
        few = one.amount == 1 or (one.amount < _SMALLEST_SPELLED and unit is None)
        if not (one.spelled and few and not every) and not (one.several and unit is None):
            yield one.start, one.end, _quantity(one, unit, known)


def _quantity(one: _Number, unit: Unit | None, known: Rate) -> Quantity:
    if unit is None:
        return Quantity(amount=one.amount, per=known.per, factor=known.factor, several=one.several, listed=one.listed)
    amount, units = one.amount * unit.factor, frozenset({unit.name})
    if unit.per:
        return Quantity(amount=amount, units=units, per=frozenset({unit.per}), factor=per_one(stem(unit.per)))
    return Quantity(amount=amount, units=units, per=known.per, factor=known.factor, several=one.several)


def counts(word: Word) -> bool:
    """Whether the word is a unit: a number in front of it is an amount."""
    return word.stem in UNITS


def figures(found: Sequence[Word]) -> frozenset[Decimal]:
    """The small numbers said in words, whatever they count."""
    return frozenset(Decimal(_SPELLED[one.text.lower()]) for one in found if one.text.lower() in _SPELLED)


def _in_digits(text: str) -> Iterator[_Number]:
    for one in _NUMBER.finditer(text):
        part, end, given = one.groupdict(), one.end(), None
        if _CLOCK.match(text, one.start("digits")):
            continue
        attached = _ATTACHED.match(text, end)
        if attached is not None:
            unit = UNITS.get(stem(attached.group()))
            if unit is None:
                # Ordinals and names such as 3D are not amounts.
                continue
            given, end = unit, attached.end()
        if part["money"]:
            given = Unit(_CODES.get(part["money"].strip(), part["money"]))
        elif part["sign"]:
            given = Unit("%" if part["sign"].endswith("%") else "times")
        amount = Decimal(_GROUPING.sub("", part["digits"]) + (part["part"] or ""))
        amount *= _SCALES.get((part["scale"] or "").strip().lower(), 1)
        named = _NAMED_SCALE.match(text, end)
        if named is not None:
            amount, end = amount * _NAMED_SCALES[named[1].lower()], named.end()
        yield _Number(one.start(), end, amount, given, listed=_LISTED.match(text, one.start()) is not None)


def _in_words(text: str, found: Sequence[Word]) -> Iterator[_Number]:
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
                total, group = (total, group * scale) if scale <= 100 else (total + group * scale, 0)
            behind = at + 1
        yield _Number(opening.start, found[behind - 1].end, Decimal(total + group), spelled=True)


def _in_parts(text: str) -> Iterator[_Number]:
    """Halves and tenths, twice as much, a dozen, and several."""
    for one in _SHARE.finditer(text):
        share = Decimal(_SPELLED.get((one["many"] or "one").lower(), 1)) / _SHARES[one["share"].lower()]
        unit = UNITS.get(stem(one["whole"] or one["hour"] or one["half"] or one["noun"] or ""))
        measured = unit is not None and unit.name in {SECOND, MONTH, BYTE}
        if unit is not None and measured and not one["noun"]:
            yield _Number(one.start(), one.end(), share, unit)
        elif one["all"] or one["cost"] or (one["noun"] and unit is not None and not measured):
            yield _Number(one.start(), one.end("share"), 100 * share, Unit("%"))
    for one in _TWICE.finditer(text):
        yield _Number(one.start(), one.end(), Decimal(2), Unit("times"))
    for one in _DOZEN.finditer(text):
        yield _Number(one.start(), one.end(), Decimal(6 if one["half"] else 12), spelled=True)
    for one in _SEVERAL.finditer(text):
        yield _Number(one.start(), one.end(), Decimal(_AT_LEAST[one[1].lower()]), several=True)


def _unit(text: str, end: int, behind: Sequence[Word]) -> Unit | None:
    """The first unit behind a number."""
    for one in behind:
        if _STOP.search(text, end, one.start) or one.text[0].isdigit() or one.text.lower() in _SPELLED:
            break
        unit = UNITS.get(one.stem)
        if unit is not None:
            return unit
        end = one.end
    return None
