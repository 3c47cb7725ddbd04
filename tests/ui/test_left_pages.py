"""What a page asks for after its reader has left it is turned away; everything else is let through."""

from __future__ import annotations

import pytest
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from workbench.ui.left_pages import Tab


def asks(page: str, fragment: str = "", *, clock: bool = False) -> Message:
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    message.rerun_script.fragment_id = fragment
    message.rerun_script.is_auto_rerun = clock
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def draws(page: str) -> Message:
    message = ForwardMsg()
    message.navigation.page_script_hash = page
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def finishes(*fragments: str, early: bool = False) -> Message:
    message = ForwardMsg()
    message.script_finished = ForwardMsg.FINISHED_EARLY_FOR_RERUN if early else ForwardMsg.FINISHED_SUCCESSFULLY
    message.metadata.run.fragment_ids.extend(fragments)
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def test_a_page_is_heard_until_its_reader_asks_for_another() -> None:
    tab = Tab()
    assert not tab.turns_away(asks(""))
    tab.told(draws("room"))
    assert not tab.turns_away(asks("room", "board"))
    assert not tab.turns_away(asks("tools"))
    assert tab.turns_away(asks("room", "board"))
    assert not tab.turns_away(asks("tools", "row"))
    assert not tab.turns_away(asks("room"))
    assert not tab.turns_away(asks("room", "board"))


def test_a_page_is_heard_until_a_button_has_led_to_another() -> None:
    tab = Tab()
    tab.turns_away(asks("tools"))
    assert not tab.turns_away(asks("tools", "row"))
    tab.told(draws("room"))
    assert tab.turns_away(asks("tools", "row"))
    assert not tab.turns_away(asks("room", "board"))


def test_a_clock_waits_until_its_page_is_drawn_and_a_click_does_not() -> None:
    tab = Tab()
    tab.turns_away(asks("tools"))
    for late in (finishes("row"), finishes(early=True)):
        tab.told(late)
        assert tab.turns_away(asks("tools", "row", clock=True))
        assert not tab.turns_away(asks("tools", "row"))
    tab.told(finishes())
    assert not tab.turns_away(asks("tools", "row", clock=True))


def test_a_line_that_was_cut_goes_on_where_the_reader_was() -> None:
    tab = Tab()
    assert not tab.turns_away(asks("room", "board"))
    tab.turns_away(asks("tools"))
    assert tab.turns_away(asks("room", "board"))


@pytest.mark.parametrize(
    "content", [{"bytes": b"\xff\xff"}, {"text": "no bytes"}, {"bytes": BackMsg().SerializeToString()}]
)
def test_what_asks_for_no_rerun_is_left_to_the_server(content: Message) -> None:
    assert not Tab().turns_away({"type": "websocket.receive", **content})
