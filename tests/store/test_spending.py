"""What a day cost, added up in the database: the same to the last digit as the sum of what is kept of each draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.store.samples import BUILDER, NOON, TOOL, a_decision, a_dossier, a_draft, new_store
from workbench.domain.bill import Charge, bill, together
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.domain.forecast import Forecast
from workbench.domain.ids import RunId
from workbench.store.workspace import SqlStore

COUNTS = some.integers(0, 10**6)
COSTS = some.none() | some.decimals("0", "50", places=10)
USAGES = some.none() | some.builds(
    Usage,
    input_tokens=COUNTS,
    cache_read_tokens=COUNTS,
    cache_write_5m_tokens=COUNTS,
    cache_write_1h_tokens=COUNTS,
    output_tokens=COUNTS,
)
REQUESTS = some.lists(
    some.tuples(some.sampled_from(["claude", "codestral"]), some.booleans(), some.booleans(), USAGES, COSTS),
    max_size=8,
)
"""Provider, rehearsed, a draft (else it filled a cache), usage, cost."""


def kept(number: int, provider: str, usage: Usage | None, cost: Decimal | None, *, rehearsal: bool) -> Draft:
    draft = a_draft(f"draft-{number}", take=number, provider=provider)
    origin = replace(draft.origin, rehearsal=rehearsal)
    return replace(draft, origin=origin, usage=usage, cost=None if usage is None else cost)


def charged(provider: str, usage: Usage | None, cost: Decimal | None, *, rehearsal: bool) -> Charge:
    return Charge(
        at=NOON,
        provider=provider,
        model="a-model",
        run_id="",
        editor="Ann",
        rehearsal=rehearsal,
        live=False,
        usage=usage or Usage(),
        cost=cost,
        uncached=cost,
        predicted=cost,
        draft=False,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=REQUESTS)
def test_what_was_spent_is_what_the_charges_come_to(
    tmp_path: Path, requests: list[tuple[str, bool, bool, Usage | None, Decimal | None]]
) -> None:
    (tmp_path / "workbench.db").unlink(missing_ok=True)
    store = new_store(tmp_path)
    with store.writing() as repositories:
        repositories.tools.add(a_dossier(), NOON)
        for number, (provider, rehearsal, draft, usage, cost) in enumerate(requests, start=1):
            if draft:
                repositories.drafts.add(kept(number, provider, usage, cost, rehearsal=rehearsal))
            else:
                repositories.drafts.charge(charged(provider, usage, cost, rehearsal=rehearsal))
    with store.reading() as repositories:
        spent, charges = repositories.drafts.spent(since=NOON), repositories.drafts.charges(since=NOON)
        assert repositories.drafts.spent(since=NOON + timedelta(seconds=1)) == []
    store.close()
    for one in spent:
        own = [each for each in charges if (each.provider, each.rehearsal) == (one.provider, one.rehearsal)]
        told = bill(own)
        assert (one.drafts, one.unpriced, one.prompt_tokens, one.cost) == (
            told.drafts,
            told.unpriced,
            told.usage.prompt_tokens,
            told.cost,
        )
    whole, told = together(spent), bill(charges)
    assert (whole.drafts, whole.unpriced, whole.cost, whole.rehearsal) == (
        told.drafts,
        told.unpriced,
        told.cost,
        told.rehearsal,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=some.lists(some.tuples(some.sampled_from(["Ann", "Bo"]), *[some.booleans()] * 3, COSTS, COSTS)))
def test_what_a_day_has_taken_is_what_ended_drafts_cost_and_live_ones_should(
    tmp_path: Path, requests: list[tuple[str, bool, bool, bool, Decimal | None, Decimal | None]]
) -> None:
    (tmp_path / "workbench.db").unlink(missing_ok=True)
    store = new_store(tmp_path)
    own: dict[tuple[bool, str], Decimal] = {}
    with store.writing() as repositories:
        repositories.tools.add(a_dossier(), NOON)
        for number, (editor, rehearsal, live, apart, cost, foreseen) in enumerate(requests, start=1):
            draft = a_draft(f"draft-{number}", take=number)
            forecast = Forecast(usage=Usage(), cost=foreseen, uncached=None, counted=False)
            run_id = RunId("apart" if apart else "run")
            origin = replace(draft.origin, editor=editor, rehearsal=rehearsal, run_id=run_id, forecast=forecast)
            repositories.drafts.add(replace(draft, origin=origin, state="streaming" if live else "done", cost=cost))
            if not apart:
                share = (foreseen if live else cost) or cost or Decimal(0)
                own[rehearsal, editor] = own.get((rehearsal, editor), Decimal(0)) + share
        repositories.drafts.charge(charged("claude", None, Decimal(7), rehearsal=False))
    own[False, "Ann"] = own.get((False, "Ann"), Decimal(0)) + 7
    with store.reading() as repositories:
        for rehearsal in (False, True):
            taken = repositories.drafts.taken(NOON, rehearsal=rehearsal, apart={"apart"})
            assert taken == {editor: cost for (kind, editor), cost in own.items() if kind == rehearsal}
            later = repositories.drafts.taken(NOON + timedelta(seconds=1), rehearsal=rehearsal)
            assert later == {}
    store.close()


def test_a_draft_waits_until_its_cell_has_a_quote(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(a_draft())
    with store.reading() as repositories:
        assert repositories.drafts.unapproved(since=NOON)
        assert not repositories.drafts.unapproved(since=NOON + timedelta(seconds=1))
    with store.writing() as repositories:
        repositories.decisions.append(a_decision(persona=BUILDER))
    with store.reading() as repositories:
        assert repositories.drafts.of_tool(TOOL)
        assert not repositories.drafts.unapproved(since=NOON)
