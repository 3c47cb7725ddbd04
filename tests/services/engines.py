"""A drafting engine over scripted providers, and the ways a test steers it from outside its loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.fakes import FakeClock, FakeLibrary, FakePrices, WilfulStore, a_config, until
from workbench.domain.draft import Draft
from workbench.domain.ids import DraftId, ToolId
from workbench.ports import Provider, ProviderConfig
from workbench.providers._scripted import ScriptedProvider, Step
from workbench.services.budgeting import Budgeting, Budgets
from workbench.services.drafting import Drafting
from workbench.services.planning import Job, Planning

Script = Sequence[Step]
NO_LIMITS = Budgets()


class Engine:
    """`play` says what a provider will stream; `opened` counts how often each was opened."""

    def __init__(
        self,
        *,
        store: WilfulStore,
        clock: FakeClock,
        library: FakeLibrary,
        concurrency: int = 32,
        budgets: Budgets = NO_LIMITS,
        leader_wait: float = 5.0,
    ) -> None:
        self.store = store
        self.clock = clock
        self.library = library
        self.providers: dict[str, Provider] = {}
        self.configs: dict[str, ProviderConfig] = {}
        self.opened: list[str] = []
        self.drafting = Drafting(
            store=store,
            open_provider=self._open,
            clock=clock,
            prices=FakePrices(),
            budgeting=Budgeting(store=store, clock=clock, budgets=budgets),
            concurrency=concurrency,
            leader_wait=leader_wait,
        )

    def play(self, name: str, *scripts: Script, model: str = "a-model") -> ScriptedProvider:
        config = a_config(name, model=model, rehearsal=name == "rehearsal")
        provider = ScriptedProvider(config, *scripts)
        self.configs[name] = config
        self.providers[name] = provider
        return provider

    def install(self, provider: Provider) -> None:
        self.configs[provider.config.name] = provider.config
        self.providers[provider.config.name] = provider

    def jobs(self, *tools: str, personas: Sequence[str] = (), providers: Sequence[str] = ()) -> list[Job]:
        planning = Planning(
            library=self.library, providers=self.configs, idle={}, prices=FakePrices(), clock=self.clock
        )
        with self.store.reading() as repositories:
            dossiers = [repositories.tools.latest(ToolId(tool)) for tool in tools or ("a-tool",)]
        return [
            job
            for dossier in dossiers
            if dossier is not None
            for job in planning.jobs(dossier, personas=personas, providers=providers)
        ]

    def start_one(self, provider: str, persona: str = "builder") -> Draft:
        return self.drafting.start(self.jobs(personas=[persona], providers=[provider]))[0]

    def finish(self, *drafts: Draft) -> list[Draft]:
        """Wait for their ends; the drafts as they are stored then."""
        self.drafting.wait(draft.id for draft in drafts)
        return [self.stored(draft.id) for draft in drafts]

    def run_one(self, provider: str, persona: str = "builder") -> Draft:
        return self.finish(self.start_one(provider, persona))[0]

    def stored(self, draft_id: DraftId) -> Draft:
        with self.store.reading() as repositories:
            draft = repositories.drafts.get(draft_id)
        assert draft is not None
        return draft

    def now(self, draft: Draft) -> Draft:
        return self.drafting.get(draft.id).draft

    def release(self, gate: asyncio.Event) -> None:
        self.drafting._loop.call(gate.set)

    def save(self) -> None:
        self.drafting._loop.submit(self.drafting._saving.save()).result()

    def settle(self) -> None:
        """Let the loop do all it can do now."""
        for _ in range(5):
            self.drafting._loop.submit(asyncio.sleep(0)).result()

    def until_text(self, draft: Draft, text: str) -> None:
        until(lambda: self.now(draft).text == text, f"the draft says {text!r}")

    def _open(self, name: str) -> Provider:
        self.opened.append(name)
        return self.providers[name]
