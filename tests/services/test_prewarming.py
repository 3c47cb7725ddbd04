"""A prompt written to the cache beforehand: drafts then read it, it is paid for once, and it is on the bill."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_config, streamed
from tests.services.engines import Engine
from workbench.domain.bill import bill
from workbench.domain.events import Usage
from workbench.domain.forecast import Forecast
from workbench.domain.plan import Plan
from workbench.errors import ProviderError
from workbench.providers._scripted import ScriptedProvider
from workbench.services.budgeting import Budgets

WRITTEN = Usage(cache_write_1h_tokens=3000)


class Warming(ScriptedProvider):
    """Says what a warming would cost, cannot do it, or fails."""

    def __init__(self, answer: Usage | ProviderError | None) -> None:
        super().__init__(a_config("claude"), streamed('{"sentences": []}'))
        self.answer = answer
        self.warmed: list[Plan] = []

    async def warm(self, plan: Plan) -> Usage | None:
        self.warmed.append(plan)
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return self.answer


def test_what_was_cached_beforehand_is_read_by_drafts_and_is_on_the_bill(engine: Engine, clock: FakeClock) -> None:
    provider = Warming(WRITTEN)
    engine.install(provider)
    (job, *_) = engine.jobs("a-tool", personas=["builder"])
    engine.drafting.prewarm([job, job], editor="Ann").result(10)
    assert len(provider.warmed) == 1
    assert engine.drafting.warm("claude") == {prefix.digest for prefix in job.plan.prefixes}
    with engine.store.reading() as repositories:
        charges = repositories.drafts.charges(since=clock.now() - timedelta(hours=1))
    assert [(one.editor, one.usage, one.draft) for one in charges] == [("Ann", WRITTEN, False)]
    together = bill(charges)
    assert (together.drafts, together.cost) == (0, Decimal(3))


@pytest.mark.parametrize("answer", [None, ProviderError("overloaded", "It is overloaded.")])
def test_what_could_not_be_cached_beforehand_costs_nothing_and_holds_up_nobody(
    engine: Engine, clock: FakeClock, answer: ProviderError | None
) -> None:
    engine.install(Warming(answer))
    (job, *_) = engine.jobs("a-tool", personas=["builder"])
    engine.drafting.prewarm([job]).result(10)
    assert engine.drafting.warm("claude") == frozenset()
    with engine.store.reading() as repositories:
        assert repositories.drafts.charges(since=clock.now() - timedelta(hours=1)) == []
    assert engine.run_one("claude").ended_at is not None


def test_nothing_is_cached_beforehand_without_money(store: WilfulStore, clock: FakeClock, library: FakeLibrary) -> None:
    engine = Engine(store=store, clock=clock, library=library, budgets=Budgets(day=Decimal(1)))
    provider = Warming(WRITTEN)
    engine.install(provider)
    (job, *_) = engine.jobs("a-tool", personas=["builder"])
    dear = replace(job, forecast=Forecast(usage=WRITTEN, cost=Decimal(3), uncached=Decimal(3), counted=False))
    engine.drafting.prewarm([dear]).result(10)
    engine.drafting.close()
    assert provider.warmed == []
