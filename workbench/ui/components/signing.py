"""What is open on a comparison, the editor's call, and the name under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.board import Point
from workbench.domain.comparison import CALL_HEADING, Comparison, Page
from workbench.errors import ConflictError, WorkbenchError
from workbench.ui import state
from workbench.ui.components.message import message
from workbench.ui.components.typed import typed
from workbench.ui.components.words import count, plain

CALL = "call"
"""Where messages about the call and the sign-off are said."""
SHOWN = 6
"""Pieces of advice that stand unfolded. More would push the rest of the page out of sight: they are put together by
their rules. What blocks never is."""


def open_list(points: Sequence[Point], rules: Mapping[str, tuple[str, str]], to_cell: Callable[[Point], None]) -> None:
    """What has to be settled, what is worth a look, what was answered; a button at each leads to its cell.

    `rules` say what each check does.
    """
    blocking = [one for one in points if one.blocks]
    answered = [one for one in points if one.kind == "answered"]
    advice = [one for one in points if not one.blocks and one not in answered]
    st.header("Still open", anchor=False)
    if len(answered) == len(points):
        st.caption("Nothing is open: every quote is approved, decided and as its checks want it.")
    titled = (("To settle before it is signed", blocking), ("Worth a look", advice), ("Kept with a reason", answered))
    for title, some in titled:
        if some:
            st.markdown(f"**{title}** · {len(some)}")
        if some is blocking or len(some) <= SHOWN:
            _list(some, to_cell)
            continue
        alike: dict[str, list[Point]] = {}
        for one in some:
            alike.setdefault(one.rule or one.kind, []).append(one)
        for rule, own in alike.items():
            with st.expander(f"{rule.replace('_', ' ').capitalize()} · {len(own)}", key=f"alike-{own[0].kind}-{rule}"):
                if rule in rules:
                    st.caption(plain(rules[rule][0]))
                _list(own, to_cell)


def _list(points: Sequence[Point], to_cell: Callable[[Point], None]) -> None:
    for number, one in enumerate(points):
        place = "-".join(part for part in (one.kind, one.rule, str(number)) if part)
        with st.container(horizontal=True, vertical_alignment="center", key=f"point-{place}"):
            st.text(one.text, width="stretch")
            if one.tool_id is not None and st.button("Go to the cell", key=f"to-{place}"):
                to_cell(one)


def call_box(bench: Workbench, comparison: Comparison) -> None:
    """The answer to the page's question, in the editor's words."""
    st.header(CALL_HEADING, anchor=False)
    key = f"call-{comparison.id}"
    _follow(comparison, key)
    st.text_area(
        "Which one should you ship with?",
        key=key,
        height=110,
        placeholder="Answer the page's question in your own words.",
        persist_state="session",
        on_change=_save_call,
        args=(bench, comparison, key),
        kwargs={"asked": False},
    )
    typed({key: comparison.call})
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save the call", key="save-call", on_click=_save_call, args=(bench, comparison, key))
        if _unsaved(comparison):
            st.caption("Not saved yet: the exports below do not have it.", width="content")
        elif comparison.call and comparison.call_at is not None:
            when = comparison.call_at.strftime("%d %b %Y %H:%M UTC")
            st.caption(f"Saved by {plain(comparison.call_editor)}, {when}", width="content")


def sign_box(bench: Workbench, page: Page, points: Sequence[Point]) -> None:
    """Who signed the page; the way to sign it, once nothing is left to settle."""
    st.header("Sign-off", anchor=False)
    made = page.comparison
    with st.container(key="signed"):
        if page.sign_off:
            (st.warning if page.changed else st.success)(plain(page.sign_off))
    if made.signed_at is None or page.changed:
        blocking = sum(one.blocks for one in points)
        key = f"statement-{made.id}"
        st.text_input(
            "Statement (optional)",
            key=key,
            placeholder="I have read every quote.",
            max_chars=300,
            persist_state="session",
        )
        why = "Save the call first." if _unsaved(made) else f"{count(blocking, 'point')} to settle first."
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                f"Sign as {plain(bench.settings.editor)}",
                key="sign",
                type="primary",
                disabled=bool(blocking) or _unsaved(made),
                on_click=_sign,
                args=(bench, page, key),
            )
            if blocking or _unsaved(made):
                st.caption(why, width="content")
    message(CALL)


def _unsaved(comparison: Comparison) -> bool:
    return str(state.value(f"call-{comparison.id}") or "").strip() != comparison.call


def _sign(bench: Workbench, page: Page, key: str) -> None:
    try:
        bench.signing.sign(page, str(state.value(key) or ""), bench.settings.editor)
    except WorkbenchError as error:
        state.say("error", str(error), CALL)


def _follow(comparison: Comparison, key: str) -> None:
    """The box shows what is stored until it is typed in; from then on it keeps the version it began with."""
    first = f"{key}-first"
    if state.value(key) in (None, state.value(first, "")):
        state.put(key, comparison.call)
        state.put(first, comparison.call)
        state.put(f"{key}-version", comparison.version)


def _save_call(bench: Workbench, comparison: Comparison, key: str, *, asked: bool = True) -> None:
    """Save what the box holds; not `asked`, since it was left: then what somebody else saved meanwhile stays."""
    seen = replace(comparison, version=int(state.value(f"{key}-version", comparison.version)))
    try:
        saved = bench.publishing.call(seen, str(state.value(key) or ""), bench.settings.editor)
    except ConflictError as error:
        if not asked:
            return
        # The other call is in the message: a second save is meant.
        stored = bench.publishing.comparison(comparison.left, comparison.right)
        state.put(f"{key}-version", stored.version)
        state.say("error", str(error), CALL)
    except WorkbenchError as error:
        state.say("error", str(error), CALL)
    else:
        state.put(f"{key}-first", saved.call)
        state.put(f"{key}-version", saved.version)
