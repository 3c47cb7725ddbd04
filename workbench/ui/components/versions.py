"""Every version of a file: when, who, why, how many quotes rest on it, and what is different in it."""

from __future__ import annotations

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.services.authoring import Version
from workbench.ui.components.authoring import Opened, take
from workbench.ui.components.differences import differences
from workbench.ui.components.words import count, plain


def version_list(bench: Workbench, one: Opened) -> None:
    """Newest first; what is different is worked out when it is looked at."""
    for number, version in enumerate(bench.authoring.versions(one.file.kind, one.file.name)):
        _version(one, version, number)


def _version(one: Opened, version: Version, number: int) -> None:
    edition = version.edition
    key = f"{one.place}-{number}-{edition.digest[:10]}"
    with st.container(border=True, key=f"version-{key}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"`{edition.digest[:10]}`", width="content")
            if version.current:
                st.badge("On disk", color="green")
            st.markdown(f"**{plain(edition.note)}**", width="content")
            st.badge(
                f"used by {count(version.quotes, 'quote')}",
                color="blue" if version.quotes else "gray",
                help="Approved quotes whose draft was made with this version, as far as that was kept with the draft.",
            )
            if not version.current:
                st.button(
                    "Restore",
                    key=f"restore-{key}",
                    help="Puts this text into the box. Nothing is saved until you save it.",
                    on_click=take,
                    args=(one.file, edition.text, f"Back to {edition.digest[:10]}"),
                )
        who = f"{edition.editor}, " if edition.editor else "First seen "
        st.caption(plain(f"{who}{edition.at:%d %b %Y %H:%M} UTC"))
        if not version.current:
            changed = st.expander("What is different from the file now", key=f"diff-{key}", on_change="rerun")
            if changed.open:
                with changed:
                    differences(edition.text, one.file.text)
