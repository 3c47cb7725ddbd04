"""Which drafts a run would make, what each request says, and what it should cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.domain.forecast import Forecast
from workbench.domain.ids import PersonaId, ProviderName
from workbench.domain.persona import Persona
from workbench.domain.plan import Plan, compose
from workbench.errors import KeyMissingError, UnknownNameError
from workbench.ports import Clock, Library, Prices, ProviderConfig

CHARACTERS_PER_TOKEN = 4.0
"""English prose, both vendors, rounded against us; returned usage is the truth."""
TOKENS_PER_DRAFT = 550
"""A 155-word review as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One draft to be made; `forecast` is what it should cost, once that has been worked out."""

    dossier: Dossier
    persona: Persona
    provider: ProviderConfig
    plan: Plan
    forecast: Forecast | None = None

    @property
    def cell(self) -> tuple[str, str, str]:
        """Tool, persona, provider: at most one live draft each."""
        return (self.dossier.tool.id, self.persona.id, self.provider.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Tokens and US dollars before the start, for prompts that are never read from the cache; `cost` None: a price is
    unknown."""

    drafts: int
    prompt_tokens: int
    output_tokens: int
    cost: Decimal | None


class Planning:
    """Makes jobs from personas, providers and dossiers."""

    def __init__(
        self,
        *,
        library: Library,
        providers: Mapping[str, ProviderConfig],
        idle: Mapping[str, str],
        prices: Prices,
        clock: Clock,
    ) -> None:
        self._library = library
        self._providers = providers
        self._idle = idle
        self._prices = prices
        self._clock = clock

    @property
    def providers(self) -> tuple[ProviderConfig, ...]:
        """The providers that may draft, in the settings' order."""
        return tuple(self._providers.values())

    def jobs(self, dossier: Dossier, *, personas: Sequence[str] = (), providers: Sequence[str] = ()) -> list[Job]:
        """Every persona × provider for one tool; empty selections mean all.

        Raises UnknownNameError, and KeyMissingError when no provider may draft.
        """
        if not self._providers:
            why = "; ".join(f"{name}: {reason}" for name, reason in self._idle.items()) or "none is enabled"
            raise KeyMissingError(
                f"No provider can draft ({why}).",
                "Set a key in the environment, or allow rehearsal: WORKBENCH_REHEARSAL__MODE=auto.",
            )
        library = self._library.personas()
        prompts = self._library.prompts()
        known = {one.id: one for one in library}
        lenses = [self._persona(known, name) for name in personas] if personas else list(library)
        models = [self._provider(name) for name in providers] if providers else list(self.providers)
        return [
            Job(dossier=dossier, persona=lens, provider=model, plan=compose(prompts, library, lens, dossier))
            for lens in lenses
            for model in models
        ]

    def missing(self, jobs: Iterable[Job], drafts: Iterable[Draft]) -> list[Job]:
        """The jobs whose cell has no draft of this dossier that is live or done: errored is not done."""
        settled = {
            (one.origin.tool_id, one.origin.persona_id, one.origin.provider, one.origin.dossier_digest)
            for one in drafts
            if one.live or one.state == "done"
        }
        return [job for job in jobs if (*job.cell, job.dossier.digest) not in settled]

    def estimate(self, jobs: Sequence[Job]) -> Estimate:
        """What these jobs take at the most: every prompt written to the cache, none read from it."""
        now = self._clock.now()
        prompt_total, cost = 0, Decimal(0)
        unknown = False
        for job in jobs:
            usage = _unread(job)
            prompt_total += usage.prompt_tokens
            price = self._prices.cost(job.provider.api, job.provider.model, usage, now)
            unknown = unknown or price is None
            cost += price or Decimal(0)
        return Estimate(
            drafts=len(jobs),
            prompt_tokens=prompt_total,
            output_tokens=TOKENS_PER_DRAFT * len(jobs),
            cost=None if unknown else cost,
        )

    def _persona(self, known: Mapping[PersonaId, Persona], name: str) -> Persona:
        if name not in known:
            raise UnknownNameError("persona", name, sorted(known))
        return known[PersonaId(name)]

    def _provider(self, name: str) -> ProviderConfig:
        if name in self._idle:
            raise KeyMissingError(f"“{name}” cannot draft: {self._idle[name]}.", "Set the key in the environment.")
        if name not in self._providers:
            raise UnknownNameError("provider", name, sorted(self._providers))
        return self._providers[ProviderName(name)]


def _unread(job: Job) -> Usage:
    """What a request costs when nothing is read from the cache: each segment is written for its lifetime, or just sent.

    Mistral charges nothing for writing, so there the whole prompt is plain input.
    """
    tokens = {"1h": 0, "5m": 0, "": 0}
    lifetime = ""
    for segment in reversed(job.plan.segments):
        lifetime = segment.breakpoint or lifetime
        kind = lifetime if job.provider.api == "anthropic" else ""
        tokens[kind] += round(len(segment.text) / CHARACTERS_PER_TOKEN)
    return Usage(
        input_tokens=tokens[""],
        cache_write_1h_tokens=tokens["1h"],
        cache_write_5m_tokens=tokens["5m"],
        output_tokens=TOKENS_PER_DRAFT,
    )
