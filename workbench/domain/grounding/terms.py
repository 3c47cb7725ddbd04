"""Licences and tiers: of each of these a tool has one, and another one contradicts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.grounding.words import listed

_LICENCE = re.compile(
    r"(?<![\w.])(?:"
    r"(?P<bare>AGPL|LGPL|GPL|SSPL|MPL|EPL|EUPL|BUSL|Unlicense|CC0|CC[ -]BY(?:-(?:SA|NC|ND)){0,2}|Creative Commons)"
    r"(?:[ -]?v?\d(?:\.\d)?)?(?:-licen[cs]ed|\slicen[cs]e)?"
    r"|(?P<near>MIT|Apache|BSD|ISC|BSL|Elastic)(?:[ -](?:\d-Clause|\d\.\d|2))?[ -][Ll]icen[cs]ed?"
    r"|(?P<release>Apache|BSD)[ -](?:\d-Clause|2(?:\.0)?)"
    r"|(?<=under )(?:the |an )?(?P<under>MIT|Apache|BSD|ISC|BSL)"
    r"|(?P<open>[Oo]pen[ -]?[Ss]ourced?|OSS)"
    r"|(?P<weights>[Oo]pen[ -][Ww]eights?)"
    r"|(?P<closed>[Cc]losed[ -][Ss]ourced?|[Pp]roprietary|[Ss]ource[ -][Aa]vailable|[Cc]losed[ -][Ww]eights?)"
    r")(?!\w)"
)
_OPEN = listed("agpl lgpl gpl mpl epl eupl unlicense mit apache bsd isc")
_TIER = re.compile(
    r"(?<![\w-])(?:(?P<freemium>freemium)"
    r"|(?P<free>free (?:of charge|to use|(?:\w{1,12} )?(?:tier|plan|version|entry|account|tool|api|product|app"
    r"|service|model|access|option|offering|software|download|editor|extension))|for free|at no (?:cost|charge)"
    r"|costs nothing|entry:? (?:is |as )?free"
    r"|(?:is|are|was|be|stays?|remains?|listed as|marked(?: as)?|currently|completely|entirely|not) free"
    r"(?![- ](?:of|from|up|to(?! use)|form)\b))"
    r"|(?P<trial>(?:free )?trial(?: period| version)?)"
    r"|(?P<paid>paid(?: (?:plans?|tiers?|only|entry|product|subscriptions?))?|paywall(?:ed)?"
    r"|subscriptions?|subscribers?"
    r"|entry:? (?:is |as )?paid))(?![\w-])",
    re.IGNORECASE,
)
_TIERED = re.compile(r"(?i:free|trial|pa(?:id|ywall)|subscri|no c|costs)")
_LISTED = re.compile(r"(?<!^)(?<![.!?:] )(?<![\w“\"])(Freemium|Free|Trial|Paid|Open source)(?![\w-])(?! [A-Z])")
_INCLUDED = {"freemium": ("free", "paid"), "open source": ("free",)}
_DENIED = re.compile(r"\b(?:no|not|never|without|isn['’]t|nothing)\s(?:\w{1,12}\s){0,2}$", re.IGNORECASE)
_REACH = 40
"""How far in front of a tier a denial may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What one may do with the source: a licence's family, or how open it is."""

    family: str

    @property
    def handle(self) -> str:
        """One shelf for all: there are few."""
        return "licence"

    @property
    def aliases(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def kin(self) -> tuple[str, ...]:
        """A tool has one licence. Its weights may be open where its source is not."""
        return () if self.family == "weights" else ("licence",)

    def agrees(self, claimed: object) -> bool:
        """Whether it says the same; an open licence says “open source” too."""
        return isinstance(claimed, Licence) and (
            self.family == claimed.family or (claimed.family == "open" and self.family in _OPEN)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """How one gets in, in the words of `Entry`, or that one does not get in that way."""

    name: str
    denied: bool = False

    @property
    def handle(self) -> str:
        """One shelf for all: there are few."""
        return "tier"

    @property
    def aliases(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def kin(self) -> tuple[str, ...]:
        """A tool has one way in."""
        return ("tier",)

    def agrees(self, claimed: object) -> bool:
        """Whether it says the same: a freemium tool has a free tier and a paid one, open source is free."""
        said = {self.name, *_INCLUDED.get(self.name, ())}
        return isinstance(claimed, Tier) and (
            claimed.name not in said
            if claimed.denied and not self.denied
            else (self.denied == claimed.denied and claimed.name in said)
        )


def licences(text: str) -> Iterator[tuple[int, int, Licence]]:
    """Every licence the text names: start, end, what it says."""
    for one in _LICENCE.finditer(text):
        kind = one.lastgroup or ""
        said = (one[kind] or "").lower()
        family = kind if kind in {"open", "weights", "closed"} else re.split(r"[ -]", said)[0]
        yield one.start(), one.end(), Licence(family=family)


def tiers(text: str) -> Iterator[tuple[int, int, Tier]]:
    """Every way in the text speaks of: start, end, what it says."""
    for one in _TIER.finditer(text) if _TIERED.search(text) else ():
        yield one.start(), one.end(), Tier(name=one.lastgroup or "", denied=_is_denied(text, one.start()))
    for one in _LISTED.finditer(text):
        yield one.start(), one.end(), Tier(name=one[1].lower(), denied=_is_denied(text, one.start()))


def _is_denied(text: str, start: int) -> bool:
    return _DENIED.search(text[max(0, start - _REACH) : start]) is not None
