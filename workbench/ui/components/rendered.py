"""The request one draft would send: its parts in order, drawn to scale, with the cache's cuts and the price."""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Dossier
from workbench.domain.ids import ToolId
from workbench.services.rendering import Part, Rendered
from workbench.ui import state
from workbench.ui.components.authoring import Opened
from workbench.ui.components.message import message
from workbench.ui.components.picker import on_offer, tool_box
from workbench.ui.components.words import money, plain, tokens

_PARTS = {
    "house": "House rules",
    "briefs": "All briefs",
    "brief": "Own brief",
    "dossier": "Dossier",
    "ask": "Ask",
}
PLACE = "rendered"
"""Where it is said that nothing was found by what was typed."""
_SHORT = 1200
"""Characters up to which a part is shown unfolded."""
_LASTS = {"1h": "1 h", "5m": "5 min"}


def rendered_prompt(bench: Workbench, one: Opened) -> None:
    """Choose a tool and a provider; the prompt as that model would be told it, with the text of the box in it."""
    if one.library is None:
        st.info("The text of this file cannot be used, so there is nothing to render. Mend it under File.")
        return
    dossier = _tool(bench)
    if dossier is None:
        st.info("There is no tool to render the prompt for. Add one under Tools.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        persona = persona_of(one)
        provider = st.segmented_control(
            "Provider",
            [each.name for each in bench.planning.providers],
            key="rendered.provider",
            default=bench.planning.providers[0].name,
            required=True,
        )
        counting = st.button(
            "Have the vendor count",
            key="rendered.count",
            help="Asks the vendor's own counter, where it has one. Free, and takes a second.",
        )
    found = bench.rendering.render(one.library, dossier, persona, str(provider), count=counting)
    if one.changed:
        st.caption("With the text of the box, which is not saved.")
    _figures(found)
    st.html(_bar(found))
    for note in found.notes:
        st.caption(plain(note))
    for number, part in enumerate(found.parts, start=1):
        _block(number, part, found.tokens)


def persona_of(one: Opened) -> str:
    """The persona the file is, or for a prompt the one to look at it with."""
    if one.file.kind == "persona" or one.library is None:
        return one.file.name
    labels = {str(each.id): each.label for each in one.library.personas()}
    chosen = st.selectbox("For the persona", list(labels), key="personas.lens", format_func=lambda each: labels[each])
    return str(chosen)


def _tool(bench: Workbench) -> Dossier | None:
    kept = state.value("rendered.tool")
    known = on_offer(bench, [*state.selected_tools(), *([kept] if kept else [])])
    if not known:
        return None
    first = next((each for each in state.selected_tools() if each in known), next(iter(known)))
    chosen = tool_box(bench, "Tool", known, key="rendered.tool", first=first, place=PLACE)
    message(PLACE)
    with bench.store.reading() as repositories:
        return repositories.tools.latest(ToolId(chosen))


def _figures(found: Rendered) -> None:
    acted = found.provider.rehearsal
    with st.container(horizontal=True, key="rendered-figures"):
        st.metric(
            "Prompt",
            tokens(found.tokens),
            help="Counted by the vendor." if found.counted else "Estimated from the text's length.",
        )
        st.metric("A draft, cold", money(found.cold), help="Nothing of it is cached: the first draft of a run.")
        st.metric("A draft, warm", money(found.warm), help="All that can be cached is: another take.")
    told = "tokens counted by the vendor" if found.counted else "tokens estimated"
    spent = " At list price, not spent: a rehearsal." if acted else ""
    answer = f"Prices are with an answer of {tokens(found.answer)}."
    st.caption(plain(f"{found.provider.name}, {found.provider.model}; {told}. {answer}{spent}"))


def _bar(found: Rendered) -> str:
    """The parts as wide as their tokens; a cut stands where a cache entry ends."""
    pieces: list[str] = []
    for part in found.parts:
        label = escape(_PARTS[part.segment.kind])
        said = f"{label}: {tokens(part.tokens)}"
        pieces.append(
            f'<span class="part {part.segment.kind}" style="flex-grow:{max(1, part.tokens)}" title="{said}">'
            f"<b>{label}</b><small>{part.tokens:,}</small></span>"
        )
        if part.segment.breakpoint is not None:
            lasts = _LASTS[part.segment.breakpoint]
            pieces.append(
                f'<span class="cut" title="The prompt up to here is cached for {lasts}">'
                f"<i><u>cached </u>{lasts}</i></span>"
            )
    told = "; ".join(
        f"{_PARTS[part.segment.kind]} {tokens(part.tokens)}"
        + (f", cached {_LASTS[part.segment.breakpoint]} up to here" if part.segment.breakpoint else "")
        for part in found.parts
    )
    return f'<div class="request" role="img" aria-label="{escape(told)}">{"".join(pieces)}</div>'


def _block(number: int, part: Part, whole: int) -> None:
    segment = part.segment
    share = round(100 * part.tokens / max(1, whole))
    figures = f"{segment.role} · {tokens(part.tokens)} · {share} % · {len(segment.text):,} characters"
    with st.container(key=f"part-{segment.kind}", gap="xsmall"):
        # Unfolded whole: a box that scrolls by itself is out of a keyboard's reach.
        with st.expander(
            f"**{number} · {_PARTS[segment.kind]}** · {plain(figures)}", expanded=len(segment.text) < _SHORT
        ):
            st.code(segment.text, language=None, wrap_lines=True)
        if segment.breakpoint is not None:
            st.html(
                f'<div class="cut-line">cached {_LASTS[segment.breakpoint]}: {tokens(part.reached)} up to here</div>'
            )
