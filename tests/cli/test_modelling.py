"""`workbench models` and what `doctor` says of models that go."""

from __future__ import annotations

import json

from tests.cli.shell import Shell

GONE = {"claude": {"api": "anthropic", "model": "claude-mythos-preview"}}
NOBODY_LISTENS = {"own": {"api": "mistral", "model": "codestral-2508", "base_url": "http://127.0.0.1:9"}}


def providers(shell: Shell, found: object, *, rehearsal: str = "always") -> None:
    shell.monkeypatch.setenv("WORKBENCH_PROVIDERS", json.dumps(found))
    shell.monkeypatch.setenv("WORKBENCH_REHEARSAL__MODE", rehearsal)


def test_each_endpoints_list_stands_beside_what_we_know(stocked: Shell) -> None:
    claude, codestral = stocked("models", "--json").json["providers"]
    assert (claude["name"], claude["model"], claude["problem"]) == ("claude", "claude-sonnet-5-5", None)
    listed = {one["id"]: one for one in claude["models"]}
    assert listed["claude-sonnet-5-5"]["listed"] is True
    assert listed["claude-sonnet-5-5"]["facts"]["cache_minimum"] == 512
    assert listed["claude-sonnet-5-5"]["facts"]["forced_tool"] is False
    assert {one["id"]: one["context"] for one in codestral["models"]}["codestral-2508"] == 128_000


def test_one_provider_is_listed_alone_in_a_hundred_columns(stocked: Shell) -> None:
    stocked.monkeypatch.delenv("COLUMNS", raising=False)
    said = stocked("models", "--provider", "codestral").out
    assert said.startswith("codestral uses codestral-2508; its endpoint lists:")
    assert "claude" not in said
    assert max(len(one) for one in said.splitlines()) <= 100


def test_a_provider_nobody_knows_is_refused_with_the_known_ones(stocked: Shell) -> None:
    result = stocked("models", "--provider", "oracle")
    assert result.code == 2
    assert "claude, codestral" in result.err


def test_an_endpoint_that_cannot_be_asked_is_said_and_our_own_table_shown(stocked: Shell) -> None:
    providers(stocked, NOBODY_LISTENS, rehearsal="never")
    found = stocked("models", "--json").json["providers"][0]
    assert found["problem"]
    assert {one["id"] for one in found["models"]} >= {"codestral-2508", "devstral-2512"}
    assert not any(one["listed"] for one in found["models"])
    said = stocked("models").out
    assert "its endpoint lists nothing; we know of:" in said
    assert "devstral-2512" in said


def test_the_doctor_names_a_model_that_is_gone(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-canary-0123456789")
    providers(stocked, GONE, rehearsal="auto")
    result = stocked("doctor")
    assert result.code == 1
    assert "✗ claude: claude-mythos-preview has been retired since 2026-06-30: its drafts fail." in result.out
    assert "workbench models --provider claude" in result.out


def test_in_rehearsal_a_model_that_is_gone_is_only_mentioned(stocked: Shell) -> None:
    providers(stocked, GONE)
    result = stocked("doctor", "--json")
    assert result.code == 0
    assert result.json["problems"] == []
    assert "has been retired since" in result.json["warnings"][0]
    assert "! claude: claude-mythos-preview" in stocked("doctor").out


def test_the_doctor_asks_the_endpoints_when_told_to_and_makes_no_workspace(shell: Shell) -> None:
    shell.monkeypatch.delenv("WORKBENCH_WORKSPACE")
    assert shell("doctor", "--deep", "--json").code == 0
    assert list(shell.home.rglob("*.db")) == []
    providers(shell, NOBODY_LISTENS, rehearsal="never")
    assert shell("doctor").code == 0
    deep = shell("doctor", "--deep")
    assert deep.code == 1
    assert "✗ own: " in deep.out
