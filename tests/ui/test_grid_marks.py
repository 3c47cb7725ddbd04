"""The marks of what is put together: on the words of the fields, by the same rules as the drafts they come from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import an_answer, streamed
from tests.ui.staging import KETTLE, Stage, staged
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece
from workbench.ui.grid_marks import grid_marks

BUILDER = PersonaId("builder")
SAID = ("It runs on a laptop.", "As Claude, I ship it at $9, and Codestral does not.")


def drafted(stage: Stage) -> DraftId:
    stage.play("claude", streamed(an_answer(*SAID)))
    return stage.drafted(personas=["builder"], providers=["claude"])[0].id


def pieces_of(stage: Stage, draft_id: DraftId) -> list[Piece]:
    """The draft's sentences as the grid shows them."""
    review = stage.bench.drafting.get(draft_id).review
    shown = stage.bench.masking.review(review, stage.dossier(), whole=True)
    return [Piece(text=one.text, beat=one.beat, draft_id=draft_id, place=at) for at, one in enumerate(shown.sentences)]


def test_an_answer_to_a_masked_piece_is_one_to_its_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(tmp_path, monkeypatch, review={"masked": True}) as stage:
        draft_id = drafted(stage)
        pieces = pieces_of(stage, draft_id)
        assert "▇▇▇" in pieces[1].text
        found = grid_marks(stage.bench, KETTLE, BUILDER, pieces)
        [(mark, remark)] = [(one, each) for one, each in found if one.words == "$9"]
        assert pieces[mark.sentence].text[mark.start : mark.end] == "$9"
        with stage.bench.store.reading() as repositories:
            texts = stage.bench.remarking.on(repositories, KETTLE)
            of_draft = texts.on_draft(stage.now(draft_id))
        assert remark.mark in {one.mark for one in of_draft}
        told = json.dumps([[one.reason, one.evidence, one.words] for one, _ in found]).lower()
        assert "claude" not in told
        assert "codestral" not in told


def test_what_an_editor_typed_into_a_masked_piece_is_marked_where_they_typed_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staged(tmp_path, monkeypatch, review={"masked": True}) as stage:
        pieces = pieces_of(stage, drafted(stage))
        typed = replace(pieces[1], text=f"Netlify says: {pieces[1].text} Claude costs $7.")
        strangers = [replace(pieces[1], draft_id=DraftId("gone")), replace(pieces[1], place=9)]
        texts = [one.text for one in (pieces[0], typed, *strangers)]
        for mark, _ in grid_marks(stage.bench, KETTLE, BUILDER, [pieces[0], typed, *strangers]):
            if mark.sentence >= 0:
                assert texts[mark.sentence][mark.start : mark.end] == mark.words
        assert {"Netlify", "$7"} <= {one.words for one, _ in grid_marks(stage.bench, KETTLE, BUILDER, [typed])}


def test_a_tool_nobody_knows_has_no_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(tmp_path, monkeypatch) as stage:
        assert grid_marks(stage.bench, ToolId("nothing"), BUILDER, [Piece(text="It costs $9.")]) == []
        assert grid_marks(stage.bench, KETTLE, BUILDER, [])[0][0].sentence < 0
