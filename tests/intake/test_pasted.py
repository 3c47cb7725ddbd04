"""Pasted text: the publication's page, and prose."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import reads_or_refuses
from tests.shared_data import SHARED, needs_shared
from workbench.domain.comparison import DECK, FOOTER, KICKER, SCORECARD_HEADING
from workbench.domain.dossier import AddedFact
from workbench.domain.submission import check
from workbench.errors import InputError
from workbench.intake.pasted import READER, TEXT_LIMIT


def block(
    name: str, *, community: str = "—", category: str = "Build tools", tagline: str = "Fast", entry: str = "Free"
) -> str:
    head = "\n".join(line for line in (category, name, tagline) if line)
    return (
        f"{head}\n75%\nPanel ship\n{community}\nCommunity\n{entry}\nEntry\nThe text about {name} is this. It is long."
    )


def page(*blocks: str, title: str = "Alpha: the first vs Beta 2", quotes: int = 4, footer: bool = True) -> str:
    said = "\n".join(f"“Quote {number} says so.”" for number in range(quotes))
    tail = "\n".join([SCORECARD_HEADING, said, *(FOOTER if footer else ())])
    return "\n".join([KICKER, title, DECK, *blocks, tail])


PAGE = page(block("Alpha: the first"), block("Beta 2"))


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        PAGE.replace("\n", "\r\n"),
        PAGE.replace("\n", "\r"),
        PAGE.replace("\n", "\n\n"),
        PAGE.replace("\n", "  \n \t\n"),
        f"\n\n \n{PAGE}\n\n",
        f"\ufeff{PAGE}",
        page(block("Alpha: the first"), block("Beta 2"), footer=False),
        PAGE.replace("\n75%", "\n[Alpha · 3–1]\n75 %"),
    ],
)
def test_the_page_is_recognised_by_its_structure(text: str) -> None:
    found = READER.read(text)
    assert [(tool.name, tool.category, tool.tagline, tool.entry, tool.description) for tool in found.submissions] == [
        (name, "Build tools", "Fast", "Free", f"The text about {name} is this. It is long.")
        for name in ("Alpha: the first", "Beta 2")
    ]
    assert found.notices == ("The page's 4 published quotes were left out: quotes are written here.",)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("label", "read"),
    [("—", ("", "")), ("-", ("", "")), ("62 % (113)", ("62", "113")), ("62% (113 votes)", ("62", "113"))],
)
def test_the_community_label_is_read(label: str, read: tuple[str, str]) -> None:
    first, _ = READER.read(page(block("Alpha: the first", community=label), block("Beta 2"))).submissions
    assert (first.community_percent, first.community_votes) == read


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("uv", "uv is a Python package and project manager,\nwritten in Rust."),
        ("uv", "an extremely fast Python package manager."),
        ("llama.cpp", "inference of models in plain C."),
        ("vercel ai sdk", "a toolkit for TypeScript."),
        ("Ripgrep", "ripgrep searches folders for a pattern."),
        ("The Very Long-named Command", "the very long-named command runs things."),
    ],
)
def test_a_lower_case_description_leaves_the_name_above_it_its_own(name: str, description: str) -> None:
    (submission,) = READER.read(f"{name}\n{description}").submissions
    assert (submission.name, submission.description) == (name, description)


@pytest.mark.parametrize(
    "text", ["Kettle boils a whole build\ndown to one file.", "kettle boils a whole build\ndown to one file."]
)
def test_a_wrapped_sentence_is_no_name(text: str) -> None:
    (submission,) = READER.read(text).submissions
    assert (submission.name, submission.description) == ("", text)


def test_a_community_share_without_votes_is_left_out_and_said() -> None:
    found = READER.read(page(block("Alpha: the first", community="62%"), block("Beta 2")))
    assert found.submissions[0].community_percent == ""
    assert "62 %, names no number of votes" in found.notices[1]


def test_the_title_tells_the_name_where_category_or_tagline_is_missing() -> None:
    found = READER.read(page(block("Alpha: the first", category=""), block("Beta 2", tagline=""), quotes=0))
    assert [(tool.category, tool.name, tool.tagline) for tool in found.submissions] == [
        ("", "Alpha: the first", "Fast"),
        ("Build tools", "Beta 2", ""),
    ]
    assert found.submissions[0].description == "The text about Alpha: the first is this. It is long."
    assert found.notices == ()


def test_half_a_page_without_a_title_is_read() -> None:
    found = READER.read(block("Alpha", entry="—"))
    (tool,) = found.submissions
    assert (tool.category, tool.name, tool.tagline, tool.entry) == ("Build tools", "Alpha", "Fast", "")


def test_a_description_of_several_paragraphs_stays_whole() -> None:
    text = page(f"{block('Alpha: the first')}\n\nA second paragraph.", block("Beta 2"), quotes=1)
    found = READER.read(text)
    assert found.submissions[0].description.endswith("It is long.\n\nA second paragraph.")
    assert found.notices == ("The page's published quote was left out: quotes are written here.",)


def test_a_description_may_quote_somebody_and_break_its_lines() -> None:
    first, second = READER.read(page(block("Alpha: the first"), f"{block('Beta 2')}\n“Nice,” says one.")).submissions
    assert second.description == "The text about Beta 2 is this. It is long.\n“Nice,” says one."
    assert first.description == "The text about Alpha: the first is this. It is long."


@pytest.mark.parametrize("rest", ["“A quote.”", FOOTER[0]])
def test_without_the_scorecard_s_heading_quotes_and_footer_end_the_page(rest: str) -> None:
    (tool,) = READER.read(f"{block('Alpha')}\n{rest}").submissions
    assert tool.description == "The text about Alpha is this. It is long."


def test_lines_point_into_the_pasted_text() -> None:
    assert [tool.line for tool in READER.read("\n" + PAGE).submissions] == [5, 15]


def test_name_tagline_and_description_are_told_apart() -> None:
    found = READER.read("# Testo: the tester\nTests everything\n\nIt runs tests. It is fast.\n\nAnd small.")
    (tool,) = found.submissions
    assert (tool.name, tool.tagline) == ("Testo: the tester", "Tests everything")
    assert tool.description == "It runs tests. It is fast.\n\nAnd small."
    assert found.notices == ()


def test_fields_at_the_top_are_read_and_facts_anywhere() -> None:
    (tool,) = READER.read(
        "Name: Testo\nVendor: ACME\nCategory: Tests\nTagline: Runs all\nEntry: Free\nURL: https://testo.example\n"
        "Community: 62 % (113)\nFact: It is | small | docs | 2026-01-31\nFact: unsourced\n\n"
        "It runs tests. Note: they pass.\nVendor: repeated keys are prose.\nFact: Costs $3 | price page\nThe end."
    ).submissions
    assert (tool.name, tool.vendor, tool.category, tool.tagline) == ("Testo", "ACME", "Tests", "Runs all")
    assert (tool.entry, tool.url) == ("Free", "https://testo.example")
    assert (tool.community_percent, tool.community_votes) == ("62", "113")
    assert tool.facts == (
        AddedFact(text="It is | small", source="docs", checked_on="2026-01-31"),
        AddedFact(text="unsourced", source=""),
        AddedFact(text="Costs $3", source="price page"),
    )
    assert tool.description == "It runs tests. Note: they pass.\nVendor: repeated keys are prose.\nThe end."


def test_a_description_field_takes_the_rest() -> None:
    (tool,) = READER.read("Name: Testo\nDescription: It runs tests\nEntry: stays prose here.").submissions
    assert tool.description == "It runs tests\nEntry: stays prose here."


def test_fields_may_follow_a_bare_name() -> None:
    (tool,) = READER.read("Testo\nVendor: ACME\n\nIt runs tests.").submissions
    assert (tool.name, tool.vendor, tool.description) == ("Testo", "ACME", "It runs tests.")


@pytest.mark.parametrize(
    "text",
    [
        "It runs tests. It is fast.",
        "It runs the tests of a project that is written in some language and\nwraps its lines at seventy columns.",
        "x" * 200,
    ],
)
def test_a_paragraph_without_a_name_leaves_it_to_the_door_to_ask_for_one(text: str) -> None:
    found = READER.read(text)
    assert (found.submissions[0].name, found.submissions[0].description) == ("", text)
    assert found.notices == ()
    with pytest.raises(InputError) as raised:
        check(replace(found.submissions[0], description="x" * 20))
    assert (raised.value.field, raised.value.line) == ("name", 1)
    assert "first line" in raised.value.remedy


@pytest.mark.parametrize("rule", ["---", "=====", " -------- "])
def test_tools_are_separated_by_lines(rule: str) -> None:
    found = READER.read(f"{rule}\nOne\n\nThe first tool.\n{rule}\n{rule}\nTwo\n\nThe second tool.\n{rule}\n")
    assert [(tool.name, tool.description) for tool in found.submissions] == [
        ("One", "The first tool."),
        ("Two", "The second tool."),
    ]
    assert [tool.line for tool in found.submissions] == [2, 7]


def test_an_underlined_name_is_one_tool() -> None:
    (tool,) = READER.read("Testo\n=====\nIt runs tests.").submissions
    assert (tool.name, tool.description) == ("Testo", "It runs tests.")


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "nothing to read"), (" \r\n\t", "nothing"), ("---", "lines"), ("x" * (TEXT_LIMIT + 1), "limit")],
)
def test_no_text_and_too_much_text_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        READER.read(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert reads_or_refuses(READER, text)


lines = st.sampled_from([*PAGE.split("\n"), "", "---", "Name: x", "Fact: a | b"])


@given(st.lists(lines, min_size=1, max_size=30).filter(lambda some: any(line.strip("- ") for line in some)))
def test_any_order_of_the_page_s_lines_is_read(some: list[str]) -> None:
    assert READER.read("\n".join(some)).submissions


@needs_shared
def test_the_published_page_gives_two_tools_that_pass_the_door() -> None:
    text = (SHARED / "seed" / "comparison-page.txt").read_text(encoding="utf-8")
    expected = json.loads((SHARED / "seed" / "comparison.json").read_text(encoding="utf-8"))["tools"]
    found = READER.read(text)
    keys = ("name", "category", "tagline", "entry", "description")
    assert [tuple(getattr(tool, key) for key in keys) for tool in found.submissions] == [
        tuple(tool[key] for key in keys) for tool in expected
    ]
    assert found.notices == ("The page's 8 published quotes were left out: quotes are written here.",)
    assert [check(tool).dossier.tool.community for tool in found.submissions] == [None, None]
