"""A second reading through the real providers over HTTP: kept, charged, and no judge of an approval."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.staging import alone, some_settings
from workbench.bootstrap import Workbench, build
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.second_reading import RULE
from workbench.errors import DecisionError, SettingsError
from workbench.services.deciding import Signature

KETTLE = (
    "Name: Kettle\nVendor: Steam Works\n\n"
    "Kettle boils a build down to one file. It runs on a laptop. Kettle costs $20 a month for each editor."
)
HELD = "Kettle boils a build down to one file."
FREE = "Nobody has ever asked what happens to artefacts overnight."
BUILDER = PersonaId("builder")
ANN = Signature(editor="Ann")


def a_bench(folder: Path, **review: object) -> Workbench:
    return build(some_settings(folder, workspace=folder / "work.db", review=review))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    alone(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def bench(folder: Path) -> Iterator[Workbench]:
    made = a_bench(folder, model_pass=True)
    yield made
    made.close()


def quoted(bench: Workbench) -> ToolId:
    """A tool with a quote by hand: its first sentence is a fact of the dossier, its second is not."""
    [tool_id] = bench.importing.commit(bench.importing.preview_text(KETTLE))
    bench.deciding.edit(tool_id, BUILDER, f"{HELD} {FREE}", ANN)
    return tool_id


def test_a_reading_marks_what_the_dossier_does_not_hold_and_is_kept_with_its_cost(bench: Workbench) -> None:
    tool_id = quoted(bench)
    before = bench.budgeting.standings("Ann", rehearsal=True)
    prepared = bench.rereading.prepare(tool_id, BUILDER)
    found = bench.rereading.start(prepared, editor="Ann").result()
    assert found is not None
    assert bench.rereading.failed(tool_id, BUILDER) == ""
    assert [row.words for row in found.rows] == [FREE]
    assert (found.editor, found.rehearsal, found.refused) == ("Ann", True, 0)
    assert found.cost is not None
    assert prepared.cost is not None
    assert before == bench.budgeting.standings("Ann", rehearsal=True)  # no limits are set: nothing stands
    with bench.store.reading() as repositories:
        assert repositories.readings.of_tool(tool_id) == [found]
        [charge] = repositories.drafts.charges(since=found.at.replace(hour=0, minute=0, second=0, microsecond=0))
        remarks = bench.remarking.on(repositories, tool_id).on_cell(bench.deciding.cells(tool_id)[BUILDER])
        assert repositories.drafts.of_tool(tool_id) == []  # it is no take of the cell
    assert (charge.draft, charge.cost) == (False, found.cost)
    [mark] = [one for one in remarks if one.finding.rule == RULE]
    assert mark.finding.reason.endswith("too few of its words stand in any one fact.")


def test_a_reading_of_other_words_marks_nothing(bench: Workbench) -> None:
    tool_id = quoted(bench)
    bench.rereading.start(bench.rereading.prepare(tool_id, BUILDER), editor="Ann").result()
    bench.deciding.edit(tool_id, BUILDER, f"{HELD} And that is all.", ANN)
    cell = bench.deciding.cells(tool_id)[BUILDER]
    assert bench.rereading.of(cell) is None
    with bench.store.reading() as repositories:
        remarks = bench.remarking.on(repositories, tool_id).on_cell(cell)
    assert RULE not in {one.finding.rule for one in remarks}


def test_another_vendors_model_reads_what_a_model_has_drafted(bench: Workbench) -> None:
    [tool_id] = bench.importing.commit(bench.importing.preview_text(KETTLE))
    with bench.store.reading() as repositories:
        dossier = repositories.tools.latest(tool_id)
    assert dossier is not None
    for drafter, reader in (("claude", "codestral"), ("codestral", "claude")):
        [draft] = bench.drafting.start(bench.planning.jobs(dossier, personas=["builder"], providers=[drafter]))
        bench.drafting.wait([draft.id])
        bench.deciding.accept(draft.id, None, ANN)
        found = bench.rereading.start(bench.rereading.prepare(tool_id, BUILDER), editor="Ann").result()
        assert found is not None
        assert found.provider == reader


def test_it_is_off_unless_the_settings_ask_for_it(folder: Path) -> None:
    bench = a_bench(folder)
    try:
        with pytest.raises(SettingsError, match=r"review\.model_pass"):
            bench.rereading.prepare(quoted(bench), BUILDER)
    finally:
        bench.close()


def test_where_no_quote_stands_there_is_nothing_to_read(bench: Workbench) -> None:
    [tool_id] = bench.importing.commit(bench.importing.preview_text(KETTLE))
    with pytest.raises(DecisionError, match="No quote stands here"):
        bench.rereading.prepare(tool_id, BUILDER)


def test_a_reading_outlives_a_restart(folder: Path, bench: Workbench) -> None:
    tool_id = quoted(bench)
    found = bench.rereading.start(bench.rereading.prepare(tool_id, BUILDER), editor="Ann").result()
    bench.close()
    again = a_bench(folder)
    try:
        assert again.rereading.of(again.deciding.cells(tool_id)[BUILDER]) == found
    finally:
        again.close()
