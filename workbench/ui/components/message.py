"""What the last act has to say, where it was done."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from workbench.ui import state
from workbench.ui.components.words import plain

_SAYING: dict[str, Callable[[str], object]] = {
    "note": st.caption,
    "success": st.success,
    "warning": st.warning,
    "error": st.error,
}


def message(place: str = "") -> None:
    """Say what was kept for this place, once.

    The container is drawn with or without words: Streamlit puts elements in their parent by number and hands an old
    block's children to the new block of that number until its own arrive. What follows must not change its number, or
    a text area in it is unmounted with all that was typed.
    """
    with st.container():
        kept = state.said(place)
        if kept is not None:
            kind, text = kept
            _SAYING[kind](plain(text))
