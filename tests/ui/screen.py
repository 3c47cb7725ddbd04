"""The screen as a reader without a browser sees it: words, keys, clicks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

ENTRY = Path(__file__).resolve().parents[2] / "workbench" / "ui" / "entry" / "main.py"
MARKDOWN = ("markdown", "caption", "title", "header", "subheader", "error", "warning", "info", "success")
"""Elements whose text the browser reads as Markdown."""


class Screen:
    """One reader's tab. Every act runs the script, as a browser would."""

    def __init__(self, page: str = "tools", **query: list[str]) -> None:
        self.at = AppTest.from_file(ENTRY, default_timeout=60)
        self.at.query_params.update(query)
        self.asked = 0
        self.run()
        if page != "desk":
            self.go(page, **query)

    def run(self) -> Screen:
        self.at.run()
        assert [one.value for one in self.at.exception] == []
        return self

    def go(self, page: str, **query: list[str]) -> Screen:
        """Follow a link of the navigation: the address loses its query."""
        registered = self.at._registered_pages
        self.at._page_hash = next(
            key for key, one in registered.items() if one.get("url_pathname") == ("" if page == "desk" else page)
        )
        self.at.query_params = dict(query)
        return self.run()

    def click(self, key: str) -> Screen:
        self.at.button(key=key).click()
        return self.run()

    def deliver_again(self, button: Button) -> Screen:
        """A click on a button drawn earlier reaches the server once more."""
        button._value = True
        self.at._run(WidgetStates(widgets=[button._widget_state]))
        assert [one.value for one in self.at.exception] == []
        return self

    def ask(self, act: str, place: str, **more: str) -> Screen:
        """What a key or a dialog of the room asks for."""
        self.asked += 1
        return self.deliver({"number": self.asked, "act": act, "place": place, **more})

    def deliver(self, *acts: dict[str, object]) -> Screen:
        """A request of the room's script reaches the server."""
        [room] = [one for one in self.at.get("bidi_component") if "room" in json.loads(one.proto.json)]
        session = json.loads(json.loads(room.proto.json)["room"])["session"]
        told = json.dumps({"page": "a tab", "session": session, "acts": acts})
        event = json.dumps([{"event": "asked", "value": told}])
        trigger = WidgetState(id=_make_trigger_id(room.proto.id, "events"), json_trigger_value=event)
        self.at._run(WidgetStates(widgets=[trigger]))
        assert [one.value for one in self.at.exception] == []
        return self

    def open(self, prefix: str) -> Screen:
        """Open the one popover whose key begins so."""
        [key] = [one for one in self.at.session_state if one.startswith(prefix)]
        self.at.session_state[key] = True
        return self.run()

    def type(self, key: str, text: str) -> Screen:
        self.at.text_area(key=key).set_value(text)
        return self.run()

    def type_into_box(self, key: str, text: str) -> Screen:
        """Type what is not on offer into a box for one choice."""
        box = self.at.selectbox(key=key)
        self.at._run(WidgetStates(widgets=[WidgetState(id=box.proto.id, string_value=text)]))
        assert [one.value for one in self.at.exception] == []
        return self

    def verdict(self, place: str, verdict: str | None) -> Screen:
        if verdict is None:
            self.open(f"because-{place}-")
        return self.click(f"{verdict or 'unset'}-{place}")

    def buttons(self, prefix: str = "") -> dict[str, str]:
        """Labels of the buttons that can be pressed, by key."""
        return {
            str(one.key): one.label for one in self.at.button if not one.disabled and str(one.key).startswith(prefix)
        }

    def said(self, kind: str) -> list[str]:
        """What elements of one kind say."""
        return [str(getattr(one, "value", "")) for one in self.at.get(kind)]

    def panes(self) -> list[dict[str, Any]]:
        """What each pane's script was given."""
        return [data for one in self.at.get("bidi_component") if "draft" in (data := json.loads(one.proto.json))]

    @property
    def rail(self) -> dict[str, Any]:
        """What the room's rail and keys were given."""
        [found] = [data for one in self.at.get("bidi_component") if "room" in (data := json.loads(one.proto.json))]
        return dict(json.loads(found["room"]))

    def texts(self) -> list[str]:
        """Every piece of text on the page, whatever shows it."""
        found: list[str] = []
        for node in self.at._tree:
            for name in ("label", "value", "body", "help"):
                piece = getattr(node, name, None)
                if isinstance(piece, str):
                    found.append(piece)
        return found

    @property
    def title(self) -> str:
        return str(self.at.title[0].value)
