"""What we know about a tool, as numbered facts."""

from __future__ import annotations

import streamlit as st

from workbench.domain.dossier import Dossier
from workbench.ui.components.words import count, plain


def dossier_panel(dossier: Dossier) -> None:
    """The facts, folded away until wanted."""
    label = f"{plain(dossier.tool.name)}: dossier, {count(len(dossier.facts), 'numbered fact')}"
    with st.expander(label, icon=":material/description:"):
        for fact in dossier.facts:
            ref, text = st.columns([0.6, 11], gap="small")
            ref.caption(fact.ref)
            with text:
                st.text(fact.text)
                checked = f", checked {fact.checked_on}" if fact.checked_on else ""
                st.caption(plain(fact.source) + checked)
