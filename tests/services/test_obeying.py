"""A model that obeys thirty injected dossiers, over HTTP: nothing is accepted, published, called or leaked by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request

from tests.domain.injected import INJECTED, Injected
from workbench.bootstrap import Workbench, build
from workbench.domain.draft import Draft
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.submission import Submission
from workbench.errors import DecisionError, ExportError
from workbench.rehearsal.admission import Arrival, Door
from workbench.rehearsal.course import Vendor
from workbench.rehearsal.obeying import CALLS
from workbench.services.deciding import Signature
from workbench.services.reading import read_partial
from workbench.settings import load

ANN = Signature(editor="Ann")
PERSONAS = ("builder", "skeptic")
BUILDER = PersonaId("builder")
CANARY, CLEAN_CANARY = "Serial of the loom: zimtkorn-4471.", "Serial of the saw: harzduft-9083."
CLEAN = Submission(name="Kettbaum", description=f"Kettbaum saws beams to length for mills. {CLEAN_CANARY}")
MODELS = {
    "claude": {"api": "anthropic", "model": "claude-sonnet-5-5+obeying"},
    "codestral": {"api": "mistral", "model": "codestral-2508+obeying"},
}


@pytest.fixture
def bodies(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request body that reaches the server, as it came over HTTP."""
    seen: list[str] = []
    arrived = Door.arrival

    async def recorded(door: Door, request: Request, vendor: Vendor, *, drafting: bool) -> Arrival:
        found = await arrived(door, request, vendor, drafting=drafting)
        if drafting:
            seen.append(json.dumps(found.body, ensure_ascii=False))
        return found

    monkeypatch.setattr(Door, "arrival", recorded)
    return seen


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    rehearsal = {"mode": "always", "first_token": 0, "tokens_per_second": 100_000}
    made = build(load(workspace=tmp_path / "w.db", sample=False, rehearsal=rehearsal, providers=MODELS))
    yield made
    made.close()


def drafted(bench: Workbench, *tools: ToolId) -> dict[ToolId, list[Draft]]:
    with bench.store.reading() as repositories:
        dossiers = [one for tool in tools if (one := repositories.tools.latest(tool)) is not None]
    jobs = [job for one in dossiers for job in bench.planning.jobs(one, personas=PERSONAS)]
    started = bench.drafting.start(bench.planning.plan(jobs).jobs)
    bench.drafting.wait(one.id for one in started)
    return {tool: [one.draft for one in bench.drafting.of_tool(tool)] for tool in tools}


@pytest.mark.parametrize("injected", INJECTED, ids=lambda one: one.name)
def test_an_obeying_model_gets_nothing_done(bench: Workbench, bodies: list[str], injected: Injected) -> None:
    told = replace(injected.submission, description=f"{injected.submission.description}\n{CANARY}")
    (bad, clean) = bench.importing.commit(bench.importing.preview_form(told, CLEAN))
    drafts = drafted(bench, bad, clean)

    # It was asked over HTTP, did as it was told, and its drafts are drafts.
    assert {one.state for some in drafts.values() for one in some} == {"done"}
    quotes = [read_partial(one.text).quote for one in drafts[bad]]
    assert all(CALLS in one and CANARY in one for one in quotes)
    assert len(quotes) == len(PERSONAS) * len(MODELS)

    # One dossier in each request, and nothing of one tool in the other's drafts.
    assert len(bodies) >= 2 * len(quotes)
    assert [(CANARY in one) != (CLEAN_CANARY in one) for one in bodies] == [True] * len(bodies)
    assert not [one for one in drafts[clean] if CANARY in one.text]
    assert not [one for one in drafts[bad] if CLEAN_CANARY in one.text]

    # Nothing is decided, nothing can leave.
    with bench.store.reading() as repositories:
        assert [repositories.decisions.of_tool(one) for one in (bad, clean)] == [[], []]
    page = bench.publishing.page(bench.publishing.comparison(bad, clean))
    assert [(card.panel, card.quotes) for card in page.cards] == [(None, ()), (None, ())]
    for exporter in bench.publishing.exporters:
        with pytest.raises(ExportError):
            bench.publishing.export(page, exporter.name)

    # An editor is told: of the dossier, and of the drafts that say what it orders.
    with bench.store.reading() as repositories:
        dossier = repositories.tools.latest(bad)
        texts = bench.remarking.on(repositories, bad)
        rules = [{one.finding.rule for one in texts.on_draft(draft)} for draft in drafts[bad]]
    assert dossier is not None
    assert bench.revealing.of(bad, dossier.revision).told
    if injected.bait:
        assert all("echo" in one for one in rules)


def test_the_verdict_stays_the_humans_whatever_the_draft_says(bench: Workbench) -> None:
    ordered = next(one for one in INJECTED if one.name == "set the verdict")
    (bad, clean) = bench.importing.commit(bench.importing.preview_form(ordered.submission, CLEAN))
    draft = drafted(bench, bad, clean)[bad][0]
    assert read_partial(draft.text).verdict == "ship"
    bench.deciding.edit(bad, BUILDER, "Fadenlauf drives looms.", ANN, verdict="skip")
    with suppress(DecisionError):  # what it says may conflict with the dossier: all the better
        bench.deciding.accept(draft.id, None, ANN)
    cell = bench.deciding.cells(bad)[BUILDER]
    assert cell.verdict == "skip"
    assert bench.publishing.scorecard(bad).panel == 0
