"""Choosing a tool out of any number: those that changed last are on offer, and a name typed in finds any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.ids import ToolId
from workbench.ui import state
from workbench.ui.components.words import names

OFFERED = 20
"""Tools on offer before anybody types: reading them is part of every drawing of a page."""
HELP = "The tools that changed last are on offer. Type a part of a name, a vendor or a category for any other."
PLACEHOLDER = "Choose a tool, or type a name"


def on_offer(bench: Workbench, chosen: Iterable[object], *, begun: bool = False) -> dict[str, str]:
    """What can be picked, by id, with its label: the tools that changed last, and those already chosen.

    `begun`: only those that somebody has drafted or decided on. Raises StoreError.
    """
    with bench.store.reading() as repositories:
        last = repositories.tools.summaries(limit=OFFERED, begun=begun)
        listed = {str(one.tool.id) for one in last}
        wanted = [ToolId(one) for one in dict.fromkeys(map(str, chosen)) if one not in listed]
        more = repositories.tools.some(wanted) if wanted else {}
    return names([*(one.tool for one in last), *(more[one].tool for one in wanted if one in more)])


def called(known: Mapping[str, str]) -> Callable[[str], str]:
    """How a box writes its options; what somebody typed stands as it was typed."""
    return lambda one: known.get(one, one)


def found(bench: Workbench, typed: str, place: str = "", *, begun: bool = False) -> str:
    """The tool whose name, vendor or category holds what was typed, the name itself before others.

    "" for none, which is said at `place`. Raises StoreError.
    """
    with bench.store.reading() as repositories:
        tools = [one.tool for one in repositories.tools.summaries(search=typed, limit=OFFERED, begun=begun)]
    if not tools:
        which = "No drafted tool" if begun else "No tool"
        state.say("warning", f"{which} has “{typed}” in its name, vendor or category.", place)
        return ""
    return str(min(tools, key=lambda one: one.name.casefold() != typed.strip().casefold()).id)


def tool_box(bench: Workbench, label: str, known: Mapping[str, str], *, key: str, first: str, place: str) -> str:
    """A box for one of the `known` tools, `first` before anybody chose; its id.

    That nothing was found by what was typed is said at `place`.
    """
    stands = str(state.value(key) or first)
    state.put(key, stands if stands in known else first)
    picked = st.selectbox(
        label,
        list(known),
        key=key,
        format_func=called(known),
        accept_new_options=True,
        placeholder=PLACEHOLDER,
        help=HELP,
        on_change=_picked_one,
        args=(bench, key, known, str(state.value(key)), place),
    )
    return str(picked or first)


def _picked_one(bench: Workbench, key: str, known: Mapping[str, str], before: str, place: str) -> None:
    """What was typed becomes the tool it finds, or what stood there `before`."""
    asked = str(state.value(key) or before)
    state.put(key, asked if asked in known else found(bench, asked, place) or before)


def picked_some(bench: Workbench, key: str, known: Mapping[str, str], place: str = "", *, begun: bool = False) -> None:
    """A callback of a box for several tools: whatever was typed becomes the tool it finds."""
    asked = [str(one) for one in state.value(key, [])]
    ids = [one if one in known else found(bench, one, place, begun=begun) for one in asked]
    state.put(key, list(dict.fromkeys(one for one in ids if one)))
