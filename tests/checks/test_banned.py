from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.drafts import BACKGROUND, avoiding, review
from workbench.checks.banned import CHECK

PHRASES = ("seamless", "game-changer", "only time will tell", "it's fine", "C++")
_around = st.text(alphabet="abcXYZ äßİ.,;-—'’“”()\n\t0123456789", max_size=20)


def _found(text: str, *banned: str) -> list[str]:
    draft = review(("soil", text))
    found = CHECK.findings(draft, avoiding(*banned) if banned else BACKGROUND)
    assert all(draft.quote[one.start : one.end] == one.evidence for one in found)
    return [one.evidence for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("An EVERGREEN hedge.", ["EVERGREEN"]),
        ("Evergreens grow in evergreenhouses.", []),
        ("Low-hanging fruit, then fruit.", ["Low-hanging fruit", "fruit"]),
        ("The low‑hanging\nfruit.", ["low‑hanging\nfruit"]),
        ("And it’s  fine.", ["it’s  fine"]),
        ("Written in C++, not in C.", ["C++"]),
        ("“Fruit”", ["Fruit"]),
    ],
)
def test_whole_words_are_found_in_any_case_and_typography(text: str, found: list[str]) -> None:
    assert _found(text) == found


def test_the_span_counts_from_the_start_of_the_quote_across_sentences() -> None:
    draft = review(("soil", " One. "), ("sun", ""), ("rain", "Two fruit."))
    (finding,) = CHECK.findings(draft, BACKGROUND)
    assert (finding.start, finding.end, draft.quote) == (9, 14, "One. Two fruit.")


def test_a_lens_that_bans_nothing_finds_nothing() -> None:
    assert CHECK.findings(review(("soil", "Evergreen fruit.")), avoiding()) == []
    assert CHECK.findings(review(("soil", "Evergreen fruit.")), avoiding(" ", "")) == []


@given(before=_around, phrase=st.sampled_from(PHRASES), after=_around, upper=st.booleans())
def test_a_banned_phrase_is_found_wherever_it_stands_alone(
    before: str, phrase: str, after: str, *, upper: bool
) -> None:
    written = phrase.upper() if upper else phrase
    assert written in _found(f"{before} {written} {after}", *PHRASES)


@given(before=_around, after=_around)
def test_a_banned_phrase_inside_a_longer_word_is_left_alone(before: str, after: str) -> None:
    assert _found(f"{before} seamlessness unseamless {after}", "seamless") == []
