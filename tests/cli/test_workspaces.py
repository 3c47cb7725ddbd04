"""Which workspace a command opens, and which it may make."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.shell import PERSONAS, TOOLS, Shell
from workbench.library.builtin import builtin_personas


@pytest.mark.parametrize(
    "words",
    [
        ("tools",),
        ("show", "kettle"),
        ("decide", "kettle", "builder", "--verdict", "ship"),
        ("call", "kettle", "anvil-db", "--text", "Neither."),
        ("export", "kettle", "anvil-db"),
    ],
)
def test_a_named_workspace_that_is_missing_is_not_made_by_a_command_that_reads(
    shell: Shell, words: tuple[str, ...]
) -> None:
    result = shell(*words)
    assert result.code == 4
    assert "There is no workspace" in result.err
    assert not shell.workspace.exists()


def test_the_user_s_own_workspace_is_made_with_the_sample(shell: Shell) -> None:
    shell.monkeypatch.delenv("WORKBENCH_WORKSPACE")
    shell.monkeypatch.setenv("WORKBENCH_SAMPLE", "true")
    result = shell("tools", "--json")
    assert result.code == 0
    assert len(result.json["tools"]) == 2


def test_the_workspace_may_be_named_before_or_after_the_command(shell: Shell) -> None:
    (shell.home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    assert shell("--workspace", "other.db", "import", "tools.csv").code == 0
    before = shell("-w", "other.db", "tools", "--json")
    after = shell("tools", "--json", "--workspace", "other.db")
    assert before.code == after.code == 0
    assert before.json == after.json
    assert not shell.workspace.exists()


def test_what_stands_after_the_command_wins(shell: Shell) -> None:
    (shell.home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    assert shell("-w", "missing.db", "import", "tools.csv", "-w", "here.db").code == 0
    assert (shell.home / "here.db").exists()
    assert not (shell.home / "missing.db").exists()


def test_a_file_of_another_program_is_left_alone(shell: Shell) -> None:
    shell.workspace.write_text("my diary", encoding="utf-8")
    result = shell("draft", "--all")
    assert result.code == 4
    assert shell.workspace.read_text(encoding="utf-8") == "my diary"


@pytest.mark.parametrize(
    "words",
    [
        ("draft", "--all"),
        ("plan", "--all"),
        ("again", "some-draft"),
        ("second", "kettle", "builder"),
        ("sign", "kettle", "anvil-db"),
        ("costs",),
        ("import", "missing.csv"),
        ("import", "missing.csv", "tools.pdf"),
    ],
)
def test_a_mistyped_workspace_stays_missing(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell(words[0], "-w", "mistyped.db", *words[1:])
    assert result.code in {2, 4}
    assert [one.name for one in shell.home.iterdir()] == []


def test_personas_lists_what_the_app_uses_with_that_workspace(shell: Shell) -> None:
    folder = shell.home / "elsewhere"
    shutil.copytree(builtin_personas(), folder / "personas")
    (folder / "personas" / "futurist.md").unlink()
    assert [one["id"] for one in shell("personas", "--json").json["personas"]] == list(PERSONAS)
    own = [one for one in PERSONAS if one != "futurist"]
    for words in (("personas", "-w", str(folder / "desk.db")), ("-w", str(folder / "desk.db"), "personas")):
        result = shell(*words, "--json")
        assert (result.code, [one["id"] for one in result.json["personas"]]) == (0, own)
    assert [one.name for one in folder.iterdir()] == ["personas"]
