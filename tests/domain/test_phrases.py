"""Words with their places, phrases among them, and what a text only quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.phrases import matter, own_words, places, plain, sentences_of, words
from workbench.domain.review import Review, Sentence


@given(st.text(max_size=200))
def test_a_word_lies_where_it_says(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end].lower().replace("’", "'").replace("‐", "-").replace("‑", "-") == word.text


def test_words_are_compared_in_any_case_and_typography() -> None:
    assert plain("It’s a Second‑order, well-known EFFECT: “users'”.") == (
        *("it's", "a", "second-order", "well-known", "effect", "users"),
    )
    assert [one.text for one in matter(words("It's what the effect would be."))] == ["effect"]
    assert [one.text for one in words("one two three", 4, 7)] == ["two"]


def test_a_phrase_is_found_wherever_it_begins() -> None:
    found = words("to be or not to be")
    assert list(places(found, ("to", "be"))) == [0, 4]
    assert list(places(found, ("be", "to"))) == []
    assert list(places(found, ())) == []


def test_what_is_quoted_is_blanked_and_nothing_moves() -> None:
    text = 'It says “we tried” or "we ran" `we()` — we” know.'
    assert own_words(text) == f"It says {' ' * 10} or {' ' * 8} {' ' * 6} — we” know."
    assert len(own_words(text)) == len(text)


@given(st.text(alphabet='“”"` ab', max_size=300))
def test_blanking_keeps_every_place(text: str) -> None:
    assert len(own_words(text)) == len(text)


def test_a_sentence_typed_in_one_piece_counts_as_the_ones_it_holds() -> None:
    review = Review(
        sentences=tuple(Sentence(beat="", facts=(), text=one) for one in (" One. Two goes\non. ", "", "Three"))
    )
    assert [review.quote[start:end] for start, end in sentences_of(review)] == ["One.", "Two goes\non.", "Three"]
