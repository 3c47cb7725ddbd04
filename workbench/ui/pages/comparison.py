"""The verdict board, what is open, the editor's call and name, and the page as it would be published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page as Route

from workbench.bootstrap import Workbench
from workbench.domain.bill import Bill
from workbench.domain.board import Point, promises
from workbench.domain.comparison import Page, disclosure, pair_id, under_review, verdict_label
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.scorecard import Quote, Scorecard
from workbench.services.accounting import by_persona
from workbench.ui import state
from workbench.ui.components.message import message
from workbench.ui.components.picker import on_offer, tool_box
from workbench.ui.components.publish import publish_box
from workbench.ui.components.signing import call_box, open_list, sign_box
from workbench.ui.components.verdicts import board, kept_promises
from workbench.ui.components.words import plain

PICKING = "comparison.picking"
"""Where it is said that nothing was found by what was typed."""
_SIDES = {"Left": "comparison.left", "Right": "comparison.right"}
"""The boxes' keys by their labels."""


def comparison_page(bench: Workbench, *, room: Route) -> None:
    """Choose two tools, read the board, call, sign, export."""
    st.html(Path(__file__).parents[1] / "desk.css")
    st.title("Comparison")
    pair = _choose(bench)
    if pair is None:
        st.info("A comparison needs two tools. Add them under Tools.")
        return
    comparison = bench.publishing.comparison(*pair)
    page = bench.publishing.page(comparison)
    points = bench.signing.points(page)
    cells = {card.tool.id: bench.deciding.cells(card.tool.id) for card in page.cards}
    with st.container(key="verdicts"):
        st.html(board(page, cells, _costs(bench, page), bench.library.personas()))
        st.html(kept_promises(promises(page)))
    left, right = st.columns([1.15, 1], gap="large")
    with left, st.container(key="points"):
        open_list(points, bench.inspecting.rules, partial(_to_cell, room, page))
    with right, st.container(key="signing"):
        call_box(bench, comparison)
        sign_box(bench, page, points)
    with st.expander("The quotes", icon=":material/format_quote:", key="quotes"):
        _quotes(bench, page)
    publish_box(bench, page, points, partial(_to_cell, room, page))


def _costs(bench: Workbench, page: Page) -> Mapping[ToolId, Mapping[PersonaId, Bill]]:
    with bench.store.reading() as repositories:
        return {card.tool.id: by_persona(repositories.drafts.of_tool(card.tool.id)) for card in page.cards}


def _to_cell(room: Route, page: Page, point: Point) -> None:
    """Open the point's cell in the room: its tool first, the other one beside it."""
    tools = sorted((str(card.tool.id) for card in page.cards), key=lambda one: one != point.tool_id)
    state.put("desk.tools", tools)
    query: dict[str, str | list[str]] = {"tool": tools}
    if point.persona_id is not None:
        query["cell"] = str(point.persona_id)
    st.switch_page(room, query_params=query)


def _choose(bench: Workbench) -> tuple[ToolId, ToolId] | None:
    """The two tools. Each list offers those that changed last; a name typed in finds any other."""
    on_boxes = [one for one in (state.value(key) for key in _SIDES.values()) if one]
    known = on_offer(bench, [*state.selected_tools(), *on_boxes])
    if len(known) < 2:
        return None
    on_desk = [one for one in state.selected_tools() if one in known]
    first = [*on_desk, *(one for one in known if one not in on_desk)][:2]
    with bench.store.reading() as repositories:
        begun = repositories.comparisons.get(pair_id(ToolId(first[0]), ToolId(first[1])))
    if begun is not None:  # a pair stands as it was begun, whichever of its cells was opened last
        first = [str(begun.left), str(begun.right)]
    chosen: list[str] = []
    for column, one, (label, key) in zip(st.columns(2, gap="medium"), first, _SIDES.items(), strict=True):
        with column:
            chosen.append(tool_box(bench, label, known, key=key, first=one, place=PICKING))
    message(PICKING)
    left, right = chosen
    state.select_tools([left, right] if left != right else [left])
    return ToolId(left), ToolId(right)


def _quotes(bench: Workbench, page: Page) -> None:
    known = [one.label for one in bench.library.personas()]
    for label in dict.fromkeys([*known, *(quote.persona_label for _, quote in page.quotes)]):
        st.subheader(plain(label), anchor=False)
        for column, card in zip(st.columns(2, gap="medium"), page.cards, strict=True):
            quote = next((one for one in card.quotes if one.persona_label == label), None)
            with column:
                if quote is None:
                    st.caption("No approved quote yet.")
                else:
                    _quote(card, quote)


def _quote(card: Scorecard, quote: Quote) -> None:
    with st.container(border=True, key=f"published-{card.tool.id}-{quote.persona_id}"):
        color = {"ship": "green", "skip": "red"}.get(quote.verdict or "", "gray")
        st.badge(verdict_label(quote.verdict), color=color)  # type: ignore[arg-type]  # one of three colours
        if quote.reopened is not None:
            st.badge(plain(under_review(quote)), icon=":material/history:", color="orange")
        st.text(quote.text)
        st.caption(plain(disclosure(quote)))
