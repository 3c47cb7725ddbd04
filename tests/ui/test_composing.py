"""The beat grid from Python's side: what its script is given, and what becomes of what it sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.fakes import an_answer, streamed
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, Stage, staged
from tests.ui.tab import HOME, opened
from workbench.domain.decision import Accepted, Edited
from workbench.domain.ids import DraftId, PersonaId
from workbench.domain.piece import Piece
from workbench.services.deciding import Signature
from workbench.services.working import PIECE_LIMIT
from workbench.ui.live_socket import routes

ANN = Signature(editor="Ann")
BUILDER = PersonaId("builder")
PLACE = f"{KETTLE}-builder"


@pytest.fixture(params=[{"review": {"masked": False}}, {"review": {"masked": True}}], ids=["open", "masked"])
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch, **request.param) as made:
        yield made


@pytest.fixture
def room(stage: Stage) -> Screen:
    stage.drafted()
    return Screen("room", tool=[KETTLE])


def compose(room: Screen) -> Screen:
    return room.click(f"hand-{PLACE}")


def grid(room: Screen) -> dict[str, Any]:
    """What the grid's script was given."""
    found = [json.loads(one.proto.json) for one in room.at.get("bidi_component")]
    data = next(one for one in found if "opening" in one)
    return {**data, **{name: json.loads(data[name]) for name in ("pieces", "beats", "columns")}}


def is_open(room: Screen) -> bool:
    return any("opening" in json.loads(one.proto.json) for one in room.at.get("bidi_component"))


def send(room: Screen, event: str, **value: Any) -> Screen:
    """The grid's script tells something, by one of its triggers."""
    found = next(one for one in room.at.get("bidi_component") if "opening" in json.loads(one.proto.json))
    states = room.at._tree.get_widget_states()
    told = json.dumps([{"event": event, "value": value}])
    states.widgets.append(WidgetState(id=_make_trigger_id(found.proto.id, "events"), json_trigger_value=told))
    room.at._run(states)
    assert [one.value for one in room.at.exception] == []
    return room


def own(*texts: str) -> list[dict[str, Any]]:
    return [{"text": one, "beat": "", "draft_id": None, "place": None, "source": ""} for one in texts]


def save(room: Screen, pieces: list[dict[str, Any]]) -> Screen:
    return send(room, "commit", opening=grid(room)["opening"], pieces=pieces)


# --- what the grid is given


def test_the_grid_has_a_column_for_each_draft_and_a_row_for_each_beat(room: Screen, stage: Stage) -> None:
    data = grid(compose(room))
    persona = next(one for one in stage.bench.library.personas() if one.id == BUILDER)
    assert [one["id"] for one in data["beats"]] == [one.id for one in persona.beats]
    assert {one["id"] for one in data["columns"]} == {stage.draft("builder", one).id for one in ("claude", "codestral")}
    assert {one["text"] for column in data["columns"] for one in column["sentences"]} == {
        "Claude says so.",
        "Codestral says so.",
        "It is said twice.",
    } or stage.bench.masking.on
    assert (data["pieces"], data["revision"], data["low"], data["high"]) == (
        [],
        0,
        persona.band.low,
        persona.band.high,
    )


def test_a_masked_grid_names_no_provider(room: Screen, stage: Stage) -> None:
    data = grid(compose(room))
    labels = [one["label"] for one in data["columns"]]
    assert (labels == ["Left", "Right"]) is stage.bench.masking.on
    told = json.dumps(data).lower()
    assert ("claude" in told or "codestral" in told) is not stage.bench.masking.on


def test_a_grid_begun_with_a_draft_holds_its_sentences(room: Screen, stage: Stage) -> None:
    draft = stage.draft("builder", "codestral")
    data = grid(room.click(f"edit-{draft.id}"))
    assert [(one["draft_id"], one["place"]) for one in data["pieces"]] == [(draft.id, 0), (draft.id, 1)]


def test_the_quote_that_stands_is_a_source_too(room: Screen, stage: Stage) -> None:
    stage.bench.deciding.edit(KETTLE, BUILDER, "Ann's words. And more.", ANN)
    data = grid(compose(room.run()))
    assert [one["text"] for one in data["columns"][-1]["sentences"]] == ["Ann's words.", "And more."]
    assert [one["text"] for one in data["pieces"]] == ["Ann's words. And more."]


def test_a_draft_accepted_as_it_is_stands_in_its_own_column_beat_by_beat(room: Screen, stage: Stage) -> None:
    draft = stage.draft("builder", "claude")
    stage.bench.deciding.accept(draft.id, None, ANN)
    columns = grid(compose(room.run()))["columns"]
    assert {one["id"]: one["says"] for one in columns} == {
        draft.id: "the quote that stands",
        stage.draft("builder", "codestral").id: "",
    }


def test_an_earlier_take_that_stands_is_a_column_with_its_own_beats(room: Screen, stage: Stage) -> None:
    first = stage.draft("builder", "claude")
    stage.bench.deciding.accept(first.id, None, ANN)
    [second] = stage.drafted(personas=["builder"], providers=["claude"])
    columns = {one["id"]: one for one in grid(compose(room.run()))["columns"]}
    assert set(columns) == {first.id, second.id, stage.draft("builder", "codestral").id}
    assert columns[first.id]["says"] == "the quote that stands"
    assert all(one["beat"] for one in columns[first.id]["sentences"])


def test_what_was_kept_comes_back_before_anything_else(room: Screen, stage: Stage) -> None:
    draft = stage.draft("builder", "claude")
    piece = Piece(text="Half a thou", beat="bet", draft_id=draft.id, place=0)
    stage.bench.deciding.keep(KETTLE, BUILDER, [piece], editor="Edith Editor")
    data = grid(room.run().click(f"edit-{stage.draft('builder', 'codestral').id}"))
    assert (data["pieces"][0]["text"], data["pieces"][0]["draft_id"], data["revision"]) == ("Half a thou", draft.id, 1)


# --- what it sends


def test_what_the_script_sends_becomes_the_quote(room: Screen, stage: Stage) -> None:
    left, right = stage.draft("builder", "claude"), stage.draft("builder", "codestral")
    data = grid(compose(room))
    first = next(one for one in data["columns"] if one["id"] == right.id)["sentences"][0]
    save(
        room,
        [
            {"text": first["text"], "beat": "primitive", "draft_id": right.id, "place": 0},
            {"text": "It is said twice, I say.", "beat": "", "draft_id": left.id, "place": 1},
            *own("So there."),
        ],
    )
    cell = stage.cell("builder")
    assert cell.text == "Codestral says so. It is said twice, I say. So there."
    assert [(one.draft_id, one.place) for one in cell.pieces] == [(right.id, 0), (left.id, 1), (None, None)]
    assert not is_open(room)


def test_what_was_pasted_is_told_apart_from_what_was_typed_as_far_as_the_page(room: Screen, stage: Stage) -> None:
    pasted = {**own("A reader wrote in.")[0], "source": "pasted"}
    save(compose(room), [pasted, *own("So there.")])
    assert [one.source for one in stage.cell("builder").pieces] == ["pasted", ""]
    stage.bench.deciding.edit(KETTLE, BUILDER, "By hand.", ANN)
    room.run().click(f"past-{PLACE}")
    assert ["1 sentence pasted" in one for one in room.said("markdown") if "Put together" in one] == [True]
    room.click(f"restore-{PLACE}-1")
    assert [one.source for one in stage.cell("builder").pieces] == ["pasted", ""]
    stage.bench.deciding.edit(ANVIL, BUILDER, "By hand.", ANN)
    page = stage.bench.publishing.page(stage.bench.publishing.comparison(KETTLE, ANVIL))
    document = json.loads(stage.bench.publishing.export(page, "json").data)["document"]
    assert [one["source"] for one in document["quotes"][0]["sources"]] == ["pasted", None]
    standing = next(one for one in grid(compose(room))["columns"] if one["id"] == "standing")
    assert [one["source"] for one in standing["sentences"]] == ["pasted", ""]


def test_a_whole_draft_saved_as_it_is_counts_as_accepted(room: Screen, stage: Stage) -> None:
    draft = stage.draft("builder", "claude")
    data = grid(room.click(f"edit-{draft.id}"))
    save(room, data["pieces"])
    assert isinstance(stage.bench.deciding.history(KETTLE, BUILDER)[-1].act, Accepted)
    assert stage.cell("builder").text == "Claude says so. It is said twice."


def test_saving_twice_is_one_decision(room: Screen, stage: Stage) -> None:
    data = grid(compose(room))
    told = {"opening": data["opening"], "pieces": own("My own words.")}
    before = room.at._tree
    send(room, "commit", **told)
    room.at._tree = before  # the click was delivered again, from the screen as it was
    send(room, "commit", **told)
    assert stage.decisions("builder") == ["edited"]


@pytest.mark.parametrize(
    "pieces",
    [None, 7, "text", [{"text": 7}], [{"beat": "x"}], [["text"]], [{"text": "x", "source": "?"}], own(""), own(" \n")],
)
def test_what_is_no_quote_is_refused_with_words(room: Screen, stage: Stage, pieces: Any) -> None:
    answer = grid(compose(room))["answer"]
    save(room, pieces)
    data = grid(room)
    assert data["answer"] == answer + 1
    assert data["refusal"]
    assert stage.decisions("builder") == []


def test_a_decision_made_meanwhile_is_said_and_a_second_save_is_meant(room: Screen, stage: Stage) -> None:
    compose(room)
    stage.bench.deciding.edit(KETTLE, BUILDER, "Ann's words.", ANN)
    room.run()
    save(room, own("My own words."))
    assert "Ann decided here" in grid(room)["refusal"]
    assert (stage.cell("builder").text, grid(room)["columns"][-1]["label"]) == ("Ann's words.", "The quote that stands")
    save(room, own("My own words."))
    assert stage.cell("builder").text == "My own words."


def test_closing_the_grid_decides_nothing(room: Screen, stage: Stage) -> None:
    opening = grid(compose(room))["opening"]
    send(room, "close", opening=opening)
    assert not is_open(room)
    assert grid(compose(room))["opening"] == opening + 1
    assert stage.decisions("builder") == []


def test_a_hidden_name_comes_back_with_the_save(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with staged(tmp_path, monkeypatch, review={"masked": True}) as stage:
        stage.play("claude", streamed(an_answer("I am Claude, and it holds.", "It ships.")))
        stage.drafted(personas=["builder"], providers=["claude"])
        room = Screen("room", tool=[KETTLE])
        pieces = grid(room.click(f"edit-{stage.draft('builder', 'claude').id}"))["pieces"]
        assert "Claude" not in pieces[0]["text"]
        save(room, [{**pieces[0], "text": f"{pieces[0]['text']} Still."}])
        assert "which hides a name" in grid(room)["refusal"]
        stage.bench.deciding.keep(KETTLE, BUILDER, [Piece(**one) for one in pieces], editor="Edith Editor")
        save(room, pieces)
        assert stage.cell("builder").text == "I am Claude, and it holds. It ships."
        assert stage.bench.deciding.kept(KETTLE, BUILDER) is None


# --- what is kept while it is typed


def keep(text: str, revision: int, **changes: Any) -> dict[str, Any]:
    return {"keep": {"tool": KETTLE, "persona": "builder", "pieces": own(text), "revision": revision} | changes}


def test_typed_text_is_kept_over_the_socket_and_its_revision_told(stage: Stage) -> None:
    client = TestClient(Starlette(routes=routes), base_url=HOME)
    with opened(client) as tab:
        for revision, text in enumerate(("The cl", "The claim 🫖")):
            tab.socket.send_json(keep(text, revision))
            kept = tab.receive()["kept"]
            assert isinstance(kept.pop("marks"), list)
            assert kept == {"tool": KETTLE, "persona": "builder", "revision": revision + 1}
    kept = stage.bench.deciding.kept(KETTLE, BUILDER)
    assert kept is not None
    assert (kept.text, kept.editor) == ("The claim 🫖", "Edith Editor")


def test_two_windows_do_not_overwrite_each_other(stage: Stage) -> None:
    client = TestClient(Starlette(routes=routes), base_url=HOME)
    with opened(client) as one, opened(client) as other:
        one.socket.send_json(keep("One.", 0))
        assert one.receive()["kept"]["revision"] == 1
        other.socket.send_json(keep("Other.", 0))
        refused = other.receive()["kept"]
        assert "writes here in another window" in refused["error"]
        assert refused["theirs"] == {"pieces": own("One."), "editor": "Edith Editor", "revision": 1}
        other.socket.send_json(keep("Other.", 1))
        assert other.receive()["kept"]["revision"] == 2
    assert (kept := stage.bench.deciding.kept(KETTLE, BUILDER)) is not None
    assert kept.text == "Other."


@pytest.mark.parametrize(
    "changes", [{"tool": "nobody"}, {"pieces": own("x") * (PIECE_LIMIT + 1)}], ids=["no such tool", "endless"]
)
def test_what_cannot_be_kept_is_said_and_the_connection_stays(stage: Stage, changes: dict[str, Any]) -> None:
    client = TestClient(Starlette(routes=routes), base_url=HOME)
    with opened(client) as tab:
        tab.socket.send_json(keep("One.", 0, **changes))
        assert tab.receive()["kept"]["error"]
        tab.socket.send_json(keep("One.", 0))
        assert tab.receive()["kept"]["revision"] == 1
    assert stage.bench.deciding.kept(KETTLE, BUILDER) is not None


@pytest.mark.parametrize(
    "garbage", [None, 7, [], {}, {"tool": KETTLE}, {"tool": KETTLE, "persona": "builder", "pieces": 7}]
)
def test_a_keep_of_another_shape_ends_the_connection(stage: Stage, garbage: Any) -> None:
    client = TestClient(Starlette(routes=routes), base_url=HOME)
    with opened(client) as tab:
        tab.socket.send_json({"keep": garbage})
        assert tab.close_code() == 1003
    assert stage.bench.deciding.kept(KETTLE, BUILDER) is None


# --- history


def test_every_decision_is_listed_and_an_earlier_quote_brought_back(room: Screen, stage: Stage) -> None:
    deciding, draft = stage.bench.deciding, stage.draft("builder", "claude")
    pieces = [Piece(text="Claude says so.", beat="bet", draft_id=draft.id, place=0), Piece(text="So there.")]
    deciding.accept(draft.id, None, ANN)
    deciding.compose(KETTLE, BUILDER, pieces, ANN)
    deciding.set_verdict(KETTLE, BUILDER, "ship", ANN)
    deciding.reject(draft.id, "generic", "says *nothing*", ANN)
    deciding.edit(KETTLE, BUILDER, "By hand.", Signature(editor="Ben"))
    deciding.withdraw(KETTLE, BUILDER, ANN)
    deciding.undo(KETTLE, BUILDER, ANN)
    room.run().click(f"past-{PLACE}")
    told = [one for one in room.said("markdown") if " · " in one and one.startswith("**")]
    assert [one.split("**")[1].split(".")[0] for one in told[1:]] == ["7", "6", "5", "4", "3", "2", "1"]
    assert [
        part in line
        for part, line in zip(
            ("Went back", "Withdrew", "by hand", "generic", "ship", "Put together", "as drafted"), told[1:], strict=True
        )
    ] == [True] * 7
    assert "Ben" in told[3]
    room.click(f"restore-{PLACE}-2")
    cell = stage.cell("builder")
    assert (cell.text, cell.verdict, cell.editor) == ("Claude says so. So there.", "ship", "Edith Editor")
    assert isinstance(deciding.history(KETTLE, BUILDER)[-1].act, Edited)
    assert cell.pieces == tuple(pieces)
    room.click(f"undo-{PLACE}")
    assert stage.cell("builder").text == "By hand."
    room.click(f"restore-{PLACE}-1")
    assert (stage.cell("builder").edited, stage.cell("builder").draft_id) == (False, DraftId(draft.id))
    room.click(f"close-history-{PLACE}")
    assert f"close-history-{PLACE}" not in room.buttons()
