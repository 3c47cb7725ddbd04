from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.drafts import BACKGROUND
from tests.checks.mutations import FERRY, MOTH, true_reviews, wrong_reviews
from tests.checks.scoring import MARKED, touched
from workbench.checks.claims import CHECK
from workbench.domain.claim import Claim, Standing
from workbench.domain.dossier import AddedFact, Dossier, Entry, Tool, make_dossier
from workbench.domain.finding import Finding
from workbench.domain.grounding.claims import claims
from workbench.domain.ids import ToolId
from workbench.domain.review import Review, Sentence

LANTERN = make_dossier(
    Tool(
        id=ToolId("lantern"),
        name="Lantern 4 API",
        vendor="Acme",
        category="Developer Tools",
        tagline="Keeps 2M tokens warm and answers in 80+ languages",
        entry=Entry.PAID,
    ),
    "Acme gave the Lantern 4 API a prompt cache of up to 2M tokens. The model has a 256K context window and "
    "understands 80+ programming languages. It is faster than its predecessor and lowers latency for "
    "long-running agents.",
    (
        AddedFact(text="Rival: Nimbus 2.5 Pro costs $20/month.", source="editor"),
        AddedFact(text="Released on 2026-08-01 under the MIT licence.", source="editor"),
        AddedFact(text="Events are sent over server-sent events; set `stream=on`.", source="manual"),
    ),
)


def judged(text: str, dossier: Dossier = LANTERN, facts: tuple[str, ...] = ()) -> dict[str, Standing]:
    return {one.text: one.standing for one in found(text, dossier, facts)}


def found(text: str, dossier: Dossier = LANTERN, facts: tuple[str, ...] = ()) -> list[Claim]:
    return claims(Review(sentences=(Sentence("beat", facts, text),)), dossier)


def findings(text: str, facts: tuple[str, ...] = (), dossier: Dossier = LANTERN) -> list[Finding]:
    review = Review(sentences=(Sentence("beat", facts, text),))
    return CHECK.findings(review, replace(BACKGROUND, dossier=dossier))


@pytest.mark.parametrize(
    "text",
    [
        "It keeps 2,000,000 tokens.",
        "Two million tokens stay warm.",
        "A 2M-token cache sits in front of it.",
        "It keeps 2 million tokens, that is 2,097,152 of them.",
        "It understands eighty languages and has a 256k context.",
        "A 256,000-token context, or 262,144 tokens, is room enough.",
        "More than 80 languages are understood.",
        "Nimbus 2.5 Pro costs $20 per month, or 20 dollars a month.",
        "It has been out since 1 August 2026, since August 2026, since 2026.",
        "It is open source, since it is MIT-licensed.",
        "SSE carries the events once `stream=on` is set.",
        "Entry is Paid, and there is no free tier.",
        "The Lantern 4 API is Acme's, and LANTERN is a developer tool.",
        "Agents run faster than before.",
        "It is dated 2026-08-01 in the documents.",
        "Since 1 August 2026 Acme's Lantern 4 API is out.",
        "Version 4 of it is the Lantern v4 API.",
    ],
)
def test_what_the_dossier_says_in_other_words_is_not_marked(text: str) -> None:
    assert [one for one in found(text) if one.standing in MARKED] == []


@pytest.mark.parametrize(
    ("text", "said", "standing"),
    [
        ("The cache holds 3M tokens.", "3M", "conflicts"),
        ("The cache answers in 90% of cases.", "90%", "absent"),
        ("Eighty engineers built it.", "Eighty", "absent"),
        ("Lantern 4.0 is here.", "Lantern 4.0", "conflicts"),
        ("A rival is Nimbus 2.5 Flash.", "Nimbus 2.5 Flash", "conflicts"),
        ("A rival is GPT-4.1.", "GPT-4.1", "absent"),
        ("A rival is Gemini 2.5 Pro.", "Gemini 2.5 Pro", "absent"),
        ("It came out in May 2025.", "May 2025", "absent"),
        ("The cache holds 2000 tokens.", "2000", "conflicts"),
        ("It was begun in 2000.", "2000", "absent"),
        ("The API is not free of charge, it has a trial.", "trial", "conflicts"),
        ("It is Apache-licensed.", "Apache-licensed", "conflicts"),
        ("It is a free tool.", "free tool", "conflicts"),
        ("Nimbus costs $20 for each user and month.", "$20", "absent"),
        ("Cohere expanded the context window.", "Cohere", "absent"),
        ("Teams at Bellweather use it.", "Bellweather", "absent"),
        ("Set `stream=off` first.", "`stream=off`", "absent"),
        ("The call is /v1/light/on in any case.", "/v1/light/on", "absent"),
        ("It has SDKs for that.", "SDKs", "absent"),
        ("Events come over gRPC.", "gRPC", "absent"),
        ("It raises latency for long-running agents.", "raises", "conflicts"),
        ("No competitor keeps as much.", "No competitor", "absent"),
        ("The cache is distributed.", "distributed", "absent"),
        ("It has been shipping for months.", "for months", "absent"),
        ("If it held 5M tokens, teams would notice.", "5M", "scenario"),
        ("The prediction: by 2030 Corvid copies it.", "Corvid", "scenario"),
        ("The distributed cache is worth having.", "distributed", "opinion"),
    ],
)
def test_each_claim_has_its_standing(text: str, said: str, standing: Standing) -> None:
    assert judged(text)[said] == standing


def test_a_tool_that_is_free_contradicts_talk_of_what_it_charges() -> None:
    free = make_dossier(Tool(id=ToolId("moth"), name="Moth", entry=Entry.FREE), "Moth finds the test that broke.")
    assert judged("Its token prices are under attack.", free) == {"token prices": "conflicts"}


def test_a_what_if_supposes_values_but_not_the_names_one_has_to_type() -> None:
    assert judged("If you pass `--warm`, it would keep 9M tokens.") == {"`--warm`": "absent", "9M": "scenario"}


def test_a_sentence_that_cites_another_fact_is_miscited() -> None:
    assert judged("The cache holds 2M tokens.", facts=("F1",)) == {"2M": "in_dossier"}
    assert judged("The cache holds 2M tokens.", facts=("F7",)) == {"2M": "miscited"}
    assert judged("The cache holds 2M tokens.", facts=()) == {"2M": "in_dossier"}


def test_the_tools_own_card_needs_no_citation() -> None:
    assert judged("Teams like the Lantern 4 API by Acme.", facts=("F7",)) == {
        "Lantern 4": "in_dossier",
        "Acme": "in_dossier",
    }


def test_a_cited_fact_that_does_not_exist_is_left_to_another_check() -> None:
    assert judged("The cache holds 2M tokens.", facts=("F99",)) == {"2M": "in_dossier"}


def test_a_denial_counts_in_a_summary_and_is_a_figure_of_speech_in_a_quote() -> None:
    review = Review(sentences=(Sentence("", (), "It does not lower latency for agents."),))
    assert [one.kind for one in claims(review, LANTERN, summary=True)] == ["denial"]
    assert claims(review, LANTERN) == []


def test_findings_say_what_is_missing_and_what_is_near() -> None:
    (absent,) = findings("The cache answers in 90% of cases.")
    assert absent == Finding(
        rule="claims",
        severity="warning",
        reason="The dossier does not hold the figure: “90%”.",
        start=21,
        end=24,
        evidence="F1: Acme gave the Lantern 4 API a prompt cache of up to 2M tokens.",
        remedies=("add_source", "reword", "keep"),
    )


def test_a_conflict_a_wording_and_a_wrong_citation_weigh_differently() -> None:
    (conflict,) = findings("The cache holds 3M tokens.")
    (wording,) = findings("The cache is distributed.")
    (miscited,) = findings("The cache holds 2M tokens.", ("F7",))
    assert (conflict.severity, wording.severity, miscited.severity) == ("conflict", "note", "warning")
    assert conflict.evidence.startswith("F1: ")
    assert miscited.reason == "No fact that the sentence cites holds the figure: “2M”; it stands in F1 and F4."
    assert miscited.remedies == ("reword", "keep")


def test_what_is_supposed_or_judged_is_no_finding() -> None:
    assert findings("If it held 5M tokens, that would be worth having.") == []


def test_no_finding_speaks_of_truth_or_trust() -> None:
    held = replace(BACKGROUND, dossier=FERRY)
    reasons = [one.reason for _, _, review in wrong_reviews(120, 3) for one in CHECK.findings(review, held)]
    assert reasons
    assert not any(word in reason.lower() for reason in reasons for word in ("verified", "true", "false", "hallucin"))


def test_of_500_wrong_values_99_in_a_hundred_are_marked() -> None:
    missed = [
        review.quote
        for case, value, review in wrong_reviews(500, 5)
        if not touched(
            _span(review, value),
            [(one.start, one.end) for one in claims(review, case.dossier) if one.standing in MARKED],
        )
    ]
    assert len(missed) <= 5, missed


def test_of_200_harmless_rewrites_at_most_one_in_a_hundred_is_marked() -> None:
    marked = [
        review.quote
        for case, _, review in true_reviews(200, 6)
        if any(one.standing in MARKED for one in claims(review, case.dossier))
    ]
    assert len(marked) <= 2, marked


def _span(review: Review, value: str) -> tuple[int, int]:
    start = review.quote.index(value)
    return start, start + len(value)


_PIECES = """
2M tokens|$20/month|GPT-4.1|Nimbus 2.5 Pro|OpenAI|`a=b`|--warm|MIT licence|for free|not|if|will|the largest|raises
cheaper than|in 2027|eighty|two hundred|,|;|—|“|. A|\t|ʼn|İ|é|👩‍💻|open source|v2.1|1 August 2026|cache|lowers"""
_texts = st.one_of(
    st.lists(st.sampled_from(re.split(r"[|\n]", _PIECES)), max_size=12).map(" ".join), st.text(max_size=60)
)
_reviews = st.builds(
    Review,
    sentences=st.lists(
        st.builds(
            Sentence,
            beat=st.just("soil"),
            facts=st.lists(st.sampled_from(["F1", "F4", "F99"]), max_size=2).map(tuple),
            text=_texts,
        ),
        max_size=4,
    ).map(tuple),
)


@settings(deadline=None)
@given(_reviews)
def test_every_claim_lies_on_the_words_it_names_and_none_overlaps_another(review: Review) -> None:
    before = review.quote
    one_after_another = claims(review, LANTERN)
    assert review.quote == before
    assert all(before[one.start : one.end] == one.text and one.text for one in one_after_another)
    assert all(left.end <= right.start for left, right in pairwise(one_after_another))
    assert claims(review, LANTERN) == one_after_another


@settings(deadline=None)
@given(st.lists(_texts, max_size=3))
def test_a_dossier_of_anything_can_be_held_against(texts: list[str]) -> None:
    added = tuple(AddedFact(text=text, source="x") for text in texts)
    dossier = make_dossier(Tool(id=ToolId("any"), name="Any"), "", added)
    for one in found("OpenAI cut $20/month by 90% in 2027, not `a=b`.", dossier):
        assert set(one.facts) <= {fact.ref for fact in dossier.facts}


@pytest.mark.parametrize("filling", ["It keeps tokens warm. ", "word ", "keep", "$1,"])
def test_a_quote_is_read_to_its_end(filling: str) -> None:
    text = f"{(filling * 50_000)[:50_000]} and holds 3M tokens of cache."
    last = found(text)[-1]
    assert (last.text, text[last.start : last.end], last.end > 50_000) == ("3M", "3M", True)
    assert last.standing in MARKED


def test_a_piece_with_hundreds_of_values_has_each_of_them_held_against_the_dossier() -> None:
    told = found(", ".join(["2M tokens", "3M tokens"] * 90))
    assert [one.text == "2M" for one in told] == [one.standing == "in_dossier" for one in told]
    assert len(told) == 180


@pytest.mark.parametrize(
    "piece",
    ["1,", "1 ", "Aa ", "A", "`a", "a_", "--a ", "/a", "$1 ", ". ", "A. ", "GPT-4.1 ", "(", " ", "\n\na", "a-", "two "],
)
def test_fifty_thousand_hostile_characters_come_to_an_end(piece: str) -> None:
    text = (piece * 50_000)[:50_000]
    assert all(text.strip()[one.start : one.end] == one.text for one in found(text, MOTH))


def test_wording_in_a_beat_let_be_opinion_is_no_note_but_its_values_are_marked() -> None:
    said = "It is cheaper than anything else and holds 9M tokens."
    review = Review(sentences=(Sentence("moat", (), said), Sentence("price", (), said)))
    background = replace(BACKGROUND, dossier=LANTERN, opinions=("moat",))
    marks = [
        (one.severity, review.quote[one.start : one.end], one.start < len(said))
        for one in CHECK.findings(review, background)
    ]
    everywhere = CHECK.findings(review, replace(background, opinions=()))
    assert [one for one in marks if one[0] == "note"] == [("note", "cheaper than", False)]
    assert [one for one in marks if one[0] != "note"] == [
        (one.severity, review.quote[one.start : one.end], one.start < len(said))
        for one in everywhere
        if one.severity != "note"
    ]
    assert sum(one[0] != "note" for one in marks) == 2
