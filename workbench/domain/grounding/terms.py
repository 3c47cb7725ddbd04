"""Licences and tiers: of each of these a tool has one, and another one contradicts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.domain.grounding.words import listed

_RELEASE = r"(?:[ -]?[vV]?\d(?:\.\d)?(?:-only|-or-later)?)"
_WORD = r"(?:[ -][Ll]icen[cs]e[ds]?(?:,?\s(?:[Vv]ersion\s|v)?\d(?:\.\d)?)?)"
_LICENCE = re.compile(
    r"(?<![\w.])(?:"
    r"(?P<bare>AGPL|LGPL|GPL|SSPL|MPL|EPL|EUPL|BUSL|Unlicense|CC0|CC[ -]BY(?:-(?:SA|NC|ND)){0,2}|Creative Commons)"
    rf"{_RELEASE}?{_WORD}?"
    rf"|(?P<near>MIT|Apache|BSD|ISC|BSL|Elastic)(?:[ -]\d-Clause|{_RELEASE})?{_WORD}"
    rf"|(?P<release>Apache|BSD)[ -](?:\d-Clause|v?\d(?:\.\d)?)"
    r"|(?:(?<=is )|(?<=are ))(?P<said>MIT|BSD|ISC)(?! [A-Z])"
    rf"|(?<=under )(?:the |an )?(?P<under>MIT|Apache|BSD|ISC|BSL)(?:[ -]\d-Clause|{_RELEASE})?{_WORD}?"
    r"|(?P<open>[Oo]pen[ -]?[Ss]ourced?|OSS)"
    r"|(?P<weights>[Oo]pen[ -][Ww]eights?)"
    r"|(?P<closed>[Cc]losed[ -][Ss]ourced?|[Pp]roprietary|[Ss]ource[ -][Aa]vailable|[Cc]losed[ -][Ww]eights?"
    r"|(?:the\s)?(?:code|source)\s(?:is|stays|remains)\sclosed)"
    r")(?!\w)(?!\.\d)"
)
_RELEASED = re.compile(r"\d(?:\.\d)?(?!-Clause)")
_OPEN = listed("agpl lgpl gpl mpl epl eupl unlicense mit apache bsd isc")
_TIER = re.compile(
    r"(?<![\w-])(?:(?P<freemium>freemium)"
    r"|(?P<only_free>(?:costs? nothing|free(?: of charge)?|at no (?:cost|charge))"
    r" (?:at all|for everyone|in every way|without exception)"
    r"|(?:is|are|stays?|remains?) (?:entirely|completely|wholly|fully|totally|100% ?) ?free(?! of| from| to))"
    r"|(?P<forever>(?:(?:is|are|stays?|remains?|be) )?(?:free (?:forever|for ever|for good|for life)|forever free))"
    r"|(?P<only_paid>paid[ -]only|only paid(?: plans?| tiers?)?|paid (?:plans?|tiers?) only)"
    r"|(?P<free>free (?:of charge|to use|(?:\w{1,12} )?(?:tier|plan|version|entry|account|tool|api|product|app"
    r"|service|model|access|option|offering|software|download|editor|extension))|for free|at no (?:cost|charge)"
    r"|costs nothing|entry:? (?:is |as )?free"
    r"|(?:is|are|was|be|stays?|remains?|listed as|marked(?: as)?|currently|not) free"
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
    """What one may do with the source: a licence's family and release, or how open it is."""

    family: str
    release: str = ""

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
            (self.family == claimed.family and claimed.release in {"", self.release or claimed.release})
            or (claimed.family == "open" and self.family in _OPEN)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """How one gets in, in the words of `Entry`, or that one does not get in that way; `only`: in no other."""

    name: str
    denied: bool = False
    only: bool = False
    forever: bool = False

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
        """A tool has one way in. Only a trial or a price contradicts that it is free for ever: a tier may be."""
        return ("trial", "paid") if self.forever else ("tier",)

    @property
    def shelves(self) -> tuple[str, ...]:
        """Where one that contradicts it looks."""
        return ("tier", self.name)

    def agrees(self, claimed: object) -> bool:
        """Whether it says the same: a freemium tool has a free tier and a paid one, open source is free."""
        whole = isinstance(claimed, Tier) and (claimed.only or claimed.forever)
        said = {self.name, *(() if whole and self.name != "open source" else _INCLUDED.get(self.name, ()))}
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
        release = _RELEASED.search(one.group())
        number = release.group().removesuffix(".0") if release is not None else ""
        yield one.start(), one.end(), Licence(family=family, release=number)


def tiers(text: str) -> Iterator[tuple[int, int, Tier]]:
    """Every way in the text speaks of: start, end, what it says."""
    for one in _TIER.finditer(text) if _TIERED.search(text) else ():
        kind = one.lastgroup or ""
        name = "free" if kind == "forever" else kind.removeprefix("only_")
        denied = _is_denied(text, one.start())
        yield (
            one.start(),
            one.end(),
            Tier(name=name, denied=denied, only=kind.startswith("only_"), forever=kind == "forever"),
        )
    for one in _LISTED.finditer(text):
        yield one.start(), one.end(), Tier(name=one[1].lower(), denied=_is_denied(text, one.start()))


_BILLING = re.compile(
    r"\b(?:(?:bill(?:ed|s)|charg(?:ed|es)|invoiced|paid)\s(?P<one>monthly|annually|yearly|quarterly|weekly|upfront)"
    r"|(?:bill(?:ed|s)|charg(?:ed|es)|invoiced)\s(?:by|every|each|once a|per)\s(?:the\s)?"
    r"(?P<by>month|year|quarter|week)"
    r"|(?P<noun>monthly|annual|yearly|quarterly)\sbilling)(?!\w)",
    re.IGNORECASE,
)
_PERIODS = {"annually": "year", "annual": "year", "yearly": "year", "monthly": "month", "quarterly": "quarter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """How often a bill comes."""

    period: str

    @property
    def handle(self) -> str:
        """It is looked for by its period."""
        return self.period

    @property
    def aliases(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def kin(self) -> tuple[str, ...]:
        """Another period contradicts it."""
        return ("billing",)

    def agrees(self, claimed: object) -> bool:
        """Whether it is the same period."""
        return self == claimed


def billings(text: str) -> Iterator[tuple[int, int, Billing]]:
    """Every word on how often a bill comes: start, end, what it says."""
    for one in _BILLING.finditer(text):
        said = (one["one"] or one["by"] or one["noun"]).lower()
        yield one.start(), one.end(), Billing(period=_PERIODS.get(said, said))


def _is_denied(text: str, start: int) -> bool:
    return text[start : start + 4].lower() == "not " or _DENIED.search(text[max(0, start - _REACH) : start]) is not None
