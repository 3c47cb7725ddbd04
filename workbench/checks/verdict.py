"""Finds a verdict that the quote's own prose contradicts, never names or never argues for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.finding import Background, Finding, Severity
from workbench.domain.persona import Persona
from workbench.domain.phrases import own_words
from workbench.domain.review import Review, Verdict

_OTHER: Mapping[Verdict, Verdict] = {"ship": "skip", "skip": "ship"}
_NAMED = re.compile(
    r"\b(?:an?|the)\s(?P<noun>ship|skip)\b(?!\s(?:date|list|flag|button|step))|\b(?P<verb>ship|skip)\sit\b",
    re.IGNORECASE,
)
"""As a verdict, never as the plain verb: “ships with”, “skip binaries”."""
_LEANING: Mapping[Verdict, re.Pattern[str]] = {
    "ship": re.compile(
        r"""\b(?:earns?|right\sbet|worth\s(?:it|adopting|having|holding|paying|the\b)|sound|viable|defensible|solid|stable
        |mature|proven|reliable|dependable|differentiated|on[\s-]time|early\sto|ahead\sof|pays?\sfor\sitself|holds?\sup
        |(?:hard|slow|dull)\sto\s(?:copy|replace|leave|rebuild|move)|every\s\w+\scarries\sit)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "skip": re.compile(
        r"""\b(?:loses?|losing|lost|late\sto|behind|catching\sup|redundant|commodit(?:y|ized|ised|izes|ises)|crowded
        |evaporates?|temporary|fragile|brittle|deprecated|abandoned|unproven|premature|legacy|dead\send|little\sleft
        |no\s(?:moat|lock-in|reason\sto|exit)|too\s(?:early|late|dear|expensive|thin|little)|harder\spromise
        |easy\sto\s(?:copy|leave|replace)|nothing\s(?:stops|holds|keeps))\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
"""Wording that speaks for a verdict. A quote argues in many more ways: these are cues, and they only ever hint."""
_DENIED = re.compile(r"\b(?:not|never|no|nor|neither|hardly|rather\sthan|instead\sof|\w+n['’]t)\b", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:would|could|might|if|unless|until|once)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.,;:!?—()]")
_REACH = 40
"""Characters before a word in which its clause may turn it around."""
_CLEARLY = 2
"""So many more cues for the other verdict than for the given one are no accident."""


@dataclass(frozen=True, slots=True)
class VerdictCheck:
    """The verdict is the review's own; to hold an editor's against the prose, put it in the review's place."""

    name: str = "verdict"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """At most one: the other verdict in so many words, a prose that leans to it, or no word for the given one."""
        verdict, text = review.verdict, own_words(review.quote)
        if verdict is None or not text.strip():
            return []
        other = _OTHER[verdict]
        named = _said(_NAMED, text)
        if named[verdict]:
            return []
        if named[other]:
            start, end = named[other][0]
            said = f"the text says “{review.quote[start:end]}”"
            return [self._found("warning", f"The verdict is {verdict}, but {said}.", (start, end), said)]
        leaning = _leaning(text)
        cues = ", ".join(f"“{review.quote[start:end]}”" for start, end in leaning[other])
        if len(leaning[other]) - len(leaning[verdict]) >= _CLEARLY:
            reason = f"The verdict is {verdict}, but the text leans to {other}: {cues}."
            return [self._found("warning", reason, leaning[other][0], cues)]
        if _names_its_verdict(background.persona):
            reason = f"The {background.persona.label} lens says its verdict in so many words; this text never does."
            return [self._found("note", reason)]
        if not leaning[verdict]:
            return [self._found("note", f"The verdict is {verdict}, and nothing in the text leans to it.", said=cues)]
        return []

    def _found(self, severity: Severity, reason: str, span: tuple[int, int] = (0, 0), said: str = "") -> Finding:
        start, end = span
        return Finding(rule=self.name, severity=severity, reason=reason, start=start, end=end, evidence=said)


Places = dict[Verdict, list[tuple[int, int]]]


def _said(pattern: re.Pattern[str], text: str) -> Places:
    """Where each verdict is named; a denied one speaks for the other, a supposed one for none."""
    found: Places = {"ship": [], "skip": []}
    for match in pattern.finditer(text):
        verdict: Verdict = "ship" if (match["noun"] or match["verb"]).lower() == "ship" else "skip"
        _place(found, verdict, match, text)
    return found


def _leaning(text: str) -> Places:
    """Where the text's wording speaks for each verdict, in its order."""
    found: Places = {"ship": [], "skip": []}
    for verdict, pattern in _LEANING.items():
        for match in pattern.finditer(text):
            _place(found, verdict, match, text)
    return {verdict: sorted(places) for verdict, places in found.items()}


def _place(found: Places, verdict: Verdict, match: re.Match[str], text: str) -> None:
    before = _CLAUSE.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    if _SUPPOSED.search(before) is None:
        found[_OTHER[verdict] if _DENIED.search(before) is not None else verdict].append(match.span())


@lru_cache(maxsize=64)
def _names_its_verdict(persona: Persona) -> bool:
    """Whether every quote the lens learns from says its verdict in words: the lens's own habit, not a rule for all."""
    said = [_said(_NAMED, one.text)["ship" if one.verdict == "ship" else "skip"] for one in persona.exemplars]
    return bool(said) and all(said)


CHECK = VerdictCheck()
