"""The only reader and writer of session state: ids and plain values, one namespace per page."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from workbench.ui.live_socket import TOKEN_AGE, make_token


def value(key: str, default: Any = None) -> Any:
    """A widget's or a page's value."""
    return st.session_state.get(key, default)


def put(key: str, new: Any) -> None:
    """Set a value; for a widget's key, before the widget is drawn or in a callback."""
    st.session_state[key] = new


def start_with(key: str, first: Any) -> None:
    """Give a widget its first value without changing the widget's identity later."""
    st.session_state.setdefault(key, first)


def drop(key: str) -> None:
    """Forget a value."""
    st.session_state.pop(key, None)


def token(editor: str) -> str:
    """This session's token for the live socket: the same for hours, since changed data reruns every pane's script."""
    now, made_at = int(time.time()), st.session_state.get("live.token_at", 0)
    if now - made_at > TOKEN_AGE / 2:
        st.session_state["live.token"], st.session_state["live.token_at"] = make_token(editor), now
    return str(st.session_state["live.token"])


def selected_tools() -> list[str]:
    """The tools on the desk: from the URL, else as last chosen (a page switch drops the URL's query)."""
    named = st.query_params.get_all("tool") or st.session_state.get("desk.tools", [])
    return [str(one) for one in named][:2]


def select_tools(tool_ids: list[str]) -> None:
    """Put tools on the desk, in the URL too, so that a reload and a shared link show the same."""
    st.session_state["desk.tools"] = tool_ids
    if st.query_params.get_all("tool") != tool_ids:
        st.query_params["tool"] = tool_ids


def asked_cell() -> str:
    """The place of the cell the address asks for (`?tool=codestral-2-1&cell=builder`), and it is of the first tool."""
    tools, persona = selected_tools(), st.query_params.get("cell", "")
    return f"{tools[0]}-{persona}" if tools and persona else ""


def say(kind: str, message: str, place: str = "") -> None:
    """Keep a message for the next run, to be said at `place`; empty: at the top.

    `note` (quiet), `success`, `warning` or `error`.
    """
    st.session_state[f"said.{place}"] = (kind, message)


def said(place: str = "") -> tuple[str, str] | None:
    """The message kept for this place, once."""
    kept: tuple[str, str] | None = st.session_state.pop(f"said.{place}", None)
    return kept
