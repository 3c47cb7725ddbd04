"""`workbench draft`: what is missing, its price, its end, and what each way of ending is called."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import ANVIL, KETTLE, PERSONAS, Shell, command, environment
from workbench.cli.board import Board
from workbench.cli.drafting import _totals
from workbench.cli.opening import workbench_at
from workbench.cli.printing import console
from workbench.domain.events import Usage
from workbench.domain.ids import ToolId
from workbench.services.live import Snapshot

SLOW = {"WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "20"}
PROVIDERS = {
    "claude": {"api": "anthropic", "model": "claude-sonnet-5-5"},
    "codestral": {"api": "mistral", "model": "codestral-2508"},
}


def failing(model: str) -> str:
    """The providers' setting with a Claude that fails the way its model's name says."""
    return json.dumps({**PROVIDERS, "claude": {"api": "anthropic", "model": model}})


def stored(shell: Shell, tool: str = KETTLE) -> list[dict[str, Any]]:
    """A tool's drafts."""
    found: list[dict[str, Any]] = shell("show", tool, "--json").json["drafts"]
    return found


def test_all_tools_are_drafted_by_every_persona_and_provider(stocked: Shell) -> None:
    result = stocked("draft", "--all", "--json")
    assert result.code == 0, result.err
    drafts = result.json["drafts"]
    cells = {(one["tool"], one["persona"], one["provider"]) for one in drafts}
    assert cells == {(t, p, m) for t in (KETTLE, ANVIL) for p in PERSONAS for m in ("claude", "codestral")}
    for one in drafts:
        assert one["state"] == "done"
        assert one["words"] > 0
        assert one["quote"]
        assert one["usage"]["output"] > 0
        assert one["cost"] > 0
        assert one["failure"] is None
    assert result.json["rehearsal"] is True


def test_only_what_is_missing_is_drafted(stocked: Shell) -> None:
    first = stocked("draft", KETTLE, "-p", "builder", "--provider", "claude", "--json").json["drafts"]
    second = stocked("draft", KETTLE, "-p", "builder", "--json").json["drafts"]
    third = stocked("draft", KETTLE, "-p", "builder", "--json").json["drafts"]
    assert [one["provider"] for one in first] == ["claude"]
    assert [one["provider"] for one in second] == ["codestral"]
    assert third == []


def test_another_take_is_a_new_draft(stocked: Shell) -> None:
    one_cell = ("draft", KETTLE, "-p", "skeptic", "--provider", "codestral", "--again", "--json")
    takes = [stocked(*one_cell).json["drafts"][0] for _ in range(2)]
    assert [one["take"] for one in takes] == [1, 2]
    assert len(stored(stocked)) == 2


def test_a_tool_named_twice_is_drafted_once(stocked: Shell) -> None:
    words = ("draft", KETTLE, "Kettle", "-p", "builder", "--provider", "claude", "--again", "--json")
    assert len(stocked(*words).json["drafts"]) == 1


def test_without_a_terminal_progress_is_plain_lines(stocked: Shell) -> None:
    result = stocked("draft", KETTLE, "-p", "builder")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == "Rehearsal: no model was called"
    assert any("estimate $" in one for one in lines[1:8])
    assert re.search(r"^kettle · builder · claude: done · \d+ words · 5/5 beats", result.out, re.MULTILINE)
    assert lines[-1].startswith("2 of 2 drafts done.")
    assert "not spent" in lines[-1]
    assert "\x1b" not in result.out


def test_the_lines_of_a_run_are_short_and_name_each_draft_once_at_its_end(stocked: Shell) -> None:
    stocked.monkeypatch.delenv("COLUMNS", raising=False)
    lines = stocked("draft", KETTLE).out.splitlines()
    ended = [one for one in lines if ": done" in one]
    assert len({one.split(":")[0] for one in ended}) == len(ended) == 8
    assert all("suggests" in one for one in ended)
    assert max(len(one) for one in ended) <= 100


def test_one_reason_for_many_failures_is_told_once(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", failing("claude-sonnet-5-5+refuse-key"))
    result = stocked("draft", KETTLE, "--provider", "claude")
    assert result.code == 6
    assert len(re.findall("ANTHROPIC_API_KEY", result.out)) == 1
    assert re.search(r"^kettle · \w+ · claude and 3 more drafts: ", result.out, re.MULTILINE)
    assert len(re.findall(r"^kettle · \w+ · claude: failed · .*key refused", result.out, re.MULTILINE)) == 4


def test_nothing_missing_is_said_and_is_no_error(drafted: Shell) -> None:
    result = drafted("draft", "--all")
    assert result.code == 0
    assert "Nothing is missing" in result.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), KETTLE),
        (("zeppelin",), ANVIL),
        ((KETTLE, "--all"), "exclude"),
        ((KETTLE, "-p", "cynic"), "skeptic"),
        ((KETTLE, "--provider", "oracle"), "codestral"),
    ],
)
def test_what_cannot_be_drafted_is_refused_before_anything_starts(
    stocked: Shell, words: tuple[str, ...], said: str
) -> None:
    result = stocked("draft", *words)
    assert result.code == 2
    assert said in result.err
    assert stored(stocked) == []


def test_without_a_key_and_without_rehearsal_nothing_drafts(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_REHEARSAL__MODE", "never")
    result = stocked("draft", "--all", "--json")
    assert result.code == 3
    assert result.json["error"]["kind"] == "KeyMissingError"
    assert "ANTHROPIC_API_KEY" in result.err


@pytest.mark.parametrize(
    ("fault", "state", "kind"),
    [
        ("refuse-key", "failed", "key_refused"),
        ("cut", "interrupted", "cut_off"),
        ("bad-shape", "failed", "wrong_shape"),
    ],
)
def test_a_draft_that_failed_is_exit_code_6_and_the_others_are_done(
    stocked: Shell, fault: str, state: str, kind: str
) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", failing(f"claude-sonnet-5-5+{fault}"))
    result = stocked("draft", KETTLE, "-p", "builder", "--json")
    assert result.code == 6
    found = {one["provider"]: one for one in result.json["drafts"]}
    assert found["claude"]["state"] == state
    assert found["claude"]["failure"]["kind"] == kind
    assert found["codestral"]["state"] == "done"


def test_a_failure_is_a_sentence_with_its_remedy(stocked: Shell) -> None:
    stocked.monkeypatch.setenv("WORKBENCH_PROVIDERS", failing("claude-sonnet-5-5+refuse-key"))
    result = stocked("draft", KETTLE, "-p", "builder")
    assert result.code == 6
    assert "1 of 2 drafts done" in result.out
    assert re.search(r"kettle · builder · claude: .*refused the key.*ANTHROPIC_API_KEY", result.out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_keeps_the_text_and_says_130(stocked: Shell, number: signal.Signals) -> None:
    words = command("draft", KETTLE, "-p", "builder", "--provider", "codestral")
    with subprocess.Popen(
        words, env=environment(stocked.home, **SLOW), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        while "streaming" not in (line := running.stdout.readline()):
            assert line, "the draft never streamed"
        _until_text(stocked)
        running.send_signal(number)
        out, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Stopping" in out
    assert "Traceback" not in err
    (draft,) = stored(stocked)
    assert draft["state"] == "stopped"
    assert draft["words"] > 0


def test_on_a_terminal_a_table_grows_and_stays(stocked: Shell) -> None:
    shown, code = _on_a_terminal(stocked.home, 120, "draft", KETTLE)
    assert code == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "streaming · " in plain
    last = plain.rpartition("persona  ")[2]
    assert last.count("done · ") == 8
    assert "8 of 8 ended" in last
    assert "Skeptic" in last


def test_a_terminal_of_a_hundred_columns_shows_state_words_and_beats_whole(stocked: Shell) -> None:
    shown, code = _on_a_terminal(stocked.home, 100, "draft", KETTLE)
    assert code == 0
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    last = plain.rpartition("persona  ")[2]
    assert max(len(one) for one in last.splitlines()) <= 100
    assert len(re.findall(r"done · \d+ words · 5/5 beats", last)) == 8
    assert len(re.findall(r"suggests (?:ship|skip) · \$\d", last)) == 8
    assert "…" not in last


def test_a_beat_counts_from_its_first_word(drafted: Shell) -> None:
    with workbench_at(drafted.workspace) as bench:
        whole = bench.drafting.of_tool(ToolId(KETTLE))[0]
        personas = {one.id: one for one in bench.library.personas()}
        first, second, *_ = whole.review.sentences
        said = {"sentences": [first._asdict(), second._replace(text="")._asdict()]}
        begun = Snapshot(replace(whole.draft, text=json.dumps(said)))
        board = Board(bench.drafting, [whole.draft.id], personas)
        assert board._figures(begun)[2] == "1/5 beats"
        assert board._figures(whole)[2] == "5/5 beats"


def _until_text(shell: Shell) -> None:
    """Wait until the store holds some of the draft."""
    for _ in range(200):
        drafts = stored(shell)
        if drafts and drafts[0]["words"]:
            return
    pytest.fail("no text reached the store")


def _on_a_terminal(home: Path, columns: int, *words: str) -> tuple[str, int]:
    """What a terminal of 40 lines is sent, and the exit code."""
    ours, theirs = pty.openpty()
    env = environment(
        home, COLUMNS=str(columns), LINES="40", TERM="xterm", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="400"
    )
    with subprocess.Popen(command(*words), env=env, stdin=theirs, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        seen = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # how Linux says that the other end is closed
                break
            seen += piece
        running.wait(timeout=30)
    os.close(ours)
    return seen.decode(errors="replace"), running.returncode


def test_a_cache_hit_that_did_not_come_is_explained_at_the_end(
    drafted: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    with workbench_at(drafted.workspace) as bench:
        read = next(one for one in bench.drafting.of_tool(ToolId(KETTLE)) if _read(one) and _foreseen(one))
    lost = replace(read.draft, usage=Usage(input_tokens=7000, output_tokens=500), miss="system_changed")
    _totals(console(), [Snapshot(lost), read])
    said = capsys.readouterr().out
    where = f"{KETTLE} · {lost.origin.persona_id} · {lost.origin.provider}: About "
    assert said.count(where) == 1
    assert "what all drafts share was not the same" in said


def _read(one: Snapshot) -> int:
    return one.draft.usage.cache_read_tokens if one.draft.usage is not None else 0


def _foreseen(one: Snapshot) -> int:
    forecast = one.draft.origin.forecast
    return forecast.usage.cache_read_tokens if forecast is not None else 0
