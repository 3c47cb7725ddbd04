"""A persona's or a prompt's file: the list of them, and the box in which one is edited, tried and saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.edition import ContentFile
from workbench.domain.persona import Persona
from workbench.errors import ConflictError, LibraryError, WorkbenchError
from workbench.ports import Library
from workbench.services.authoring import as_kept
from workbench.ui import state
from workbench.ui.components.message import message
from workbench.ui.components.typed import replaced, typed
from workbench.ui.components.words import money, plain, tokens

PLACE = "personas"
"""Where messages about saving are said: under the buttons."""
TABS = "personas.tab"
FILE_TAB = "File"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The file that is looked at. `text` is what the box holds; `library` has it in the file's place, and is None where
    `fault` says why it cannot be used."""

    file: ContentFile
    text: str
    library: Library | None
    fault: WorkbenchError | None

    @property
    def changed(self) -> bool:
        """Whether the box holds something that is not saved."""
        return self.text != self.file.text

    @property
    def place(self) -> str:
        """The file's name in keys: `persona-builder`."""
        return place_of(self.file)


def place_of(file: ContentFile) -> str:
    """The file's name in keys: `persona-builder`."""
    return f"{file.kind}-{file.name}"


def file_list(files: Sequence[ContentFile], lenses: Mapping[str, Persona]) -> ContentFile:
    """Draw the list, personas in their colours; the file that is chosen."""
    places = [place_of(one) for one in files]
    if state.value("personas.file") not in places:
        state.put("personas.file", places[0])
    chosen = state.value("personas.file")
    colors = [
        f".st-key-pick-{place_of(one)} button{{border-left:5px solid {lenses[one.name].color}!important}}"
        for one in files
        if one.kind == "persona" and one.name in lenses
    ]
    with st.container(key="files", gap="xsmall"):
        st.html(f"<style>{''.join(colors)}</style>")
        for kind, heading in (("persona", "Personas"), ("prompt", "Prompts")):
            st.caption(heading)
            for one in (one for one in files if one.kind == kind):
                place = place_of(one)
                label = lenses[one.name].label if kind == "persona" and one.name in lenses else f"{one.name}.md"
                mark = " ✎" if _edited(one) else ""
                st.button(
                    f"{'⚠ ' if one.fault else ''}{plain(label)}{mark}",
                    key=f"pick-{place}",
                    type="secondary" if place == chosen else "tertiary",
                    help="Not saved yet" if mark else None,
                    width="stretch",
                    on_click=_choose,
                    args=(place,),
                )
    return files[places.index(chosen)]


def opened(bench: Workbench, file: ContentFile) -> Opened:
    """The file with what its box holds, tried out as if it were saved."""
    key = f"text-{place_of(file)}"
    if state.value(key) in (
        None,
        state.value(f"first-{place_of(file)}"),
    ):  # the box follows the disk until it is typed in
        _begin(file)
    text = as_kept(str(state.value(key) or "")) if state.value(key) != file.text else file.text
    library: Library | None = None
    fault: WorkbenchError | None = None
    try:
        library = bench.authoring.trying(file.kind, file.name, text)
    except WorkbenchError as error:
        fault = error
    return Opened(file=file, text=text, library=library, fault=fault)


def file_box(bench: Workbench, one: Opened) -> None:
    """The text, what is wrong with it, and the way to save it."""
    st.text_area(
        f"Text of {one.file.name}.md",
        key=f"text-{one.place}",
        height=430,
        persist_state="session",
        help="Ctrl+Enter, or a click elsewhere, has it checked.",
    )
    typed({f"text-{one.place}": one.file.text})
    with st.container():
        _standing(one)
    with st.container():
        if one.changed and one.library is not None:
            _consequence(bench, one)
    with st.container(horizontal=True, vertical_alignment="bottom", key="save-row"):
        st.text_input("What is this version for?", key=f"note-{one.place}", placeholder="more concrete on price")
        st.button("Save", key="save-file", type="primary", on_click=_save, args=(bench, one.file))
        st.button("Discard", key="discard-file", disabled=not one.changed, on_click=_discard, args=(one.file,))
        if one.file.original:
            st.button(
                "Back to the built-in",
                key="original-file",
                disabled=one.text == one.file.original,
                help="Puts the text that came with the workbench into the box. Nothing is saved until you save it.",
                on_click=take,
                args=(one.file, one.file.original, "Back to the built-in text"),
            )
    message(PLACE)
    where = (
        "It came with the workbench and is never changed: the first save makes a folder beside the workspace with "
        f"copies of all {one.file.kind}s, and they are used from then on."
        if one.file.built_in
        else "A save replaces this file; the text before stays under Versions."
    )
    st.caption(where if one.file.built_in else f"{plain(one.file.path)}  \n{where}")


def take(file: ContentFile, text: str, note: str) -> None:
    """Put a text into the box, with a note on why; for a callback."""
    replaced(f"text-{place_of(file)}")
    state.put(f"text-{place_of(file)}", text)
    state.put(f"note-{place_of(file)}", note)
    state.put(TABS, FILE_TAB)


def problem(error: WorkbenchError, text: str) -> None:
    """What is wrong, and the lines around it."""
    st.error(f"{plain(error.message)}  \n{plain(error.remedy)}")
    if isinstance(error, LibraryError) and error.line is not None:
        lines = text.split("\n")
        first, last = max(1, error.line - 2), min(len(lines), error.line + 2)
        shown = (f"{'→' if at == error.line else ' '} {at:>3}  {lines[at - 1]}" for at in range(first, last + 1))
        st.code("\n".join(shown), language=None, wrap_lines=True)


def _standing(one: Opened) -> None:
    if one.fault is not None:
        problem(one.fault, one.text)
    elif one.changed:
        st.info("This text can be used. It is not saved: drafts are made with the file as it is on disk.")
    else:
        st.caption(f"Version {one.file.digest[:10]}, as it is on disk.")


def _consequence(bench: Workbench, one: Opened) -> None:
    """What a save makes the next run write anew, and what that costs."""
    if one.library is None or (one.file.kind == "prompt" and one.file.name not in ("house", "brief")):
        return
    with bench.store.reading() as repositories:
        some = repositories.tools.summaries(limit=1)
        dossier = repositories.tools.latest(some[0].tool.id) if some else None
    if dossier is None:
        return
    persona = one.library.personas()[0].id
    said: list[str] = []
    for provider in bench.planning.providers:
        found = bench.rendering.render(one.library, dossier, persona, provider.name)
        if found.shared and found.anew is not None:
            said.append(f"{provider.name} writes {tokens(found.shared)}, {money(found.anew)} more than reading them")
    if said:
        spent = " At list price, not spent: a rehearsal." if bench.rehearsing else ""
        told = f"All drafts share this text: after a save the next run caches it anew. {'; '.join(said)}.{spent}"
        st.caption(plain(told))


def _save(bench: Workbench, file: ContentFile) -> None:
    place = place_of(file)
    try:
        made = bench.authoring.save(
            file.kind,
            file.name,
            str(state.value(f"text-{place}") or ""),
            note=str(state.value(f"note-{place}") or ""),
            editor=bench.settings.editor,
            base=state.value(f"base-{place}", file.digest),
        )
    except ConflictError as error:
        # Their version is listed now: a second save is meant.
        state.put(f"base-{place}", bench.authoring.file(file.kind, file.name).digest)
        state.say("error", str(error), PLACE)
    except WorkbenchError as error:
        state.say("error", str(error), PLACE)
    else:
        _discard(bench.authoring.file(file.kind, file.name))
        state.put(f"note-{place}", "")
        state.say("success", f"Saved as version {made[:10]}. Drafts are made with it from now on.", PLACE)


def _begin(file: ContentFile) -> None:
    """Let the box hold what is on disk."""
    place = place_of(file)
    state.put(f"text-{place}", file.text)
    state.put(f"first-{place}", file.text)
    state.put(f"base-{place}", file.digest)


def _discard(file: ContentFile) -> None:
    """Let the box hold what is on disk, whatever was typed in it."""
    replaced(f"text-{place_of(file)}")
    _begin(file)


def _edited(file: ContentFile) -> bool:
    typed = state.value(f"text-{place_of(file)}")
    return typed is not None and as_kept(typed) != file.text and typed != state.value(f"first-{place_of(file)}")


def _choose(place: str) -> None:
    state.put("personas.file", place)
