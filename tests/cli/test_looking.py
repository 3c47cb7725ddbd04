"""`tools`, `personas`, `show`: what there is and how far it has come."""

from __future__ import annotations

import re
import shutil

import pytest

from tests.cli.shell import ANVIL, KETTLE, PERSONAS, Shell
from workbench.library.builtin import builtin_personas


def test_the_list_says_how_far_each_tool_has_come(stocked: Shell) -> None:
    rows = stocked("tools", "--json").json["tools"]
    assert {one["id"] for one in rows} == {KETTLE, ANVIL}
    assert {one["state"] for one in rows} == {"not drafted"}
    stocked("decide", KETTLE, "builder", "--edit-file", "-", stdin=b"A quote by hand.")
    states = {one["id"]: one["state"] for one in stocked("tools", "--json").json["tools"]}
    assert states == {KETTLE: "undecided", ANVIL: "not drafted"}


def test_a_tool_with_all_its_quotes_is_approved(drafted: Shell) -> None:
    for persona in PERSONAS:
        assert drafted("decide", KETTLE, persona, "--accept", "claude").code == 0
    states = {one["id"]: one["state"] for one in drafted("tools", "--json").json["tools"]}
    assert states == {KETTLE: "approved", ANVIL: "undecided"}


def test_the_list_can_be_searched(stocked: Shell) -> None:
    found = stocked("tools", "--search", "forge")
    assert ANVIL in found.out
    assert KETTLE not in found.out
    assert "No tool matches" in stocked("tools", "--search", "zeppelin").out


def test_an_empty_workspace_says_how_to_fill_it(shell: Shell) -> None:
    shell.monkeypatch.delenv("WORKBENCH_WORKSPACE")
    result = shell("tools")
    assert result.code == 0
    assert "workbench import" in result.out


def test_personas_come_with_beats_and_length(shell: Shell) -> None:
    found = shell("personas", "--json").json
    assert [one["id"] for one in found["personas"]] == list(PERSONAS)
    assert all(len(one["beats"]) == 5 for one in found["personas"])
    assert all(one["words"]["low"] < one["words"]["high"] for one in found["personas"])
    assert found["problems"] == []
    text = shell("personas").out
    assert "builder" in text
    assert not shell.workspace.exists()


def test_a_persona_file_that_was_left_out_is_named(shell: Shell) -> None:
    from workbench.library.builtin import builtin_personas

    folder = shell.home / "lenses"
    folder.mkdir()
    (folder / "builder.md").write_bytes((builtin_personas() / "builder.md").read_bytes())
    (folder / "broken.md").write_text("no front matter", encoding="utf-8")
    shell.monkeypatch.setenv("WORKBENCH_PERSONAS", str(folder))
    result = shell("personas")
    assert result.code == 0
    assert "broken.md" in result.out
    assert len(shell("personas", "--json").json["problems"]) == 1


def test_a_tool_is_shown_with_facts_drafts_and_decisions(drafted: Shell) -> None:
    drafted("decide", KETTLE, "builder", "--accept", "claude", "--verdict", "ship")
    drafted("decide", KETTLE, "skeptic", "--reject", "claude", "--reason", "generic", "--note", "says nothing")
    shown = drafted("show", KETTLE, "--json").json
    assert [one["id"] for one in shown["tool"]["facts"]] == ["F1", "F2", "F3"]
    assert len(shown["drafts"]) == 8
    assert {one["state"] for one in shown["drafts"]} == {"done"}
    assert [one["act"] for one in shown["decisions"]] == ["accepted", "rejected"]
    assert shown["decisions"][1]["note"] == "says nothing"
    assert shown["panel"] == 100
    text = drafted("show", KETTLE).out
    assert shown["drafts"][0]["id"] in text
    assert "100%" in text


def test_the_drafts_text_is_shown_when_asked_for(drafted: Shell) -> None:
    quote = drafted("show", KETTLE, "--json").json["drafts"][0]["quote"]
    opening = quote.split(". ", maxsplit=1)[0]
    assert opening not in drafted("show", KETTLE).out
    assert opening in drafted("show", KETTLE, "--text").out


def test_a_tool_is_found_by_its_name_too(stocked: Shell) -> None:
    assert stocked("show", "Anvil DB", "--json").json["tool"]["id"] == ANVIL


LONG = "claude-4-api-tool-use-and-code-execution-with-a-name-that-goes-on-and-on"


@pytest.mark.parametrize("columns", ["60", "80", "100", "200"])
def test_an_id_is_never_broken_and_the_names_give_way(stocked: Shell, columns: str) -> None:
    stocked.monkeypatch.setenv("COLUMNS", columns)
    text = f"{LONG.replace('-', ' ')}\nVendor: Forge Labs and Partners\n\nIt boils a build down to one file.\n"
    imported = stocked("import", "-", stdin=text.encode())
    listed = stocked("tools")
    assert re.search(rf"(?<!\S){LONG}(?!\S)", imported.out)
    assert re.search(rf"(?<!\S){LONG}(?!\S)", listed.out)
    assert re.search(rf"(?<!\S){ANVIL}(?!\S)", listed.out)
    assert ("Anvil DB" in listed.out) == (columns == "200")
    assert all(word in listed.out for word in ("not drafted", "quotes", "verdicts", "drafts"))


def test_a_table_keeps_to_a_hundred_columns_when_nobody_says_how_many(drafted: Shell) -> None:
    drafted.monkeypatch.delenv("COLUMNS", raising=False)
    shown = [drafted(*words).out for words in (("tools",), ("show", KETTLE), ("personas",))]
    assert max(len(one) for text in shown for one in text.splitlines()) <= 100
    assert "Anvil DB" in shown[0]


def test_a_name_is_shortened_before_it_is_left_out(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("COLUMNS", "125")
    stocked("import", "-", stdin=b"Kettle Two for Teams of Any Size\n\nIt boils a build down to one file.\n")
    assert re.search(r"Kettle Two[^…\n]*…", stocked("tools").out)


def test_an_unknown_tool_is_refused_with_the_known_ones(stocked: Shell) -> None:
    result = stocked("show", "zeppelin")
    assert result.code == 2
    assert "zeppelin" in result.err
    assert KETTLE in result.err
    assert ANVIL in result.err


def test_show_tells_which_drafts_were_made_with_another_persona(drafted: Shell) -> None:
    assert "changed since" not in drafted("show", KETTLE).out
    shutil.copytree(builtin_personas(), drafted.home / "personas")
    builder = drafted.home / "personas" / "builder.md"
    builder.write_text(builder.read_text(encoding="utf-8") + "\nBe brief.\n", encoding="utf-8")
    shown = drafted("show", KETTLE).out
    assert shown.count("persona changed since.") == 2  # by each provider
    drafts = drafted("show", KETTLE, "--json").json["drafts"]
    assert [one["persona"] for one in drafts if one["changed_since"] == ["persona"]] == ["builder", "builder"]
    assert all(one["changed_since"] == [] for one in drafts if one["persona"] != "builder")
