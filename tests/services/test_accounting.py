"""Bills by day, provider and editor, and why a cache hit that was foreseen did not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes import NOON
from tests.services.test_live import a_draft
from workbench.domain.bill import Charge, bill
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.domain.forecast import Forecast
from workbench.services.accounting import bills, explain


def charged(dollars: int, *, days: int = 0, provider: str = "claude", editor: str = "Ann", run: str = "r1") -> Charge:
    return Charge(
        at=NOON + timedelta(days=days),
        provider=provider,
        model="m",
        run_id=run,
        editor=editor,
        rehearsal=False,
        live=False,
        usage=Usage(input_tokens=100, output_tokens=10),
        cost=Decimal(dollars),
        uncached=Decimal(2 * dollars),
        predicted=Decimal(dollars + 1),
    )


def a_forecast(*, read: int, prompt: int = 10_000, counted: bool = True) -> Forecast:
    usage = Usage(input_tokens=prompt - read, cache_read_tokens=read, output_tokens=550)
    return Forecast(usage=usage, cost=None, uncached=None, counted=counted)


def ended(*, foreseen: int, read: int, prompt: int = 10_000, miss: str = "", lost: int = 0, model: str = "m") -> Draft:
    draft = a_draft()
    return replace(
        draft,
        origin=replace(draft.origin, forecast=a_forecast(read=foreseen), model=model),
        state="done",
        usage=Usage(input_tokens=prompt - read, cache_read_tokens=read, output_tokens=500),
        miss=miss,
        missed_tokens=lost,
    )


def test_charges_are_billed_by_day_and_provider_in_order() -> None:
    charges = [charged(4, days=1), charged(2, provider="codestral"), charged(1), charged(3)]
    found = bills(charges, ["day", "provider"])
    assert list(found) == [("2026-11-23", "claude"), ("2026-11-23", "codestral"), ("2026-11-24", "claude")]
    assert [one.cost for one in found.values()] == [4, 2, 4]
    assert found["2026-11-23", "claude"].predicted == 6
    assert found["2026-11-23", "claude"].saved == 0.5


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("editor", [("Ann",), ("Bea",)]),
        ("run", [("r1",), ("r2",)]),
        ("model", [("m",)]),
        ("provider", [("claude",)]),
    ],
)
def test_every_group_holds_every_charge_once(by: str, keys: list[tuple[str, ...]]) -> None:
    charges = [charged(1), charged(2, editor="Bea", run="r2")]
    found = bills(charges, [by])  # type: ignore[list-item]  # a parameter's text is a group's name
    assert list(found) == keys
    assert sum(one.cost or 0 for one in found.values()) == bill(charges).cost == 3


def test_nothing_drafted_is_no_bill() -> None:
    assert bills([], ["day"]) == {}


@pytest.mark.parametrize(("foreseen", "read"), [(0, 0), (8_000, 8_000), (8_000, 9_000), (8_000, 7_600)])
def test_a_hit_as_foreseen_needs_no_explanation(foreseen: int, read: int) -> None:
    assert explain(ended(foreseen=foreseen, read=read, miss="messages_changed")) == ""


def test_a_forecast_wrong_about_every_token_alike_is_no_miss() -> None:
    assert explain(ended(foreseen=8_000, read=5_600, prompt=7_000)) == ""


@pytest.mark.parametrize(
    "draft",
    [
        a_draft(),
        replace(ended(foreseen=8_000, read=0), usage=None),
        replace(ended(foreseen=8_000, read=0), state="streaming"),
        replace(ended(foreseen=8_000, read=0), usage=Usage()),
        replace(ended(foreseen=8_000, read=0), origin=a_draft().origin),
    ],
    ids=["not begun", "no usage", "still streaming", "an endpoint that counts nothing", "nothing foreseen"],
)
def test_where_nothing_can_be_said_nothing_is(draft: Draft) -> None:
    assert explain(draft) == ""


@pytest.mark.parametrize(
    ("miss", "why"),
    [
        ("system_changed", "what all drafts share was not the same"),
        ("tools_changed", "the answer's tool was not the same"),
        ("model_changed", "the model was not the same"),
        ("messages_changed", "the dossier or the thinking setting was not the same"),
        ("previous_message_not_found", "no longer knew the request"),
        ("unavailable", "could not compare it"),
        ("sent_early", "sent before the response that writes the entry had begun"),
        ("something_new", "the vendor says “something_new”"),
        ("", "the entry had expired or was evicted"),
    ],
)
def test_a_miss_is_explained_in_a_sentence(miss: str, why: str) -> None:
    said = explain(ended(foreseen=8_000, read=0, miss=miss))
    assert said.startswith("About 8,000 tokens should have come from the cache, 0 did: ")
    assert why in said
    assert said.endswith(".")
    assert "_changed" not in said


def test_the_vendors_own_count_of_what_was_lost_is_given() -> None:
    assert "(6,200 tokens)." in explain(ended(foreseen=8_000, read=900, miss="system_changed", lost=6_200))


def test_mistral_is_not_made_to_say_why() -> None:
    said = explain(ended(foreseen=8_000, read=0, model="codestral-2508"))
    assert said.endswith("the vendor's cache is best effort, and it never names a reason.")
