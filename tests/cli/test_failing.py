"""Errors are sentences with remedies and exit codes; keys never leave."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell
from workbench.cli.failing import UNEXPECTED, report
from workbench.errors import SettingsError

KEY = "a-key-of-no-known-shape-0123456789"


def test_an_error_is_its_message_then_its_remedy(shell: Shell) -> None:
    result = shell("show", "kettle", "--workspace", "elsewhere.db")
    first, second = result.err.splitlines()
    assert result.code == 4
    assert "elsewhere.db" in first
    assert second.startswith("Check the path")
    assert result.out == ""


def test_with_json_the_error_is_on_standard_output_too(shell: Shell) -> None:
    result = shell("tools", "--json", "--workspace", "elsewhere.db")
    error = result.json["error"]
    assert result.code == error["exit_code"] == 4
    assert error["kind"] == "WorkspaceError"
    assert error["message"] in result.err
    assert error["remedy"] in result.err


def test_a_fault_of_ours_is_one_line_and_says_how_to_report_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = report(ZeroDivisionError("division by zero"), as_json=False, debug=False)
    shown = capsys.readouterr().err
    assert code == UNEXPECTED
    assert "ZeroDivisionError: division by zero" in shown
    assert "report" in shown
    assert "Traceback" not in shown


def test_with_debug_the_traceback_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        report(error, as_json=False, debug=True)
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("text", [f"refused {KEY}", "refused sk-ant-api03-abcdefghijk", "header Bearer abc.def"])
@pytest.mark.parametrize("debug", [False, True])
def test_no_key_is_printed(shell: Shell, capsys: pytest.CaptureFixture[str], text: str, *, debug: bool) -> None:
    shell.monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    report(SettingsError(text, text), as_json=True, debug=debug)
    captured = capsys.readouterr()
    for shown in (captured.out, captured.err):
        assert "••••" in shown
        for secret in (KEY, "abcdefghijk", "abc.def"):
            assert secret not in shown


def test_a_terminal_does_not_obey_an_error_s_text(capsys: pytest.CaptureFixture[str]) -> None:
    report(SettingsError("\x1b[2Jgone \u202ebidi"), as_json=False, debug=False)
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("words", [("show", "\udcff"), ("tools", "--search", "\udcff"), ("import", "\udcff.csv")])
def test_words_in_another_encoding_are_refused(shell: Shell, words: tuple[str, ...]) -> None:
    result = shell(*words)
    assert result.code == 2
    assert "not UTF-8" in result.err


def test_broken_settings_are_a_sentence_with_exit_code_3(shell: Shell) -> None:
    (shell.home / "workbench.toml").write_text("[app\n", encoding="utf-8")
    result = shell("tools")
    assert result.code == 3
    assert "TOML" in result.err
