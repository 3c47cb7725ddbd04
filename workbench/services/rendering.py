"""One draft's request as it would be sent: its parts, their tokens, where the cache's entries end, and its price."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from workbench.domain.dossier import Dossier
from workbench.domain.forecast import Sized, foresee
from workbench.domain.ids import Digest
from workbench.domain.models import ModelFacts
from workbench.domain.plan import Segment
from workbench.ports import Clock, Library, Prices, ProviderConfig
from workbench.services.counting import Counting
from workbench.services.planning import Planning


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One segment; `reached` are the prompt's tokens up to its end."""

    segment: Segment
    tokens: int
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A request in the order it is sent.

    Prices are US dollars, None if unknown: `cold` with nothing cached, `warm` with everything that can be; `anew` is
    what more a draft costs that has to write what all drafts share. `notes` are sentences on why a breakpoint is
    missing; `counted`: the tokens are the vendor's count.
    """

    provider: ProviderConfig
    parts: tuple[Part, ...]
    answer: int
    counted: bool
    cold: Decimal | None
    warm: Decimal | None
    anew: Decimal | None
    notes: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """Of the whole prompt."""
        return self.parts[-1].reached

    @property
    def shared(self) -> int:
        """Tokens of what all drafts share; 0 where nothing of it is cached."""
        return next((one.reached for one in self.parts if one.segment.breakpoint is not None), 0)


class Rendering:
    """Renders what a library would have a model told; `planning` plans with that library."""

    def __init__(
        self, *, planning: Callable[[Library], Planning], counting: Counting, prices: Prices, clock: Clock
    ) -> None:
        self._planning = planning
        self._counting = counting
        self._prices = prices
        self._clock = clock

    def render(
        self, library: Library, dossier: Dossier, persona: str, provider: str, *, count: bool = False
    ) -> Rendered:
        """The request for this persona's draft. `count` has the vendor count it, and waits.

        Raises UnknownNameError, KeyMissingError, LibraryError, SlotError and StoreError.
        """
        planning = self._planning(library)
        run = planning.plan(planning.jobs(dossier, personas=[persona], providers=[provider]), count=count)
        (job,), (share,) = run.jobs, run.shares
        (sized,) = self._counting.size(job.provider, [job.plan])
        prefixes = [prefix.digest for prefix in job.plan.prefixes]

        def price(warm: Collection[Digest]) -> Decimal | None:
            return self._price(job.provider, sized, share.facts, warm)

        cold, once = price(()), price(prefixes[:1])
        return Rendered(
            provider=job.provider,
            parts=tuple(
                Part(segment=segment, tokens=tokens, reached=reached)
                for segment, tokens, reached in zip(
                    job.plan.segments, sized.tokens, accumulate(sized.tokens), strict=True
                )
            ),
            answer=sized.answer,
            counted=sized.counted,
            cold=cold,
            warm=price(prefixes),
            anew=None if cold is None or once is None else cold - once,
            notes=share.notes,
        )

    def _price(
        self, provider: ProviderConfig, sized: Sized, facts: ModelFacts | None, warm: Collection[Digest]
    ) -> Decimal | None:
        (usage,) = foresee([sized], facts, warm)
        return self._prices.cost(provider.api, provider.model, usage, self._clock.now())
