"""The room where a draft contradicts its dossier: the refusal stands beside the button, and an answer opens the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import an_answer, streamed
from tests.ui.screen import Screen
from tests.ui.staging import KETTLE, Stage, staged
from workbench.domain.dossier import AddedFact
from workbench.domain.ids import PersonaId
from workbench.errors import DecisionError
from workbench.services.deciding import Signature

BUILDER = PersonaId("builder")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        made.play("claude", streamed(an_answer("Kettle boils a build down to 7 files.")))
        yield made


def test_accepting_a_conflict_says_what_conflicts_and_an_answer_lets_it_pass(stage: Stage) -> None:
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0]
    screen = Screen("room", tool=[KETTLE])
    assert screen.at.button(key=f"accept-{draft.id}").disabled
    with pytest.raises(DecisionError, match="dossier says otherwise") as refused:  # whoever asks in another way
        stage.bench.deciding.accept(draft.id, None, Signature(editor="Ann"))
    assert "“7”" in str(refused.value)
    assert "F1" in str(refused.value)
    assert stage.decisions("builder") == []
    with stage.bench.store.reading() as repositories:
        found = stage.bench.remarking.on(repositories, KETTLE).on_draft(draft)
    for one in found:
        if one.conflicts:
            stage.bench.answering.keep(KETTLE, BUILDER, one.mark, "The vendor wrote to us.", editor="Ann")
    screen.run().click(f"accept-{draft.id}")
    assert stage.decisions("builder") == ["accepted"]


def test_a_source_for_a_drafts_words_takes_their_mark_away(stage: Stage) -> None:
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0]

    def conflicts() -> bool:
        (shown,) = [one for one in Screen("room", tool=[KETTLE]).panes() if one["draft"] == draft.id]
        return "says otherwise" in str(shown)

    assert conflicts()
    with stage.bench.store.reading() as repositories:
        found = stage.bench.remarking.on(repositories, KETTLE).on_draft(draft)
    (mark,) = [one.mark for one in found if one.conflicts]
    told = AddedFact(text="It boils a build down to 7 files on Windows.", source="release notes")
    stage.bench.answering.source(KETTLE, BUILDER, mark, told, editor="Ann")
    assert not conflicts()
