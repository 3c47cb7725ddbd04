"""Which drafts a run would make, what each request says, and what it should cost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import accumulate, cycle, islice

from workbench.domain import models
from workbench.domain.bill import Bill, Charge, bill
from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.forecast import Forecast, Matrix, Sized, cheapest, foresee, without_cache
from workbench.domain.ids import Digest, PersonaId, ProviderName, ToolId
from workbench.domain.models import ModelFacts
from workbench.domain.persona import Persona
from workbench.domain.plan import ALONE, SHARED, Kind, Layout, Note, Plan, compose
from workbench.errors import KeyMissingError, UnknownNameError
from workbench.ports import Clock, Library, Prices, ProviderConfig
from workbench.services.counting import Counting
from workbench.services.noting import note_on

_UNLISTED = "Nothing is known of the cache of {}: what it saves is not in the forecast."
HORIZON = 8
"""Tools a layout is priced for at least, an editor's hour: another take of one draft then finds the board's prefix."""
MOST_PRICED = 32
"""Tools a layout is priced for at most; more change no order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One draft to be made. `note` is what it answers, `opinions` are its beats that may stand on nothing, `forecast`
    is what it should cost, once that is worked out."""

    dossier: Dossier
    persona: Persona
    provider: ProviderConfig
    plan: Plan
    note: Note | None = None
    opinions: tuple[str, ...] = ()
    forecast: Forecast | None = None

    @property
    def cell(self) -> tuple[str, str, str]:
        """Tool, persona, provider: at most one live draft each."""
        return (self.dossier.tool.id, self.persona.id, self.provider.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one provider has in a run. `facts` None: nothing is known of the model's cache; `notes` are sentences."""

    provider: ProviderConfig
    layout: str
    facts: ModelFacts | None
    counted: bool
    bill: Bill
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """A run before it starts: jobs in the order they leave, each with its forecast. Its bills are of forecasts."""

    jobs: tuple[Job, ...]
    shares: tuple[Share, ...]
    bill: Bill


def _nothing(_: str) -> Collection[Digest]:
    return ()


def _none(_: ToolId) -> Mapping[PersonaId, tuple[str, ...]]:
    return {}


class Planning:
    """Makes jobs from personas, providers and dossiers, and plans them.

    `warm` names a provider's cached prefixes, `opinions` a tool's beats that may be opinion, by persona.
    """

    def __init__(
        self,
        *,
        library: Library,
        providers: Mapping[str, ProviderConfig],
        idle: Mapping[str, str],
        prices: Prices,
        clock: Clock,
        counting: Counting | None = None,
        warm: Callable[[str], Collection[Digest]] = _nothing,
        opinions: Callable[[ToolId], Mapping[PersonaId, tuple[str, ...]]] = _none,
    ) -> None:
        self._library = library
        self._providers = providers
        self._idle = idle
        self._prices = prices
        self._clock = clock
        self._counting = counting or Counting()
        self._warm = warm
        self._opinions = opinions

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
        known = {one.id: one for one in library}
        lenses = [self._persona(known, name) for name in personas] if personas else list(library)
        chosen = [self._provider(name) for name in providers] if providers else list(self.providers)
        free, prompts = self._opinions(dossier.tool.id), self._library.prompts()
        plans = {lens.id: compose(prompts, library, lens, dossier, opinions=free.get(lens.id, ())) for lens in lenses}
        return [
            Job(dossier=dossier, persona=lens, provider=model, plan=plans[lens.id], opinions=free.get(lens.id, ()))
            for lens in lenses
            for model in chosen
        ]

    def again(self, dossier: Dossier, draft: Draft, note: str = "") -> Job:
        """Another take of `draft`, by today's persona, prompts and dossier; with a `note` it goes on from that draft.

        The note is cleaned; a blank one is none. Raises InputError for a note that is too long, or on a draft without
        text to go on from, and what `jobs` raises.
        """
        about = note_on(draft, note)
        [job] = self.jobs(dossier, personas=[draft.origin.persona_id], providers=[draft.origin.provider])
        noted = replace(job, note=about)
        return replace(noted, plan=self._composed([noted], SHARED)[0])

    def missing(self, jobs: Iterable[Job], drafts: Iterable[Draft]) -> list[Job]:
        """The jobs whose cell has no draft of this dossier that is live or done: errored is not done."""
        settled = {
            (one.origin.tool_id, one.origin.persona_id, one.origin.provider, one.origin.dossier_digest)
            for one in drafts
            if one.live or one.state == "done"
        }
        return [job for job in jobs if (*job.cell, job.dossier.digest) not in settled]

    def plan(self, jobs: Iterable[Job], *, count: bool = False) -> RunPlan:
        """The jobs tool by tool, laid out for the least cost, each with what it should cost.

        `count` has the vendors count what they have not counted yet, and waits for them. Raises StoreError,
        LibraryError and SlotError.
        """
        by_tool: dict[str, list[Job]] = {}
        for job in jobs:
            by_tool.setdefault(job.dossier.tool.id, []).append(job)
        ordered = [job for own in by_tool.values() for job in own]
        by_provider: dict[str, list[int]] = {}
        for place, job in enumerate(ordered):
            by_provider.setdefault(job.provider.name, []).append(place)
        shares: list[Share] = []
        for places in by_provider.values():
            planned, share = self._share([ordered[place] for place in places], count=count)
            shares.append(share)
            for place, job in zip(places, planned, strict=True):
                ordered[place] = job
        return RunPlan(jobs=tuple(ordered), shares=tuple(shares), bill=self._bill(ordered))

    def _share(self, jobs: Sequence[Job], *, count: bool) -> tuple[list[Job], Share]:
        """One provider's jobs with their forecasts."""
        provider, now = jobs[0].provider, self._clock.now()
        facts = models.facts(provider.api, provider.model)
        layout = SHARED if facts is None else cheapest(self._matrix(jobs), facts)
        plans = self._composed(jobs, layout)
        if count:
            self._counting.count(provider, plans)
        whole = self._counting.size(provider, plans)
        sized = whole if facts is None else [_above(one, facts.minimum) for one in whole]
        usages = foresee(sized, facts, self._warm(provider.name))
        uncached = [without_cache(one) for one in usages]
        price = partial(self._prices.cost, provider.api, provider.model, at=now)
        planned = [
            replace(
                job,
                plan=one.plan,
                forecast=Forecast(usage=usage, cost=price(usage), uncached=price(plain), counted=one.counted),
            )
            for job, one, usage, plain in zip(jobs, sized, usages, uncached, strict=True)
        ]
        share = Share(
            provider=provider,
            layout=layout.name,
            facts=facts,
            counted=all(one.counted for one in sized),
            bill=self._bill(planned),
            notes=tuple(_notes(jobs, whole, facts)) if facts is not None else (_UNLISTED.format(provider.model),),
        )
        return planned, share

    def _composed(self, jobs: Iterable[Job], layout: Layout) -> list[Plan]:
        library, prompts = self._library.personas(), self._library.prompts()
        return [compose(prompts, library, one.persona, one.dossier, layout, one.note, one.opinions) for one in jobs]

    def _matrix(self, jobs: Sequence[Job]) -> Matrix:
        """What the layouts are compared for: these tools, and more of their kind up to the horizon, with every lens."""
        library, prompts = self._library.personas(), self._library.prompts()
        dossiers = list({job.dossier.tool.id: job.dossier for job in jobs}.values())[:MOST_PRICED]

        def sizes(asked: Iterable[tuple[Persona, Dossier, Layout]]) -> list[dict[Kind, int]]:
            plans = [compose(prompts, library, *each) for each in asked]
            return [
                {part.kind: tokens for part, tokens in zip(one.plan.segments, one.tokens, strict=True)}
                for one in self._counting.size(jobs[0].provider, plans)
            ]

        shared = sizes((lens, dossiers[0], SHARED) for lens in library)
        alone = sizes((lens, dossiers[0], ALONE) for lens in library)
        told = [one["dossier"] for one in sizes((library[0], dossier, SHARED) for dossier in dossiers)]
        return Matrix(
            house=shared[0]["house"],
            briefs=shared[0]["briefs"],
            lenses=tuple((one["brief"], one["ask"]) for one in alone),
            dossiers=tuple(islice(cycle(told), max(HORIZON, len(told)))),
        )

    def _bill(self, jobs: Iterable[Job]) -> Bill:
        now = self._clock.now()
        return bill(_charge(job, job.forecast, now) for job in jobs if job.forecast is not None)

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


def _above(one: Sized, minimum: int) -> Sized:
    return replace(one, plan=one.plan.above(minimum, one.tokens))


def _charge(job: Job, forecast: Forecast, at: datetime) -> Charge:
    return Charge(
        at=at,
        provider=job.provider.name,
        model=job.provider.model,
        run_id="",
        editor="",
        rehearsal=job.provider.rehearsal,
        live=False,
        usage=forecast.usage,
        cost=forecast.cost,
        uncached=forecast.uncached,
        predicted=forecast.cost,
    )


def _notes(jobs: Sequence[Job], sized: Sequence[Sized], facts: ModelFacts) -> Iterator[str]:
    """Prefixes too short for the model's cache, and prompts too long for the model: a sentence for each kind."""
    short: dict[Kind, dict[str, int]] = {}
    long: dict[str, int] = {}
    for job, one in zip(jobs, sized, strict=True):
        for part, reached in zip(one.plan.segments, accumulate(one.tokens), strict=True):
            if part.breakpoint is not None and reached < facts.minimum:
                what = job.dossier.tool.name if part.kind == "dossier" else ""
                short.setdefault(part.kind, {})[what] = reached
        if sum(one.tokens) + one.plan.max_tokens > facts.context:
            long[job.dossier.tool.name] = sum(one.tokens)
    for kind, found in short.items():
        subject = f"The dossier of {_named(found)}" if kind == "dossier" else "What all drafts share"
        tokens = f"{max(found.values()):,} of {facts.minimum:,} tokens"
        yield f"{subject} is too short to be cached by {facts.model} ({tokens})."
    if long:
        tokens = f"{max(long.values()):,} of {facts.context:,} tokens"
        yield f"The prompt about {_named(long)} leaves {facts.model} no room for an answer ({tokens})."


def _named(tools: Collection[str]) -> str:
    first, *others = tools
    return first + (f" and {len(others)} more" if others else "")
