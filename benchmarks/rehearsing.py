"""What the benchmarks draft, and from whom: plans as the workbench makes them, a rehearsal server of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

from workbench.domain.dossier import AddedFact, Dossier, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.persona import Band
from workbench.domain.plan import Plan, compose
from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.library.files import FileLibrary
from workbench.ports import ProviderConfig, Secret

CLAUDE, CODESTRAL = "claude-sonnet-5-5", "codestral-2508"
PATHS = {"anthropic": "/v1/messages", "mistral": "/v1/chat/completions"}


@contextmanager
def rehearsal(*, first_token: float, tokens_per_second: float) -> Generator[str]:
    """The base URL of a rehearsal server in a process of its own, until the block ends."""
    command = [sys.executable, "-m", "workbench", "rehearse", "--first-token", str(first_token)]
    command += ["--tokens-per-second", str(tokens_per_second)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]  # it answers once it has said where
        finally:
            process.terminate()


def configs(url: str) -> tuple[ProviderConfig, ProviderConfig]:
    """Claude and Codestral as the settings have them, at `url`."""
    key = Secret("rehearsal")
    claude = ProviderConfig(
        name="claude",
        api="anthropic",
        model=CLAUDE,
        key=key,
        base_url=url,
        options={"mode": "schema", "thinking": "between_tools"},
    )
    return claude, ProviderConfig(name="codestral", api="mistral", model=CODESTRAL, key=key, base_url=url)


def lantern(number: int = 0) -> Dossier:
    """A small dossier, each number another tool."""
    name = f"Lanternfish {number}"
    added = (AddedFact(text="Costs $12 a month for each team.", source="price page"),)
    facts = f"{name} is a queue in one file. It answers on a local socket. Its rivals are RabbitMQ and NATS."
    return make_dossier(Tool(id=ToolId(f"lantern-{number}"), name=name), facts, added)


def plan(tokens: int, number: int = 0) -> Plan:
    """The first persona's plan for `lantern(number)`, of a length to fill `tokens`, its answer cut there."""
    library = FileLibrary(builtin_personas(), builtin_prompts())
    first, *others = library.personas()
    longer = replace(first, band=Band(low=tokens // 2, high=tokens))
    return replace(compose(library.prompts(), (longer, *others), longer, lantern(number)), max_tokens=tokens)
