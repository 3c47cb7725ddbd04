"""The command line as tests run it: in this process where that is faster, as a program where it matters."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.app import run

TOOLS = (
    "name,vendor,category,entry,description\n"
    'Kettle,Steam Works,Developer Tools,Free,"Kettle boils a build down to one file. It runs on a laptop."\n'
    'Anvil DB,Forge Labs,Databases,Paid,"Anvil DB keeps rows in order. It answers queries over HTTP."\n'
)
KETTLE, ANVIL = "kettle", "anvil-db"
PERSONAS = ("builder", "skeptic", "futurist", "business")
KEYS = ("ANTHROPIC_API_KEY", "MISTRAL_API_KEY")
QUICK = {
    "WORKBENCH_SAMPLE": "false",
    "WORKBENCH_REHEARSAL__MODE": "always",
    "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0",
    "WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "5000",
}
"""Settings under which a draft takes a moment and costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON value."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Runs commands in this process, in a home of its own."""

    home: Path
    monkeypatch: pytest.MonkeyPatch
    read: Callable[[], tuple[str, str]]

    @property
    def workspace(self) -> Path:
        """The workspace that `WORKBENCH_WORKSPACE` names."""
        return self.home / "desk.db"

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Result:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        self.read()
        code = run(arguments)
        out, err = self.read()
        return Result(code=code, out=out, err=err)


def environment(home: Path, **extra: str) -> dict[str, str]:
    """The environment of a child process that must find nothing of this machine's user."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WORKBENCH_", "XDG_")) and name not in {*KEYS, "FORCE_COLOR", "TTY_COMPATIBLE"}
    }
    named = {"HOME": str(home), "WORKBENCH_WORKSPACE": str(home / "desk.db"), "COLUMNS": "200"}
    return {**kept, **QUICK, **named, **extra}


def command(*arguments: str) -> Sequence[str]:
    """The program's command line."""
    return [sys.executable, "-m", "workbench", *arguments]


def program(home: Path, *arguments: str, stdin: bytes = b"", **extra: str) -> Result:
    """Run the real program to its end."""
    ended = subprocess.run(
        command(*arguments),
        input=stdin,
        capture_output=True,
        cwd=home,
        env=environment(home, **extra),
        timeout=120,
        check=False,
    )
    return Result(code=ended.returncode, out=ended.stdout.decode(), err=ended.stderr.decode())
