"""What an editor may not see before the decision: which provider wrote which draft."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from string import ascii_uppercase
from typing import NamedTuple

from workbench.domain.decision import Cell
from workbench.domain.interest import VENDORS, named_in, names_of_vendor

HIDDEN = "▇▇▇"
"""Stands for a name that would give the drafter away."""
_WORDS = frozenset(word for vendor in VENDORS for word in vendor.words)
_SHORTEST = 3
"""Shorter names are no giveaway, and hiding them would riddle the text."""

_LOWER = "a-zß-öø-ÿ"
_BEGINS = rf"(?:(?<![A-Za-zÀ-ÿ])|(?-i:(?<=[{_LOWER}])(?=[A-Z])))"
_ENDS = rf"(?-i:(?=s?(?![{_LOWER}])))"
"""A name ends where no small letter goes on; a plural's `s` may stand between."""
_GAP = r"[\s._/:-]"
_VERSION = r"[\s-]?v?\d+(?:\.\d+)*"
_ABOUT = r"(?:['’]m|\s+am|\s+was)\s+"
_MADE = r"(?:made|built|trained|developed|created|designed)\s+by"
_MODEL = r"(?:model|assistant|AI|system|chatbot)\s+(?:from|by|of|at)"
_LEADS = (
    rf"I{_ABOUT}(?:the\s+|called\s+|named\s+)?",
    rf"(?:as\s+|I{_ABOUT}(?:{HIDDEN},?\s+)?)(?:an?\s+|the\s+)(?:[\w{HIDDEN[0]}-]+\s+){{0,6}}?(?:{_MADE}|{_MODEL})\s+",
    rf"I{_ABOUT}{_MADE}\s+",
    r"(?:my\s+name\s+is|call\s+me|speaking\s+as|writing\s+as|we\s+at|us\s+at|here\s+at)\s+",
    r"my\s+(?:own\s+)?(?:makers?|creators?|developers?|vendor|company|parent)(?:,|\s+is|\s+are|\s+at)?\s+",
)
"""What a drafter says of itself before its name."""
_AS = r"as\s+"
_AFTER_AS = (" I ", ", I ", ", I'", ", I’", ", my ", ", we ", ", our ", ", an AI ", ", a language model")
"""What it says of itself after “as” and its name."""
_AFTER = (
    *(
        f"{link} {verb} me"
        for link in ("", ", who", " who", ", which", " which")
        for verb in ("made", "built", "trained", "developed", "created")
    ),
    *(f", my {who}" for who in ("maker", "creator", "developer", "vendor")),
)
"""What it says of itself after a name."""
_NEVER = r"(?!)"
_REACH = 160
"""Longer than the longest name and what may follow it, in characters."""


def masked(cell: Cell | None, *, on: bool) -> bool:
    """Whether the cell's providers are hidden: masking is on, and there has never been a quote."""
    return on and (cell is None or not cell.opened)


def side_names(count: int) -> tuple[str, ...]:
    """What `count` masked drafts are called: Left and Right, or A, B, C and on."""
    if count <= 2:
        return ("Left", "Right")[:count]
    letters = len(ascii_uppercase)
    return tuple(
        ascii_uppercase[at % letters] + (str(at // letters + 1) if at >= letters else "") for at in range(count)
    )


def names_to_hide(providers: Iterable[tuple[str, str, str]]) -> frozenset[str]:
    """What would give away these providers, each a name, a model and a maker: those, and all their makers' names.

    A provider's own name is the settings' and no model knows it: it is hidden only where it is part of the model's, or
    no plain word, so that a provider called “fast” takes nothing out of a text.
    """
    found: set[str] = set()
    for name, model, maker in providers:
        known = {each for one in (maker, named_in(model), named_in(name)) for each in names_of_vendor(one)}
        found |= known | {model}
        if not name.isalpha() or name.casefold() in model.casefold():
            found.add(name)
    return frozenset(one for one in found if len(one) >= _SHORTEST)


class Hidden(NamedTuple):
    """A text without its names. `passes` are the stretches that became ▇▇▇, each pass's in the text before it."""

    text: str
    passes: tuple[tuple[tuple[int, int], ...], ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where words of the whole text stand here; what cut a name in two lies on all of its ▇▇▇."""
        for covered in self.passes:
            start, end = _moved(covered, start, ends=False), _moved(covered, end, ends=True)
        return min(start, len(self.text)), min(end, len(self.text))


def hide(text: str, names: Collection[str], spoken: str, *, whole: bool) -> str:
    """The text with ▇▇▇ for each of `names`, but for those that `spoken`, the material, has in it.

    A name in a drafter's words about itself is hidden even then. Unless the text is `whole`, an end that may be going
    to be such a name is held back: what has been shown of a growing text only ever grows.
    """
    return hidden(text, names, spoken, whole=whole).text


def hidden(text: str, names: Collection[str], spoken: str, *, whole: bool) -> Hidden:
    """The same, and where the rest of the text went."""
    known, found = frozenset(names), Hidden(text)
    while True:
        if not whole:
            growing = _patterns(known, spoken)[-1]
            while (tail := growing.search(found.text, max(0, len(found.text) - _REACH))) is not None:
                found = found._replace(text=found.text[: tail.start()])
        # “I'm Claude, a model by Anthropic” says it twice, and the second is found behind the first.
        more = _hidden(found.text, known, spoken)
        if not more.passes:
            return found
        found = Hidden(more.text, (*found.passes, *more.passes))


@lru_cache(maxsize=4096)
def _hidden(text: str, names: frozenset[str], spoken: str) -> Hidden:
    """Kept, since all but the last sentence of a growing draft is asked for with each of its pieces."""
    folded = text.casefold()
    if not any(stem in folded for stem in _stems(names)):
        return Hidden(text)
    about_itself, secret, _ = _patterns(names, spoken)
    return _covered(secret, _covered(about_itself, Hidden(text)))


def _covered(pattern: re.Pattern[str], found: Hidden) -> Hidden:
    """With ▇▇▇ for whatever the pattern finds; what leads up to it, its groups, stays."""
    spans = tuple(
        (match.start() + sum(len(lead or "") for lead in match.groupdict().values()), match.end())
        for match in pattern.finditer(found.text)
    )
    if not spans:
        return found
    kept = [found.text[end:start] for (_, end), (start, _) in pairwise(((0, 0), *spans))]
    return Hidden(HIDDEN.join([*kept, found.text[spans[-1][1] :]]), (*found.passes, spans))


def _moved(covered: Sequence[tuple[int, int]], at: int, *, ends: bool) -> int:
    """Where a place of the text before one pass stands after it; within a name, at the begin or end of its ▇▇▇."""
    shift = 0
    for start, end in covered:
        if at <= start:
            break
        if at < end:
            return start + shift + (len(HIDDEN) if ends else 0)
        shift += len(HIDDEN) - (end - start)
    return at + shift


@lru_cache(maxsize=64)
def _stems(names: frozenset[str]) -> frozenset[str]:
    """What a text must hold to hold one of the names: most text does not, and is soon done with."""
    return frozenset(re.split(_GAP, name)[0].casefold() for name in names)


@lru_cache(maxsize=64)
def _patterns(names: frozenset[str], spoken: str) -> tuple[re.Pattern[str], ...]:
    """What finds a drafter's words about itself, a name that nobody has spoken, and an end that may become either."""
    every = sorted(names, key=lambda one: (-len(one), one))
    secret = [one for one in every if not re.search(_begun(_one_of([one]), [one]), spoken, re.IGNORECASE)]
    unit = _unit(every)
    started = "|".join(_prefixes([*_atoms(name), "s"]) for name in every) or _NEVER
    goes_on = "|".join(_prefixes(list(_phrase(one))) for one in (*_AFTER_AS, *_AFTER))
    patterns = (
        rf"\b(?P<lead>{'|'.join(_LEADS)}){unit}|\b(?P<lead_as>{_AS}){unit}(?={_said(_AFTER_AS)})|{unit}(?={_said(_AFTER)})",
        _unit(secret),
        _begun(rf"(?:{started}|{unit}(?:{_GAP}*(?:v|{started})?|{goes_on}))\Z", every),
    )
    return tuple(re.compile(one, re.IGNORECASE) for one in patterns)


def _unit(names: Sequence[str]) -> str:
    """One of the names, or several in a row, with a version each."""
    return rf"{_begun(_one_of(names), names)}(?:{_VERSION}|{_GAP}*{_one_of(names)})*"


def _begun(pattern: str, names: Sequence[str]) -> str:
    first = "".join(sorted({re.escape(one) for name in names for one in (name[0].lower(), name[0].upper())}))
    return f"(?-i:(?=[{first}])){_BEGINS}(?:{pattern})" if first else _NEVER  # most places are ruled out by one look


def _one_of(names: Sequence[str]) -> str:
    """Any of the names whole; one that ends in a digit may be followed by anything."""
    lettered, numbered = (
        "|".join("".join(_atoms(name)) for name in names if name[-1].isalpha() == letter) or _NEVER
        for letter in (True, False)
    )
    return f"(?:{numbered}|(?:{lettered}){_ENDS})"


def _atoms(name: str) -> Iterator[str]:
    """The name character by character; one that is an English word too counts only as it is spelt."""
    for part in re.findall(rf"{_GAP}+|.", name):
        if re.match(_GAP, part):
            yield f"{_GAP}{{0,2}}"
        else:
            yield f"(?-i:{re.escape(part)})" if name in _WORDS else re.escape(part)


def _phrase(phrase: str) -> Iterator[str]:
    return (r"\s+" if one == " " else re.escape(one) for one in phrase)


def _said(phrases: Iterable[str]) -> str:
    return "|".join("".join(_phrase(one)) + (r"(?!\w)" if one[-1].isalpha() else "") for one in phrases)


def _prefixes(atoms: Sequence[str]) -> str:
    """Whatever begins as these do, one of them at least."""
    return "(?:".join(atoms) + ")?" * (len(atoms) - 1)
