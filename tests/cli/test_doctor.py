"""`workbench doctor`: everything in order, or what to do."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli.shell import Shell

KEY = "sk-ant-canary-0123456789"


def test_a_sound_installation_is_exit_code_0(stocked: Shell) -> None:
    result = stocked("doctor", "--json")
    assert result.code == 0
    found = result.json
    assert found["ok"] is True
    assert found["problems"] == []
    assert found["workspace"]["path"] == str(stocked.workspace)
    assert (found["workspace"]["state"], found["workspace"]["tools"]) == ("sound", 2)
    assert found["workspace"]["free_bytes"] > 0
    assert {"python", "sqlite", "streamlit", "anthropic", "mistralai"} <= found["versions"].keys()
    assert {one["name"]: one["state"] for one in found["providers"]} == {
        "claude": "rehearsal",
        "codestral": "rehearsal",
    }
    assert len(found["personas"]) == 4
    assert "Everything is in order" in stocked("doctor").out


def test_of_a_key_only_its_presence_is_said(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    stocked.monkeypatch.setenv("WORKBENCH_REHEARSAL__MODE", "auto")
    result = stocked("doctor", "--json")
    claude, codestral = result.json["providers"]
    assert (claude["key_set"], claude["state"]) == (True, "ready")
    assert (codestral["key_set"], codestral["state"]) == (False, "MISTRAL_API_KEY is not set")
    assert KEY not in result.out + result.err + stocked("doctor").out


def test_no_key_and_no_rehearsal_is_a_problem(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_REHEARSAL__MODE", "never")
    result = stocked("doctor")
    assert result.code == 1
    assert "No provider can draft" in result.out


def test_the_user_s_own_workspace_need_not_be_there_yet_and_is_not_made(shell: Shell) -> None:
    shell.monkeypatch.delenv("WORKBENCH_WORKSPACE")
    result = shell("doctor", "--json")
    assert result.code == 0
    assert result.json["workspace"]["state"] == "not made yet"
    assert list(shell.home.rglob("*.db")) == []


def test_a_named_workspace_that_is_missing_is_a_problem(shell: Shell) -> None:
    result = shell("doctor")
    assert result.code == 1
    assert "There is no workspace" in result.out
    assert not shell.workspace.exists()


def test_a_damaged_workspace_is_a_problem_and_everything_else_is_still_looked_at(shell: Shell) -> None:
    shell.workspace.write_text("not a database", encoding="utf-8")
    result = shell("doctor", "--json")
    assert result.code == 1
    assert result.json["workspace"]["state"] == "cannot be opened"
    assert len(result.json["personas"]) == 4


def test_a_broken_persona_file_is_a_problem(stocked: Shell) -> None:
    folder = stocked.home / "lenses"
    folder.mkdir()
    (folder / "broken.md").write_text("no front matter", encoding="utf-8")
    stocked.monkeypatch.setenv("WORKBENCH_PERSONAS", str(folder))
    result = stocked("doctor")
    assert result.code == 1
    assert "broken.md" in result.out


def test_unreadable_settings_are_a_problem_not_a_crash(shell: Shell) -> None:
    (shell.home / "workbench.toml").write_text("[app\n", encoding="utf-8")
    result = shell("doctor", "--json")
    assert result.code == 1
    assert "TOML" in result.json["problems"][0]


def test_an_unknown_api_is_a_problem(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", json.dumps({"oracle": {"api": "delphi", "model": "pythia"}}))
    result = stocked("doctor", "--json")
    assert result.code == 1
    assert any("delphi" in one for one in result.json["problems"])


def test_the_settings_file_in_use_is_named(stocked: Shell) -> None:
    (stocked.home / "workbench.toml").write_text('editor = "Ada"\n', encoding="utf-8")
    assert stocked("doctor", "--json").json["config"] == str(stocked.home / "workbench.toml")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622])
@pytest.mark.parametrize("name", ["workbench.toml", ".streamlit/secrets.toml"])
def test_a_file_with_secrets_that_others_may_read_is_warned_of(stocked: Shell, name: str, mode: int) -> None:
    file = stocked.home / name
    file.parent.mkdir(exist_ok=True)
    file.write_text('editor = "Ada"\n', encoding="utf-8")
    file.chmod(mode)
    result = stocked("doctor", "--json")
    assert result.code == 0  # a warning: nothing is broken
    (warning,) = [one for one in result.json["warnings"] if name in one]
    assert f"mode {mode:04o}" in warning
    assert f"chmod 600 {file}" in warning
    assert f"chmod 600 {file}" in stocked("doctor").out
    file.chmod(0o600)
    assert [one for one in stocked("doctor", "--json").json["warnings"] if name in one] == []
