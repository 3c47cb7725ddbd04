"""Counting verdicts, votes and kept words; and the page they stand on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.comparison import REHEARSAL_NOTICE, Comparison, Page, disclosure, verdict_label
from workbench.domain.dossier import Community, Tool
from workbench.domain.finding import Finding
from workbench.domain.ids import ComparisonId, Digest, DraftId, PersonaId, ToolId
from workbench.domain.review import Verdict
from workbench.domain.scorecard import (
    Provenance,
    Quote,
    Scorecard,
    Source,
    community_label,
    kept_share,
    panel_label,
    panel_percent,
)

BY_HAND = Provenance(
    editor="Ada", decided_at=datetime(2026, 1, 31, tzinfo=UTC), dossier_digest=Digest("d"), persona_digest=Digest("p")
)
DRAFTED = replace(BY_HAND, draft_id=DraftId("d1"), provider="claude", model="m-1", take=1)


def quote(persona: str, order: int, verdict: Verdict | None, provenance: Provenance = DRAFTED) -> Quote:
    return Quote(
        persona_id=PersonaId(persona),
        persona_label=persona.title(),
        persona_order=order,
        text=f"{persona} says so.",
        verdict=verdict,
        provenance=provenance,
    )


def card(name: str, *quotes: Quote) -> Scorecard:
    tool = Tool(id=ToolId(name.lower()), name=name)
    return Scorecard(tool=tool, description="It runs.", dossier_digest=Digest("d"), quotes=quotes)


@pytest.mark.parametrize(
    ("verdicts", "expected", "split"),
    [
        ("", None, "—"),
        ("s", 100, "1–0"),
        ("k", 0, "0–1"),
        ("sssk", 75, "3–1"),
        ("ssk", 67, "2–1"),
        ("sk?", 50, "1–1"),
        ("skkkkkkk", 13, "1–7"),
        ("???", None, "—"),
    ],
)
def test_the_panel_counts_decided_verdicts_halves_up(verdicts: str, expected: int | None, split: str) -> None:
    words: dict[str, Verdict | None] = {"s": "ship", "k": "skip", "?": None}
    tallied = card("A", *(quote("builder", at, words[one]) for at, one in enumerate(verdicts)))
    assert (tallied.panel, tallied.split) == (expected, split)
    assert panel_percent(tallied.verdicts) == expected


def test_labels_print_a_dash_for_no_figure_and_never_zero() -> None:
    assert [panel_label(one) for one in (None, 0, 75)] == ["—", "0%", "75%"]
    votes = [None, Community(ships=0, votes=0), Community(ships=70, votes=113), Community(ships=0, votes=2)]
    assert [community_label(one) for one in votes] == ["—", "—", "62 % (113)", "0 % (2)"]


words = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)


@given(words, words)
def test_the_kept_share_is_a_share(before: str, after: str) -> None:
    assert 0 <= kept_share(before, after) <= 1


@given(words, words, words)
def test_a_text_with_words_added_anywhere_is_kept_whole(before: str, head: str, tail: str) -> None:
    assert kept_share(before, f"{head} {before} {tail}") == (1 if before else 0)


@given(words, words)
def test_keeping_counts_the_same_words_in_both_directions(before: str, after: str) -> None:
    assert round(kept_share(before, after) * len(before.split())) == round(
        kept_share(after, before) * len(after.split())
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c d", "a c d", 0.75),
        ("a b", "b a", 0.5),
        ("a b", "", 0),
        ("", "a", 0),
        ("a b", "A B", 0),
        ("a  b", "a\nb", 1),
    ],
)
def test_kept_words_keep_their_order(before: str, after: str, expected: float) -> None:
    assert kept_share(before, after) == expected


def page(left: Scorecard, right: Scorecard) -> Page:
    names = Comparison(id=ComparisonId("a-vs-b"), left=left.tool.id, right=right.tool.id)
    return Page(comparison=names, left=left, right=right, made_at=None)


def test_a_page_pairs_its_quotes_persona_by_persona() -> None:
    whole = page(
        card("A", quote("skeptic", 2, "ship"), quote("builder", 1, None)),
        card("B", quote("builder", 1, "skip"), quote("skeptic", 2, "ship")),
    )
    assert (whole.title, whole.slug) == ("A vs B", "a-vs-b")
    assert [(found.tool.name, one.persona_id) for found, one in whole.quotes] == [
        ("A", "builder"),
        ("B", "builder"),
        ("A", "skeptic"),
        ("B", "skeptic"),
    ]


def test_one_rehearsed_quote_makes_the_page_a_rehearsal() -> None:
    rehearsed = quote("builder", 1, "ship", replace(DRAFTED, rehearsal=True))
    assert not page(card("A", quote("builder", 1, "ship")), card("B")).rehearsal
    assert page(card("A"), card("B", rehearsed)).rehearsal
    assert page(card("A", rehearsed), card("B")).rehearsal


def test_an_undecided_verdict_has_a_name() -> None:
    assert [verdict_label(one) for one in ("ship", "skip", None)] == ["Ship", "Skip", "Undecided"]


@pytest.mark.parametrize(
    ("provenance", "line"),
    [
        (BY_HAND, "Written under our Builder lens and approved by Ada on 2026-01-31."),
        (DRAFTED, "Drafted with m-1 under our Builder lens, approved unedited by Ada on 2026-01-31."),
        (
            replace(DRAFTED, edited=True),
            "Drafted with m-1 under our Builder lens, edited and approved by Ada on 2026-01-31.",
        ),
        (replace(DRAFTED, rehearsal=True), f"{REHEARSAL_NOTICE}, approved unedited by Ada on 2026-01-31."),
        (
            replace(BY_HAND, rehearsal=True, edited=True),
            f"{REHEARSAL_NOTICE}, edited and approved by Ada on 2026-01-31.",
        ),
        (
            replace(
                DRAFTED,
                rehearsal=True,
                edited=True,
                sources=(
                    Source(text="A.", draft_id=DraftId("d-1"), model="m-1"),
                    Source(text="B.", draft_id=DraftId("d-2"), model="m-2", rehearsal=True),
                    Source(text="C.", draft_id=DraftId("d-3"), model="m-3"),
                    Source(text="D."),
                ),
            ),
            (
                f"{REHEARSAL_NOTICE} for a part of this, the rest drafted with m-1 and m-3 under our Builder lens, "
                "edited and approved by Ada on 2026-01-31."
            ),
        ),
    ],
)
def test_the_reader_is_told_who_wrote_and_who_approved(provenance: Provenance, line: str) -> None:
    assert disclosure(quote("builder", 1, "ship", provenance)) == line


def test_a_finding_without_a_span_is_about_the_whole_quote() -> None:
    finding = Finding(rule="length", severity="note", reason="Too short.")
    assert (finding.start, finding.end, finding.evidence) == (0, 0, "")
