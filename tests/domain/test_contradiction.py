"""Two places of a page that disagree, both of them named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.contradiction import Contradiction, contradictions
from workbench.domain.dossier import Entry, Tool
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.scorecard import Provenance, Quote, Scorecard
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DIGEST = Digest("0" * 64)


def card(*texts: str, entry: Entry | None = None, name: str = "Loom") -> Scorecard:
    """A tool with one quote for each text, by Lens 1, Lens 2 …"""
    return Scorecard(
        tool=Tool(id=ToolId(name.lower()), name=name, vendor="Thread Works", entry=entry),
        description="It weaves.",
        dossier_digest=DIGEST,
        quotes=tuple(
            Quote(
                persona_id=PersonaId(f"lens-{place}"),
                persona_label=f"Lens {place}",
                persona_order=place,
                text=text,
                verdict=None,
                provenance=Provenance(editor="Ann", decided_at=NOON, dossier_digest=DIGEST, persona_digest=DIGEST),
            )
            for place, text in enumerate(texts, start=1)
        ),
    )


def reasons(*cards: Scorecard) -> list[str]:
    return [one.reason for one in contradictions(cards)]


def words(one: Contradiction) -> tuple[str, str]:
    return one.one.words, one.other.words


@pytest.mark.parametrize(
    "text",
    [
        "The mill pays by the metre.",
        "Its token pricing is below that of Spindle.",
        "The vendor sells API tokens to mills.",
        "Each invoice has two lines.",
        "It costs $12 and up.",
        "The per-seat price rewards small mills.",
    ],
)
def test_a_quote_about_prices_disagrees_with_a_free_entry(text: str) -> None:
    (found,) = contradictions([card(text, entry=Entry.FREE)])
    assert (found.one.persona_id, found.one.words, found.other.persona_id) == (None, "Entry: Free", "lens-1")
    assert text[found.other.start : found.other.end] == found.other.words
    assert contradictions([card(text, entry=Entry.PAID)]) == ()


def test_the_reason_names_both_places() -> None:
    assert reasons(card("Still, it is free.", entry=Entry.PAID)) == [
        "Lens 1 of Loom says “is free”, the card of Loom says “Entry: Paid”: they disagree about what it costs."
    ]


@pytest.mark.parametrize(
    ("one", "other", "matter"),
    [
        ("It costs nothing to weave.", "The paid tier adds colour.", "what it costs"),
        ("The source is open.", "It is proprietary software.", "whether its source is open"),
        ("No rival has silk.", "It is catching up.", "who else has it"),
        ("Spindle has been shipping silk.", "Sooner or later Spindle will match silk.", "whether a rival has it yet"),
        ("It runs locally.", "It is cloud-only.", "where it runs"),
        ("There is no lock-in.", "Mills are locked in by habit.", "whether one can leave"),
    ],
)
def test_two_quotes_about_a_tool_disagree_whichever_comes_first(one: str, other: str, matter: str) -> None:
    for texts in ((one, other), (other, one)):
        (found,) = contradictions([card(*texts)])
        assert found.matter == matter
        assert {found.one.persona_id, found.other.persona_id} == {"lens-1", "lens-2"}
    assert [found.matter for found in contradictions([card(f"{one} {other}")])] == [matter]


@pytest.mark.parametrize(
    "texts",
    [
        ("It is free of charge.", "It is free."),
        ("It is not proprietary software.", "The source is open."),
        ("It is free.", "It was “sold on API tokens” and has `a subscription`."),
        ("Spindle has been shipping silk.", "Reel will match silk."),  # two different rivals
        ("Loom has been shipping silk.", "Loom will ship linen."),  # the tool itself
        ("The first loom to weave, and rivals already follow.",),  # one sentence weighs both
        ("There is a free tier.", "The paid tier adds colour."),
    ],
)
def test_what_goes_together_passes(texts: tuple[str, ...]) -> None:
    assert reasons(card(*texts)) == []


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("The team plan is $49 per user.", "At $99 per user the team plan is dear.", ("$49", "$99")),
        ("It costs $49 a month.", "Mills pay $59 a month for it.", ("$49", "$59")),
        ("It has a 256K context.", "Its context is 128K.", ("256K", "128K")),
        ("It holds 256K tokens of context.", "A 128K context window is in it.", ("256K", "128K")),
        ("Its weights are MIT-licensed.", "It is under the GPL.", ("MIT-licensed", "GPL")),
        ("It needs Python 3.11.", "Mills need Python 3.12 for it.", ("Python 3.11", "Python 3.12")),
        ("A pass takes 200 ms of loom time.", "Each pass is 2 seconds of loom time.", ("200", "2")),
        ("A pass takes 60 picks; it allows 60 requests per minute.", "It allows 60 requests per hour.", ("60", "60")),
    ],
)
def test_two_quotes_that_give_one_thing_two_values_disagree(one: str, other: str, said: tuple[str, str]) -> None:
    for texts in ((one, other), (other, one)):
        (found,) = contradictions([card(*texts)])
        assert set(words(found)) == set(said)
        assert {found.one.persona_id, found.other.persona_id} == {"lens-1", "lens-2"}
    (within,) = contradictions([card(f"{one} {other}")])
    assert set(words(within)) == set(said)


@pytest.mark.parametrize(
    "texts",
    [
        ("The team plan is $49 per user.", "The solo plan is $19 per user."),
        ("It costs $49 a month.", "It costs $588 a year."),
        ("It costs $49 a month.", "Next to it, Spindle costs $99 a month."),
        ("It has a 256K context.", "A 256,000-token context is in it."),
        ("It keeps results for 90 days.", "It reads results in 20 ms."),
        ("It has a 256K context.", "The prediction: by 2030 a 512K context is common."),
        ("It is MIT-licensed.", "It is open source."),
        ("It is under Apache 2.0.", "It is Apache-licensed."),
        ("It needs Python 3.11 or newer.", "It needs Python 3.12."),
        ("A pass takes 500 ms of loom time.", "Half a second of loom time is a pass."),
        ("A rival is Spindle 2.5.", "Spindle 1.5 came before it."),
        ("It cuts loom time by 35%.", "Some 20% of mills lose loom orders."),
    ],
)
def test_values_of_different_things_and_equal_ones_pass(texts: tuple[str, ...]) -> None:
    assert reasons(card(*texts)) == []


def test_a_quote_and_the_card_may_give_one_thing_two_values() -> None:
    page = replace(card("It holds 8 threads in its warp."), description="It holds 16 threads in its warp.")
    assert reasons(page) == []
    page = replace(card("It keeps 90 days of cloth records."), description="It keeps 30 days of cloth records.")
    (found,) = contradictions([page])
    assert (found.one.persona_id, words(found)) == (None, ("30", "90"))
    assert found.reason == ("the card of Loom says “30”, Lens 1 of Loom says “90”: they disagree about a figure.")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("It sells seats at $49.", Entry.FREE),
        ("It is sold by the loom.", Entry.FREE),
        ("One gets in at $49 a month.", Entry.FREE),
        ("The code is closed.", Entry.OPEN_SOURCE),
        ("It is free forever.", Entry.TRIAL),
    ],
)
def test_a_quote_that_says_how_one_gets_in_disagrees_with_another_entry(text: str, entry: Entry) -> None:
    (found,) = contradictions([card(text, entry=entry)])
    assert f"Entry: {entry.value}" in words(found)


@pytest.mark.parametrize("text", ["A rival's paid plan is dear.", "Spindle's paid plan is dear.", "Rivals sell seats."])
def test_what_a_rival_charges_goes_with_a_free_entry(text: str) -> None:
    assert reasons(card(text, entry=Entry.FREE)) == []


def test_what_the_tool_charges_does_not() -> None:
    assert len(reasons(card("Loom's paid plan is dear.", entry=Entry.FREE))) == 1


def test_quotes_about_two_tools_may_disagree() -> None:
    assert reasons(card("It runs locally."), card("It is cloud-only.", name="Spindle")) == []


def test_the_quotes_that_teach_the_lenses_do_not_contradict_themselves() -> None:
    lenses = FileLibrary(builtin_personas(), builtin_prompts()).personas()
    assert reasons(*(card(one.text, name=one.tool) for lens in lenses for one in lens.exemplars)) == []


def test_a_pair_of_places_is_named_once_for_each_matter() -> None:
    found = contradictions([card("It is free. It costs nothing. It runs offline.", "Each invoice, the subscription.")])
    assert [words(one) for one in found] == [("is free", "Each invoice")]


_parts = st.sampled_from(
    ["It is free. ", "paid tier ", "Spindle ", "already ship ", "will match ", "not ", "“", "Entry. "]
)


@given(st.lists(st.lists(_parts, max_size=12).map("".join), max_size=3), st.sampled_from([None, *Entry]))
def test_words_stand_where_they_are_said_to_stand(texts: list[str], entry: Entry | None) -> None:
    page = card(*texts, entry=entry)
    held = {quote.persona_id: quote.text for quote in page.quotes}
    for found in contradictions([page]):
        for place in (found.one, found.other):
            assert place.persona_id is None or held[place.persona_id][place.start : place.end] == place.words
