"""A changed fact on the screen: on the desk, in its cell, on the verdict board and on the page, until it is decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, PERSONAS, TOOLS, Stage, staged
from tests.ui.test_comparison import comparison, drawn, open_points, write
from tests.ui.test_desk import ANN, counts
from workbench.domain.ids import PersonaId

BUILDER = PersonaId("builder")
PLACE = f"{KETTLE}-builder"
REVISED = TOOLS.partition("---")[0].replace("one file", "64 files")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        for tool in (KETTLE, ANVIL):
            for persona in PERSONAS:
                write(made, tool, persona)
        draft = made.drafted(personas=["builder"], providers=["claude"])[0]  # its sentences cite F1
        made.bench.deciding.accept(draft.id, "ship", ANN)
        made.bench.publishing.call(comparison(made), "Kettle.", "Ann")
        made.bench.importing.commit(made.bench.importing.preview_text(REVISED))
        yield made


def today(stage: Stage) -> str:
    return stage.bench.reopening.of_tool(KETTLE)[BUILDER].since.date().isoformat()


def test_the_desk_counts_and_lists_what_was_reopened_and_opens_its_cell(stage: Stage) -> None:
    screen = Screen("desk")
    assert counts(screen)[:4] == ["1", "0", "1", "1"]
    assert screen.buttons("next-up") == {"next-up": "Next: Builder of Kettle"}
    screen.at.segmented_control(key="desk.shelf").set_value("reopened")
    screen.run()
    assert f"Builder: under review since {today(stage)}" in drawn(screen)
    assert "Builder of Kettle: under review: a fact it rests on has changed" in drawn(screen)
    assert screen.buttons(f"open-{KETTLE}") == {f"open-{KETTLE}": "Decide"}
    screen.click(f"open-{KETTLE}")
    assert screen.title == "Draft room"
    assert screen.at.query_params["cell"] == "builder"


def test_the_cell_shows_what_changed_and_lets_the_quote_stand_for_a_reason(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE])
    assert [one.startswith(f"Under review since {today(stage)}") for one in screen.said("warning")] == [True]
    assert "<del>one file.</del><ins>64 files.</ins>" in drawn(screen)
    assert "Under review · Ship" in drawn(screen)
    cells = {one["place"]: one for one in screen.rail["cells"]}
    assert (cells[PLACE]["state"], cells[PLACE]["decided"]) == ("reopened", False)
    assert "Accept again" in screen.buttons("accept-").values()
    screen.open(f"standing-{PLACE}-").click(f"uphold-{PLACE}")
    assert ["Why does the quote stand" in one for one in screen.said("error")] == [True]
    screen.at.text_input(key=f"stands-{PLACE}").set_value("It never counted files.")
    screen.run().click(f"uphold-{PLACE}")
    assert screen.said("warning") == []
    assert stage.decisions("builder")[-1] == "upheld"
    screen.click(f"past-{PLACE}")
    assert any("The quote stands all the same: It never counted files" in one for one in screen.said("markdown"))
    assert counts(Screen("desk"))[:4] == ["0", "0", "0", "2"]


def test_accepting_again_ends_the_review_and_undo_says_what_it_takes_back(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE])
    screen.click(f"accept-{stage.draft('builder', 'claude').id}")
    assert screen.said("warning") == []
    screen.click(f"undo-{PLACE}")
    assert len(screen.said("warning")) == 1


def test_the_comparison_says_so_on_its_board_its_list_and_its_page(stage: Stage) -> None:
    screen = Screen("comparison", tool=[KETTLE, ANVIL])
    assert f"under review since {today(stage)}" in drawn(screen)
    [point] = [one for one in open_points(screen) if "under review" in one]
    assert point == (
        f"Builder of Kettle is under review since {today(stage)}, for what it rests on has changed. "
        "F1: “one file.” became “64 files.”."
    )
    assert "sign" not in screen.buttons()
    assert len(list(screen.at.get("download_button"))) == len(stage.bench.publishing.exporters)
    page = stage.bench.publishing.page(comparison(stage))
    for exporter in stage.bench.publishing.exporters:
        said = stage.bench.publishing.export(page, exporter.name).data.decode("utf-8")
        assert f"Under review since {today(stage)}" in said or f'"since": "{today(stage)}T' in said


def test_the_page_tells_what_changed_since_it_last_left(stage: Stage) -> None:
    screen = Screen("comparison", tool=[KETTLE, ANVIL])
    assert "This pair has not been exported yet." in screen.said("caption")
    stage.bench.exporting.export(stage.bench.publishing.page(comparison(stage)), "html", editor="Ann")
    assert any(one.startswith("Nothing has changed since the export of") for one in screen.run().said("caption"))
    stage.bench.deciding.uphold(KETTLE, BUILDER, "It never counted files.", ANN)
    screen.run()
    [box] = [one for one in screen.at.expander if one.label.startswith("What changed since the export of")]
    assert "(html, Ann)" in box.label
    assert f"<del>[Under review since {today_of_export(stage)}" in drawn(screen)


def today_of_export(stage: Stage) -> str:
    with stage.bench.store.reading() as repositories:
        return repositories.tools.since(KETTLE, 2)[0][1].date().isoformat()
