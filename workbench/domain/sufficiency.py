"""Whether a dossier has what a lens's beats need to stand on, before anything is drafted from it.

Which beat needs what is said in the persona's file. Whether a fact meets a need is read from its words: a hint for the
editor who fills the dossier, who may also let a beat be opinion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from workbench.domain.dossier import Dossier, Fact, Tool
from workbench.domain.ids import PersonaId
from workbench.domain.persona import Beat, Need, Persona
from workbench.domain.phrases import plain

ASKS: Mapping[Need, str] = {
    "api": "a call, endpoint, field, flag or file by its name",
    "dated_trend": "a trend, with a date",
    "limit": "a limit or a known failure",
    "payer": "who pays, or from which budget",
    "price": "a price line",
    "rival": "a named rival, with a source",
}
"""What to add to the dossier where a need is not met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One need of a beat, and the first fact that meets it; None: the dossier has none.

    `opinion`: the editor lets the beat stand on nothing.
    """

    beat: Beat
    need: Need
    fact: Fact | None
    opinion: bool = False

    @property
    def answered(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.opinion or self.fact is not None

    @property
    def asks(self) -> str:
        """What a fact would have to say."""
        return ASKS[self.need]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sufficiency:
    """What a dossier has of what a lens needs, in the order of its beats."""

    persona_id: PersonaId
    label: str
    supplies: tuple[Supply, ...]

    @property
    def missing(self) -> tuple[Supply, ...]:
        """What is not there yet, and not let be opinion either."""
        return tuple(one for one in self.supplies if not one.answered)

    @property
    def summary(self) -> str:
        """`Skeptic 0/2`."""
        return f"{self.label} {len(self.supplies) - len(self.missing)}/{len(self.supplies)}"


def sufficiency(persona: Persona, dossier: Dossier, opinions: Collection[str] = ()) -> Sufficiency:
    """What the dossier has for the persona's beats; the needs of beats named in `opinions` are answered by that."""
    return Sufficiency(
        persona_id=persona.id,
        label=persona.label,
        supplies=tuple(
            Supply(beat=beat, need=need, fact=_meets(need, dossier), opinion=beat.id in opinions)
            for beat in persona.beats
            for need in beat.needs
        ),
    )


def _meets(need: Need, dossier: Dossier) -> Fact | None:
    shows = _SHOWS[need]
    return next((fact for fact in dossier.facts if shows(fact, dossier.tool)), None)


Shows = Callable[[Fact, Tool], bool]
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_RIVALRY = re.compile(
    r"\A\s*(?:rivals?|competitors?|alternatives?)\b|\b(?:rivals?|competitors?|competes?|competing|alternatives?|compared|"
    r"versus|vs|unlike|cheaper|dearer|faster|slower|smaller|larger)\b",
    re.IGNORECASE,
)
_TREND = re.compile(
    r"\A\s*trend\b|\b(?:gr[eo]w\w*|ris(?:es?|ing)|rose|fall(?:s|ing)?|fell|drop(?:s|ped|ping)?|declin\w+|doubl\w+|"
    r"tripl\w+|halv\w+|shift\w*|adopt\w+|retir\w+|deprecat\w+|moved?|moving|migrat\w+|more and more|fewer)\b",
    re.IGNORECASE,
)
_VENDORS_OWN = frozenset({"description", "tagline", "entry"})
_CAPITAL = re.compile(r"\b[A-Z][\w.+#-]*")


def _words(pattern: str) -> Shows:
    compiled = re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    return lambda fact, _: compiled.search(fact.text) is not None


def _rival(fact: Fact, tool: Tool) -> bool:
    """A sourced fact about somebody with a name of their own; what a vendor says of rivals is no source for it."""
    cue = _RIVALRY.search(fact.text)
    if cue is None or fact.source in _VENDORS_OWN:
        return False
    own = {*plain(tool.name), *plain(tool.vendor)}
    # A sentence's first word has a capital whatever it is.
    named = [word for match in _CAPITAL.finditer(fact.text, 1) for word in plain(match.group())[:1]]
    return any(word.removesuffix("'s") not in own for word in named)


def _dated_trend(fact: Fact, _: Tool) -> bool:
    return _YEAR.search(fact.text) is not None and _TREND.search(fact.text) is not None


_SHOWS: Mapping[Need, Shows] = {
    "api": _words(
        r"""`[^`]+`|\b[a-z]+_[a-z]\w*\b|(?<!\S)--?[a-z][\w-]*|(?<!\S)/[a-z][\w-]*/[\w/-]+|\b\w+\(\)|\b[a-z]+-\d{3,}\b|\b\w+=\w+
        |\b(?:endpoints?|request\sbod(?:y|ies)|headers?|parameters?|subcommands?|environment\svariables?
        |exit\scodes?|error\scodes?|status\scodes?|webhooks?|config(?:uration)?\sfiles?)\b"""
    ),
    "dated_trend": _dated_trend,
    "limit": _words(
        r"""\A\s*limits?\b|\b(?:limit(?:s|ed|ations?)?|maximum|at\smost|no\smore\sthan|not\ssupport\w*|unsupported
        |cannot|can't|does\snot|do\snot|is\snot|are\snot|fails?|failure|known\sissues?|quotas?|times?\sout|timeout|requires?
        |there\sis\sno|only)\b"""
    ),
    "payer": _words(
        r"""\A\s*(?:payer|buyer|customers?)\b|\b(?:buyers?|budgets?|procurement|purchas\w+|subscri(?:bers?|ptions?)
        |(?:per|a)\s(?:seat|user|developer|organi[sz]ation|team)|(?:teams?|companies|customers?|organi[sz]ations?
        |enterprises?|users?|developers?)\s(?:that\s)?(?:pay|buy|subscribe|sign)\w*|pa(?:id|ys?)\s(?:by|for\sby)
        |(?:billed|invoiced|sold)\sto)\b"""
    ),
    "price": _words(
        r"""[$€£¥]\s?\d|\b\d[\d.,]{0,15}\s?(?:usd|eur|gbp|dollars?|euros?|pounds?|cents?)\b|\bfree\s(?:of\scharge|plan|tier|until|for)\b
        |\b(?:costs?|priced?|billed|bills|charges?|charged|fees?)\b[^.;]{0,60}(?:\d|\bnothing\b|\bfree\b)|\bcosts\snothing\b"""
    ),
    "rival": _rival,
}
