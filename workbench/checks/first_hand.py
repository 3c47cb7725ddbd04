"""Finds wording that claims first-hand experience where nobody has left a hands-on note on the tool."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.domain.dossier import hands_on
from workbench.domain.finding import Background, Finding
from workbench.domain.phrases import own_words
from workbench.domain.review import Review

_FIRST_HAND = re.compile(
    r"""
    \b(?:I|(?i:we|our\s(?:team|desk|reviewers?|editors?|engineers?|testers?|panel)))
      (?:['’](?:ve|d))?\s(?:(?:have|had|also|then|actually|even|first|just|once|recently|never|personally)\s){0,2}
      (?:ran|run|tested|tried|used|measured|timed|benchmarked|installed|built|wrote|ported|migrated|moved|switched|deployed
      |saw|seen|found|noticed|watched|felt|hit|got|asked|fed|threw|gave|pointed|pasted|called|spent|compared|reproduced)\b
    |(?i:
    \b(?:in|during|across|on|from)\s(?:our|my)\s(?:own\s)?(?:tests?|testing|trials?|hands|experience|benchmarks?|runs?
      |measurements?|machines?|laptops?|repos?|repositor(?:y|ies)|codebases?|projects?|setups?|labs?|evaluations?|use)\b
    |\b(?:when|once)\s(?:tested|tried|measured|benchmarked)\b
    |\bhaving\s(?:now\s|just\s)?(?:used|run|tried|tested|lived|worked|installed|spent|built|switched|moved|deployed|watched)\b
    |\bafter\s(?:just\s)?(?:an?|one|two|three|four|five|six|several|some|\d{1,3})\s(?:minutes?|hours?|mornings?|afternoons?
      |evenings?|days?|weekends?|weeks?|fortnights?|sprints?|months?|years?)\s(?:of|with|in|on|spent)\b
    |\bin\spractice,?\s(?:it|this)\s[^.;:!?]{0,60}?\bafter\s(?:an?|one|two|three|several|\d{1,3})\s\w+
    |\b(?:looked|felt|seemed|came|ran|finished|loaded|started|worked|failed|crashed|stalled|hung|broke|held|passed|behaved
      |answered|returned)\s(?:[\w'’-]+\s){0,3}?(?:on|at|in|by|from)\s(?:the|our|my|a)\s(?:very\s)?(?:first|second|third|next
      |last|cold)\s(?:run|try|attempt|go|pass|day|load|start|prompt|query|session|test|time)\b
    |\byou\s(?:can\s|quickly\s|soon\s|barely\s|hardly\s|do\s)?(?:notice|feel|sense)\b
    |\bwatch(?:ing|ed)\s[^.;:!?]{1,80}?\s(?:arrive|appear|stream|come|land|fill|finish|fail|stop|start|load|scroll|break
      |build|run|unfold|happen|go|grow|climb|fall|drop|work)\b
    |\b(?:calling|running|dropping|pasting|opening|installing|feeding|loading|typing|pointing|throwing|handing)
      \s[^.;:!?]{1,120}?\sand\s(?:watching|seeing|asking|getting|finding|waiting)\b
    |\b(?:it|this)\sfelt\b|\bfeels\s(?:snappy|fast|slow|instant|sluggish|smooth|responsive|native)\b
    |\bhands-on\s(?:testing|time|use|experience|look|review)\b
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class FirstHandCheck:
    """A lens has never used anything: only a person's hands-on note can carry such a sentence."""

    name: str = "first_hand"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One warning for each place; none for words the text only quotes, or once the dossier has a hands-on note."""
        if hands_on(background.dossier):
            return []
        quote = review.quote
        return [
            Finding(
                rule=self.name,
                severity="warning",
                reason=f"“{quote[slice(*found.span())]}” claims experience, and the dossier has no hands-on note.",
                start=found.start(),
                end=found.end(),
                evidence="A hands-on note is a fact whose source begins with “hands-on”.",
                remedies=("add_source", "reword", "keep"),
            )
            for found in _FIRST_HAND.finditer(own_words(quote))
        ]


CHECK = FirstHandCheck()
