"""Tables of tools."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import reads_or_refuses
from workbench.errors import InputError
from workbench.intake.csv_file import READER, ROW_LIMIT


def test_all_columns_are_read_in_any_order_case_and_spelling() -> None:
    found = READER.read(
        "Description,NAME,Vendor,category,Tagline,Entry,url,Community Percent,community-votes\n"
        "It tests things.,Testo,ACME,Developer Tools,Tests,Free,https://testo.example,62,113\n"
    )
    (tool,) = found.submissions
    assert (tool.name, tool.description, tool.vendor) == ("Testo", "It tests things.", "ACME")
    assert (tool.category, tool.tagline, tool.entry) == ("Developer Tools", "Tests", "Free")
    assert (tool.url, tool.community_percent, tool.community_votes) == ("https://testo.example", "62", "113")
    assert tool.line == 2
    assert found.notices == ()


def test_a_byte_order_mark_does_not_hide_the_first_column() -> None:
    found = READER.read("\ufeffname,description\na,b\n")
    assert found.submissions[0].name == "a"


@pytest.mark.parametrize(("delimiter", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_other_delimiters_are_read_and_said(delimiter: str, word: str) -> None:
    found = READER.read(f"name{delimiter}description\nTesto{delimiter}Tests, mostly.\n")
    assert found.submissions[0].description == "Tests, mostly."
    assert word in found.notices[0]


@pytest.mark.parametrize("word", ["NA", "null", "007", "1e5", "nan", "TRUE"])
def test_words_that_look_like_values_stay_words(word: str) -> None:
    assert READER.read(f"name,description\n{word},{word}\n").submissions[0].name == word


def test_a_row_longer_than_the_header_is_a_problem_and_the_others_are_read() -> None:
    found = READER.read("name,description,vendor\na,b,c,d\ne,f,g\n")
    assert [tool.name for tool in found.submissions] == ["e"]
    assert found.problems[0].line == 2
    assert "4 cells" in found.problems[0].message


def test_a_short_row_lacks_its_last_optional_columns_only() -> None:
    found = READER.read("name,description,vendor\na,b\n")
    assert found.submissions[0].vendor == ""
    assert found.problems == ()


def test_a_row_without_a_required_cell_is_a_problem_with_its_line() -> None:
    found = READER.read("name,vendor,description\na,b\n ,c,d\nx,y,z\n")
    assert [(problem.field, problem.line) for problem in found.problems] == [("description", 2), ("name", 3)]
    assert [tool.name for tool in found.submissions] == ["x"]


def test_blank_lines_and_trailing_delimiters_are_skipped() -> None:
    found = READER.read("\n\nname,description,\r\n\r\na,b,\r\n,,\r\nc,d,,\r\n\r\n")
    assert [tool.name for tool in found.submissions] == ["a", "c"]
    assert found.problems == ()
    assert [tool.line for tool in found.submissions] == [5, 7]


def test_lines_are_counted_through_cells_with_line_ends() -> None:
    found = READER.read('name,description\na,"one\ntwo\nthree"\n,lost\n')
    assert found.submissions[0].description == "one\ntwo\nthree"
    assert found.problems[0].line == 5


def test_lone_carriage_returns_end_lines() -> None:
    assert READER.read("name,description\ra,b\rc,d").submissions[1].name == "c"


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("name,name,description", "name"),
        ("name,description,rating", "rating"),
        ("name,vendor", "description"),
        ("tool;text", "tool"),
        ("just one long sentence about a tool", "sentence"),
        ("name," * 500 + "description", "501 columns"),
    ],
)
def test_a_wrong_header_is_refused_by_name(header: str, named: str) -> None:
    with pytest.raises(InputError) as raised:
        READER.read(f"{header}\na,b,c\n")
    assert named in raised.value.message


def test_a_column_named_twice_is_quoted() -> None:
    with pytest.raises(InputError) as raised:
        READER.read("name,name,description\na,b,c\n")
    assert raised.value.message == "The header has the column “name” more than once."
    with pytest.raises(InputError) as raised:
        READER.read("url,name,Name,description,url\na,b,c,d,e\n")
    assert raised.value.message == "The header has the columns “name”, “url” more than once."


@pytest.mark.parametrize(
    "text",
    [
        "name,description\na\n",
        "name,description\na,b,c,d\n",
        'name,description\na,"b\n',
        'name,description\na,"b"c\n',
        "name,description\na,b\0\n",
        f"name,description\na,{'d' * 200_000}\n",
    ],
)
def test_the_line_is_said_beside_the_message_and_not_in_it(text: str) -> None:
    try:
        (problem,) = READER.read(text).problems
    except InputError as refused:
        problem = refused
    assert problem.line == 2
    assert "line" not in problem.message.lower()


def test_an_unknown_header_lists_the_columns_expected() -> None:
    with pytest.raises(InputError) as raised:
        READER.read("title,text\na,b\n")
    assert "name, description; optional: vendor" in raised.value.remedy


@pytest.mark.parametrize(("text", "message"), [("", "empty"), (" \n\n", "empty"), ("name,description\n", "no rows")])
def test_a_table_without_rows_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        READER.read(text)


def test_an_unclosed_quote_names_the_row_it_opens_in() -> None:
    with pytest.raises(InputError, match="never closed") as raised:
        READER.read('name,description\na,b\nc,"d\ne,f\n')
    assert raised.value.line == 3


def test_text_after_a_closed_quote_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match="not CSV") as raised:
        READER.read('name,description\na,"b"c\n')
    assert raised.value.line == 2


def test_a_nul_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match="NUL") as raised:
        READER.read("name,description\na,b\0c\n")
    assert raised.value.line == 2


def test_a_huge_cell_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match="131072") as raised:
        READER.read(f"name,description\na,b\nc,{'d' * 200_000}\n")
    assert raised.value.line == 3


def test_more_rows_than_the_limit_are_refused_at_once() -> None:
    assert len(READER.read("name,description\n" + "a,b\n" * ROW_LIMIT).submissions) == ROW_LIMIT
    with pytest.raises(InputError, match="more than 500 rows"):
        READER.read("name,description\n" + "a,b\n" * (ROW_LIMIT + 1))


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_whatever_csv_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    held = io.StringIO(newline="")
    csv.writer(held, quoting=csv.QUOTE_ALL).writerows([("name", "description"), *rows])
    found = READER.read(held.getvalue())
    assert [(tool.name, tool.description) for tool in found.submissions] == rows


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert reads_or_refuses(READER, "name,description\n" + text)
