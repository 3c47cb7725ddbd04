"""A shell with an empty home, and one whose workspace holds two drafted tools."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.shell import KEYS, QUICK, TOOLS, Shell, program


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Commands run in this process; there is no workspace yet."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "WORKBENCH_CONFIG", "FORCE_COLOR", "TTY_COMPATIBLE", *KEYS):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**QUICK, "HOME": str(tmp_path), "WORKBENCH_WORKSPACE": str(tmp_path / "desk.db")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def read() -> tuple[str, str]:
        captured = capsys.readouterr()
        return captured.out, captured.err

    return Shell(home=tmp_path, monkeypatch=monkeypatch, read=read)


@pytest.fixture
def stocked(shell: Shell) -> Shell:
    """Two tools, nothing drafted."""
    (shell.home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    assert shell("import", "tools.csv").code == 0
    return shell


@pytest.fixture(scope="session")
def drafted_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with every draft of two tools; copied by the tests that change it."""
    home = tmp_path_factory.mktemp("drafted")
    (home / "tools.csv").write_text(TOOLS, encoding="utf-8")
    assert program(home, "import", "tools.csv").code == 0
    ended = program(home, "draft", "--all")
    assert ended.code == 0, ended.err
    return home / "desk.db"


@pytest.fixture
def drafted(shell: Shell, drafted_file: Path) -> Shell:
    """Two tools with all their drafts."""
    shutil.copy(drafted_file, shell.workspace)
    return shell
