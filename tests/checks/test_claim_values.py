"""Values said in other units and words are the same value, and one that only looks the same is another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.checks.test_claims import found, judged
from workbench.domain.dossier import AddedFact, Dossier, Entry, Tool, make_dossier
from workbench.domain.ids import ToolId

MARKED = {"absent", "conflicts", "miscited"}


def about(description: str, *facts: str, entry: Entry = Entry.PAID) -> Dossier:
    tool = Tool(id=ToolId("sluice"), name="Sluice", vendor="Weir Labs", category="Developer Tools", entry=entry)
    return make_dossier(tool, description, tuple(AddedFact(text=one, source="editor") for one in facts))


SLUICE = about(
    "Sluice moves rows between databases and opens large files of any size. It answers in 500 ms and gives up after 10 "
    "minutes. A run needs 4 GB of memory and keeps 10 GB on disk. Its API is public, and the source is open to read. "
    "It lowers memory use on large joins. It scans 40 GB of logs an hour. It has a full index and copies rows in bulk.",
    "Team plan: $49 per user per month.",
    "Pro plan: $99 a month.",
    "API: $0.3 per million input tokens and $0.9 per million output tokens, with a 128K context window.",
    "It needs Python 3.11+ and Node 20, and reads PostgreSQL 16.",
    "Limit: 60 requests per minute.",
    "It reads 40 languages and keeps results for 90 days.",
    "Licence: released under the Apache 2.0 licence.",
    "Rival: Dredge 4 costs $20 a month.",
    "Released in March 2026; 450 companies use it.",
)


def marks(text: str, dossier: Dossier = SLUICE) -> list[str]:
    return [one.text for one in found(text, dossier) if one.standing in MARKED]


@pytest.mark.parametrize(
    "text",
    [
        "It answers in 0.5 seconds, in half a second, that is.",
        "It gives up after 600 seconds.",
        "A run needs 4096 MB of memory.",
        "It keeps 10,000 MB on disk.",
        "It scans 40,000 MB an hour.",
        "In an hour it scans 40 GB.",
        "The API is $0.3 per 1M input tokens.",
        "$0.3/M input tokens is the price.",
        "Output costs $0.90 per 1,000,000 output tokens.",
        "Sixty requests a minute is the limit.",
        "At $49/user/month the team plan adds up.",
        "It is $49 per user, per month.",
        "It is $49 per seat per month.",
        "It costs 49 USD per user and month, or USD 49.",
        "It costs forty-nine dollars per user each month.",
        "Input is $0.3/M tokens, says nobody.",
        "It costs $99 monthly.",
        "It needs Python 3.11 or newer.",
        "It runs on Python 3.11+.",
        "It needs Node.js 20.",
        "It reads Postgres 16.",
        "It loads rows by COPY.",
        "It pages somebody at 3 a.m. and runs 24/7.",
        "It came out in spring 2026.",
        "Hundreds of companies use it, and dozens of languages are read.",
        "It is released under the Apache License, Version 2.0.",
        "The licence is Apache-2.0.",
        "It is not free.",
        "Nobody, Everyone and Somebody want that.",
    ],
)
def test_a_value_in_other_units_and_words_is_in_the_dossier(text: str) -> None:
    assert marks(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It has 2 clusters.", "2"),
        ("It costs $2.", "$2"),
        ("It needs 2 GB.", "2"),
        ("Two customers use it.", "Two"),
        ("60 requests per hour is the limit.", "60"),
        ("60 requests a day is the limit.", "60"),
        ("It scans 40 GB a minute.", "40"),
        ("It scans 40 TB an hour.", "40"),
        ("It costs $0.30 per thousand input tokens.", "$0.30"),
        ("It costs $0.30 per thousand.", "$0.30"),
        ("It costs $0.30 per million output tokens.", "$0.30"),
        ("It costs $49 a month.", "$49"),
        ("It reads three dozen languages.", "three dozen"),
        ("It is written in Go.", "Go"),
        ("It feeds dbt and rows.", "dbt"),
        ("Half of all teams use it.", "Half"),
        ("A third of companies use it.", "A third"),
        ("It is twice as fast.", "twice"),
        ("Thousands of companies use it.", "Thousands"),
        ("It answers in a tenth of a second.", "a tenth of a second"),
        ("It came out on 12/05/2026.", "12/05/2026"),
        ("It needs Python 3.10.", "Python 3.10"),
        ("Node.js 18 is enough.", "Node.js 18"),
        ("It reads PostgreSQL 15.", "PostgreSQL 15"),
        ("It is under the GPLv3.", "GPLv3"),
        ("It is Apache 1.1.", "Apache 1.1"),
        ("It is billed annually.", "billed annually"),
    ],
)
def test_a_value_that_only_looks_the_same_is_marked(text: str, said: str) -> None:
    assert said in marks(text)


WIRE = about(
    "Sluice keeps an entry for five minutes or for one hour. Its context is 128K tokens.",
    "Rates: $0.30 per million input tokens, $0.03 per million cached ones and $0.90 per million output tokens.",
    "A write costs 1.25x the input price and a read 0.1x.",
    "Rival: Dredge 5.5 is listed at $2 per million input tokens and $10 per million output tokens.",
)
"""Several rates in one sentence."""


@pytest.mark.parametrize(
    "text",
    [
        "An entry lives five minutes or an hour.",
        "Cached input is $0.03 per 1M tokens.",
        "Input costs thirty cents a million.",
        "Dredge 5.5 costs $2 per million input tokens and $10 per million output tokens.",
        "Its price per million output tokens is $0.90.",
        "At $0.30 per million in, a call of 10,000 input tokens costs $0.003.",
        "Three dollars buys ten million input tokens.",
        "Writing costs 1.25 times the input price, and a read costs 0.1x.",
    ],
)
def test_each_rate_of_a_sentence_is_its_own(text: str) -> None:
    assert marks(text, WIRE) == []


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("$2 per million output tokens is the price of Dredge 5.5.", "conflicts"),
        ("A read is ten times cheaper.", "absent"),
        ("Sluice is MIT.", "absent"),
    ],
)
def test_a_rate_of_something_else_is_another_one(text: str, standing: str) -> None:
    assert standing in judged(text, WIRE).values()


def test_a_day_is_in_the_dossier_in_either_order() -> None:
    dated = about("Sluice came out on 2026-03-12.")
    assert marks("It came out on 12/03/2026, or 03/12/2026.", dated) == []
    assert marks("It came out on 13/03/2026.", dated) == ["13/03/2026"]


@pytest.mark.parametrize(
    "text",
    [
        "It opens a small file at once.",
        "A closed file stays closed.",
        "It has a private API for its own plugins.",
        "A partial index is often enough.",
        "The daily build is for the brave.",
        "The starter plan costs $19.",
        "Output costs $0.9 per 1M cached tokens.",
        "It runs on Python 3.13.",
        "It is $49 for each project.",
        "It answers 200 ms faster than before.",
        "Gives up five minutes later.",
        "A public API and a private one.",
    ],
)
def test_what_need_not_be_about_the_same_thing_is_no_conflict(text: str) -> None:
    assert "conflicts" not in judged(text, SLUICE).values()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Its API is private.", "private"),
        ("The source is closed.", "source is closed"),
        ("It raises memory use on large joins.", "raises"),
        ("The pro plan costs $129.", "$129"),
        ("It reads PostgreSQL 15.", "PostgreSQL 15"),
        ("It is free for everyone.", "is free"),
    ],
)
def test_what_contradicts_a_fact_about_the_same_thing_is_a_conflict(text: str, said: str) -> None:
    assert judged(text, SLUICE)[said] == "conflicts"


def test_the_only_price_of_a_tool_is_contradicted_by_any_other_of_its_kind() -> None:
    sole = about("Sluice moves rows.", "It costs $49 a month.", "Rival: Dredge costs $20 a month.")
    assert judged("One pays $59 for it.", sole) == {"$59": "conflicts"}
    assert judged("One pays $59 for Kestrel.", sole) == {"$59": "absent", "Kestrel": "absent"}
    assert judged("One pays $0.2 per query.", sole) == {"$0.2": "absent"}


def test_a_sum_that_follows_from_a_price_is_in_the_dossier() -> None:
    assert marks("That is $588 a year.") == []
    assert marks("Ten users cost $490 a month, or $5,880 a year.") == []
    assert marks("Five of them pay $245 a month.") == []
    assert marks("Ten users cost $480 a month.") == ["Ten", "$480"]


@pytest.mark.parametrize(
    ("text", "said", "standing"),
    [
        ("It is paid only.", "paid only", "conflicts"),
        ("It costs nothing at all.", "costs nothing at all", "conflicts"),
        ("It is free forever.", "is free forever", "absent"),
        ("It has a free tier.", "free tier", "in_dossier"),
        ("It is billed annually.", "billed annually", "conflicts"),
        ("It is invoiced by the month.", "invoiced by the month", "in_dossier"),
    ],
)
def test_a_freemium_tool_is_neither_all_free_nor_all_paid(text: str, said: str, standing: str) -> None:
    freemium = about("Sluice moves rows.", "The paid plan is billed monthly.", entry=Entry.FREEMIUM)
    assert judged(text, freemium)[said] == standing


def test_what_is_free_for_ever_contradicts_a_trial() -> None:
    trial = about("Sluice moves rows.", entry=Entry.TRIAL)
    assert judged("It is free forever.", trial) == {"is free forever": "conflicts"}


def test_a_rate_by_the_second_has_the_minute_in_it() -> None:
    fast = about("Sluice takes 600 requests per minute, or 10 rps, at 5 ms per request.")
    assert marks("It takes 10 requests per second.", fast) == []
    assert marks("It takes 10 rps at 5 ms/request.", fast) == []
    assert marks("It takes 20 rps.", fast) == ["20"]


_TIMES = {"milliseconds": 1, "seconds": 1_000, "minutes": 60_000, "hours": 3_600_000, "days": 86_400_000}
_SIZES = {"KB": 1, "MB": 1_000, "GB": 1_000_000, "TB": 1_000_000_000}


@settings(deadline=None)
@given(st.integers(2, 900), st.sampled_from([_TIMES, _SIZES]), st.data())
def test_an_amount_is_the_same_in_every_unit_it_can_be_written_in(
    amount: int, units: dict[str, int], data: st.DataObject
) -> None:
    unit, other = data.draw(st.sampled_from(list(units))), data.draw(st.sampled_from(list(units)))
    dossier = about(f"Sluice holds {amount} {unit} of rows.")
    told = Decimal(amount * units[unit]) / units[other]
    assume(told == told.quantize(Decimal("0.001")))
    assert marks(f"It holds {told.normalize():f} {other} of rows.", dossier) == []
    assert marks(f"It holds {told + 1000:f} {other} of rows.", dossier) != []
