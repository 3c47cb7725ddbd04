"""`workbench plan`: the run before it starts, and budgets that say no."""

from __future__ import annotations

import json
from itertools import groupby

import pytest

from tests.cli.shell import ANVIL, KETTLE, PERSONAS, Shell
from workbench.library.builtin import builtin_personas

CLAUDE = {"api": "anthropic", "model": "claude-sonnet-5-5"}


@pytest.fixture
def sparing(stocked: Shell) -> Shell:
    """A desk whose budget for one run is a thousandth of a dollar, in rehearsal too."""
    stocked.monkeypatch.setenv("WORKBENCH_BUDGETS__RUN", "0.001")
    stocked.monkeypatch.setenv("WORKBENCH_BUDGETS__REHEARSAL", "true")
    return stocked


def drafts_of(shell: Shell) -> int:
    return sum(one["drafts"] for one in shell("tools", "--json").json["tools"])


def test_a_run_is_told_whole_and_nothing_is_drafted(stocked: Shell) -> None:
    found = stocked("plan", "--all", "--json").json
    assert {(one["tool"], one["persona"], one["provider"]) for one in found["drafts"]} == {
        (tool, persona, name) for tool in (KETTLE, ANVIL) for persona in PERSONAS for name in ("claude", "codestral")
    }
    assert len(list(groupby(one["tool"] for one in found["drafts"]))) == 2
    claude, codestral = found["providers"]
    assert (claude["name"], claude["model"], claude["cache_minimum"]) == ("claude", "claude-sonnet-5-5", 512)
    assert claude["bill"]["tokens"]["cache_write_1h"] > 0
    assert codestral["bill"]["tokens"]["cache_write_1h"] == 0
    assert found["bill"]["cost"] == pytest.approx(claude["bill"]["cost"] + codestral["bill"]["cost"])
    assert 0 < found["bill"]["cost"] < found["bill"]["uncached"]
    assert found["rehearsal"] is True
    assert drafts_of(stocked) == 0


def test_what_was_planned_is_what_is_drafted(stocked: Shell) -> None:
    planned = stocked("plan", KETTLE, "--provider", "claude", "--json").json["bill"]
    spent = stocked("draft", KETTLE, "--provider", "claude", "--json").json["bill"]
    assert spent["predicted"] == planned["cost"]
    counted = ("cache_read", "cache_write_1h", "cache_write_5m")
    for kind in counted:
        assert spent["tokens"][kind] == pytest.approx(planned["tokens"][kind], rel=0.03), kind
    assert spent["saved"] > 0.3


def test_a_second_run_finds_nothing_missing(drafted: Shell) -> None:
    result = drafted("plan", "--all")
    assert result.code == 0
    assert "Nothing is missing" in result.out
    again = drafted("plan", "--all", "--again", "-p", "builder", "--json").json
    assert len(again["drafts"]) == 4


def test_the_plan_in_words_names_figures_layout_and_savings(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("COLUMNS", "140")
    said = stocked("plan", "--all").out
    assert said.startswith("Rehearsal: no model was called")
    assert "all briefs shared, dossier cached" in said
    assert "16 drafts of 2 tools: " in said
    assert "counted by the vendor" in said or "estimated" in said
    assert "without caching $" in said
    assert "% saved" in said


def test_a_prefix_too_short_for_the_models_cache_is_said(stocked: Shell) -> None:
    lenses = stocked.home / "lenses"
    lenses.mkdir()
    (lenses / "builder.md").write_bytes((builtin_personas() / "builder.md").read_bytes())
    stocked.monkeypatch.setenv("WORKBENCH_PERSONAS", str(lenses))
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", json.dumps({"claude": {**CLAUDE, "model": "claude-haiku-4-5"}}))
    said = stocked("plan", KETTLE).out
    assert "too short to be cached by claude-haiku-4-5" in said
    assert "of 4,096 tokens" in said


def test_an_unknown_price_is_said_and_never_zero(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", json.dumps({"codestral": {"api": "mistral", "model": "home-1"}}))
    said = stocked("plan", KETTLE)
    assert said.code == 0
    assert "estimate price unknown" in said.out
    assert "$0" not in said.out
    assert "Nothing is known of the cache of home-1" in said.out
    found = stocked("plan", KETTLE, "--json").json
    assert (found["bill"]["cost"], found["bill"]["unpriced"]) == (None, 4)


def test_what_the_budgets_leave_is_part_of_the_plan(sparing: Shell) -> None:
    assert "Budget (this run): $0.0010 left of $0.0010." in sparing("plan", "--all").out
    budgets = {one["name"]: one for one in sparing("plan", "--all", "--json").json["budgets"]}
    assert budgets["this run"] == {"name": "this run", "setting": "budgets.run", "limit": 0.001, "left": 0.001}


def test_a_run_over_its_budget_is_refused_with_exit_code_7_before_anything_starts(sparing: Shell) -> None:
    result = sparing("draft", "--all")
    assert result.code == 7
    assert "budget" in result.err
    assert "budgets.run" in result.err
    assert drafts_of(sparing) == 0
    as_json = sparing("draft", "--all", "--json")
    assert as_json.code == 7
    assert as_json.json["error"]["kind"] == "BudgetError"


def test_the_drafts_of_a_run_are_signed_by_who_started_it(stocked: Shell) -> None:
    stocked("draft", KETTLE, "-p", "builder", "--provider", "claude", "--editor", "Ada Lovelace")
    rows = stocked("costs", "--by", "editor", "--json").json["bills"]
    assert [(one["editor"], one["drafts"]) for one in rows] == [("Ada Lovelace", 1)]


@pytest.mark.parametrize("words", [(), (KETTLE, "--all"), ("zeppelin",), (KETTLE, "-p", "cynic")])
def test_what_cannot_be_planned_is_refused(stocked: Shell, words: tuple[str, ...]) -> None:
    assert stocked("plan", *words).code == 2
