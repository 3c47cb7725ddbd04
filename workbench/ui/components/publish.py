"""The page's files, what keeps it from being published, and the page as it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.board import Point, PointKind
from workbench.domain.comparison import Page
from workbench.errors import ExportError
from workbench.ui.components.exported import changed_box
from workbench.ui.components.words import count, plain

_KEEPS: dict[PointKind, str] = {
    "second": "A second editor stands by it there, or you edit it.",
    "unapproved": "Accept or edit a draft there: nothing leaves that nobody has approved.",
}
"""What to do about the points that keep every file back."""


def publish_box(bench: Workbench, page: Page, points: Sequence[Point], to_cell: Callable[[Point], None]) -> None:
    """The files, unless something keeps them back; then what, and the way there. The preview stands in either case."""
    st.header("Publish", anchor=False)
    refused = bench.publishing.refusal(page)
    with st.container(key="publish-state"):
        told = _kept_back(page, points, refused, to_cell) if refused is not None else _not_yet(page, points)
    if refused is None:
        with st.container(horizontal=True, key="exports"):
            for exporter in bench.publishing.exporters:
                st.download_button(
                    exporter.label,
                    data=partial(_file, bench, page, exporter.name),
                    file_name=f"{page.slug}{exporter.suffix}",
                    mime=exporter.media_type,
                    key=f"export-{exporter.name}",
                    on_click="ignore",  # a click on the next one must not meet a page that is being drawn
                )
        with st.container():
            changed_box(bench.exporting.changed(page))
    label = f"Preview, not publishable yet: {told}" if told else "Preview"
    with st.expander(label, expanded=True, icon=":material/visibility:", key="preview"):
        st.iframe(bench.publishing.preview(page).data.decode("utf-8"), height=900)


def _kept_back(page: Page, points: Sequence[Point], refused: ExportError, to_cell: Callable[[Point], None]) -> str:
    """Say what keeps every file back; in a few words for the preview."""
    kind: PointKind = "second" if all(card.quotes for card in page.cards) else "unapproved"
    bare = {card.tool.id for card in page.cards if not card.quotes}
    first = next((one for one in points if one.kind == kind and (kind == "second" or one.tool_id in bare)), None)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="kept-back"):
        st.markdown(f"**Not publishable yet.** {plain(refused.message)} {_KEEPS[kind]}", width="stretch")
        if first is not None and st.button("Open", key="to-kept-back"):
            to_cell(first)
    return "a second look is open" if kind == "second" else "a tool has no approved quote"


def _not_yet(page: Page, points: Sequence[Point]) -> str:
    """Say what a finished page would have that this one lacks; in a few words for the preview."""
    blocking = sum(one.blocks for one in points)
    if blocking:
        st.caption(f"{count(blocking, 'point')} to settle, under Open. The files say what the page lacks.")
        return f"{count(blocking, 'point')} to settle"
    if page.comparison.signed_at is None or page.changed:
        st.caption("Everything is settled and nobody has signed it as it stands. The files say so.")
        return "not signed" if page.comparison.signed_at is None else "changed since it was signed"
    return ""


def _file(bench: Workbench, page: Page, name: str) -> bytes:
    """The file's bytes; made when the button is pressed, not when it is drawn."""
    return bench.exporting.export(page, name, editor=bench.settings.editor).data
