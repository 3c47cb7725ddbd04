"""Words of a quote are found again in the text it was read from, whatever that is written in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.located import as_it_is, in_json
from workbench.domain.review import Review, Sentence, as_json

_words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


def a_review(texts: list[str]) -> Review:
    return Review(sentences=tuple(Sentence("moat", ("F1",), one) for one in texts), verdict="ship")


_reviews = st.lists(_words, min_size=1, max_size=4).map(a_review).filter(lambda review: bool(review.quote))


def test_a_plain_text_is_its_own_place_with_lines_and_columns() -> None:
    found = as_it_is("q.md", "q.md", "\n\n  It ships.\r\nIt stays.\n")
    assert found.quote == "It ships.\r\nIt stays."
    start = found.quote.index("stays")
    region = found.region(start, start + 5)
    assert found.source[region.offset : region.offset + region.length] == "stays"
    assert (region.line, region.column, region.end_line, region.end_column) == (4, 4, 4, 9)


def test_what_is_said_of_the_whole_is_at_its_beginning_without_length() -> None:
    region = as_it_is("q.md", "q.md", "\n It ships.").region(0, 0)
    assert (region.offset, region.length, region.line, region.column) == (2, 0, 2, 2)


def test_escapes_are_stepped_over() -> None:
    source = '{"sentences": [{"beat": "a", "facts": [], "text": "\\u00dcber \\ud83d\\ude00 \\"it\\" all"}]}'
    review = Review(sentences=(Sentence("a", (), 'Über 😀 "it" all'),))
    found = in_json("r.json", "r.json", source, review)
    start = found.quote.index('"it"')
    region = found.region(start, start + 4)
    assert source[region.offset : region.offset + region.length] == '\\"it\\"'
    smile = found.region(5, 6)
    assert source[smile.offset : smile.offset + smile.length] == "\\ud83d\\ude00"


@pytest.mark.parametrize("ascii_only", [False, True])
@given(review=_reviews, data=st.data())
def test_what_stands_in_the_source_reads_as_the_words_of_the_quote(
    ascii_only: bool, review: Review, data: st.DataObject
) -> None:
    source = json.dumps(json.loads(as_json(review)), ensure_ascii=ascii_only, indent=1)
    found = in_json("r.json", "r.json", source, review)
    assert found.quote == review.quote
    assert len(found.places) == len(found.quote) + 1
    spans = [span for span in review.spans if span[1] > span[0]]
    low, high = data.draw(st.sampled_from(spans))
    start = data.draw(st.integers(low, high - 1))
    end = data.draw(st.integers(start + 1, high))
    region = found.region(start, end)
    written = source[region.offset : region.offset + region.length]
    assert json.loads(f'"{written}"', strict=False) == found.quote[start:end]


@given(_words.filter(str.strip), _words, _words, st.data())
def test_a_plain_text_is_sliced_as_the_quote_is(text: str, before: str, after: str, data: st.DataObject) -> None:
    source = f"{before}{text}{after}"
    found = as_it_is("q", "q", source)
    end = data.draw(st.integers(1, len(found.quote)))
    start = data.draw(st.integers(0, end - 1))
    region = found.region(start, end)
    assert source[region.offset : region.offset + region.length] == found.quote[start:end]
    assert region.line >= 1 <= region.column
