from __future__ import annotations

from dataclasses import replace

from tests.checks.drafts import BACKGROUND, DOSSIER, review
from workbench.checks.citations import CHECK
from workbench.domain.dossier import Dossier


def test_facts_of_the_dossier_and_opinions_pass() -> None:
    draft = review(("soil", "One.", ("F1", "F2")), ("sun", "Two."))
    assert CHECK.findings(draft, BACKGROUND) == []


def test_a_fact_the_dossier_does_not_have_is_shown_with_its_sentence() -> None:
    draft = review(("soil", "One.", ("F1",)), ("sun", " Two. ", ("F3", "F3", "f1")))
    found = CHECK.findings(draft, BACKGROUND)
    assert [one.evidence for one in found] == ["F3", "f1"]
    assert [draft.quote[one.start : one.end] for one in found] == ["Two.", "Two."]
    assert found[0].reason == "The sentence cites F3, which is not in the dossier; it has F1 to F2."


def test_a_dossier_without_facts_supports_no_citation() -> None:
    bare = Dossier(tool=DOSSIER.tool, description="", facts=())
    (finding,) = CHECK.findings(review(("soil", "One.", ("F1",))), replace(BACKGROUND, dossier=bare))
    assert finding.reason.endswith("it has no facts.")
