from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.drafts import BACKGROUND, PERSONA, review
from workbench.checks.verdict import CHECK
from workbench.domain.finding import Background, Finding
from workbench.domain.persona import Exemplar
from workbench.domain.review import VERDICTS, Review, Verdict

OUTSPOKEN = replace(
    PERSONA,
    exemplars=(
        Exemplar(tool="Spade", verdict="ship", text="Still a ship."),
        Exemplar(tool="Rake", verdict="skip", text="It is a skip for clay."),
    ),
)


def _found(text: str, verdict: Verdict | None, background: Background = BACKGROUND) -> list[Finding]:
    return CHECK.findings(review(("soil", text))._replace(verdict=verdict), background)


def _said(text: str, verdict: Verdict) -> str:
    found = _found(text, verdict)
    assert len(found) == 1
    return found[0].reason


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("It roots, and that earns the ship.", "ship"),
        ("Deep roots — ship it.", "ship"),
        ("It wilts: a SKIP for clay.", "skip"),
        ("It is not a skip.", "ship"),
        ("This is no longer a ship.", "skip"),
        ("Rather than a skip, it is a late ship; a skip it was.", "ship"),  # both are named: the editor's to say
    ],
)
def test_a_verdict_the_text_names_passes(text: str, verdict: Verdict) -> None:
    if text.startswith("Rather"):
        assert _found(text, "skip") == []
    assert _found(text, verdict) == []


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("It wilts. It is a skip.", "ship", "a skip"),
        ("Plant today: ship it.", "skip", "ship it"),
        ("It will never be a ship.", "ship", "a ship"),
    ],
)
def test_the_other_verdict_in_so_many_words_is_shown_at_them(text: str, verdict: Verdict, words: str) -> None:
    (found,) = _found(text, verdict)
    assert (found.severity, text[found.start : found.end]) == ("warning", words)
    assert found.reason == f"The verdict is {verdict}, but the text says “{words}”."


@pytest.mark.parametrize(
    "text",
    [
        "It ships with gloves and a skip list; both rivals are shipping.",
        "Skip watering for a week.",
        "It would be the ship if it rained.",
        "The vendor calls it “a ship”.",
        "The ship date is known.",
    ],
)
def test_the_plain_words_are_no_verdict(text: str) -> None:
    for verdict in VERDICTS:
        assert _said(text, verdict) == f"The verdict is {verdict}, and nothing in the text leans to it."


def test_a_text_that_leans_to_the_other_verdict_is_shown_with_its_cues() -> None:
    text = "It is late to spring, loses its leaves and earns its place."
    assert _found(text, "ship") == []  # two against one decide nothing
    assert _said("It is late to spring and loses its leaves.", "ship") == (
        "The verdict is ship, but the text leans to skip: “late to”, “loses”."
    )
    assert _said("It is not sound and never early to bloom.", "ship").endswith("leans to skip: “sound”, “early to”.")


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("Roots are deep, but I would not adopt it.", "ship", "I would not adopt"),
        ("Most teams should stay away.", "ship", "Most teams should stay away"),
        ("It wilts. Skip this one.", "ship", "Skip this one"),
        ("It wilts: avoid.", "ship", "avoid."),
        ("Nobody should buy it.", "ship", "Nobody should buy"),
        ("Don't bet on it.", "ship", "Don't bet on it"),
        ("We'd wait a year.", "ship", "We'd wait"),
        ("It grows. Adopt it on Monday.", "skip", "Adopt it"),
        ("Readers should switch to it.", "skip", "Readers should switch to it"),
        ("I'd happily use it.", "skip", "I'd happily use "),
    ],
)
def test_advice_against_the_verdict_is_shown_at_its_words(text: str, verdict: Verdict, words: str) -> None:
    (found,) = _found(text, verdict)
    assert (found.severity, text[found.start : found.end]) == ("warning", words)
    assert _found(text, "skip" if verdict == "ship" else "ship") == []


@pytest.mark.parametrize(
    "text",
    [
        "Skip this one if it freezes.",
        "Adopt it once it rains.",
        "Gardeners avoid it, and weeds use it.",
        "It would not adopt a seedling, which avoids the frost.",
        "Teams that use it should know.",
    ],
)
def test_advice_under_a_condition_and_what_others_do_is_no_verdict(text: str) -> None:
    for verdict in VERDICTS:
        assert _said(text, verdict) == f"The verdict is {verdict}, and nothing in the text leans to it."


def test_advice_both_ways_decides_nothing() -> None:
    assert _found("Adopt it on Monday. Avoid it on Tuesday.", "ship") == []


def test_a_text_that_leans_to_its_verdict_passes() -> None:
    assert _found("It is slow to replace.", "ship") == []
    assert _found("It is behind its season.", "skip") == []


def test_a_lens_that_always_says_its_verdict_is_held_to_it() -> None:
    (found,) = _found("It is sound.", "ship", replace(BACKGROUND, persona=OUTSPOKEN))
    assert found.reason == "The Gardener lens says its verdict in so many words; this text never does."
    assert (found.severity, found.start, found.end) == ("note", 0, 0)


def test_nothing_is_held_against_a_verdict_nobody_gave_or_a_text_nobody_wrote() -> None:
    assert _found("It is a skip.", None) == []
    assert CHECK.findings(Review(verdict="ship"), BACKGROUND) == []


def test_an_editors_verdict_is_held_against_the_prose_in_the_drafts_place() -> None:
    draft = review(("soil", "It is a skip."))._replace(verdict="skip")
    assert CHECK.findings(draft, BACKGROUND) == []
    assert len(CHECK.findings(draft._replace(verdict="ship"), BACKGROUND)) == 1


@given(
    st.lists(st.sampled_from(["a ship", "not", "the skip", "ship it", "loses", "sound", ".", "“", " "]), max_size=60)
)
def test_a_prose_that_speaks_against_both_verdicts_speaks_for_neither(parts: list[str]) -> None:
    against = [one for one in VERDICTS if any(f.severity == "warning" for f in _found(" ".join(parts), one))]
    assert len(against) <= 1
