"""Our own export read again: the same tools, to the last added fact, in this workspace and in an empty one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as some

from tests.exports import hostile, pages
from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_store
from tests.services.cells import ANN, BUILDER, Desk
from workbench.domain.carrying import added_facts
from workbench.domain.dossier import AddedFact, Entry
from workbench.domain.scorecard import Scorecard
from workbench.domain.submission import Submission, check
from workbench.errors import InputError
from workbench.exports.json_document import JsonDocument
from workbench.intake.json_file import JsonReader
from workbench.ports import Store
from workbench.services.importing import Importing
from workbench.services.publishing import Publishing

FACTS = (
    AddedFact(text="It costs $3 | a seat.", source="price page", checked_on="2026-01-31"),
    AddedFact(text="Rival: Loom.", source="hands-on, Ada"),
)
FULL = Submission(
    name="C++",
    description="It builds. It tests.\n\n- And lists.",
    vendor="Acme",
    category="Builds",
    tagline="Builds things",
    entry="Open source",
    url="https://c.example/?a=1&b=2",
    community_percent="62",
    community_votes="113",
    facts=FACTS,
)
PLAIN = Submission(name="C", description="It only compiles, so far.")


def importing_into(store: Store, clock: FakeClock) -> Importing:
    return Importing(store=store, readers={"json": JsonReader()}, decode=lambda data, _: data.decode(), clock=clock)


@pytest.fixture
def exported(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> bytes:
    """The exported page of two tools, both with a quote."""
    importing, desk = importing_into(store, clock), Desk(store=store, clock=clock)
    publishing = Publishing(store=store, library=library, exporters={"json": JsonDocument()}, clock=clock)
    left, right = importing.commit(importing.preview_form(FULL, PLAIN))
    for tool in (left, right):
        desk.edit(tool, BUILDER, "So it is.", ANN)
    return publishing.export(publishing.page(publishing.comparison(left, right)), "json").data


def test_where_it_came_from_an_export_changes_nothing(exported: bytes, store: WilfulStore, clock: FakeClock) -> None:
    preview = importing_into(store, clock).preview_file("page.json", exported)
    assert preview.errors == ()
    assert [(one.status, one.notices) for one in preview.candidates] == [("same", ()), ("same", ())]


def test_in_an_empty_workspace_the_tools_are_the_same(exported: bytes, clock: FakeClock, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    store = a_store(tmp_path / "empty", clock)
    importing = importing_into(store, clock)
    ids = importing.commit(importing.preview_file("page.json", exported))
    with store.reading() as repositories:
        kept = [repositories.tools.latest(one) for one in ids]
    store.close()
    wanted = [check(FULL).dossier, check(PLAIN).dossier]
    assert [one and one.digest for one in kept] == [one.digest for one in wanted]
    assert kept[0] is not None
    assert (kept[0].tool.url, kept[0].tool.community) == (FULL.url, wanted[0].tool.community)
    assert added_facts(kept[0]) == FACTS


submissions = some.builds(
    Submission,
    name=hostile.lines,
    description=hostile.prose.map(lambda text: f"It is a tool for tests. {text}"),
    vendor=hostile.lines,
    tagline=hostile.lines,
    entry=some.sampled_from(["", *Entry]),
    facts=some.lists(some.builds(AddedFact, text=hostile.lines, source=hostile.lines), max_size=3).map(tuple),
)


@hostile.unhurried
@given(submissions)
def test_whatever_came_through_the_door_comes_back_through_an_export(submission: Submission) -> None:
    try:
        dossier = check(submission).dossier
    except InputError:
        reject()  # what is turned away at the door is no case; too few that pass would fail the test
    card = Scorecard(
        tool=dossier.tool,
        description=dossier.description,
        dossier_digest=dossier.digest,
        quotes=(pages.quote(),),
        facts=added_facts(dossier),
    )
    again = JsonReader().read(JsonDocument().render(pages.page(card, pages.card(pages.BARE))).decode())
    assert check(again.submissions[0]).dossier == dossier
