"""Marks what the dossier does not hold: values and wording absent from it, contrary to it, or cited wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workbench.domain.claim import CUES, Claim, Kind, Standing
from workbench.domain.dossier import Dossier
from workbench.domain.finding import Background, Finding, Remedy, Severity
from workbench.domain.grounding.claims import claims
from workbench.domain.review import Review

_NOUNS: dict[Kind, str] = {
    "number": "the figure",
    "price": "the price",
    "date": "the date",
    "version": "the version",
    "name": "the name",
    "licence": "the licence",
    "identifier": "the identifier",
    "tier": "the way in",
    "opposite": "the word",
    "denial": "the denial",
    "mechanism": "how it works",
    "market": "what it says about money or the market",
    "comparison": "the comparison",
    "superlative": "the superlative",
    "universal": "the sweeping word",
    "time": "the time",
}
_REASONS: dict[Standing, str] = {
    "absent": "The dossier does not hold {noun}: “{text}”.",
    "conflicts": "The dossier says otherwise about {noun}: “{text}”.",
    "miscited": "No fact that the sentence cites holds {noun}: “{text}”; it stands in {facts}.",
}
"""Only these are worth a finding: what is supposed or judged is the writer's."""
_TURNED = "A fact near it says the contrary, perhaps of something else: “{text}”."
"""Of a word with a contrary in the dossier that need not be about the same thing."""
_REMEDIES: dict[Standing, tuple[Remedy, ...]] = {
    "absent": ("add_source", "reword", "keep"),
    "conflicts": ("reword", "add_source", "keep"),
    "miscited": ("reword", "keep"),
}
_LONGEST_EVIDENCE = 200


@dataclass(frozen=True, slots=True)
class ClaimsCheck:
    """Says what the dossier holds, never what is true."""

    name: str = "claims"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        """One finding for each absent, contrary or miscited claim; none for wording in a beat that may be opinion.

        Wording without a value of its own is a note, and so is a name whose fact is cited elsewhere in the quote.
        """
        free = _opinion(review, background)
        cited = frozenset(ref for sentence in review.sentences for ref in sentence.facts)
        return [
            Finding(
                rule=self.name,
                severity=_severity(one, cited),
                reason=_reason(one),
                start=one.start,
                end=one.end,
                evidence=_evidence(one, background.dossier),
                remedies=_REMEDIES[one.standing],
            )
            for one in claims(review, background.dossier)
            if one.standing in _REASONS and not (one.standing == "absent" and one.kind in CUES and free(one.start))
        ]


def _opinion(review: Review, background: Background) -> Callable[[int], bool]:
    """Whether what stands at an offset is in a sentence whose beat the editor lets stand on nothing."""
    if not background.opinions:
        return lambda _: False
    spans = [
        span
        for sentence, span in zip(review.sentences, review.spans, strict=True)
        if sentence.beat in background.opinions
    ]
    return lambda place: any(start <= place < end for start, end in spans)


def _reason(claim: Claim) -> str:
    turned = claim.kind == "opposite" and claim.standing == "absent"
    said = _TURNED if turned else _REASONS[claim.standing]
    return said.format(noun=_NOUNS[claim.kind], text=claim.text, facts=" and ".join(claim.facts))


def _severity(claim: Claim, cited: frozenset[str]) -> Severity:
    if claim.standing == "conflicts":
        return "conflict"
    mentioned = claim.standing == "miscited" and claim.kind == "name" and not cited.isdisjoint(claim.facts)
    return "note" if claim.kind in CUES or mentioned else "warning"


def _evidence(claim: Claim, dossier: Dossier) -> str:
    nearest = next((fact for fact in dossier.facts if fact.ref in claim.facts), None)
    if nearest is None:
        return "No fact of the dossier is near it."
    text = nearest.text
    return f"{nearest.ref}: {text if len(text) <= _LONGEST_EVIDENCE else f'{text[: _LONGEST_EVIDENCE - 1].rstrip()}…'}"


CHECK = ClaimsCheck()
