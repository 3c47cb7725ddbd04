"""`workbench decide`: one act, one signature, one sentence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.shell import KETTLE, Shell


def cell(shell: Shell, *words: str, stdin: bytes = b"") -> dict[str, Any]:
    """The cell after a decision on the builder's quote."""
    result = shell("decide", KETTLE, "builder", *words, "--json", stdin=stdin)
    assert result.code == 0, result.err
    found: dict[str, Any] = result.json["cell"]
    return found


def drafts(shell: Shell, persona: str = "builder") -> dict[str, dict[str, Any]]:
    """A persona's drafts by provider."""
    every = shell("show", KETTLE, "--json").json["drafts"]
    return {one["provider"]: one for one in every if one["persona"] == persona}


def test_a_draft_is_accepted_by_its_id_word_for_word(drafted: Shell) -> None:
    draft = drafts(drafted)["codestral"]
    found = cell(drafted, "--accept", draft["id"], "--verdict", "ship")
    assert found["quote"] == draft["quote"]
    assert (found["draft"], found["verdict"], found["edited"]) == (draft["id"], "ship", False)
    assert found["editor"] == "Local editor"


def test_a_provider_s_name_means_its_newest_take(drafted: Shell) -> None:
    again = drafted("draft", KETTLE, "-p", "builder", "--provider", "claude", "--again", "--json").json["drafts"][0]
    assert cell(drafted, "--accept", "claude")["draft"] == again["id"]


def test_a_persona_is_known_by_its_label_too(drafted: Shell) -> None:
    result = drafted("decide", KETTLE, "Builder", "--accept", "claude")
    assert result.code == 0
    assert "kettle · builder" in result.out
    assert "approved as drafted" in result.out
    assert "undecided" in result.out


def test_an_edit_comes_from_a_file_with_its_draft(drafted: Shell) -> None:
    (drafted.home / "quote.txt").write_text("The primitive here is a kettle.\n", encoding="utf-8")
    found = cell(drafted, "--edit-file", "quote.txt", "--from", "claude", "--editor", "Ada", "--verdict", "skip")
    assert found["quote"] == "The primitive here is a kettle."
    assert (found["edited"], found["editor"], found["verdict"]) == (True, "Ada", "skip")
    assert found["draft"] == drafts(drafted)["claude"]["id"]


def test_a_quote_may_be_written_by_hand(stocked: Shell) -> None:
    found = cell(stocked, "--edit-file", "-", stdin="Mine — all mine.".encode())
    assert (found["quote"], found["draft"]) == ("Mine — all mine.", None)


def test_a_rejection_keeps_its_reason(drafted: Shell) -> None:
    draft = drafts(drafted)["claude"]["id"]
    found = cell(drafted, "--reject", draft, "--reason", "invented_fact", "--note", "no such port")
    assert found["rejected"] == [draft]
    (event,) = drafted("show", KETTLE, "--json").json["decisions"]
    assert (event["act"], event["reason"], event["note"]) == ("rejected", "invented_fact", "no such port")


def test_a_verdict_is_given_and_taken_back_alone(drafted: Shell) -> None:
    assert cell(drafted, "--accept", "claude", "--verdict", "ship")["verdict"] == "ship"
    assert cell(drafted, "--verdict", "skip")["verdict"] == "skip"
    back = cell(drafted, "--verdict", "none")
    assert (back["verdict"], back["approved"]) == (None, True)


def test_no_verdict_with_a_quote_takes_an_earlier_one_back(drafted: Shell) -> None:
    assert cell(drafted, "--accept", "claude", "--verdict", "ship")["verdict"] == "ship"
    assert cell(drafted, "--accept", "codestral", "--verdict", "none")["verdict"] is None


def test_a_quote_is_withdrawn_and_undo_brings_it_back(drafted: Shell) -> None:
    first = cell(drafted, "--accept", "claude")
    assert not cell(drafted, "--withdraw")["approved"]
    assert cell(drafted, "--undo")["quote"] == first["quote"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Decide what?"),
        (("--accept", "claude", "--withdraw"), "exclude each other"),
        (("--accept", "nobody"), "claude, take 1, done"),
        (("--reject", "claude"), "invented_fact"),
        (("--reject", "claude", "--reason", "ugly"), "invented_fact"),
        (("--reject", "claude"), "A rejection needs a reason.\nGive --reason with one of invented_fact, "),
        (("--accept", "claude", "--reason", "generic"), "belong to --reject"),
        (("--accept", "claude", "--from", "claude"), "belongs to --edit-file"),
        (("--verdict", "maybe"), "ship, skip, none"),
        (("--undo", "--verdict", "ship"), "afterwards"),
        (("--undo",), "no decision to undo"),
        (("--accept", "claude", "--editor", " "), "needs a name"),
        (("--edit-file", "nowhere.txt"), "cannot be read"),
        (("--edit-file", "."), "cannot be read"),
        (("--edit-file", "empty.txt"), "empty"),
        (("--edit-file", "latin.txt"), "not UTF-8"),
        (("--edit-file", "long.txt"), "limit"),
        (("--edit-file", "endless.txt"), "limit"),
        (("--edit-file", "nul.txt"), "NUL"),
    ],
)
def test_nonsense_is_refused_and_decides_nothing(drafted: Shell, words: tuple[str, ...], said: str) -> None:
    (drafted.home / "empty.txt").write_bytes(b" \n")
    (drafted.home / "latin.txt").write_bytes(b"Caf\xe9")
    (drafted.home / "long.txt").write_text("word " * 2_000, encoding="utf-8")
    (drafted.home / "endless.txt").write_text("word " * 40_000, encoding="utf-8")
    (drafted.home / "nul.txt").write_bytes(b"a\0b")
    result = drafted("decide", KETTLE, "builder", *words)
    assert result.code == 2
    assert said in result.err
    assert drafted("show", KETTLE, "--json").json["decisions"] == []


def test_another_persona_s_draft_is_not_this_cell_s(drafted: Shell) -> None:
    stranger = drafts(drafted, "skeptic")["claude"]["id"]
    result = drafted("decide", KETTLE, "builder", "--accept", stranger)
    assert result.code == 2
    assert stranger in result.err


@pytest.mark.parametrize(("tool", "persona", "said"), [("zeppelin", "builder", KETTLE), (KETTLE, "cynic", "skeptic")])
def test_unknown_names_are_refused_with_the_known_ones(drafted: Shell, tool: str, persona: str, said: str) -> None:
    result = drafted("decide", tool, persona, "--accept", "claude", "--json")
    assert result.code == 2
    assert said in result.json["error"]["remedy"]
