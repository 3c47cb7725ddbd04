"""Why an approved quote is under review: what changed in the facts it rests on, and the way to let it stand."""

from __future__ import annotations

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.staleness import Reopened
from workbench.ui.board import Slot
from workbench.ui.components import acts
from workbench.ui.components.differences import differences
from workbench.ui.components.words import plain


def reopened_box(bench: Workbench, slot: Slot, why: Reopened) -> None:
    """The changed facts, old words struck through and new ones underlined."""
    place, version = slot.place, slot.cell.version
    with st.container(key=f"reopened-{place}", gap="small"):
        st.warning(
            f"Under review since {why.since.date().isoformat()}: revision {why.revision} of the dossier changed what "
            "this quote rests on. The page says so until you accept, edit, or let it stand.",
            icon=":material/history:",
        )
        for change in why.changes:
            st.caption(plain(f"{change.before.ref}, {change.before.source}{'' if change.after else ': removed'}"))
            differences(change.before.text, "" if change.after is None else change.after.text)
        box = st.popover("Stands all the same", key=f"standing-{place}-{version}", on_change="rerun")
        with box:
            if not box.open:
                return
            st.text_input(
                "Why, in a line", key=f"stands-{place}", max_chars=300, placeholder="It never used the figure."
            )
            st.button(
                "The quote stands",
                key=f"uphold-{place}",
                type="primary",
                on_click=acts.uphold,
                args=(bench, slot),
            )
