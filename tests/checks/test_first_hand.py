from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checks.drafts import BACKGROUND, DOSSIER, review
from workbench.checks.first_hand import CHECK
from workbench.domain.dossier import AddedFact, hands_on, make_dossier

CLAIMED = [
    ("We tested it on clay.", "We tested"),
    ("Where I ran it, roots grew.", "I ran"),
    ("Once we've also tried it, leaves came.", "we've also tried"),
    ("Our reviewers have installed it twice.", "Our reviewers have installed"),
    ("It was quiet in our own tests.", "in our own tests"),
    ("It stalls when measured.", "when measured"),
    ("It pays after two weeks of weeding.", "after two weeks of"),
    ("The joy is watching green shoots arrive.", "watching green shoots arrive"),
    ("The test is dropping a seed into sand and asking for rain.", "dropping a seed into sand and asking"),
    ("Having used it for a month, roots are deep.", "Having used"),
    ("After an afternoon with it, the bed is clear.", "After an afternoon with"),
    ("In practice it holds up after a week.", "In practice it holds up after a week"),
    ("The bed looked clean on the first run.", "looked clean on the first run"),
    ("It crashed twice on a cold start.", "crashed twice on a cold start"),
    ("You notice the lag.", "You notice"),
    ("The handle feels smooth.", "feels smooth"),
    ("Hands-on testing shows roots.", "Hands-on testing"),
]
ORDINARY = [
    "Teams tested it, by the vendor's account.",
    "You run it and watch daemons come and go.",
    "The vendor says “we tested it on clay” and `I ran` is a flag.",
    "What would have to be true for me to be wrong: it rains.",
    "We may see frost.",
    "Dropping a seed is enough.",
    "Watching the sky is free; leaves arrive.",
    "I, Claudius, tested nobody.",
    "In practice it is a spade.",
    "It starts a bed on the first run and stops after a week.",
    "Having roots is enough, and after a week it rains.",
    "A gardener notices the lag, and you see it in the log.",
]


@pytest.mark.parametrize(("text", "words"), CLAIMED)
def test_wording_of_experience_is_shown_at_its_words(text: str, words: str) -> None:
    found = CHECK.findings(review(("soil", text)), BACKGROUND)
    assert [text[one.start : one.end] for one in found] == [words]


@pytest.mark.parametrize("text", ORDINARY)
def test_other_peoples_experience_and_what_would_happen_pass(text: str) -> None:
    assert CHECK.findings(review(("soil", text)), BACKGROUND) == []


@pytest.mark.parametrize("source", ["hands-on, Ada, 2026-11-20", " Hands-on note"])
def test_a_hands_on_note_carries_it(source: str) -> None:
    note = AddedFact(text="Ada ran it for a day.", source=source)
    dossier = make_dossier(DOSSIER.tool, DOSSIER.description, (note,))
    assert [fact.ref for fact in hands_on(dossier)] == ["F3"]
    assert CHECK.findings(review(("soil", "We tested it.")), replace(BACKGROUND, dossier=dossier)) == []


def test_another_source_does_not_carry_it() -> None:
    facts = (AddedFact(text="It ran.", source="a hands-on review elsewhere"),)
    dossier = make_dossier(DOSSIER.tool, DOSSIER.description, facts)
    (found,) = CHECK.findings(review(("soil", "We tested it.")), replace(BACKGROUND, dossier=dossier))
    assert found.reason == "“We tested” claims experience, and the dossier has no hands-on note."
    assert found.remedies == ("add_source", "reword", "keep")
