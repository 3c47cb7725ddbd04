"""A changed fact in the terminal: what it re-opens, what the page says, and how it is let stand."""

from __future__ import annotations

import json

from tests.cli.shell import ANVIL, KETTLE, TOOLS, Shell


def reopened(shell: Shell) -> Shell:
    """The first tool's builder rests on a fact that has changed since; its skeptic was written by hand."""
    assert shell("decide", KETTLE, "builder", "--accept", "claude", "--verdict", "ship").code == 0
    assert shell("decide", KETTLE, "skeptic", "--edit-file", "-", stdin=b"Who asked for it?").code == 0
    assert shell("decide", ANVIL, "builder", "--accept", "claude", "--verdict", "ship").code == 0
    (shell.home / "next.csv").write_text(TOOLS.replace("one file", "64 files"), encoding="utf-8")
    assert shell("import", "next.csv").code == 0
    return shell


def test_a_tool_shows_what_was_reopened_and_what_changed(drafted: Shell) -> None:
    shell = reopened(drafted)
    cells = {one["persona"]: one["under_review"] for one in shell("show", KETTLE, "--json").json["cells"]}
    assert cells["skeptic"] is None
    assert cells["builder"]["revision"] == 2
    assert [(one["fact"], one["after"]) for one in cells["builder"]["changes"]] == [
        ("F1", "Kettle boils a build down to 64 files.")
    ]
    shown = shell("show", KETTLE)
    assert "Builder is under review since" in shown.out
    assert "F1: “one file.” became “64 files.”" in shown.out
    assert {one["under_review"] for one in shell("show", ANVIL, "--json").json["cells"]} == {None}


def test_the_page_says_so_and_the_command_remarks_it(drafted: Shell) -> None:
    exported = reopened(drafted)("export", KETTLE, ANVIL, "--format", "json", "--output", "-")
    assert exported.code == 0
    quotes = json.loads(exported.out)["document"]["quotes"]
    assert [(one["tool"], one["persona"]["id"]) for one in quotes if one["under_review"]] == [(KETTLE, "builder")]
    assert "Builder on Kettle: Under review since" in exported.err


def test_a_quote_is_let_stand_for_a_reason(drafted: Shell) -> None:
    shell = reopened(drafted)
    refused = shell("decide", KETTLE, "skeptic", "--stands", "So.")
    assert (refused.code, "No fact that this quote rests on" in refused.err) == (2, True)
    assert shell("decide", KETTLE, "builder", "--stands", "Files were never its point.").code == 0
    told = shell("show", KETTLE, "--json").json
    assert {one["under_review"] for one in told["cells"]} == {None}
    assert (told["decisions"][-1]["act"], told["decisions"][-1]["reason"]) == ("upheld", "Files were never its point.")
    assert shell("decide", KETTLE, "builder", "--undo").code == 0
    assert [one["persona"] for one in shell("show", KETTLE, "--json").json["cells"] if one["under_review"]] == [
        "builder"
    ]
