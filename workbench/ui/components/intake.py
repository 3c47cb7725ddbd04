"""Paste, form or file: what it holds, what would happen, and one button that does it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Entry
from workbench.domain.submission import Submission
from workbench.errors import InputError, WorkbenchError
from workbench.services.importing import Candidate, Preview
from workbench.ui import state
from workbench.ui.components.typed import replaced, typed
from workbench.ui.components.words import count, plain

_FORM = tuple(f"form.{one}" for one in ("name", "vendor", "tagline", "category", "url", "description"))
"""The form's text boxes."""


def add_tools(bench: Workbench) -> list[str]:
    """Draw the three ways in; the ids of the tools just added, empty when none were."""
    pasted, form, file = st.tabs(["Paste", "Form", "File"])
    with pasted:
        added = _paste(bench)
    with form:
        added = added or _form(bench)
    with file:
        return added or _file(bench)


def _paste(bench: Workbench) -> list[str]:
    text = st.text_area(
        "Description",
        key="paste.text",
        persist_state="session",
        height=200,
        placeholder="Name on the first line, then the description. Several tools: a line of --- between them. "
        "Or the text of a whole comparison page.",
        on_change=_keep_open,
    )
    typed({"paste.text": ""})
    st.button("Preview", key="paste.preview", on_click=_keep_open)
    if not text or not text.strip():
        return []
    try:
        preview = bench.importing.preview_text(text)
    except InputError as error:
        _problem(error)
        return []
    nameless = [one for one in preview.candidates if not one.submission.name.strip()]
    if nameless:
        name = st.text_input("Name of the tool", key="paste.name", on_change=_keep_open)
        if name:
            named = replace(nameless[0], submission=replace(nameless[0].submission, name=name))
            candidates = [named if one is nameless[0] else one for one in preview.candidates]
            preview = replace(
                bench.importing.preview_form(*(one.submission for one in candidates)),
                problems=preview.problems,
                original=preview.original,
            )
    return _confirm(bench, preview, "paste")


def _form(bench: Workbench) -> list[str]:
    with st.form("new-tool", border=False):
        left, right = st.columns(2)
        name = left.text_input("Name", key="form.name")
        vendor = right.text_input("Vendor", key="form.vendor")
        tagline = left.text_input("Tagline", key="form.tagline")
        category = right.text_input("Category", key="form.category", placeholder="Developer Tools")
        entry = left.selectbox("Entry", [one.value for one in Entry], index=None, key="form.entry")
        url = right.text_input("URL", key="form.url")
        description = st.text_area("Description", key="form.description", height=160)
        sent = st.form_submit_button("Add this tool", on_click=_keep_open)
    typed(dict.fromkeys(_FORM, ""))
    if not sent and not state.value("form.asked"):
        return []
    submission = Submission(
        name=name or "",
        vendor=vendor or "",
        tagline=tagline or "",
        category=category or "",
        entry=entry or "",
        url=url or "",
        description=description or "",
    )
    preview = bench.importing.preview_form(submission)
    revises = any(one.status == "revised" for one in preview.candidates)
    state.put("form.asked", revises)
    if revises:  # what is known already changes: not by one click on a button that says “Add”
        return _confirm(bench, preview, "form")
    if preview.errors:
        _problem(preview.errors[0])
        return []
    return _commit(bench, preview) if sent else []


def _file(bench: Workbench) -> list[str]:
    suffixes = list(bench.importing.suffixes)
    upload = st.file_uploader("Markdown, JSON or CSV", type=suffixes, key="file.upload", on_change=_keep_open)
    if upload is None or isinstance(upload, list):
        return []
    try:
        preview = bench.importing.preview_file(upload.name, upload.getvalue())
    except InputError as error:
        _problem(error)
        return []
    return _confirm(bench, preview, "file")


def _confirm(bench: Workbench, preview: Preview, where: str) -> list[str]:
    for notice in preview.notices:
        st.info(plain(notice))
    for problem in preview.problems:
        _problem(problem)
    for candidate in preview.candidates:
        if where != "paste" or candidate.submission.name.strip():  # a nameless one is asked for its name above
            _candidate(candidate)
    number = len(preview.importable)
    label = f"Add {count(number, 'tool')} and open the draft room" if number else "Nothing to add"
    if st.button(label, key=f"{where}.add", type="primary", disabled=not number, on_click=_keep_open):
        return _commit(bench, preview)
    return []


def _candidate(candidate: Candidate) -> None:
    dossier = candidate.dossier
    if candidate.problem is not None or dossier is None:
        if candidate.problem is not None:
            _problem(candidate.problem)
        return
    what = {
        "new": ("New", "green"),
        "revised": (f"Becomes revision {dossier.revision}", "orange"),
        "same": ("Already here, unchanged", "gray"),
        "error": ("Error", "red"),
    }[candidate.status]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(dossier.tool.name)}**", width="content")
            st.badge(what[0], color=what[1])  # type: ignore[arg-type]  # one of the colours above
            st.caption(count(len(dossier.facts), "numbered fact"), width="content")
        if dossier.tool.tagline:
            st.text(dossier.tool.tagline)
        st.caption(plain(dossier.description[:280] + ("…" if len(dossier.description) > 280 else "")))
        for notice in candidate.notices:
            st.info(plain(notice))


def _commit(bench: Workbench, preview: Preview) -> list[str]:
    try:
        added = bench.importing.commit(preview)
    except WorkbenchError as error:
        _problem(error)
        return []
    state.drop("paste.name")
    state.drop("form.asked")
    replaced(*_FORM)
    if not preview.errors:  # what could not be read stays in the box, to be mended
        replaced("paste.text")
        state.drop("paste.text")
    return [str(one) for one in added]


def _problem(error: WorkbenchError) -> None:
    numbered = isinstance(error, InputError) and error.line is not None and not error.message.startswith("Line ")
    where = f"Line {error.line}: " if numbered and isinstance(error, InputError) else ""
    st.error(f"{where}{plain(error.message)}  \n{plain(error.remedy)}")


def _keep_open() -> None:
    state.put("tools.adding", True)
