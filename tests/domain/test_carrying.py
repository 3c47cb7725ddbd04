"""What is known of a tool and not said again stays."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from workbench.domain.carrying import added_facts, carried
from workbench.domain.dossier import AddedFact, Community, Dossier, Entry, Fact, Tool, make_dossier
from workbench.domain.ids import ToolId

TEXT = "It builds. It tests."
PRICE = AddedFact(text="It costs $3.", source="price page", checked_on="2026-01-31")
RIVAL = AddedFact(text="Rival: Loom.", source="editor")
FULL = Tool(
    id=ToolId("a"),
    name="A",
    vendor="Acme",
    category="Builds",
    tagline="Builds things",
    entry=Entry.PAID,
    url="https://a.example",
    community=Community(ships=3, votes=4),
)
BARE = Tool(id=ToolId("a"), name="A")
KNOWN = make_dossier(FULL, TEXT, (PRICE, RIVAL), revision=3)

words = some.text("abc. !", max_size=30).map(lambda text: " ".join(text.split()))
facts = some.lists(
    some.builds(AddedFact, text=words.filter(bool), source=some.sampled_from(["description", "tagline", "a page"])),
    max_size=4,
).map(tuple)
tools = some.builds(
    Tool,
    id=some.just(ToolId("a")),
    name=some.just("A"),
    tagline=words,
    url=some.sampled_from(["", "https://a.example", "https://b.example"]),
    entry=some.sampled_from([None, *Entry]),
)
dossiers = some.builds(make_dossier, tools, words, facts)


def test_a_bare_description_keeps_everything_else_and_says_so() -> None:
    made = carried(KNOWN, make_dossier(BARE, "It builds anew."))
    assert made.dossier.tool == FULL
    assert [fact.text for fact in made.dossier.facts] == [
        "It builds anew.",
        "Builds things",
        "Entry: Paid",
        "It costs $3.",
        "Rival: Loom.",
    ]
    assert added_facts(made.dossier) == (PRICE, RIVAL)
    (notice,) = made.notices
    fields = "vendor, category, tagline, entry, url, community vote"
    assert notice == f"Not given here, so kept from revision 3: {fields} and 2 added facts."


def test_what_is_given_is_taken_and_nothing_is_said() -> None:
    other = replace(FULL, url="https://new.example", entry=Entry.FREE)
    told = make_dossier(other, "It builds anew.", (PRICE, RIVAL))
    assert carried(KNOWN, told) == carried(told, told)
    assert carried(KNOWN, told).dossier == told
    assert carried(KNOWN, told).notices == ()


def test_facts_of_its_own_take_the_place_of_the_known_ones_and_what_is_left_out_is_named() -> None:
    dearer = replace(PRICE, text="It costs $4.")
    made = carried(KNOWN, make_dossier(FULL, TEXT, (dearer,)))
    assert added_facts(made.dossier) == (dearer,)
    assert made.notices == (
        "Brings added facts of its own, so 2 added facts of revision 3 will be left out: “It costs $3.” and more.",
    )
    (one,) = carried(KNOWN, make_dossier(FULL, TEXT, (dearer, RIVAL))).notices
    assert one.endswith("so 1 added fact of revision 3 will be left out: “It costs $3.”.")


def test_facts_of_a_dossier_cut_by_other_rules_are_still_found() -> None:
    whole = Fact(number=1, text=TEXT, source="description")
    added = Fact(number=2, text=PRICE.text, source=PRICE.source, checked_on=PRICE.checked_on)
    assert added_facts(Dossier(tool=BARE, description=TEXT, facts=(whole, added))) == (PRICE,)
    assert added_facts(Dossier(tool=BARE, description=TEXT, facts=(whole,))) == ()


@given(tools, words, facts)
def test_the_facts_that_were_added_are_found_again(tool: Tool, text: str, added: tuple[AddedFact, ...]) -> None:
    assert added_facts(make_dossier(tool, text, added)) == added


@given(dossiers, dossiers)
def test_nothing_known_is_lost_unless_something_takes_its_place(known: Dossier, told: Dossier) -> None:
    made = carried(known, told).dossier
    assert made.description == told.description
    for field in ("tagline", "url", "entry"):
        given_one = getattr(told.tool, field) or getattr(known.tool, field)
        assert getattr(made.tool, field) == given_one
    assert added_facts(made) == (added_facts(told) or added_facts(known))


@given(dossiers, dossiers)
def test_to_carry_over_twice_is_to_carry_over_once(known: Dossier, told: Dossier) -> None:
    once = carried(known, told).dossier
    assert carried(once, once).dossier == once
    assert carried(known, once).dossier == once
