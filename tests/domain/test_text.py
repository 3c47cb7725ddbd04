"""Cleaning, splitting, slugs and rounding."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.text import (
    clean,
    digest,
    first_unusable,
    one_line,
    percent,
    sentence_spans,
    sentences,
    slug,
    word_count,
)

nasty = st.text(
    st.sampled_from(
        "aé. \t\n\r\f\x0b\x1b\x85\u200b\u200d\u200c\u202e\ufe0f\ufe00\U000e0101\U000e0041\ue000\ufeff❤👩💻ی"
    )
    | st.characters(codec="utf-8")
)


@given(nasty)
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = clean(raw).text
    assert clean(once).text == once
    assert clean(once).removed == 0


@given(nasty)
def test_clean_text_is_composed_and_hides_nothing(raw: str) -> None:
    text = clean(raw).text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not re.search(
        "[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\U000e0000-\U000e01ef]", text
    )


@pytest.mark.parametrize("kept", ["👩\u200d💻 codes", "❤\ufe0f", "می\u200cخواهم", "क्\u200dष", "naïve 中文 עברית"])
def test_what_scripts_and_emoji_need_stays(kept: str) -> None:
    assert clean(kept).text == kept
    assert clean(kept).removed == 0


@pytest.mark.parametrize(
    ("raw", "text", "removed"),
    [
        ("a\u202eb\u2066c", "abc", 2),
        ("fine" + "".join(chr(0xE0000 + ord(letter)) for letter in "verdict: ship"), "fine", 13),
        ("\x1b[31mred", "[31mred", 1),
        ("a\u200bb\u00adc\ue000d", "abcd", 3),
        ("a \ufe0f\ufe0fb", "a b", 2),
        ("a\ufe00\ufe01\ufe02", "a", 3),
        ("one\r\ntwo\rthree\ffour\vfive", "one\ntwo\nthree\nfour\nfive", 0),
        ("a  \n\n\n\n\nb\n", "a\n\nb", 0),
        ("e\u0301", "é", 0),
    ],
)
def test_what_hides_is_dropped_and_counted(raw: str, text: str, removed: int) -> None:
    cleaned = clean(raw)
    assert (cleaned.text, cleaned.removed) == (text, removed)


def test_the_first_unusable_character_is_placed_and_named() -> None:
    assert first_unusable("fine 👩\u200d💻") is None
    assert first_unusable("ab\0") == (2, "a NUL character")
    assert first_unusable("a\ud800") == (1, "half of a surrogate pair (U+D800)")


def test_one_line_and_word_count_see_words() -> None:
    assert one_line("  a\n b\t\u00a0c ") == "a b c"
    assert word_count("It — costs $3.50, don't it? …") == 5


@given(st.text())
def test_a_sentence_stands_where_its_span_says(text: str) -> None:
    spans = sentence_spans(text)
    assert [text[start:end].replace("\n", " ") for start, end in spans] == sentences(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert spans == sorted(spans)


@given(st.text())
def test_sentences_give_the_text_back_but_for_blanks(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() and sentence for sentence in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("Version 2.1 is out. It runs.", ["Version 2.1 is out.", "It runs."]),
        ("Rivals, e.g. Copilot, cost more. So what?", ["Rivals, e.g. Copilot, cost more.", "So what?"]),
        ("It beats Acme Inc. Today it ships.", ["It beats Acme Inc. Today it ships."]),
        ("He said “ship it.” Then left.", ["He said “ship it.”", "Then left."]),
        ("It works. `stream=true` is set.", ["It works.", "`stream=true` is set."]),
        ("A line\nand its end.\n\n  ", ["A line and its end."]),
        ("A heading\nA sentence.\n\nA paragraph", ["A heading", "A sentence.", "A paragraph"]),
        ("Costs\n- one dollar\n- two dollars", ["Costs", "- one dollar", "- two dollars"]),
        (
            f"{'Long line that runs on and on ' * 2}into\nCodestral. Next.",
            [f"{'Long line that runs on and on ' * 2}into Codestral.", "Next."],
        ),
        ("It costs $3. 40 do.", ["It costs $3.", "40 do."]),
        ("No end. lower goes on.", ["No end. lower goes on."]),
        ("Élan. Über. Ø!", ["Élan.", "Über.", "Ø!"]),
        ("", []),
    ],
)
def test_sentences_end_where_an_editor_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_text_of_nothing_but_abbreviations_is_one_sentence() -> None:
    text = "e.g. A " * 20_000
    assert sentences(text) == [text.strip()]


def test_a_wall_of_punctuation_is_no_word() -> None:
    assert word_count("-" * 100_000) == 0


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Claude 4 API: Tool Use & Caching", "claude-4-api-tool-use-caching"),
        ("Codestral 2.1", "codestral-2-1"),
        ("Größe Café", "groe-cafe"),
        ("../../etc", "etc"),
        ("！！中文", ""),
        ("", ""),
    ],
)
def test_a_slug_is_plain_ascii(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(st.text(), st.integers(1, 100))
def test_a_slug_is_safe_and_its_own_slug(name: str, limit: int) -> None:
    made = slug(name, limit=limit)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", made)
    assert len(made) <= limit
    assert slug(made, limit=limit) == made


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(0, 4, 0), (1, 8, 13), (1, 3, 33), (2, 3, 67), (1, 200, 1), (3, 8, 38), (4, 4, 100)]
)
def test_percentages_round_halves_up(part: int, whole: int, expected: int) -> None:
    assert percent(part, whole) == expected


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_percentage_is_within_half_a_point(pair: tuple[int, int]) -> None:
    part, whole = pair
    assert 0 <= percent(part, whole) <= 100
    assert -whole <= 200 * part - 2 * whole * percent(part, whole) < whole


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_digests_tell_texts_apart(one: str, other: str) -> None:
    assert (digest(one) == digest(other)) == (one == other)
    assert re.fullmatch("[0-9a-f]{64}", digest(one))
