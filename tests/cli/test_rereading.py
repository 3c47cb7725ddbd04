"""`workbench reread`: off by default, and what it says when it is on."""

from __future__ import annotations

from tests.cli.shell import KETTLE, Shell

FREE = "Nobody ever asked about artefacts overnight."


def quoted(shell: Shell) -> Shell:
    shell("decide", KETTLE, "builder", "--edit-file", "-", stdin=FREE.encode())
    return shell


def test_it_is_off_by_default_and_says_how_to_turn_it_on(stocked: Shell) -> None:
    shell = quoted(stocked)
    refused = shell("reread", KETTLE, "builder")
    assert refused.code == 3
    assert "review.model_pass" in refused.err


def test_a_quote_is_read_again_and_its_marks_stand_with_the_others(stocked: Shell) -> None:
    shell = quoted(stocked)
    shell.monkeypatch.setenv("WORKBENCH_REVIEW__MODEL_PASS", "true")
    found = shell("reread", KETTLE, "builder", "--json")
    assert found.code == 0, found.err
    assert [row["words"] for row in found.json["rows"]] == [FREE]
    assert found.json["rehearsal"]
    assert FREE in shell("reread", KETTLE, "builder").out
    checked = shell("check", "--tool", KETTLE, "--persona", "builder", "--format", "json")
    assert "second_reading" in {one["rule"] for one in checked.json["texts"][0]["findings"]}
