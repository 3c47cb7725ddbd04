"""A real workbench behind the screen: its own workspace, and providers that say what a test tells them to."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import an_answer, streamed
from workbench.bootstrap import Workbench, build
from workbench.domain.decision import Cell
from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.ports import Provider
from workbench.providers._scripted import ScriptedProvider, Step
from workbench.settings import Settings, load
from workbench.ui import runtime

TOOLS = """Name: Kettle
Vendor: Steam Works
Category: Developer Tools
Tagline: Boils a build down
Entry: Free

Kettle boils a build down to one file. It runs on a laptop.
---
Name: Anvil DB
Vendor: Forge Labs
Category: Databases
Entry: Paid

Anvil DB keeps rows in order. It answers queries over HTTP.
"""
KETTLE, ANVIL = ToolId("kettle"), ToolId("anvil-db")
PERSONAS = ("builder", "skeptic", "futurist", "business")
PROVIDERS = ("claude", "codestral")
NO_REHEARSAL = {"mode": "never"}


class Stage:
    """A workbench the screen uses, and the ways a test steers it from outside."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.playing: dict[str, Provider] = {}
        bench.drafting._running._open = self._opened
        for name in PROVIDERS:
            self.play(name, streamed(an_answer(f"{name.capitalize()} says so.", "It is said twice.")))

    def play(self, name: str, *scripts: Sequence[Step]) -> ScriptedProvider:
        """What a provider will stream; before its first draft."""
        config = next(one for one in self.bench.planning.providers if one.name == name)
        self.playing[name] = provider = ScriptedProvider(config, *scripts)
        return provider

    def dossier(self, tool: ToolId = KETTLE) -> Dossier:
        with self.bench.store.reading() as repositories:
            found = repositories.tools.latest(tool)
        assert found is not None
        return found

    def start(self, *tools: ToolId, personas: Sequence[str] = (), providers: Sequence[str] = ()) -> list[Draft]:
        jobs = [
            job
            for tool in tools or (KETTLE,)
            for job in self.bench.planning.jobs(self.dossier(tool), personas=personas, providers=providers)
        ]
        return self.bench.drafting.start(jobs)

    def finish(self, *tools: ToolId) -> list[Draft]:
        """Wait for every draft of these tools; the drafts as they are stored then."""
        for tool in tools or (KETTLE,):
            self.bench.drafting.wait(one.id for one in self.drafts(tool))
        return [one for tool in tools or (KETTLE,) for one in self.drafts(tool)]

    def drafted(self, *tools: ToolId, personas: Sequence[str] = (), providers: Sequence[str] = ()) -> list[Draft]:
        """Start drafts and wait for their ends."""
        started = self.start(*tools, personas=personas, providers=providers)
        self.bench.drafting.wait(one.id for one in started)
        return [self.now(one.id) for one in started]

    def drafts(self, tool: ToolId = KETTLE) -> list[Draft]:
        return [one.draft for one in self.bench.drafting.of_tool(tool)]

    def draft(self, persona: str, provider: str, tool: ToolId = KETTLE) -> Draft:
        """The newest draft of a cell."""
        wanted = (persona, provider)
        return [one for one in self.drafts(tool) if (one.origin.persona_id, one.origin.provider) == wanted][-1]

    def now(self, draft_id: DraftId) -> Draft:
        return self.bench.drafting.get(draft_id).draft

    def cell(self, persona: str, tool: ToolId = KETTLE) -> Cell:
        return self.bench.deciding.cells(tool).get(PersonaId(persona)) or Cell(
            tool_id=tool, persona_id=PersonaId(persona)
        )

    def decisions(self, persona: str, tool: ToolId = KETTLE) -> list[str]:
        """The kinds of a cell's decisions, oldest first."""
        return [one.act.kind for one in self.bench.deciding.history(tool, PersonaId(persona))]

    def release(self, gate: asyncio.Event) -> None:
        self.bench.drafting._loop.call(gate.set)

    def _opened(self, name: str) -> Provider:
        return self.playing[name]


def alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without keys and settings, at home in `folder`."""
    for name in list(os.environ):
        if name.startswith(("WORKBENCH_", "ANTHROPIC_", "MISTRAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(folder / "desk.db"))
    monkeypatch.setenv("WORKBENCH_EDITOR", "Edith Editor")
    monkeypatch.setenv("WORKBENCH_REVIEW__MASKED", "false")  # tests that are not about masks name providers
    monkeypatch.chdir(folder)


def some_settings(folder: Path, **overrides: Any) -> Settings:
    rehearsal = {"mode": "always", "first_token": 0, "tokens_per_second": 100_000}
    return load(**({"workspace": folder / "desk.db", "sample": False, "rehearsal": rehearsal} | overrides))


@contextmanager
def staged(folder: Path, monkeypatch: pytest.MonkeyPatch, **overrides: Any) -> Generator[Stage, None, None]:
    """The process's workbench is one of the test's own, over two tools; in mode `never` as if there were keys."""
    alone(folder, monkeypatch)
    if overrides.get("rehearsal") == NO_REHEARSAL:
        for name in ("ANTHROPIC_API_KEY", "MISTRAL_API_KEY"):
            monkeypatch.setenv(name, "of-nobody")
    (folder / "desk.db").write_bytes(_two_tools())
    bench = build(some_settings(folder, **overrides))
    monkeypatch.setattr(runtime, "_workbench", bench)
    try:
        yield Stage(bench)
    finally:
        runtime.close()


@cache
def _two_tools() -> bytes:
    """A finished workspace to copy: making the tables anew for every test would take most of the time."""
    with tempfile.TemporaryDirectory() as folder:
        bench = build(some_settings(Path(folder)))
        bench.importing.commit(bench.importing.preview_text(TOOLS))
        bench.close()
        return (Path(folder) / "desk.db").read_bytes()
