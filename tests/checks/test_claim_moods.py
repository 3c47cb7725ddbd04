"""What a sentence supposes is no claim, and what it asserts beside that is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checks.drafts import BACKGROUND
from tests.checks.test_claim_values import SLUICE, about, marks
from tests.checks.test_claims import findings, judged
from workbench.checks.claims import CHECK
from workbench.domain.dossier import Entry
from workbench.domain.review import Review, Sentence

FREE = about("Sluice moves rows between databases.", entry=Entry.FREE)


@pytest.mark.parametrize(
    ("text", "said", "standing"),
    [
        ("When you open it, it costs $199 per user per month.", "$199", "conflicts"),
        ("Once installed, it runs PostgreSQL 9.", "PostgreSQL 9", "conflicts"),
        ("If you have ten users, the pro plan costs $129 a month.", "$129", "conflicts"),
        ("Unless you pay, it is MIT-licensed.", "MIT-licensed", "conflicts"),
        ("It would be odd, but the pro plan is $19.", "$19", "conflicts"),
        ("It might rain; the pro plan is $19.", "$19", "conflicts"),
        ("The thesis is simple: Snowflake bought it in 2024 for $40 million.", "$40 million", "absent"),
        ("The thesis is old: Kestrel was acquired in 2021.", "2021", "absent"),
    ],
)
def test_what_holds_beside_a_what_if_is_asserted(text: str, said: str, standing: str) -> None:
    assert judged(text, SLUICE)[said] == standing


@pytest.mark.parametrize(
    "text",
    [
        "If it cost $19 a month, teams would buy it.",
        "When prices fall to $5 a month, it will win.",
        "The prediction: by 2029 it costs $9 a month, but Kestrel is at $5.",
        "What would have to be true for me to be wrong: Dredge 5 ships in 2028.",
        "Once Dredge ships version 5, that could change.",
        "If a query touches 10M rows, it slows down.",
    ],
)
def test_what_is_supposed_is_not_marked(text: str) -> None:
    assert marks(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Every data team has it.", "Every data team"),
        ("All rivals have it.", "All rivals"),
        ("Most engineers pick it.", "Most engineers"),
        ("Nothing else comes close.", "Nothing else"),
        ("It is the most popular by far.", "the most"),
        ("It runs without limit.", "without limit"),
        ("It is first of its kind.", "first of its kind"),
        ("It has exactly-once delivery.", "exactly-once"),
        ("The hosted version is quick.", "hosted version"),
        ("It is code-only.", "code-only"),
        ("It is billed monthly.", "billed monthly"),
    ],
)
def test_wording_that_asserts_something_is_marked(text: str, said: str) -> None:
    assert marks(text, about("Sluice is code.")) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "You cannot rebuild that with three cron jobs.",
        "Nobody can replicate it with two scripts.",
        "This is not a scheduler bolted on afterwards.",
    ],
)
def test_what_one_could_build_oneself_is_a_judgement(text: str) -> None:
    assert marks(text, about("Sluice is code.")) == []


@pytest.mark.parametrize(
    "text",
    [
        "It lives by selling API tokens.",
        "It is sold by the seat.",
        "Its per-token pricing hurts.",
        "The vendor charges by the row.",
    ],
)
def test_a_free_tool_charges_for_nothing(text: str) -> None:
    assert "conflicts" in judged(text, FREE).values()


@pytest.mark.parametrize(
    "text", ["It is free, so there is no invoice.", "Nobody is charged for it, and there are no fees."]
)
def test_that_a_free_tool_sends_no_bill_goes_with_it(text: str) -> None:
    assert marks(text, FREE) == []


def test_what_a_free_tool_saves_is_not_what_it_charges() -> None:
    assert "conflicts" not in judged("The API price is what it saves.", FREE).values()


def test_a_name_whose_fact_is_cited_elsewhere_is_only_mentioned() -> None:
    (rival,) = [fact.ref for fact in SLUICE.facts if fact.text.startswith("Rival")]
    said, cited = Sentence("beat", ("F1",), "It stands beside Dredge."), Sentence("beat", (rival,), "A rival is there.")
    background = replace(BACKGROUND, dossier=SLUICE)
    (alone,) = CHECK.findings(Review(sentences=(said,)), background)
    (mentioned,) = CHECK.findings(Review(sentences=(said, cited)), background)
    assert (alone.severity, mentioned.severity) == ("warning", "note")


def test_a_contrary_of_something_else_is_a_warning_that_says_so() -> None:
    (found,) = findings("It has a private API.", (), SLUICE)
    assert found.severity == "warning"
    assert found.reason == "A fact near it says the contrary, perhaps of something else: “private”."
