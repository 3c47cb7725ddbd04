"""What is different on a page since it last left."""

from __future__ import annotations

import streamlit as st

from workbench.services.exporting import Changed
from workbench.ui.components.differences import differences
from workbench.ui.components.words import count, plain


def changed_box(changed: Changed | None) -> None:
    """The changed lines, old words struck through and new ones underlined; a line that says so where there is none."""
    if changed is None:
        st.caption("This pair has not been exported yet.")
        return
    last = changed.since
    when = f"{last.at.date().isoformat()} ({plain(last.format)}, {plain(last.editor)})"
    if not changed.changes:
        st.caption(f"Nothing has changed since the export of {when}.")
        return
    label = f"What changed since the export of {when} · {count(len(changed.changes), 'line')}"
    with st.expander(label, icon=":material/difference:", key="export-changes"):
        for one in changed.changes:
            differences(one.before, one.after)
