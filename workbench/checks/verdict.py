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
_TAKE = (
    r"(?:adopt|use|buy|ship|recommend|install|choose|pick|pay\sfor|bet\son|build\son|trust|touch|switch\sto|move\sto"
    r"|go\swith)"
)
_LEAVE = r"(?:avoid|skip|pass\son|stay\saway|steer\sclear|look\selsewhere|walk\saway|hold\soff|wait|leave\sit)"
_WHO = (
    r"(?:(?:most|many|small|other|these|such)\s)?"
    r"(?:teams?|you|we|readers|buyers|companies|shops|anyone|everyone|engineers|developers)"
)
_NOBODY = r"(?:nobody|no\s(?:one|teams?|company|reader|buyer))"
_OPENS = r"(?:\A|(?<=[.!?:;—]\s)|(?<=[.!?:;—]))(?:so\s|then\s|just\s|simply\s)?"
_IT = r"(?:it|this\sone|this|that|the\stool)\b"
_NOT = r"(?:n['’]t|\snot|\snever)"
_ADVICE: Mapping[Verdict, re.Pattern[str]] = {
    "ship": re.compile(
        rf"""{_OPENS}(?:adopt|buy|install|use|pick|choose|take|get|go\swith|switch\sto|move\sto)\s{_IT}
        |\b(?:I|we)(?:['’]d|\swould)\s(?:\w+ly\s|still\s)?{_TAKE}\s
        |\b{_WHO}\s(?:should|can\ssafely|ought\sto)\s(?:\w+ly\s)?{_TAKE}\s{_IT}""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "skip": re.compile(
        rf"""{_OPENS}(?:avoid|skip|pass\son|stay\saway\sfrom|steer\sclear\sof|leave)\s{_IT}
        |{_OPENS}(?:stay\saway|steer\sclear|look\selsewhere|walk\saway|hold\soff)\b
        |{_OPENS}(?:don['’]t|do\snot|never)\s{_TAKE}\s{_IT}
        |\b(?:I|we)(?:['’]d\snot|['’]d\snever|\swould{_NOT})\s(?:\w+ly\s)?{_TAKE}\b
        |\b(?:I|we)(?:['’]d|\swould)\s(?:\w+ly\s)?{_LEAVE}\b
        |\b{_WHO}\s(?:should|ought\sto|had\sbetter)\s(?:\w+ly\s)?{_LEAVE}\b
        |\b{_WHO}\s(?:should{_NOT}|ought\snot\sto)\s{_TAKE}\b|\b{_NOBODY}\sshould\s{_TAKE}\b
        |{_OPENS}avoid\s*(?:[.!]|\Z)
        |\b(?:best|better|wise)\s(?:to\s)?(?:avoided|avoid|skip|skipped|left\salone)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
"""Advice in so many words, which a condition behind it (“if you run Windows”) makes no verdict."""
_CONDITION = re.compile(r"[^.,;:!?—()]{0,60}\b(?:if|unless|until|once|when|where)\b")
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
        """At most one: the other verdict or advice for it, a prose that leans to it, or no word for the given one."""
        verdict, text = review.verdict, own_words(review.quote)
        if verdict is None or not text.strip():
            return []
        other = _OTHER[verdict]
        named = _said(_NAMED, text)
        if named[verdict]:
            return []
        advised = _advised(text)
        if named[other] or (advised[other] and not advised[verdict]):
            start, end = (named[other] or advised[other])[0]
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
        if not leaning[verdict] and not advised[verdict]:
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


def _advised(text: str) -> Places:
    """Where the text says what to do with the tool, under no condition."""
    return {
        verdict: [one.span() for one in pattern.finditer(text) if _CONDITION.match(text, one.end()) is None]
        for verdict, pattern in _ADVICE.items()
    }


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
