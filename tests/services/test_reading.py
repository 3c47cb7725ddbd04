"""An answer as far as it has come, and whole."""

from __future__ import annotations

import json
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import an_answer
from workbench.domain.review import Review, WrongShapeError
from workbench.services.reading import Read, read_on, read_partial, read_whole


@given(some.text(), some.integers(0, 500))
def test_reading_what_has_come_so_far_never_raises(text: str, cut: int) -> None:
    for said in (text, text[:cut], an_answer(text)[:cut]):
        assert isinstance(read_partial(said), Review)


KEYS = ('{"sentences": [', '{"beat": "', '", "facts": ["F1"], "text": "', '"text":"', '"text":{', '"reason" : "')
MARKS = (
    '"',
    ":",
    ",",
    "{",
    "}",
    "[",
    "]",
    "}, ",
    " ",
    "\n",
    "\\",
    "\\u00",
    "\\ud83d",
    "\ud83d",
    "\ude00",
    "é",
    "😀",
    "It",
)


@given(some.lists(some.sampled_from((*KEYS, *MARKS)) | some.text(max_size=4), max_size=24), some.booleans())
def test_a_text_read_as_it_grows_reads_the_same_as_from_its_beginning(pieces: list[str], begun: bool) -> None:
    read = Read()
    for text in accumulate(["".join(KEYS[:3]) if begun else "", *pieces]):
        read = read_on(read, text)
        assert read.review == read_partial(text)


@given(some.lists(some.text(some.sampled_from('abc :,{}[]"\\é😀\n')), min_size=1, max_size=4), some.data())
def test_an_answer_read_piece_by_piece_reads_the_same_as_whole(said: list[str], data: some.DataObject) -> None:
    answer = json.dumps(json.loads(an_answer(*said)), ensure_ascii=data.draw(some.booleans()))
    read = Read()
    for end in sorted(data.draw(some.sets(some.integers(0, len(answer)), max_size=40))):
        read = read_on(read, answer[:end])
        assert read.review == read_partial(answer[:end])


@given(some.lists(some.text(), min_size=1, max_size=3))
def test_a_whole_answer_reads_the_same_as_an_unfinished_one(said: list[str]) -> None:
    text = json.dumps(json.loads(an_answer(*said)))
    try:
        review = read_whole(text)
    except WrongShapeError:
        review = None
    assert review is None or review == read_partial(text)


@given(some.text(some.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_every_text_that_can_be_seen_is_read_whole(said: str) -> None:
    assert read_whole(an_answer("Seen: " + said)).sentences[0].text == "Seen: " + said


def test_text_only_grows_while_it_streams() -> None:
    answer = json.dumps(json.loads(an_answer("It ships 😀 and “quotes” \n too.")))
    seen = [read_partial(answer[:end]).quote for end in range(len(answer) + 1)]
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen))


@pytest.mark.parametrize("text", ["", "no json", "[1, 2]", '"text"', "{" * 5000, '{"sentences": 3}'])
def test_what_is_no_review_reads_as_an_empty_one(text: str) -> None:
    assert read_partial(text) == Review()


@pytest.mark.parametrize("text", ["", "no json", "[1, 2]", "[" * 100_000, an_answer("It holds.") + "{}"])
def test_what_is_no_review_is_no_whole_one(text: str) -> None:
    with pytest.raises(WrongShapeError):
        read_whole(text)


def test_half_a_pair_in_what_streams_is_shown_as_the_replacement_character() -> None:
    assert read_partial('{"sentences": [{"text": "a \ud83d').sentences[0].text == "a \ufffd"
