"""What a dossier has for each lens, and what an editor lets be opinion, as far as the request that is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fakes import FakeClock, FakeLibrary, FakePrices, WilfulStore, a_config
from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.errors import InputError, UnknownNameError
from workbench.services.planning import Job, Planning
from workbench.services.supplying import Supplying

TOOL = ToolId("a-tool")
SKEPTIC = PersonaId("skeptic")


@pytest.fixture
def supplying(store: WilfulStore, library: FakeLibrary, clock: FakeClock) -> Supplying:
    builder, skeptic, *others = library.lenses
    moat, *rest = skeptic.beats
    library.lenses = [builder, replace(skeptic, beats=(replace(moat, needs=("rival", "price")), *rest)), *others]
    return Supplying(store=store, library=library, clock=clock)


def dossier(store: WilfulStore) -> Dossier:
    with store.reading() as repositories:
        found = repositories.tools.latest(TOOL)
    assert found is not None
    return found


def beat_of(library: FakeLibrary) -> str:
    return library.lenses[1].beats[0].id


def summaries(supplying: Supplying, store: WilfulStore) -> list[str]:
    return [one.summary for one in supplying.of(dossier(store))]


def test_only_lenses_that_need_something_are_counted(supplying: Supplying, store: WilfulStore) -> None:
    assert summaries(supplying, store) == ["Skeptic 0/2"]


def test_a_beat_let_be_opinion_is_answered_until_it_is_taken_back(
    supplying: Supplying, store: WilfulStore, library: FakeLibrary
) -> None:
    supplying.mark(TOOL, "skeptic", beat_of(library), opinion=True, editor=" Ann ")
    assert supplying.opinions(TOOL) == {SKEPTIC: (beat_of(library),)}
    assert summaries(supplying, store) == ["Skeptic 2/2"]
    supplying.mark(TOOL, "skeptic", beat_of(library), opinion=False, editor="Ann")
    assert summaries(supplying, store) == ["Skeptic 0/2"]


def test_saying_it_twice_is_said_once(supplying: Supplying, store: WilfulStore, library: FakeLibrary) -> None:
    before = store.attempts
    for _ in range(2):
        supplying.mark(TOOL, "skeptic", beat_of(library), opinion=True, editor="Ann")
    assert store.attempts == before + 2
    assert supplying.opinions(TOOL) == {SKEPTIC: (beat_of(library),)}


@pytest.mark.parametrize(
    ("tool", "persona", "beat", "kind"),
    [("nobody", "skeptic", "", "tool"), ("a-tool", "poet", "", "persona"), ("a-tool", "skeptic", "rhyme", "beat")],
)
def test_what_is_not_there_is_named(
    supplying: Supplying, library: FakeLibrary, tool: str, persona: str, beat: str, kind: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        supplying.mark(ToolId(tool), persona, beat or beat_of(library), opinion=True, editor="Ann")
    assert caught.value.field == kind


def test_an_opinion_has_a_name_under_it(supplying: Supplying, library: FakeLibrary) -> None:
    with pytest.raises(InputError, match="needs a name"):
        supplying.mark(TOOL, "skeptic", beat_of(library), opinion=True, editor="  ")


def test_only_the_ask_of_that_lens_tells_the_model(
    supplying: Supplying, store: WilfulStore, library: FakeLibrary, clock: FakeClock
) -> None:
    planning = Planning(
        library=library,
        providers={"claude": a_config("claude")},
        idle={},
        prices=FakePrices(),
        clock=clock,
        opinions=supplying.opinions,
    )

    def jobs() -> list[Job]:
        return list(planning.plan(planning.jobs(dossier(store))).jobs)

    before = jobs()
    supplying.mark(TOOL, "skeptic", beat_of(library), opinion=True, editor="Ann")
    after = jobs()
    assert [one.plan.segments[:-1] for one in after] == [one.plan.segments[:-1] for one in before]
    assert [one.plan.prefixes for one in after] == [one.plan.prefixes for one in before]
    changed = [job.persona.id for job, was in zip(after, before, strict=True) if job.plan.segments != was.plan.segments]
    assert changed == [SKEPTIC]
    (ask,) = [one.plan.segments[-1].text for one in after if one.persona.id == SKEPTIC]
    assert ask.endswith(f"\n\nOpinion: `{beat_of(library)}`")
