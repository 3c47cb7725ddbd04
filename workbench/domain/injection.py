"""Finds what in a dossier's text is meant for a model or hidden from its reader, and drafts that have taken it up.

Nothing here refuses or changes a text: it is shown to the editor, and stays material.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from workbench.domain.disguise import figured, spaced
from workbench.domain.dossier import Dossier
from workbench.domain.orders import WORDINGS, Kind
from workbench.domain.phrases import Word, places, plain, words
from workbench.domain.text import HIDING

_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_FOREIGN = re.compile("[Ͱ-ϿЀ-ԯ]")
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԌԚԜаесіјкорѕухһԁԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχ",
    "ABESIJKMHOPCTYXGQWaecijkopsyxhdqwvABEZHIKMNOPTYXaikvoptux",
)
"""Cyrillic and Greek letters that pass for Latin ones (Unicode Technical Standard 39, the visually identical)."""
_GREEK_ALONE = re.compile("[αικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]")
"""Greek letters count only where they pass for others: “μs” and “ΔT” are units and figures."""
_LETTERS = re.compile(r"[^\W\d_]+")
_STYLED = re.compile("[\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9\U0001d400-\U0001d7cb]{3,}")
"""Full-width, circled and mathematical letters, which read as the plain ones."""
_BASE64 = re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{16,}(?:\s[A-Za-z0-9+/_-]{16,})*={0,2}")
_ENCODED_MINIMUM = 10
"""Shortest decoded text worth a word; shorter runs of letters decode to something by chance."""
_ECHO = 5
"""So many words in a row of an order's sentence are no coincidence; all of them where it has fewer, if it has three."""
_ECHO_MINIMUM = 3
_STOP = re.compile(r"[.!?](?=\s)|[。\n]")
_REACH = 200
"""Characters before and after an order in which its sentence is looked for."""
_SEAM = 500
"""Characters at both ends of a field that may belong to what another field begins or ends."""
_GAP = re.compile("|".join((r"\s+", *(pattern.pattern for pattern in HIDING.values()))))
"""What a reader sees as one blank or as nothing."""
_SHOWN = 60
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicion:
    """Something in a text that is not meant for its reader. `start` and `end` are offsets into the raw text.

    `words` are what stands there, decoded and with nothing hidden; `field` is where, as far as known.
    """

    kind: Kind
    start: int
    end: int
    words: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """Words of a draft that repeat an order of its dossier; `start` and `end` are offsets into the draft's quote."""

    start: int
    end: int
    words: str
    order: str


def suspicions(raw: str) -> tuple[Suspicion, ...]:
    """Everything suspicious in one text, in its order."""
    found = [*_hidden(raw), *_lookalikes(raw), *_encoded(raw), *_worded(raw)]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def across(fields: Sequence[tuple[str, str]]) -> tuple[Suspicion, ...]:
    """What several named fields, read one after the other, say only together.

    `field` names them all; the offsets are of the part in the first of them.
    """
    # What runs over a seam is near it: of a long field only both ends are read again.
    seams = [text if len(text) <= 2 * _SEAM else f"{text[:_SEAM]}\n{text[-_SEAM:]}" for _, text in fields]
    starts = [0, *accumulate(len(text) + 1 for text in seams)]
    joined = "\n".join(seams)
    found: list[Suspicion] = []
    for one in (*_encoded(joined), *_worded(joined)):
        over = [place for place in range(len(fields)) if starts[place] < one.end and one.start < starts[place + 1] - 1]
        if len(over) > 1:
            names = " and ".join(dict.fromkeys(fields[place][0] for place in over))
            length, left = len(fields[over[0]][1]), starts[over[0] + 1] - 1 - one.start
            found.append(replace(one, field=names, start=length - left, end=length))
    return tuple(found)


@lru_cache(maxsize=256)
def in_dossier(dossier: Dossier) -> tuple[Suspicion, ...]:
    """Everything suspicious in what a dossier holds, field by field, then what several fields say together."""
    fields = _fields(dossier)
    return (*(replace(one, field=name) for name, text in fields for one in suspicions(text)), *across(fields))


def _fields(dossier: Dossier) -> list[tuple[str, str]]:
    tool = dossier.tool
    added = [fact for fact in dossier.facts if fact.source not in {"description", "tagline", "entry"}]
    named = [
        *(("name", tool.name), ("vendor", tool.vendor), ("category", tool.category), ("tagline", tool.tagline)),
        ("description", dossier.description),
        *((fact.ref, fact.text) for fact in added),
        *((f"source of {fact.ref}", fact.source) for fact in added),
    ]
    return [(name, text) for name, text in named if text]


def echoes(quote: str, dossier: Dossier) -> tuple[Echo, ...]:
    """Where a draft's quote repeats a sentence of the dossier that gives orders. The tool's name is no echo."""
    told = _told(dossier)
    if not told:
        return ()
    name = plain(dossier.tool.name)
    spoken = words(quote)
    cut = {place + step for place in places(spoken, name) for step in range(len(name))}
    found = dict[tuple[int, int], Echo]()
    for size in sorted({len(phrase) for phrase in told}, reverse=True):
        for start, end, order in _runs(spoken, cut, told, size):
            span = (spoken[start].start, spoken[end - 1].end)
            found.setdefault(span, Echo(start=span[0], end=span[1], words=quote[slice(*span)], order=order))
    return tuple(found[span] for span in sorted(found))


def _runs(
    spoken: Sequence[Word], cut: set[int], told: Mapping[Phrase, str], size: int
) -> Iterator[tuple[int, int, str]]:
    """The longest stretches of words, as indices, all of whose phrases of that size are told, and by which order."""
    begin, end, order = -1, -1, ""
    for place in range(len(spoken) - size + 1):
        phrase = tuple(one.text for one in spoken[place : place + size])
        if phrase not in told or not cut.isdisjoint(range(place, place + size)):
            continue
        if begin < 0 or place > end - size + 1:
            if begin >= 0:
                yield begin, end, order
            begin, order = place, told[phrase]
        end = place + size
    if begin >= 0:
        yield begin, end, order


@lru_cache(maxsize=256)
def _told(dossier: Dossier) -> Mapping[Phrase, str]:
    """The phrases by which a draft would give away that it obeys, and the sentences of the dossier they stand in."""
    texts = dict(_fields(dossier))
    orders = dict.fromkeys(
        one.words if one.kind in {"encoded", "hidden"} else _sentence_of(one, texts.get(one.field, one.words))
        for one in in_dossier(dossier)
        if one.kind not in {"image", "lookalike"}
    )
    found = dict[Phrase, str]()
    for order in orders:
        spoken = plain(order)
        size = min(_ECHO, len(spoken))
        if size >= _ECHO_MINIMUM:
            found.update((spoken[place : place + size], order) for place in range(len(spoken) - size + 1))
    return found


def _sentence_of(one: Suspicion, text: str) -> str:
    """The sentence around it; what a borrowed role says goes on to the end of its line."""
    before = _STOP.split(text[max(0, one.start - _REACH) : one.start])[-1]
    after = text[one.end : one.end + _REACH]
    rest = after.partition("\n")[0] if one.kind == "marker" else _STOP.split(after, maxsplit=1)[0]
    return f"{before}{text[one.start : one.end]}{rest}".strip()


def _worded(raw: str) -> Iterator[Suspicion]:
    """Wordings that speak to a model, however their letters are dressed up."""
    text, where = _readable(raw)
    for kind, pattern in WORDINGS:
        for match in pattern.finditer(text):
            said = match.group().strip()
            start = match.start() + match.group().index(said)
            if said:
                yield Suspicion(kind=kind, start=where[start], end=where[start + len(said) - 1] + 1, words=said)
    for begin, end, said in spaced(text):
        yield Suspicion(kind="order", start=where[begin], end=where[end - 1] + 1, words=said)
    for dressed in figured(text):
        for kind, pattern in WORDINGS:
            for match in pattern.finditer(dressed):
                begin, end = match.span()
                # What is an order as it stands has been found already.
                if dressed[begin:end] != text[begin:end]:
                    words_of = dressed[begin:end].strip()
                    yield Suspicion(kind=kind, start=where[begin], end=where[end - 1] + 1, words=words_of)


def _readable(raw: str) -> tuple[str, list[int]]:
    """The text as it looks: nothing hidden, letters as what they pass for, blanks single; and where each one stands."""
    plain_letters = _STYLED.sub(lambda run: "".join(map(_plainly, run.group())), _unmixed(raw))
    kept: list[str] = []
    where: list[int] = []
    done = 0
    for gap in _GAP.finditer(plain_letters):
        if done < gap.start():
            kept.append(plain_letters[done : gap.start()])
            where.extend(range(done, gap.start()))
        done = gap.end()
        if not gap.group().isspace():
            continue
        blank = "\n" if "\n" in gap.group() else " "
        if kept and kept[-1] in {" ", "\n"}:
            kept[-1] = min(blank, kept[-1])  # a line end outlasts the blanks around it
        else:
            kept.append(blank)
            where.append(gap.start())
    kept.append(plain_letters[done:])
    where.extend(range(done, len(plain_letters)))
    return "".join(kept), where


def _plainly(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _unmixed(raw: str) -> str:
    """The text with Latin letters in those of its words that mix alphabets; as long as before."""
    if _FOREIGN.search(raw) is None:
        return raw
    return _LETTERS.sub(lambda word: word.group().translate(_ALIKE) if _mixed(word.group()) else word.group(), raw)


def _lookalikes(raw: str) -> Iterator[Suspicion]:
    """Words whose letters pass for others."""
    if _FOREIGN.search(raw) is not None:
        for match in _LETTERS.finditer(raw):
            if foreign := _mixed(match.group()):
                shown = f"“{_short(match.group())}” ({foreign})"
                yield Suspicion(kind="lookalike", start=match.start(), end=match.end(), words=shown)
    for match in _STYLED.finditer(raw):
        shown = f"“{_short(match.group())}” (it reads as “{_short(''.join(map(_plainly, match.group())))}”)"
        yield Suspicion(kind="lookalike", start=match.start(), end=match.end(), words=shown)


def _mixed(word: str) -> str:
    """Which letters of a word in Latin letters are Cyrillic or pass for Latin ones in Greek; empty when none is."""
    if _FOREIGN.search(word) is None or _LATIN.search(word) is None:
        return ""
    used = {letter: unicodedata.name(letter, "").partition(" ")[0] for letter in word}
    counted = {
        letter: script
        for letter, script in used.items()
        if script in {"LATIN", "CYRILLIC"} or (script == "GREEK" and _GREEK_ALONE.match(letter))
    }
    found = [one for one in _SCRIPTS if one in counted.values()]
    return ", ".join(f"“{one}” is {script.title()}" for one, script in counted.items() if script in found[1:])


def _hidden(raw: str) -> Iterator[Suspicion]:
    """Runs of characters that nobody sees; tag characters are read as the letters they stand for."""
    for name, pattern in HIDING.items():
        for match in pattern.finditer(raw):
            run = match.group()
            if name == "tag":
                said = "".join(chr(ord(one) - 0xE0000) for one in run if 0xE0020 <= ord(one) <= 0xE007E)
            else:
                said = unicodedata.name(run[0], f"U+{ord(run[0]):04X}").lower()
            yield Suspicion(kind="hidden", start=match.start(), end=match.end(), words=said)


def _encoded(raw: str) -> Iterator[Suspicion]:
    """Runs of base64 that decode to text, on one line or wrapped over several."""
    for match in _BASE64.finditer(raw):
        said = _decoded("".join(match.group().split()))
        if said:
            yield Suspicion(kind="encoded", start=match.start(), end=match.end(), words=said)


def _decoded(run: str) -> str:
    """The text in a base64 run, standard or for addresses; empty when there is none."""
    letters = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        said = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    told = " ".join(said.split())
    return told if len(told) >= _ENCODED_MINIMUM and " " in told and told.isprintable() else ""


def _short(text: str) -> str:
    return f"{text[:_SHOWN]}…" if len(text) > _SHOWN else text
