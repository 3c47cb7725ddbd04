"""What the dossiers on the desk lack is seen beside the draft button, and a beat may be let be opinion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, Stage, staged
from workbench.domain.dossier import AddedFact, make_dossier

FACTS = (
    "The `boil` command limits a build to 400 files.",
    "It costs $12 a month per seat; the buyer is a platform team.",
    "Rival: Cauldron boils the same builds.",
    "Trend: bundlers have been retired by teams since 2019.",
)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


def meters(screen: Screen) -> str:
    return " ".join(one.proto.body for one in screen.at.get("html") if 'class="fuel"' in one.proto.body)


def label(screen: Screen) -> str:
    popovers = [node.proto.popover.label for node in screen.at._tree if getattr(node, "type", "") == "popover"]
    return next(str(one) for one in popovers if one.startswith("Facts for the beats"))


def supply(stage: Stage) -> None:
    """A revision of Kettle's dossier with a fact for every beat."""
    old = stage.dossier()
    facts = tuple(AddedFact(text=text, source="survey") for text in FACTS)
    with stage.bench.store.writing() as repositories:
        made = make_dossier(old.tool, old.description, facts, revision=old.revision + 1)
        repositories.tools.add(replace(made), stage.bench.desk._clock.now())


@pytest.mark.usefixtures("stage")
def test_a_lens_without_facts_says_so_beside_the_button_and_what_to_add() -> None:
    shown = meters(Screen("room", tool=[KETTLE]))
    assert "Skeptic 0/2" in shown
    assert "“Rivals” wants a named rival, with a source; “Breakage” wants a limit or a known failure." in shown


@pytest.mark.usefixtures("stage")
def test_each_tool_has_a_row_of_its_own() -> None:
    shown = meters(Screen("room", tool=[KETTLE, ANVIL]))
    assert shown.count('class="fuel"') == 2
    assert "<b>Kettle</b>" in shown
    assert "<b>Anvil DB</b>" in shown


def test_a_dossier_with_a_fact_for_every_beat_is_one_quiet_word(stage: Stage) -> None:
    supply(stage)
    screen = Screen("room", tool=[KETTLE])
    assert meters(screen) == ""
    assert label(screen) == "Facts for the beats 6/6"
    assert not screen.buttons("opinion-")


def test_a_beat_let_be_opinion_is_answered_and_told_to_the_model(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE])
    before = label(screen)
    screen.click(f"opinion-{KETTLE}-skeptic-rivals-rival")
    assert "Skeptic 1/2" in meters(screen)
    assert label(screen) != before
    [job] = stage.bench.planning.jobs(stage.dossier(), personas=["skeptic"], providers=["claude"])
    assert "opinion: `rivals`" in job.plan.segments[-1].text
    assert screen.buttons("opinion-")[f"opinion-{KETTLE}-skeptic-rivals-rival"] == "Needs a fact after all"
    screen.click(f"opinion-{KETTLE}-skeptic-rivals-rival")
    assert label(screen) == before


def test_once_everything_is_drafted_the_meters_are_gone_and_the_button_stays(stage: Stage) -> None:
    stage.drafted()
    screen = Screen("room", tool=[KETTLE])
    assert meters(screen) == ""
    assert label(screen).startswith("Facts for the beats")
