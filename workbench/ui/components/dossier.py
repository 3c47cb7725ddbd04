"""What we know about a tool, as numbered facts, and what its text does besides telling about it."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Dossier
from workbench.domain.orders import SAYS
from workbench.domain.veil import unveiled
from workbench.services.revealing import Revealed
from workbench.ui.components.words import count, plain


def dossier_panel(bench: Workbench, dossier: Dossier) -> None:
    """The facts, folded away until wanted; what is meant for a model or hidden comes first."""
    revealed = bench.revealing.of(dossier.tool.id, dossier.revision)
    label = f"{plain(dossier.tool.name)}: dossier, {count(len(dossier.facts), 'numbered fact')}"
    if not revealed.quiet:
        label += f" · :orange[{plain(revealed.summary)}]"
    with st.expander(label, icon=":material/description:"):
        for one in revealed.told:
            st.warning(plain(one))
        _original(bench, dossier, revealed)
        for fact in dossier.facts:
            ref, text = st.columns([0.6, 11], gap="small")
            ref.caption(fact.ref)
            with text:
                st.text(fact.text)
                checked = f", checked {fact.checked_on}" if fact.checked_on else ""
                st.caption(plain(fact.source) + checked)


def _original(bench: Workbench, dossier: Dossier, revealed: Revealed) -> None:
    """A look at what came in, with what hides made visible, and the bytes themselves."""
    came = revealed.came
    if came is None:
        return
    with st.popover("The original", icon=":material/history_edu:", key=f"original-{dossier.tool.id}"):
        st.caption(plain(f"{came.name or 'Pasted or filled in'}, {came.size:,} bytes, sha256 {came.digest[:12]}…"))
        if revealed.fields:
            st.html(f'<div class="original">{_fields(revealed)}</div>')
        st.download_button(
            "Download it byte for byte",
            data=partial(_bytes, bench, dossier),
            file_name=came.name or f"{dossier.tool.id}.txt",
            mime="application/octet-stream",
            key=f"original-bytes-{dossier.tool.id}",
            on_click="ignore",
        )


def _bytes(bench: Workbench, dossier: Dossier) -> bytes:
    """Read when the button is pressed, not when it is drawn."""
    found = bench.revealing.original(dossier.tool.id)
    return b"" if found is None else found.data


def _fields(revealed: Revealed) -> str:
    return "".join(f"<h4>{escape(name)}</h4><p>{_marked(text)}</p>" for name, text in revealed.fields)


def _marked(raw: str) -> str:
    return "".join(
        escape(one.shown)
        if one.kind is None
        else f'<mark class="{one.kind}" title="{escape(SAYS[one.kind][0])}">{escape(one.shown)}</mark>'
        for one in unveiled(raw)
    )
