"""The draft room by its keys: eight panes, every act an editor has, and nothing done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import an_answer, streamed
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, PERSONAS, PROVIDERS, Stage, staged
from workbench.domain.decision import Cell
from workbench.domain.events import Delta, Failed, Finished, Started
from workbench.domain.ids import PersonaId
from workbench.services.deciding import Signature

ANN = Signature(editor="Ann")
ANSWER = an_answer("Half of it.", "The other half.")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def room(stage: Stage) -> Screen:
    """The room with Kettle's eight drafts, all done."""
    stage.drafted()
    return Screen("room", tool=[KETTLE])


def place(persona: str) -> str:
    return f"{KETTLE}-{persona}"


def accept(screen: Screen, stage: Stage, persona: str, provider: str = "claude") -> Screen:
    return screen.click(f"accept-{stage.draft(persona, provider).id}")


# --- what is drawn


def test_one_click_drafts_every_persona_with_every_provider(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE])
    assert screen.buttons("draft-all") == {"draft-all": "Draft all 8"}
    screen.click("draft-all")
    assert len(stage.finish()) == 8
    panes = screen.run().panes()
    assert {(one["label"].split(" by ")[0].lower(), one["who"]) for one in panes} == {
        (persona, provider) for persona in PERSONAS for provider in PROVIDERS
    }
    assert {one["state"] for one in panes} == {"done"}
    assert len(screen.buttons("accept-")) == 8
    assert "draft-all" not in screen.buttons()


def test_drafting_twice_starts_eight_and_not_sixteen(stage: Stage) -> None:
    gate = asyncio.Event()
    for name in PROVIDERS:
        stage.play(name, [gate, *streamed(ANSWER)])
    one, other = Screen("room", tool=[KETTLE]), Screen("room", tool=[KETTLE])
    delivered = one.at.button(key="draft-all")
    one.click("draft-all")
    other.click("draft-all")  # the other tab's board was drawn before
    one.deliver_again(delivered)  # and this tab's click comes again
    assert len(stage.drafts()) == 8
    stage.release(gate)
    assert [draft.state for draft in stage.finish()] == ["done"] * 8


def test_only_what_is_missing_is_drafted(stage: Stage) -> None:
    overloaded = Failed(failure="overloaded", message="Overloaded.")
    stage.play("claude", streamed(ANSWER), [overloaded], streamed(ANSWER))
    stage.drafted(personas=["builder"])
    failed = stage.drafted(personas=["skeptic"], providers=["claude"])
    screen = Screen("room", tool=[KETTLE])
    assert [one.state for one in failed] == ["failed"]
    assert screen.buttons("draft-all") == {"draft-all": "Draft the missing 6, 1 of them again"}
    screen.click("draft-all")
    assert sorted(one.origin.take for one in stage.finish()) == [1] * 8 + [2]


def test_live_drafts_can_be_stopped_one_by_one_and_all_at_once(stage: Stage) -> None:
    for name in PROVIDERS:
        stage.play(name, [Started(model="m"), Delta(text=ANSWER[:60]), asyncio.Event()])
    stage.start()
    screen = Screen("room", tool=[KETTLE])
    assert len(screen.buttons("stop-")) == 9
    first = stage.draft("builder", "claude")
    screen.click(f"stop-{first.id}")
    stage.bench.drafting.wait([first.id])
    assert {one.state for one in stage.drafts() if one.live} == {"streaming"}
    assert screen.run().buttons("stop-all") == {"stop-all": "Stop 7 drafts"}
    screen.click("stop-all")
    assert [one.state for one in stage.finish()] == ["stopped"] * 8
    assert len(screen.run().buttons("edit-")) == 8
    assert screen.buttons("accept-") == {}


def test_two_tools_are_shown_one_at_a_time_or_side_by_side(stage: Stage) -> None:
    stage.drafted(KETTLE, ANVIL, personas=["builder"])
    screen = Screen("room", tool=[KETTLE, ANVIL])
    tools = {one.id: one.origin.tool_id for tool in (KETTLE, ANVIL) for one in stage.drafts(tool)}
    assert {tools[one["draft"]] for one in screen.panes()} == {KETTLE}
    assert [one["shown"] for one in screen.rail["tools"]] == [True, False]
    screen.at.toggle(key="room.both").set_value(True)
    assert {tools[one["draft"]] for one in screen.run().panes()} == {KETTLE, ANVIL}


def test_a_tool_in_the_address_that_nobody_knows_is_passed_over(stage: Stage) -> None:
    assert stage.drafts() == []
    screen = Screen("room", tool=["../etc/passwd", "kettle' OR 1=1 --"])
    assert screen.title == "Draft room"
    assert set(screen.at.query_params["tool"]) == {KETTLE, ANVIL}


# --- the editor's acts


def test_a_draft_is_accepted_as_it_stands_and_without_a_verdict(room: Screen, stage: Stage) -> None:
    accept(room, stage, "builder")
    cell = stage.cell("builder")
    assert (cell.text, cell.verdict, cell.editor) == ("Claude says so. It is said twice.", None, "Edith Editor")
    assert "Claude says so. It is said twice." in room.said("text")
    assert len(room.buttons("accept-")) == 7


def test_another_draft_takes_the_quotes_place(room: Screen, stage: Stage) -> None:
    accept(room, stage, "builder")
    accept(room, stage, "builder", "codestral")
    assert stage.cell("builder").text == "Codestral says so. It is said twice."
    assert stage.decisions("builder") == ["accepted", "accepted"]


def test_accepting_twice_is_one_decision(room: Screen, stage: Stage) -> None:
    other = Screen("room", tool=[KETTLE])
    button = room.at.button(key=f"accept-{stage.draft('builder', 'claude').id}")
    accept(room, stage, "builder")
    accept(other, stage, "builder")  # the other tab's board was drawn before
    room.deliver_again(button)  # and this tab's click comes again
    assert stage.decisions("builder") == ["accepted"]
    assert other.said("error") == room.said("error") == []


def test_a_rejection_keeps_its_reason_and_note_and_can_be_undone(room: Screen, stage: Stage) -> None:
    draft = stage.draft("skeptic", "codestral")
    room.ask("reject", place("skeptic"), draft=draft.id, reason="off_voice", note="Sounds like a brochure.")
    act = stage.bench.deciding.history(KETTLE, draft.origin.persona_id)[-1].act
    assert (act.kind, getattr(act, "reason", ""), getattr(act, "note", "")) == (
        "rejected",
        "off_voice",
        "Sounds like a brochure.",
    )
    assert stage.cell("skeptic").rejected == {draft.id}
    room.click(f"undo-{place('skeptic')}")
    assert stage.cell("skeptic").rejected == frozenset()


def test_a_verdict_is_set_changed_and_taken_back(room: Screen, stage: Stage) -> None:
    for verdict in ("ship", "skip", None):
        room.verdict(place("futurist"), verdict)
        assert stage.cell("futurist").verdict == verdict
    assert stage.decisions("futurist") == ["verdict_set"] * 3
    room.run()
    assert len(stage.decisions("futurist")) == 3


def test_there_is_no_verdict_on_nothing_by_button_or_by_key(stage: Stage) -> None:
    screen = Screen("room", tool=[KETTLE])
    assert set(screen.buttons()) & {f"ship-{place('builder')}", f"skip-{place('builder')}"} == set()
    assert [one["judgeable"] for one in screen.rail["cells"]] == [False] * 4
    screen.ask("verdict", place("builder"), verdict="ship")
    assert stage.decisions("builder") == []
    stage.bench.deciding.edit(KETTLE, PersonaId("builder"), "By hand.", ANN)
    stage.drafted(personas=["skeptic"], providers=["claude"])
    screen.run().ask("verdict", place("builder"), verdict="ship").ask("verdict", place("skeptic"), verdict="skip")
    assert (stage.cell("builder").verdict, stage.cell("skeptic").verdict) == ("ship", "skip")
    assert [one["judgeable"] for one in screen.rail["cells"]] == [True, True, False, False]


def test_the_last_decision_is_undone(room: Screen, stage: Stage) -> None:
    accept(room, stage, "builder")
    accept(room, stage, "builder", "codestral")
    room.click(f"undo-{place('builder')}")
    assert stage.cell("builder").text == "Claude says so. It is said twice."


def test_another_take_stands_beside_the_first_and_is_started_once(stage: Stage) -> None:
    gate = asyncio.Event()
    stage.play("claude", streamed(ANSWER), [gate, *streamed(ANSWER)])
    first = stage.drafted(personas=["builder"])[0]
    room, key = Screen("room", tool=[KETTLE]), f"take-{KETTLE}-builder-left"
    again: dict[str, object] = {"number": 1, "act": "again", "place": place("builder"), "draft": first.id, "note": ""}
    for _ in range(2):
        room.deliver(again)
    stage.release(gate)
    assert [(one.origin.provider, one.origin.take) for one in stage.finish()] == [
        ("claude", 1),
        ("codestral", 1),
        ("claude", 2),
    ]
    assert room.run().at.segmented_control(key=key).value == 2
    assert room.panes()[0]["draft"] == stage.draft("builder", "claude").id != first.id
    room.at.segmented_control(key=key).set_value(1)
    assert room.run().panes()[0]["draft"] == first.id


# --- other people


def test_a_decision_made_meanwhile_is_said_and_not_overwritten(room: Screen, stage: Stage) -> None:
    stage.bench.deciding.edit(KETTLE, stage.draft("builder", "claude").origin.persona_id, "Ann's words.", ANN)
    accept(room, stage, "builder")
    assert ["Ann decided here while you were working" in one for one in room.said("error")] == [True]
    assert stage.cell("builder").text == "Ann's words."
    assert "Ann's words." in room.said("text")
    assert room.run().said("error") == []


def test_a_draft_refused_by_the_model_cannot_be_used(stage: Stage) -> None:
    stage.play("claude", [Started(model="m"), Delta(text=ANSWER[:60]), Finished(stop="refused", detail="policy")])
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0]
    screen = Screen("room", tool=[KETTLE])
    assert draft.state == "refused"
    assert screen.panes()[0]["notice"].startswith("The model declined (policy).")
    assert set(screen.buttons()) & {f"accept-{draft.id}", f"edit-{draft.id}"} == set()
    assert f"again-{draft.id}" in screen.buttons()


def test_a_tool_that_is_not_on_offer_is_found_by_a_part_of_its_name(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.ui.components.picker.OFFERED", 1)
    stage.drafted(personas=["builder"], providers=["claude"])  # Kettle changed last: it is the one on offer
    screen = Screen("room", tool=[KETTLE])
    picker = screen.at.multiselect(key="room.tools")
    assert picker.options == ["Kettle"]
    picker.set_value([KETTLE, "anv"])
    assert [one["name"] for one in screen.run().rail["tools"]] == ["Kettle", "Anvil DB"]
    screen.at.multiselect(key="room.tools").set_value([KETTLE, "no such tool"])
    assert [one["name"] for one in screen.run().rail["tools"]] == ["Kettle"]
    assert screen.said("warning") == ["No tool has “no such tool” in its name, vendor or category\\."]


# --- what a session holds


def test_a_session_holds_ids_and_plain_values_only(room: Screen, stage: Stage) -> None:
    accept(room, stage, "builder")
    room.verdict(place("builder"), "ship")
    again = stage.draft("skeptic", "claude").id
    room.click(f"edit-{again}").ask("again", place("skeptic"), draft=again)
    stage.finish()
    room.run()
    held = _held(room)
    assert held["desk.tools"] == [KETTLE]
    assert {key: one for key, one in held.items() if not _plain(one)} == {}
    room.go("tools").go("comparison")
    assert {key: one for key, one in _held(room).items() if not _plain(one)} == {}
    assert not any(isinstance(one, Cell) for one in _held(room).values())


def _held(screen: Screen) -> dict[str, object]:
    """All of the session but the elements’ own values, which are Streamlit's."""
    own = ("pane-", "room-guide", "composer-", "typed-")
    return {key: one for key, one in screen.at.session_state.items() if not str(key).startswith(own)}


def _plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(type(one) in (str, int, bool, type(None)) for one in value)
    return type(value) in (str, int, bool, type(None))


def test_a_pane_says_that_the_persona_has_changed_since(stage: Stage) -> None:
    stage.drafted(personas=["builder"])
    assert not [pane for pane in Screen("room", tool=[KETTLE]).panes() if "changed since" in pane["figures"]]
    authoring = stage.bench.authoring
    file = authoring.file("persona", "builder")
    authoring.save("persona", "builder", f"{file.text}\nBe brief.\n", base=file.digest, note="Shorter.", editor="Ann")
    panes = Screen("room", tool=[KETTLE]).panes()
    assert [pane["figures"].endswith("persona changed since") for pane in panes if pane["sentences"] != "[]"] == [
        True
    ] * 2
