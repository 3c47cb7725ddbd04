"""A second reading of the quote that stands: asked for by a click, shown with its cost, and marks only."""

from __future__ import annotations

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.second_reading import Reading
from workbench.errors import WorkbenchError
from workbench.ui import state
from workbench.ui.board import Slot
from workbench.ui.components.replays import streaming
from workbench.ui.components.words import count, money, plain

_SAYS = {"absent": "not in the dossier", "contradicted": "the dossier says otherwise"}


def second_reading(bench: Workbench, slot: Slot) -> None:
    """Draw what the other provider's model has read in the quote, or the way to ask for it."""
    cell = slot.cell
    draft_id = bench.rereading.under_way(cell.tool_id, cell.persona_id)
    if draft_id is not None:
        st.caption("A second reading is under way…")
        streaming(bench, draft_id)
        return
    if failed := bench.rereading.failed(cell.tool_id, cell.persona_id):
        st.warning(plain(failed))
    found = bench.rereading.of(cell)
    if found is not None:
        _shown(found)
    st.button(
        "Read again" if found else "Second reading",
        key=f"reread-{slot.place}",
        help="The other provider’s model holds the quote against the dossier. It adds marks and clears none.",
        on_click=_start,
        args=(bench, slot),
    )


def _shown(found: Reading) -> None:
    refused = f" {count(found.refused, 'row')} did not count: no such words, or no such fact." if found.refused else ""
    cost = money(found.cost, rehearsal=found.rehearsal)
    nothing = "" if found.rows else " It marks nothing, which proves nothing."
    st.caption(plain(f"Second reading by {found.model}, {cost}, asked for by {found.editor}.{nothing}{refused}"))
    for row in found.rows:
        facts = f" ({', '.join(row.facts)})" if row.facts else ""
        st.caption(plain(f"“{row.words}” – {_SAYS[row.kind]}{facts}. {row.why}"))


def _start(bench: Workbench, slot: Slot) -> None:
    try:
        prepared = bench.rereading.prepare(slot.cell.tool_id, slot.cell.persona_id)
        bench.rereading.start(prepared, editor=bench.settings.editor)
    except WorkbenchError as error:
        state.say("error", str(error), slot.place)
