"""Tools as JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.intake.reading import reads_or_refuses
from tests.shared_data import SHARED, needs_shared
from workbench.domain.dossier import AddedFact
from workbench.errors import InputError
from workbench.intake.json_file import DEPTH_LIMIT, READER, SIZE_LIMIT, TOOL_LIMIT

TOOL = {"name": "Testo", "description": "It runs tests."}


@pytest.mark.parametrize("shape", [TOOL, [TOOL], {"tools": [TOOL]}, {"schema": {}, "document": {"tools": [TOOL]}}])
def test_an_object_a_list_and_a_document_are_read(shape: object) -> None:
    found = READER.read("\ufeff" + json.dumps(shape))
    assert [tool.name for tool in found.submissions] == ["Testo"]
    assert found.problems == ()


def test_every_field_is_read() -> None:
    whole = TOOL | {
        "vendor": "ACME",
        "category": "Developer Tools",
        "tagline": "Tests",
        "entry": "Free",
        "url": "https://testo.example",
        "community_percent": 62,
        "community_votes": "113",
        "facts": [{"text": "It is fast.", "source": "docs", "checked_on": "2026-01-31"}, "Cheap | page"],
    }
    (tool,) = READER.read(json.dumps(whole)).submissions
    assert (tool.vendor, tool.category, tool.tagline) == ("ACME", "Developer Tools", "Tests")
    assert (tool.entry, tool.url) == ("Free", "https://testo.example")
    assert (tool.community_percent, tool.community_votes) == ("62", "113")
    assert tool.facts == (
        AddedFact(text="It is fast.", source="docs", checked_on="2026-01-31"),
        AddedFact(text="Cheap", source="page"),
    )


@pytest.mark.parametrize(
    ("community", "read"),
    [
        (None, ("", "")),
        ("—", ("", "")),
        ("62 % (113)", ("62", "113")),
        ({"percent": 62, "votes": 113}, ("62", "113")),
        ({"ships": 2, "votes": 3}, ("67", "3")),
        ({"ships": 0, "votes": 0}, ("", "")),
        ("most of them", ("most of them", "")),
    ],
)
def test_the_community_vote_is_read_in_each_form(community: object, read: tuple[str, str]) -> None:
    (tool,) = READER.read(json.dumps(TOOL | {"community": community})).submissions
    assert (tool.community_percent, tool.community_votes) == read


def test_a_share_without_votes_is_left_out_and_said() -> None:
    found = READER.read(json.dumps(TOOL | {"community_ship_percent": 62}))
    assert found.submissions[0].community_percent == ""
    assert "“Testo”, 62 %" in found.notices[0]


def test_published_quotes_are_left_out_and_counted() -> None:
    page = {"tools": [TOOL | {"quotes": [{}, {}], "panel_ship_percent": 100}, TOOL | {"quotes": [{}]}]}
    assert READER.read(json.dumps(page)).notices == (
        "The page's 3 published quotes were left out: quotes are written here.",
    )


def test_unknown_fields_are_named_on_the_page_and_in_its_tools() -> None:
    found = READER.read(json.dumps({"kicker": "x", "author": "me", "tools": [TOOL | {"stars": 5}]}))
    assert found.notices == ("Fields nobody knows were left out: “stars”, “author”.",)


def test_an_exported_page_says_what_of_it_was_read() -> None:
    document = {"schema": {"type": "object"}, "document": {"title": "x", "tools": [TOOL | {"id": "t", "panel": 75}]}}
    found = READER.read(json.dumps(document))
    assert len(found.submissions) == 1
    assert "exported page" in found.notices[0]


def test_an_export_of_another_version_is_refused() -> None:
    with pytest.raises(InputError, match="another version") as raised:
        READER.read(json.dumps({"schema": {}, "document": {"schema_version": 2, "tools": [TOOL]}}))
    assert raised.value.field == "schema_version"


@pytest.mark.parametrize(
    ("wrong", "field", "kind"),
    [
        ({"vendor": ["ACME"]}, "vendor", "a list"),
        ({"name": 7}, "name", "a number"),
        ({"tagline": {}}, "tagline", "an object"),
        ({"entry": True}, "entry", "true or false"),
        ({"name": ""}, "name", "missing"),
        ({"description": None}, "description", "missing"),
        ({"facts": "one"}, "facts", "text, not a list"),
        ({"facts": [3]}, "facts[1]", "a number"),
        ({"facts": [None]}, "facts[1]", "empty"),
        ({"facts": [{"text": [], "source": "x"}]}, "facts[1].text", "a list"),
        ({"community": {"votes": 3}}, "community", "needs numbers"),
        ({"Name": "twice"}, "name", "twice"),
    ],
)
def test_a_wrong_type_is_a_problem_naming_the_field_and_the_tool(
    wrong: dict[str, object], field: str, kind: str
) -> None:
    found = READER.read(json.dumps([TOOL, TOOL | wrong]))
    assert len(found.submissions) == 1
    (problem,) = found.problems
    assert problem.field == field
    assert problem.message.startswith("Tool 2")
    assert kind in problem.message


def test_what_is_no_object_is_a_problem_and_the_others_are_read() -> None:
    found = READER.read(json.dumps([3, TOOL]))
    assert len(found.submissions) == 1
    assert "Tool 1 is not an object" in found.problems[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"name": NaN}', "NaN"),
        ('{"a": -Infinity}', "Infinity"),
        ('{"a": 1e400}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "thousands of digits"),
        ('{"name": "a", "name": "b"}', "“name” is there twice"),
        ("[" * 100_000, "deeper than"),
        ('{"a":' * 50 + "1" + "}" * 50, "deeper than"),
        ("", "is not json"),
        ('{"tools": {}}', "not a list"),
        ('{"tools": []}', "no tool"),
        ("[]", "no tool"),
        ("3", "not an object"),
        ("[" + "{}," * TOOL_LIMIT + "{}]", "501 tools"),
        (" " * (SIZE_LIMIT + 1), "limit"),
    ],
)
def test_what_is_not_strict_json_with_tools_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"(?i){message}"):
        READER.read(text)


def test_an_error_names_its_line() -> None:
    with pytest.raises(InputError) as raised:
        READER.read('{\n "name": "a",\n "description" "b"\n}')
    assert raised.value.line == 3
    assert raised.value.message == "The text is not JSON: expecting ':' delimiter at column 16."


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("NaN", "NaN at column 8 is not JSON."),
        ("-Infinity", "-Infinity at column 8 is not JSON."),
        ("Infinity", "Infinity at column 8 is not JSON."),
        ("-1e999", "The number -1e999 at column 8 is too large."),
    ],
)
def test_what_is_no_number_is_named_with_line_and_column(value: str, message: str) -> None:
    text = f'{{\n "{value}": "NaN \\" -Infinity Infinity {value}",\n "b": [{value}, NaN, 1e999]\n}}'
    with pytest.raises(InputError) as raised:
        READER.read(text)
    assert (raised.value.message, raised.value.line) == (message, 3)


def test_a_line_that_nests_too_deep_is_named_once() -> None:
    with pytest.raises(InputError) as raised:
        READER.read('{"a":\n' + "[" * 100)
    assert raised.value.line == 2
    assert "line" not in raised.value.message.lower()


def test_brackets_inside_strings_are_no_depth() -> None:
    text = json.dumps(TOOL | {"description": '[{"\\' * (DEPTH_LIMIT * 2)})
    assert READER.read(text).submissions[0].description == '[{"\\' * (DEPTH_LIMIT * 2)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["name", "facts", "tools"]), inner),
    max_leaves=20,
)


@given(values)
def test_any_json_is_read_or_refused(value: object) -> None:
    assert reads_or_refuses(READER, json.dumps(value))


@needs_shared
def test_the_published_page_as_data_gives_two_tools() -> None:
    text = (SHARED / "seed" / "comparison.json").read_text(encoding="utf-8")
    expected = json.loads(text)["tools"]
    found = READER.read(text)
    assert [(tool.name, tool.description, tool.entry) for tool in found.submissions] == [
        (tool["name"], tool["description"], tool["entry"]) for tool in expected
    ]
    assert found.problems == ()
    assert found.notices == ("The page's 8 published quotes were left out: quotes are written here.",)
