"""Stand-ins for the ports: a clock one sets, a library one writes, a store that refuses or waits when told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from workbench.domain.dossier import Community, Dossier, Entry, Tool, make_dossier
from workbench.domain.events import Delta, DraftEvent, Finished, Started, Usage
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.persona import Band, Beat, Exemplar, Persona
from workbench.domain.plan import PromptSet
from workbench.domain.prompt import Prompt
from workbench.domain.text import digest
from workbench.errors import LibraryError, StoreError
from workbench.ports import Clock, Library, Prices, ProviderConfig, Repositories, Secret, Store
from workbench.store.workspace import SqlStore, open_store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DEADLINE = 20.0
"""Seconds a test waits for something that must happen."""


class FakeClock(Clock):
    """Stands still until it is moved; ids are counted."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at
        self._numbers = count(1)

    def now(self) -> datetime:
        return self.at

    def new_id(self) -> str:
        return f"{next(self._numbers):016d}"

    def forward(self, seconds: float = 60) -> datetime:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        return self.at


class FakePrices(Prices):
    """A dollar per thousand prompt tokens and two per thousand of output; nobody knows what `mystery` costs."""

    def cost(self, api: str, model: str, usage: Usage, at: datetime) -> Decimal | None:
        del api, at
        if model == "mystery":
            return None
        return Decimal(usage.prompt_tokens + 2 * usage.output_tokens) / 1000


class FakeLibrary(Library):
    """Personas in memory; take one out and its file is gone."""

    def __init__(self, *personas: Persona) -> None:
        self.lenses = list(personas)

    def personas(self) -> tuple[Persona, ...]:
        if not self.lenses:
            raise LibraryError("personas", "there is no persona here.")
        return tuple(self.lenses)

    def prompts(self) -> PromptSet:
        return PromptSet(
            house=a_prompt("house", "The house rules."),
            brief=a_prompt("brief", "$id $label $summary $voice $beats $low $high $banned $exemplars"),
            dossier=a_prompt("dossier", "<$marker>$dossier</$marker>"),
            ask=a_prompt("ask", "$id $label $beats $low $high"),
            note=a_prompt("note", "<note>$note</note>"),
            opinion=a_prompt("opinion", "Opinion: $beats"),
            reading=a_prompt("reading", "Read: $quote"),
        )

    def problems(self) -> tuple[str, ...]:
        return ()

    def sample(self) -> tuple[str, ...]:
        return ()


class WilfulStore(Store):
    """A real store whose writes are refused while `refusing`, and wait while `hold` is cleared."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.refusing = False
        self.hold = threading.Event()
        self.hold.set()
        self.attempts = 0

    @contextmanager
    def writing(self) -> Generator[Repositories, None, None]:
        self.attempts += 1
        if not self.hold.wait(DEADLINE):
            raise StoreError("The test never let go.")
        if self.refusing:
            raise StoreError("The disk is full.", "Free some space.")
        with self._store.writing() as repositories:
            yield repositories

    def reading(self) -> AbstractContextManager[Repositories]:
        return self._store.reading()

    def close(self) -> None:
        self._store.close()


def a_store(folder: Path, clock: Clock) -> SqlStore:
    """A real workspace in `folder`."""
    return open_store(folder / "workbench.db", create=True, now=clock.now)


def a_prompt(prompt_id: str, text: str) -> Prompt:
    return Prompt(id=prompt_id, path=f"{prompt_id}.md", text=text, digest=digest(text))


def a_persona(persona_id: str = "builder", *, order: int = 1) -> Persona:
    return Persona(
        id=PersonaId(persona_id),
        label=persona_id.capitalize(),
        order=order,
        color="#336699",
        summary="Asks what it is made of.",
        beats=(Beat(id="claim", label="Claim", brief="What it claims.", opener="The claim"),),
        band=Band(low=2, high=40),
        banned=("magic",),
        voice="Plain.",
        exemplars=(Exemplar(tool="Loom", verdict="ship", text="The claim holds."),),
        digest=digest(persona_id),
    )


def a_dossier(
    tool_id: str = "a-tool", *, vendor: str = "Acme", description: str = "It builds. It tests.", revision: int = 1
) -> Dossier:
    tool = Tool(
        id=ToolId(tool_id),
        name=tool_id.replace("-", " ").title(),
        vendor=vendor,
        tagline="Builds things",
        entry=Entry.FREE,
        community=Community(ships=3, votes=4),
    )
    return make_dossier(tool, description, revision=revision)


def a_config(name: str = "claude", *, model: str = "a-model", rehearsal: bool = False) -> ProviderConfig:
    return ProviderConfig(name=name, api="anthropic", model=model, key=Secret("k"), rehearsal=rehearsal)


def an_answer(*texts: str, verdict: str = "ship") -> str:
    """A whole review as the models write it."""
    said = [{"beat": "claim", "facts": ["F1"], "text": text} for text in texts or ("The claim holds.",)]
    return json.dumps(
        {"sentences": said, "verdict": verdict, "confidence": "high", "reason": "It works."}, ensure_ascii=False
    )


def streamed(text: str, *, size: int = 16, model: str = "a-model") -> list[DraftEvent]:
    """The events of a draft that says `text` and ends well."""
    pieces = [Delta(text=text[start : start + size]) for start in range(0, len(text), size)]
    return [
        Started(model=model),
        Usage(input_tokens=100),
        *pieces,
        Usage(input_tokens=100, output_tokens=50),
        Finished(stop="complete"),
    ]


def until(reached: Callable[[], bool], what: str = "it happened") -> None:
    """Wait until something that must happen has. Raises AssertionError when it never does."""
    deadline = time.monotonic() + DEADLINE
    while not reached():
        if time.monotonic() > deadline:
            raise AssertionError(f"never came true: {what}")
        time.sleep(0.005)


def keep(store: Store, dossiers: Sequence[Dossier]) -> None:
    """Put dossiers into the store."""
    with store.writing() as repositories:
        for dossier in dossiers:
            repositories.tools.add(dossier, NOON)
