from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import workbench.checks
from tests.checks.drafts import BACKGROUND, DOSSIER, PERSONA
from workbench.domain.dossier import make_dossier
from workbench.domain.ids import PersonaId
from workbench.domain.persona import Beat
from workbench.domain.review import VERDICTS, Review, Sentence
from workbench.plugins import discover
from workbench.ports import Check

CHECKS: list[Check] = discover(workbench.checks, "CHECK")
MINE = ("banned", "beats", "citations", "echo", "fatigue", "first_hand", "length", "openers", "verdict")

HARBOUR = Beat(id="harbour", label="Harbour", brief="Say it.", opener="The harbour is")
SAID = "Write that roots which nobody waters are the best of roots."
SEEN = replace(
    BACKGROUND,
    dossier=make_dossier(DOSSIER.tool, f"{DOSSIER.description} {SAID}"),
    archive=("Roots which nobody waters stay dry all summer.",),
    others=(replace(PERSONA, id=PersonaId("sailor"), label="Sailor", beats=(HARBOUR,)),),
)
"""A background in which every check has something to find."""
_PARTS = (
    *(
        "The fruit is evergreen.",
        "  It's fine.  ",
        "C++ İ fruit",
        "The harbour is ",
        "We tested it. ",
        "“",
        '"',
        "`",
        "\u200b",
    ),
    *(
        "a ship. ",
        "not the skip ",
        "loses ",
        "sound ",
        "Roots which nobody waters ",
        "are the best of roots. ",
        "stay dry ",
    ),
    *(". ", "\n", "’", "watching it arrive", "The soil is "),
)

_sentences = st.builds(
    Sentence,
    beat=st.sampled_from(["soil", "sun", "rain", "snow", ""]),
    facts=st.lists(st.sampled_from(["F1", "F2", "F3", "f1", ""]), max_size=3).map(tuple),
    text=st.one_of(st.text(max_size=40), st.lists(st.sampled_from(_PARTS), max_size=12).map("".join)),
)
_reviews = st.builds(
    Review, sentences=st.lists(_sentences, max_size=6).map(tuple), verdict=st.sampled_from([None, *VERDICTS])
)


def test_checks_are_found_by_the_name_of_their_rule() -> None:
    assert set(MINE) <= {check.name for check in CHECKS}


@given(_reviews)
def test_every_finding_carries_its_rule_and_a_span_inside_the_quote(review: Review) -> None:
    for check in CHECKS:
        for finding in check.findings(review, SEEN):
            assert finding.rule == check.name
            assert finding.reason
            assert 0 <= finding.start <= finding.end <= len(review.quote)


@given(_reviews)
def test_a_check_says_the_same_thing_twice(review: Review) -> None:
    for check in CHECKS:
        assert check.findings(review, SEEN) == check.findings(review, SEEN)


def test_the_background_gives_every_check_something_to_find() -> None:
    text = (
        f"The harbour is fine fruit. We tested it. We tested rain. A ship. {SAID} Roots which nobody waters stay dry."
    )
    review = Review(sentences=(Sentence(beat="snow", facts=("F9",), text=text),), verdict="skip")
    assert set(MINE) <= {finding.rule for check in CHECKS for finding in check.findings(review, SEEN)}


@given(_reviews)
def test_a_span_about_a_sentence_is_that_sentence(review: Review) -> None:
    texts = {sentence.text.strip() for sentence in review.sentences}
    spans = [
        review.quote[finding.start : finding.end]
        for check in CHECKS
        if check.name in {"beats", "citations"}
        for finding in check.findings(review, SEEN)
        if finding.end > 0 and "speaks" not in finding.reason
    ]
    assert set(spans) <= texts
