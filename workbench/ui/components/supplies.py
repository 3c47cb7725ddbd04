"""What the dossiers on the desk have for each lens before a run, what to add, and which beats may be opinion."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Dossier
from workbench.domain.ids import ToolId
from workbench.domain.sufficiency import Sufficiency, Supply
from workbench.errors import WorkbenchError
from workbench.ui import state
from workbench.ui.components.words import plain

Supplied = Sequence[tuple[Dossier, Sequence[Sufficiency]]]
WHY = (
    "A beat without a fact to stand on can only be opinion. Read from the words of the facts: a hint, before anything "
    "is spent."
)


def supplied(bench: Workbench, dossiers: Sequence[Dossier]) -> Supplied:
    """What each dossier has for the lenses that need something. Raises LibraryError and StoreError."""
    return [(one, bench.supplying.of(one)) for one in dossiers]


def supply_panel(bench: Workbench, found: Supplied, place: str) -> None:
    """One button that says how much is there; in it, what to add for each beat, or the way to let it be opinion."""
    supplies = [one for _, lenses in found for lens in lenses for one in lens.supplies]
    if not supplies:
        return
    answered = sum(one.answered for one in supplies)
    short = answered < len(supplies)
    with st.popover(
        f"Facts for the beats {answered}/{len(supplies)}",
        key="supplies",
        icon=":material/local_gas_station:" if short else ":material/check:",
    ):
        st.caption(WHY)
        for dossier, lenses in found:
            if len(found) > 1:
                st.markdown(f"**{plain(dossier.tool.name)}**")
            for lens in lenses:
                st.caption(plain(lens.summary))
                for one in lens.supplies:
                    _supply(bench, dossier, lens, one, place)


def shortages(found: Supplied) -> str:
    """A meter for each lens that lacks something, tool by tool, as HTML; empty when nothing is missing."""
    rows: list[str] = []
    for dossier, lenses in found:
        meters = "".join(_meter(one) for one in lenses if one.missing)
        if meters:
            name = f"<b>{escape(dossier.tool.name)}</b>" if len(found) > 1 else ""
            rows.append(f'<div class="fuel">{name}{meters}</div>')
    return "".join(rows)


def _meter(one: Sufficiency) -> str:
    pips = "".join(f'<i class="{"on" if supply.answered else ""}"></i>' for supply in one.supplies)
    asks = "; ".join(f"“{supply.beat.label}” wants {supply.asks}" for supply in one.missing)
    return (
        f'<span class="tip" tabindex="0">{escape(one.summary)}<span class="pips" aria-hidden="true">{pips}</span>'
        f'<em class="why">{escape(asks)}. Add a fact, or let the beat be opinion.</em></span>'
    )


def _supply(bench: Workbench, dossier: Dossier, lens: Sufficiency, one: Supply, place: str) -> None:
    key = f"{dossier.tool.id}-{lens.persona_id}-{one.beat.id}-{one.need}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"supply-{key}"):
        if one.opinion:
            st.text(f"≈ {one.beat.label}: opinion", width="stretch")
        elif one.fact is not None:
            st.text(f"✓ {one.beat.label}: {one.fact.ref}", width="stretch", help=plain(one.fact.text))
        else:
            st.text(f"○ {one.beat.label}: add {one.asks}", width="stretch")
        if one.opinion or one.fact is None:
            st.button(
                "Needs a fact after all" if one.opinion else "Let it be opinion",
                key=f"opinion-{key}",
                type="tertiary",
                on_click=_mark,
                args=(bench, dossier.tool.id, lens.persona_id, one.beat.id, not one.opinion, place),
                help=None if one.opinion else "The model is told that this beat may stand on nothing.",
            )


def _mark(bench: Workbench, tool_id: ToolId, persona: str, beat: str, opinion: bool, place: str) -> None:
    try:
        bench.supplying.mark(tool_id, persona, beat, opinion=opinion, editor=bench.settings.editor)
    except WorkbenchError as error:
        state.say("error", str(error), place)
