"""`workbench import`: a preview, then all of a file or nothing."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.shell import ANVIL, KETTLE, TOOLS, Shell

BROKEN = TOOLS + "Nameless,,,,\n"


def names(shell: Shell) -> set[str]:
    """The ids in the workspace."""
    return {one["id"] for one in shell("tools", "--json").json["tools"]}


def test_a_file_is_imported_and_listed(shell: Shell) -> None:
    (shell.home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    result = shell("import", "tools.csv")
    assert result.code == 0
    assert "Imported 2 tools" in result.out
    assert "new" in result.out
    assert names(shell) == {KETTLE, ANVIL}


def test_a_dry_run_changes_nothing(shell: Shell) -> None:
    (shell.home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    result = shell("import", "--dry-run", "tools.csv")
    assert result.code == 0
    assert "Would import 2 tools" in result.out
    assert names(shell) == set()


def test_the_same_file_again_is_no_error_and_no_change(stocked: Shell) -> None:
    result = stocked("import", "tools.csv")
    assert result.code == 0
    assert "already here" in result.out


def test_a_changed_description_is_a_revision(stocked: Shell) -> None:
    (stocked.home / "tools.csv").write_text(TOOLS.replace("a laptop", "any laptop"), encoding="utf-8")
    result = stocked("import", "tools.csv", "--json")
    (source,) = result.json["sources"]
    assert [one["status"] for one in source["tools"]] == ["revised", "same"]
    assert source["imported"] == [KETTLE]


def test_a_file_with_an_error_imports_nothing_and_names_the_line(shell: Shell) -> None:
    (shell.home / "tools.csv").write_text(BROKEN, encoding="utf-8")
    result = shell("import", "tools.csv")
    assert result.code == 2
    assert result.err.splitlines() == ["  Line 4: The row has no description. Fill the cell in."]
    assert "--partial" in result.out
    assert names(shell) == set()


def test_with_partial_the_good_tools_are_imported_and_the_error_still_counts(shell: Shell) -> None:
    (shell.home / "tools.csv").write_text(BROKEN, encoding="utf-8")
    result = shell("import", "tools.csv", "--partial", "--json")
    (source,) = result.json["sources"]
    assert result.code == 2
    assert set(source["imported"]) == {KETTLE, ANVIL}
    assert source["errors"][0]["line"] == 4
    assert names(shell) == {KETTLE, ANVIL}


def test_one_bad_file_does_not_hold_up_the_good_one(shell: Shell) -> None:
    (shell.home / "good.csv").write_text(TOOLS, encoding="utf-8")
    (shell.home / "bad.csv").write_text("colour\nblue\n", encoding="utf-8")
    result = shell("import", "bad.csv", "good.csv", "--json")
    bad, good = result.json["sources"]
    assert result.code == 2
    assert bad["imported"] == []
    assert bad["errors"]
    assert len(good["imported"]) == 2


def test_pasted_text_comes_through_standard_input(shell: Shell) -> None:
    text = "Kettle\n\nKettle boils a build down to one file. It runs on a laptop.\n"
    result = shell("import", "-", stdin=text.encode())
    assert result.code == 0
    assert names(shell) == {KETTLE}


def test_standard_input_may_hold_another_format(shell: Shell) -> None:
    tool = {"name": "Kettle", "description": "Kettle boils a build down to one file."}
    result = shell("import", "-", "--format", "json", "--json", stdin=json.dumps({"tools": [tool]}).encode())
    assert result.code == 0, result.out
    assert result.json["sources"][0]["imported"] == [KETTLE]


@pytest.mark.parametrize(
    ("source", "stdin", "said"),
    [
        ("nowhere.csv", b"", "cannot be read"),
        (".", b"", "cannot be read"),
        ("tools.exe", b"", "not a file this can read"),
        ("latin.csv", b"", "not UTF-8"),
        ("-", b"\xff\xfe\xfd", "not UTF-8"),
        ("-", b"   \n", "nothing"),
    ],
)
def test_what_cannot_be_read_is_exit_code_2(shell: Shell, source: str, stdin: bytes, said: str) -> None:
    (shell.home / "tools.exe").write_bytes(b"MZ")
    (shell.home / "latin.csv").write_bytes(b"name,description\nCaf\xe9,A place to sit and to think.\n")
    result = shell("import", source, stdin=stdin)
    assert result.code == 2
    assert said in result.err


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"name,name,description\n", "Line 1: "),
        ("a.csv", b"name,description\nCaf\xe9,b\n", "Line 2: "),
        ("a.json", b'{"name":\n NaN}', "Line 2: NaN at column 2"),
        ("a.md", b"---\nname: a\nvendor: b: c\n---\nText.\n", "Line 3: "),
        ("a.md", b"It has no name at all.\n", "Line 1: "),
    ],
)
def test_a_line_is_named_once(shell: Shell, name: str, data: bytes, said: str) -> None:
    (shell.home / name).write_bytes(data + b"x" * 20)
    result = shell("import", name)
    assert result.code == 2
    assert said in result.err
    assert len(re.findall(r"\bline \d", result.err, re.IGNORECASE)) == 1


def test_pasted_text_without_a_name_is_one_complaint(shell: Shell) -> None:
    result = shell("import", "-", stdin=b"It runs the tests of a project. It is fast.\n")
    assert result.code == 2
    assert "has no" not in result.out
    assert len(result.err.splitlines()) == 1
    assert "Line 1: The tool has no name." in result.err


def test_an_unknown_format_is_refused_with_the_known_ones(shell: Shell) -> None:
    result = shell("import", "-", "--format", "yaml", stdin=b"Kettle")
    assert result.code == 2
    assert "markdown" in result.err


def test_a_name_that_moves_the_cursor_does_not(shell: Shell) -> None:
    result = shell("import", "-", stdin=b"Ket\x1b[2Jtle\n\nKettle boils a build down to one file.\n")
    assert result.code == 0
    assert "\x1b" not in result.out
