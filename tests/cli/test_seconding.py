"""`workbench second`: a colleague stands by what a model of the tool's own maker wrote."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.shell import Shell

TOOLS = (
    "name,vendor,description\n"
    'Kettle,Anthropic,"Kettle boils a build down to one file. It runs on a laptop."\n'
    'Anvil DB,Forge Labs,"Anvil DB keeps rows in order. It answers queries over HTTP."\n'
)


@pytest.fixture
def praised(shell: Shell) -> Shell:
    """A quote on a tool by its own maker's model, accepted unedited, and one by hand on another tool."""
    (shell.home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    for command in (
        ("import", "tools.csv"),
        ("draft", "kettle", "-p", "builder"),
        ("decide", "kettle", "builder", "--accept", "claude"),
    ):
        assert shell(*command).code == 0
    assert shell("decide", "anvil-db", "skeptic", "--edit-file", "-", stdin=b"It keeps rows.").code == 0
    with closing(sqlite3.connect(shell.workspace)) as connection:  # as if a model had written it
        connection.execute("UPDATE draft SET rehearsal = 0")
        connection.commit()
    return shell


def test_a_rehearsed_draft_needs_nobody_because_no_model_wrote_it(praised: Shell) -> None:
    with closing(sqlite3.connect(praised.workspace)) as connection:
        connection.execute("UPDATE draft SET rehearsal = 1")
        connection.commit()
    assert praised("export", "kettle", "anvil-db", "-o", "page.html").code == 0
    assert "waits for a second editor" not in praised("show", "kettle").out
    refused = praised("second", "kettle", "builder", "--editor", "Sam")
    assert refused.code == 2
    assert "in a rehearsal no model wrote" in refused.err


def test_the_page_waits_for_a_second_editor_and_says_how_to_be_one(praised: Shell) -> None:
    refused = praised("export", "kettle", "anvil-db")
    assert refused.code == 5
    assert "Builder on Kettle" in refused.err
    assert "workbench second kettle builder --editor NAME" in refused.err
    assert praised("second", "kettle", "builder").code == 2  # the editor who approved it
    seconded = praised("second", "kettle", "Builder", "--editor", "Sam Second")
    assert seconded.code == 0
    assert "approved by Local editor, seconded by Sam Second" in seconded.out
    assert praised("export", "kettle", "anvil-db", "-o", "page.html").code == 0
    page = (praised.home / "page.html").read_text(encoding="utf-8")
    assert "Of the two quotes on this page, one was drafted with a model of the company that makes the tool" in page
    assert "seconded by Sam Second" in page


def test_show_says_whose_tool_it_is_who_waits_and_who_stands_by_it(praised: Shell) -> None:
    shown = praised("show", "kettle").out
    assert "Interest: claude drafts about its own maker’s tool (Anthropic)." in shown
    assert "Builder waits for a second editor" in shown
    assert "Interest" not in praised("show", "anvil-db").out
    found = praised("second", "kettle", "builder", "--editor", "Sam", "--json").json["cell"]
    assert (found["editor"], found["seconded_by"], found["masked"]) == ("Local editor", "Sam", False)
    shown = praised("show", "kettle").out
    assert "seconded by Sam" in shown
    assert "waits for" not in shown
    drafts = {one["provider"]: one for one in praised("show", "kettle", "--json").json["drafts"]}
    assert (drafts["claude"]["maker"], drafts["claude"]["interest"]) == ("Anthropic", "self")
    assert (drafts["codestral"]["maker"], drafts["codestral"]["interest"]) == ("Mistral AI", "neutral")


def test_where_nobody_asks_for_a_second_editor_the_export_only_says_so(praised: Shell) -> None:
    praised.monkeypatch.setenv("WORKBENCH_REVIEW__SECOND_SIGNOFF", "false")
    exported = praised("export", "kettle", "anvil-db", "-o", "page.html")
    assert exported.code == 0
    assert "Builder on Kettle: a model of the tool's own maker, unedited, not seconded." in exported.err


def test_a_quote_that_needs_nobody_is_refused(praised: Shell) -> None:
    refused = praised("second", "anvil-db", "skeptic", "--editor", "Sam")
    assert refused.code == 2
    assert "needs no second editor" in refused.err
