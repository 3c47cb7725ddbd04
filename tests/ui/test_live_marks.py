"""Marks while a draft streams: each sentence's as soon as it stands, and at the end the whole draft's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.fakes import streamed
from tests.ui.staging import KETTLE, Stage, staged
from tests.ui.tab import HOME, Tab, opened
from workbench.domain.draft import Draft
from workbench.domain.events import Delta, Started
from workbench.services.live import Snapshot
from workbench.ui.live_marks import LiveMarks, live_marks, standing
from workbench.ui.live_socket import routes
from workbench.ui.marks import sent

SAID = ("It 🫖 costs $50 a month.", "Netlify has shipped it since 2024.", "As Codestral, I ship it at $9.")
ANSWER = json.dumps(
    {
        "sentences": [
            {"beat": beat, "facts": ["F1"], "text": text}
            for beat, text in zip(("primitive", "dx-bet", "moment-of-truth"), SAID, strict=True)
        ],
        "verdict": "ship",
        "confidence": "high",
        "reason": "It holds.",
    },
    ensure_ascii=False,
)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=routes), base_url=HOME)


def words(marks: list[dict[str, Any]]) -> list[str]:
    return [one["words"] for one in marks if one["words"]]


def read_marks(tab: Tab, draft_id: str, wanted: str) -> list[dict[str, Any]]:
    """Read on until the draft's marks hold these words; the text's messages are taken in, too."""
    while wanted not in words(tab.marks.get(draft_id, [])):
        message = tab.receive()
        if isinstance(message, dict):
            tab.hear(message)
        else:
            tab.take(message)
    return tab.marks[draft_id]


def test_a_sentence_is_marked_when_the_next_one_begins(stage: Stage, client: TestClient) -> None:
    gate = asyncio.Event()
    second = ANSWER.index("Netlify") + 3
    stage.play("claude", [Started(model="m"), Delta(text=ANSWER[:second]), gate, *streamed(ANSWER[second:])])
    with opened(client) as tab:
        draft = stage.start(personas=["builder"], providers=["claude"])[0].id
        tab.show(draft)
        told = read_marks(tab, draft, "$50")
        assert {one["sentence"] for one in told} == {
            0
        }  # nothing of the sentence that is being written, nor of the whole
        assert tab.text(draft).startswith(SAID[0])  # and the text was there first
        stage.release(gate)
        told = read_marks(tab, draft, "$9")
        assert {"$50", "2024"} <= set(words(told))
        for one in told:
            if one["sentence"] >= 0:
                assert SAID[one["sentence"]][one["start"] : one["end"]] == one["words"]


def test_a_page_that_asks_again_is_told_again(stage: Stage, client: TestClient) -> None:
    stage.play("claude", streamed(ANSWER))
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0].id
    for _ in range(2):
        with opened(client) as tab:
            tab.show(draft)
            first = read_marks(tab, draft, "$9")
            tab.hide(draft)
            tab.marks.clear()
            tab.show(draft)
            assert read_marks(tab, draft, "$9") == first


def test_a_masked_page_is_told_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient) -> None:
    with staged(tmp_path, monkeypatch, review={"masked": True}) as stage:
        stage.play("codestral", streamed(ANSWER))
        draft = stage.drafted(personas=["builder"], providers=["codestral"])[0].id
        with opened(client) as tab:
            told = read_marks(tab.show(draft), draft, "$9")
        assert "codestral" not in json.dumps(told).lower()
        [price] = [one for one in told if one["words"] == "$9"]
        assert SAID[2].replace("Codestral", "▇▇▇")[price["start"] : price["end"]] == "$9"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=some.lists(some.integers(0, len(ANSWER)), max_size=12))
def test_where_the_stream_is_cut_never_changes_the_final_marks(stage: Stage, cuts: list[int]) -> None:
    whole = _draft(stage)
    states = [*(replace(whole, state="streaming", text=ANSWER[:at]) for at in sorted(cuts)), whole]
    with start_blocking_portal() as portal:  # a browser's test before may have left this thread a loop of its own
        told = portal.call(_told, stage, states)
    assert told == json.loads(sent(live_marks(stage.bench, Snapshot(whole))))
    assert {"$50", "Netlify", "2024", "$9"} <= set(words(told))


def test_a_sentence_that_is_being_written_does_not_stand_yet(stage: Stage) -> None:
    draft = replace(_draft(stage), state="streaming", text=ANSWER[: ANSWER.index("Netlify") + 3])
    assert [one.text for one in standing(Snapshot(draft)).sentences] == [SAID[0]]
    assert standing(Snapshot(replace(draft, text=""))).sentences == ()
    assert len(standing(Snapshot(replace(draft, text=ANSWER))).sentences) == len(SAID)


async def _told(stage: Stage, states: list[Draft]) -> list[dict[str, Any]]:
    """The last marks of a draft that goes through these states."""
    page, told = LiveMarks(), []
    for one in states:
        page.note(Snapshot(one))
        while page._due:
            told = json.loads(await page.next(stage.bench))["marks"][1]
    return told


def _draft(stage: Stage) -> Draft:
    found = [one for one in stage.drafts(KETTLE) if one.text == ANSWER]
    if found:
        return found[0]
    stage.play("claude", streamed(ANSWER))
    return stage.drafted(personas=["builder"], providers=["claude"])[0]
