"""`workbench again`: one draft once more, and what an editor's note makes of it, over the rehearsed wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.shell import KETTLE, Shell
from workbench.bootstrap import Workbench
from workbench.cli.opening import find_tool, workbench_at
from workbench.domain.draft import Draft
from workbench.domain.ids import ToolId
from workbench.services.reading import read_partial

ONE = ("draft", KETTLE, "-p", "business", "--json")
TOOL_MODE = json.dumps(
    {
        "claude": {"api": "anthropic", "model": "claude-sonnet-5-5", "mode": "tool"},
        "codestral": {"api": "mistral", "model": "codestral-2508"},
    }
)


def first_take(shell: Shell, provider: str) -> Any:
    return shell(*ONE, "--provider", provider).json["drafts"][0]


@pytest.mark.parametrize("provider", ["claude", "codestral"])
def test_a_note_makes_another_take_that_keeps_what_the_note_is_not_about(stocked: Shell, provider: str) -> None:
    first = first_take(stocked, provider)
    result = stocked("again", first["id"], "--note", " more concrete\u200b on price ", "--json")
    assert result.code == 0, result.err
    [second] = result.json["drafts"]
    assert (second["take"], second["note"], second["follows"]) == (2, "more concrete on price", first["id"])
    assert (first["note"], first["follows"]) == (None, None)
    pairs = list(zip(first["sentences"], second["sentences"], strict=True))
    assert [new["beat"] for old, new in pairs if old != new] == ["pricing"]


def test_without_a_note_it_is_another_take_like_any_other(stocked: Shell) -> None:
    first = first_take(stocked, "claude")
    [second] = stocked("again", first["id"], "--json").json["drafts"]
    assert (second["take"], second["note"], second["follows"]) == (2, None, None)


def test_it_streams_as_lines_and_show_prints_the_note(stocked: Shell) -> None:
    first = first_take(stocked, "claude")
    result = stocked("again", first["id"], "--note", "shorter")
    assert result.code == 0
    assert "kettle · business · claude: done" in result.out
    assert "1 of 1 draft done." in result.out
    shown = stocked("show", KETTLE).out
    assert f"answers a note on {first['id']}: “shorter”" in shown


def test_a_note_reaches_the_export_with_the_quote_it_made(stocked: Shell) -> None:
    first = first_take(stocked, "claude")
    [second] = stocked("again", first["id"], "--note", "shorter", "--json").json["drafts"]
    assert stocked("decide", KETTLE, "business", "--accept", second["id"], "--verdict", "ship").code == 0
    other = stocked("draft", "anvil-db", "-p", "business", "--provider", "claude", "--json").json["drafts"][0]
    assert stocked("decide", "anvil-db", "business", "--accept", other["id"], "--verdict", "skip").code == 0
    result = stocked("export", KETTLE, "anvil-db", "--format", "json", "--output", "-")
    assert [one["generation"]["note"] for one in result.json["document"]["quotes"]] == ["shorter", None]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "no draft called “nobody”"),
        (("FIRST", "--note", "x" * 501), "501 characters; the limit is 500"),
    ],
)
def test_what_cannot_be_taken_again_is_refused_before_anything_starts(
    stocked: Shell, words: tuple[str, ...], said: str
) -> None:
    first = first_take(stocked, "claude")
    result = stocked("again", *(first["id"] if word == "FIRST" else word for word in words))
    assert result.code == 2
    assert said in result.err
    assert len(stocked("show", KETTLE, "--json").json["drafts"]) == 1


def test_a_draft_that_failed_can_be_taken_again_but_not_answered(stocked: Shell) -> None:
    failing = json.loads(TOOL_MODE)
    failing["claude"]["model"] += "+refuse-key"
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", json.dumps(failing))
    failed = stocked(*ONE, "--provider", "claude").json["drafts"][0]
    assert failed["state"] == "failed"
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", TOOL_MODE)
    result = stocked("again", failed["id"], "--note", "shorter")
    assert (result.code, "Ask for another take without a note." in result.err) == (2, True)
    assert stocked("again", failed["id"]).code == 0


def drafted(bench: Workbench, *jobs: Any) -> list[Draft]:
    run = bench.planning.plan(jobs)
    started = bench.drafting.start(run.jobs, editor="Ann")
    bench.drafting.wait(one.id for one in started)
    return [bench.drafting.get(one.id).draft for one in started]


@pytest.mark.parametrize("providers", ["", TOOL_MODE], ids=["schema", "tool"])
def test_a_note_reads_the_prefix_that_the_board_wrote_and_costs_what_it_adds(stocked: Shell, providers: str) -> None:
    if providers:
        stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", providers)
    with workbench_at(stocked.workspace) as bench:
        dossier = find_tool(bench, ToolId(KETTLE))
        board = drafted(bench, *bench.planning.jobs(dossier))
        last = {one.origin.provider: one for one in board}
        for earlier in last.values():
            [noted] = drafted(bench, bench.planning.again(dossier, earlier, "more concrete on price"))
            assert (noted.state, noted.detail) == ("done", "")
            assert read_partial(noted.text) != read_partial(earlier.text)
            assert noted.usage is not None
            assert earlier.usage is not None
            assert noted.origin.forecast is not None
            assert noted.usage.cache_write_5m_tokens + noted.usage.cache_write_1h_tokens == 0
            assert noted.usage.cache_read_tokens >= earlier.usage.cache_read_tokens > 0
            assert noted.usage.cache_read_tokens > 0.8 * noted.usage.prompt_tokens
            foreseen = noted.origin.forecast.usage
            assert foreseen.cache_write_5m_tokens + foreseen.cache_write_1h_tokens == 0
            assert foreseen.cache_read_tokens == pytest.approx(noted.usage.cache_read_tokens, rel=0.1)
            assert noted.cost is not None
            assert noted.uncached is not None
            assert noted.cost < noted.uncached
