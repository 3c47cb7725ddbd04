from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given

from tests.exports import hostile, pages
from workbench.domain.comparison import Page
from workbench.exports.csv_table import CELLS, EXPORTER, disarm


def reread(page: Page) -> list[dict[str, str]]:
    text = EXPORTER.render(page).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "  =1",
        "\u3000=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\n=1",
        "a;=1",
        "a\n  @b",
    ],
)
def test_what_a_spreadsheet_would_run_is_disarmed(cell: str) -> None:
    found = disarm(cell)
    assert found != cell
    assert found.replace("'", "", 1) == cell
    assert not re.search(r"(?:\A|[;\r\n])[^\S\r\n]*[=+\-@＝＋－＠]", found)
    assert found[0] not in "\t\r"


@pytest.mark.parametrize("cell", ["", "plain", "a = b", "75", "3–1", "—", "x; y", "a\n\nb", "'=1"])
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    assert disarm(cell) == cell


@hostile.unhurried
@given(name=hostile.lines, tagline=hostile.lines, text=hostile.prose)
def test_reading_it_back_gives_the_disarmed_cells(name: str, tagline: str, text: str) -> None:
    told = pages.tool(name or "x", tagline=tagline)
    (row,) = reread(pages.page(pages.card(told, pages.quote(text)), pages.card(pages.BARE)))
    assert (row["tool"], row["tagline"], row["quote"]) == (disarm(name or "x"), disarm(tagline), disarm(text))


def test_every_cell_is_quoted_and_rows_end_in_crlf_after_a_byte_order_mark() -> None:
    made = EXPORTER.render(pages.full_page())
    assert made.startswith(b'\xef\xbb\xbf"comparison","title",')
    assert made.endswith(b'"\r\n')
    assert made.count(b"\r\n") == made.count(b"\n") == 9


def test_there_is_one_row_per_quote_persona_by_persona() -> None:
    rows = reread(pages.full_page())
    assert [(row["persona"], row["tool"]) for row in rows[:3]] == [
        ("Builder", "Alpha Tool"),
        ("Builder", "Beta Tool"),
        ("Skeptic", "Alpha Tool"),
    ]
    assert [row["verdict"] for row in rows] == ["ship"] * 5 + ["skip", "ship", "undecided"]


def test_numbers_are_plain_and_absent_ones_empty() -> None:
    row = reread(pages.full_page())[1]
    assert (row["panel_ship_percent"], row["reviewer_split"]) == ("67", "2–1")
    assert (row["community_ship_percent"], row["community_votes"], row["kept_of_draft"]) == ("62", "113", "0.80")
    (bare,) = reread(pages.page(pages.card(pages.BARE, pages.quote(verdict=None)), pages.card()))
    assert (bare["panel_ship_percent"], bare["community_ship_percent"], bare["community_votes"]) == ("", "", "")


def test_a_quote_written_by_hand_names_no_draft_and_no_model() -> None:
    row = reread(pages.full_page(provenance=pages.BY_HAND))[0]
    assert (row["draft"], row["model"], row["take"], row["digital_source_type"]) == ("", "", "", "")


def test_the_rehearsal_column_is_filled_for_rehearsed_quotes_only() -> None:
    page = pages.page(
        pages.card(pages.tool(), pages.quote(provenance=pages.REHEARSED)), pages.card(pages.BARE, pages.quote())
    )
    assert [row["rehearsal"] for row in reread(page)] == ["Rehearsal: no model was called", ""]


def test_a_page_without_quotes_is_a_header() -> None:
    made = EXPORTER.render(pages.empty_page()).decode("utf-8-sig")
    assert made == ",".join(f'"{name}"' for name in CELLS) + "\r\n"
