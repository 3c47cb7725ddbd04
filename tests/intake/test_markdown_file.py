"""One tool in a Markdown file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import reads_or_refuses
from workbench.domain.dossier import AddedFact
from workbench.errors import InputError
from workbench.intake.markdown_file import HEAD_LIMIT, READER

HEAD = """---
name: Testo 2.10
vendor: ACME
category: Developer Tools
tagline: "Tests: all of them"
entry: Open source
url: https://testo.example
community: 62 % (113)
facts:
  - text: It costs $3 a month.
    source: price page
    checked_on: 2026-01-31
---
It runs tests.

It runs them **fast**.
"""


@pytest.mark.parametrize("text", [HEAD, HEAD.replace("\n", "\r\n"), "\ufeff" + HEAD, "\n\n" + HEAD])
def test_front_matter_and_body_make_a_tool(text: str) -> None:
    found = READER.read(text)
    (tool,) = found.submissions
    assert (tool.name, tool.vendor, tool.category) == ("Testo 2.10", "ACME", "Developer Tools")
    assert (tool.tagline, tool.entry, tool.url) == ("Tests: all of them", "Open source", "https://testo.example")
    assert (tool.community_percent, tool.community_votes) == ("62", "113")
    assert tool.facts == (AddedFact(text="It costs $3 a month.", source="price page", checked_on="2026-01-31"),)
    assert tool.description == "It runs tests.\n\nIt runs them **fast**."
    assert found.notices == ()


@pytest.mark.parametrize("name", ["007", "2.10", "yes", "1e5", "NA", "2026-01-31", "0x1F", "1_000"])
def test_plain_yaml_values_stay_as_typed(name: str) -> None:
    (tool,) = READER.read(f"---\nname: {name}\nvendor: null\ntagline:\n---\nIt runs tests.\n").submissions
    assert (tool.name, tool.vendor, tool.tagline) == (name, "", "")


def test_a_description_in_the_front_matter_is_enough() -> None:
    (tool,) = READER.read("---\nname: a\ndescription: |\n  One.\n  Two.\n---\n").submissions
    assert tool.description == "One.\nTwo."


def test_two_descriptions_are_refused() -> None:
    with pytest.raises(InputError, match="Keep one"):
        READER.read("---\nname: a\ndescription: b\n---\nc\n")


def test_facts_below_the_front_matter_follow_its_own() -> None:
    (tool,) = READER.read("---\nname: a\nfacts: [one | page]\n---\nText.\n\n## Facts\n- two (docs)\n").submissions
    assert [(fact.text, fact.source) for fact in tool.facts] == [("one", "page"), ("two", "docs")]


def test_unknown_front_matter_is_named() -> None:
    assert "“rating”" in READER.read("---\nname: a\nrating: 5\n---\nText.\n").notices[0]


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        ("name: a\nvendor: b: c", 3, "not YAML"),
        ("name: [a", 2, "not YAML"),
        ("name: a\nname: b", 3, "twice"),
        ("name: &x a\nvendor: *x", 3, "aliases"),
        ("- a", 2, "name: value"),
        ("vendor: b", 1, "“name” is missing"),
        ("name: [a]", 1, "“name” is a list"),
    ],
)
def test_broken_front_matter_is_refused_with_its_line(head: str, line: int, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        READER.read(f"---\n{head}\n---\nText.\n")
    assert raised.value.line == line
    assert f"line {line}" not in raised.value.message.lower()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        (" \n\n", "empty"),
        ("---\nname: a\n", "never closed"),
        ("---\n---\nText.", "“name” is missing"),
        (f"---\nname: {'a' * HEAD_LIMIT}\n---\nb", "limit"),
        (f"---\nname: {'[' * 3000}\n---\nb", "front matter"),
        ("---\nname: a\x01\n---\nb", "does not allow|not YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        READER.read(text)


@pytest.mark.parametrize(
    ("text", "name", "tagline", "description"),
    [
        ("# Testo\n\n> Tests all.\n\nIt runs tests.", "Testo", "Tests all.", "It runs tests."),
        ("# Testo #\n*Tests all*\n\nIt runs tests.", "Testo", "Tests all", "It runs tests."),
        ("Testo\n=====\n\n_Tests all_\n\nIt runs.", "Testo", "Tests all", "It runs."),
        ("# Testo\n\n**Bold** start, no tagline.", "Testo", "", "**Bold** start, no tagline."),
        (f"# Testo\n\n> {'long ' * 80}\n\nText.", "Testo", "", f"> {'long ' * 80}\n\nText."),
        ("# Testo", "Testo", "", ""),
    ],
)
def test_a_heading_a_tagline_and_text_make_a_tool(text: str, name: str, tagline: str, description: str) -> None:
    (tool,) = READER.read(text).submissions
    assert (tool.name, tool.tagline, tool.description) == (name, tagline, description)
    assert tool.line == 1


def test_text_without_a_heading_is_refused_for_its_name() -> None:
    with pytest.raises(InputError, match="no heading") as raised:
        READER.read("\n\nIt runs tests.")
    assert (raised.value.field, raised.value.line) == ("name", 3)
    assert "# " in raised.value.remedy


def test_listed_facts_are_taken_from_the_text_with_source_and_date() -> None:
    (tool,) = READER.read(
        "# Testo\n\nIt runs.\n\n## Facts\n- Costs $3 (per seat) (price page, 2026-01-31)\n"
        "* Wraps\n  onto a line (docs (v2), page 3)\n- No source\n- (odd\n- trails)\n\n"
        "A remark.\n\n## Use\n- not a fact (x)\n"
    ).submissions
    assert tool.facts == (
        AddedFact(text="Costs $3 (per seat)", source="price page", checked_on="2026-01-31"),
        AddedFact(text="Wraps onto a line", source="docs (v2), page 3"),
        AddedFact(text="No source", source=""),
        AddedFact(text="(odd", source=""),
        AddedFact(text="trails)", source=""),
    )
    assert tool.description == "It runs.\n\n\nA remark.\n\n## Use\n- not a fact (x)"


@given(st.text(), st.booleans())
def test_any_text_is_read_or_refused(text: str, fenced: bool) -> None:
    assert reads_or_refuses(READER, f"---\n{text}\n---\nbody" if fenced else text)
