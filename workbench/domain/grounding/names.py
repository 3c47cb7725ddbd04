"""Versions, names, acronyms and identifiers: what is called something, and must be called that in the dossier too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.domain.grounding.quantities import counts
from workbench.domain.grounding.vocabulary import (
    ABSTRACT_ENDINGS,
    ACTING,
    HOUSEHOLD,
    KNOWN_NAMES,
    LOWER_NAMES,
    NOT_NAMES,
    PROPER,
    SAME_NAMES,
    TITLES,
    VARIANTS,
)
from workbench.domain.grounding.words import EMPTY, Word

_IDENTIFIER = re.compile(
    r"`[^`\n]{1,120}`"
    r"|https?://[^\s<>\"”)]{1,200}"
    r"|(?<![\w-])--[a-z][\w-]{1,40}"
    r"|(?<!\S)/[a-z][\w.-]{0,40}(?:/[\w{}.-]{1,40}){1,6}"
    r"|(?<![\w.])[A-Za-z_][\w.]{0,40}=[^\s,;:)]{1,40}"
    r"|(?<![\w.])[A-Za-z]\w{0,40}\(\)"
    r"|(?<![\w.])[A-Za-z]{1,20}(?:_[A-Za-z0-9]{1,20}){1,6}(?!\w)"
    r"|(?<![\w.])[a-z]{1,20}[A-Z]\w{0,40}"
    r"|(?<![\w.-])(?![A-Z][A-Za-z]{1,20}\.js\b)[\w-]{1,40}\.(?:py|js|tsx?|rs|go|md|json|ya?ml|toml|txt|sh|html|css|csv|lock)(?!\w)"
    r"|(?<![\w.-])[\w-]{1,40}\.(?:com|dev|io|ai|org|net)(?!\w)"
)
_ODD = re.compile(r"[`=_/]|--|\(\)|\w\.\w|[a-z][A-Z]")
"""No identifier does without one of these, and most sentences hold none."""
_VERSION = re.compile(
    r"(?<![\w.,$€£#])(?P<mark>[vV]\.?|[vV]ersions?\s|[rR]elease\s)?"
    r"(?P<number>\d{1,4}(?:\.\d{1,4}){0,3})(?:o|rc\d?)?(?![\w%])(?!,\d)(?!\.\d)"
)
_NAMED = re.compile(r"[^\W\d_][ \-\u2011\u00a0/]")
"""How a name ends in front of a version's number."""
_ONWARDS = re.compile(r"\+|\s(?:or|and)\s(?:newer|later|higher|above|up)\b")
_ATTACHED = re.compile(r"(?<![\w.])(?P<name>[A-Z][A-Za-z]{1,24}?)(?P<number>\d{1,3}(?:\.\d{1,4}){0,3})(?![\w%])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATORS = frozenset({" ", "-", "\u2011", "\u00a0", "/"})
_OPENERS = frozenset('.!?:;—–“"‘([')
_NAMELESS = EMPTY | NOT_NAMES
_FAMOUS = KNOWN_NAMES | LOWER_NAMES
_BEFORE_NAME = 3
"""Words a version's name may have in front of its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A release: the words of its name, Pro and Mini among them, and its number as written. Never matched loosely.

    `onwards`: that release or a newer one.
    """

    name: frozenset[str]
    number: str
    onwards: bool = False

    @property
    def handle(self) -> str:
        """It is looked for by its number as written."""
        return self.number

    @property
    def aliases(self) -> tuple[str, ...]:
        """None: versions are never matched loosely."""
        return ()

    @property
    def kin(self) -> tuple[str, ...]:
        """Every word that is its own, as Pro is not: another release of the same thing contradicts it."""
        return tuple(self.name - VARIANTS)

    def agrees(self, claimed: object) -> bool:
        """Whether every word of the claimed name is said, given the same number; a bare number fits any name."""
        return isinstance(claimed, Version) and (claimed.name <= self.name or not self.name)

    def admits(self, claimed: Version) -> bool:
        """Whether a claim of that release need not contradict this one: it may be a newer one."""
        return self.onwards and _ordered(claimed.number) > _ordered(self.number)


def _ordered(number: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d{1,6}", number)]


def identifiers(text: str) -> Iterator[tuple[int, int, str]]:
    """Backticked words, flags, endpoints, calls, settings and file names: start, end, the bare words."""
    for one in _IDENTIFIER.finditer(text) if _ODD.search(text) else ():
        stripped = one.group().rstrip(".,;:!?")
        yield one.start(), one.start() + len(stripped), stripped.strip("`").strip().lower()


def versions(text: str, found: Sequence[Word]) -> Iterator[tuple[int, int, Version]]:
    """Every release number with the name in front of it and the variant behind it: start, end, what it says."""
    starts = {one.start: at for at, one in enumerate(found)}
    for one in _VERSION.finditer(text):
        if one["mark"] is None and not _NAMED.match(text, max(0, one.start() - 2), one.start()):
            continue
        at = starts.get(one.start("number"), starts.get(one.start(), 0))
        behind_name = starts.get(one.start(), at) if one["mark"] else at
        first = _name_before(text, found, behind_name)
        named = frozenset(called(word.text) for word in found[first:behind_name]) - {"js"}
        onwards = _ONWARDS.match(text, one.end()) is not None
        plus = text.startswith("+", one.end()) and "." not in one["number"] and not named & KNOWN_NAMES
        if not one["mark"] and (not named or plus or _is_amount(text, found, at, one["number"])):
            continue
        # A version's number may be several words: 2.5 is two of them.
        behind = next((place for place in range(at, len(found)) if found[place].start >= one.end()), len(found))
        end, variants = _variants(text, found, behind, one.end())
        start = found[first].start if named else one.start()
        yield start, end, Version(name=named | variants, number=text[one.start("number") : one.end()], onwards=onwards)
    for one in _ATTACHED.finditer(text):
        yield one.start(), one.end(), Version(name=frozenset({one["name"].lower()}), number=one["number"])


def _is_amount(text: str, found: Sequence[Word], at: int, number: str) -> bool:
    """Whether a number behind capitals only counts something: a year, one with a unit, one behind “Roughly”."""
    if "." in number or text[found[at - 1].end : found[at].start] == "-":
        return False
    unit = at + 1 < len(found) and counts(found[at + 1])
    return unit or found[at - 1].text.endswith("ly") or _YEAR.fullmatch(number) is not None


def _name_before(text: str, found: Sequence[Word], at: int) -> int:
    first = at
    while first > max(0, at - _BEFORE_NAME):
        word, behind = found[first - 1], found[first].start
        joined = text[word.end : behind] in _SEPARATORS
        # Node.js is Node. What is Acme's is not called Acme.
        if first > 1 and word.text == "js" and text[found[first - 2].end : behind] == ".js ":
            first -= 1
            continue
        capital = word.text[0].isupper() and (word.text in PROPER or word.text.lower() not in _NAMELESS)
        if not (joined or text[word.end : behind] == ".") or not capital or not word.text.isalnum():
            break
        first -= 1
    return first


def _variants(text: str, found: Sequence[Word], at: int, end: int) -> tuple[int, frozenset[str]]:
    said = set[str]()
    while at < len(found) and text[end : found[at].start] in _SEPARATORS and found[at].text.lower() in VARIANTS:
        said.add(found[at].text.lower())
        end = found[at].end
        at += 1
    return end, frozenset(said)


def names(text: str, found: Sequence[Word]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Runs of capitalised words that are not just how a sentence begins: start, end, the telling words in lower case.

    A word that opens a sentence is a name only when something says so: a capital or a digit inside it, a possessive, a
    maker everybody knows, or a verb behind it that somebody must be the subject of.
    """
    at = 0
    while at < len(found):
        if not _is_name(text, found, at):
            at += 1
            continue
        first = at
        at += 1
        while at < len(found) and text[found[at - 1].end : found[at].start] in _SEPARATORS and _looks_named(found[at]):
            at += 1
        telling = tuple(called(one.text) for one in found[first:at] if bare(one.text) not in TITLES)
        if telling:
            yield found[first].start, found[at - 1].end, telling


def bare(word: str) -> str:
    """A name's word in lower case, without possessive and without the plural of an acronym."""
    cut = word.replace("’", "'").partition("'")[0]
    if len(cut) > 2 and cut[-1] == "s" and cut[:-1].isupper():
        cut = cut[:-1]
    return cut.lower()


def called(word: str) -> str:
    """A name's word as everybody knows it: Postgres is PostgreSQL."""
    low = bare(word)
    return SAME_NAMES.get(low, low)


def _looks_named(word: Word) -> bool:
    if word.text in LOWER_NAMES or word.text in PROPER:
        return True
    if word.text.islower() and word.text.isalpha():
        return False
    low = bare(word.text)
    inner = any(one.isupper() for one in word.text[1:]) or (
        any(map(str.isdigit, word.text)) and not word.text.isdigit()
    )
    capital = word.text[0].isupper() and len(word.text) > 1
    return (capital or inner) and low not in EMPTY and low not in NOT_NAMES and low not in HOUSEHOLD


def _is_name(text: str, found: Sequence[Word], at: int) -> bool:
    word = found[at]
    if not _looks_named(word) or word.text[0].isdigit():
        return False
    if not _opens(text, word):
        return True
    low = bare(word.text)
    if any(one.isupper() for one in word.text[1:]) or low in _FAMOUS or "'" in word.text.replace("’", "'"):
        return True
    following = found[at + 1].text.lower() if at + 1 < len(found) else ""
    return following in ACTING and not low.endswith(ABSTRACT_ENDINGS)


def _opens(text: str, word: Word) -> bool:
    """Whether it is the first word, or stands behind a mark where a capital means nothing."""
    at = word.start - 1
    while at >= 0 and text[at] == " ":
        at -= 1
    return at < 0 or text[at] in _OPENERS
