"""Help that teaches, and comes at once."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.cli.shell import Shell
from workbench.cli.app import _COMMANDS

HEAVY = ("sqlalchemy", "streamlit", "anthropic", "mistralai", "pandas", "pydantic_settings", "jinja2")


def test_the_help_names_every_command(shell: Shell) -> None:
    result = shell("--help")
    assert result.code == 0
    for name in _COMMANDS:
        assert re.search(rf"^\W*{name}\s", result.out, re.MULTILINE), name


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_command_explains_itself_with_an_example(shell: Shell, name: str) -> None:
    result = shell(name, "-h")
    assert result.code == 0
    assert "Examples" in result.out
    assert f"workbench {name}" in result.out


@pytest.mark.parametrize("name", sorted(_COMMANDS))
def test_every_option_says_what_it_does(shell: Shell, name: str) -> None:
    lines = shell(name, "--help").out.splitlines()
    bare = [one for one in lines if re.match(r"^│ --[a-z-]+\s+(-\w\s+)?\S*\s*│$", one)]
    assert bare == []


def test_the_help_needs_none_of_the_heavy_libraries() -> None:
    asked = f"import sys, workbench.cli.app; print([one for one in {HEAVY!r} if one in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_the_version_is_the_package_s(shell: Shell) -> None:
    from importlib.metadata import version

    result = shell("--version")
    assert (result.code, result.out.strip()) == (0, f"workbench {version('review-workbench')}")


def test_an_unknown_command_is_refused_with_the_way_to_the_help(shell: Shell) -> None:
    result = shell("publish")
    assert result.code == 2
    assert "publish" in result.err
    assert "--help" in result.err


@pytest.mark.parametrize(("typed", "near"), [("tool", "tools"), ("exprot", "export"), ("drfat", "draft")])
def test_a_mistyped_command_is_met_with_the_near_one(shell: Shell, typed: str, near: str) -> None:
    result = shell(typed)
    assert result.code == 2
    assert f"Did you mean '{near}'" in result.err


def test_an_unknown_option_is_refused(shell: Shell) -> None:
    result = shell("tools", "--frobnicate")
    assert result.code == 2
    assert "frobnicate" in result.err
