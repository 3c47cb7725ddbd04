"""Earlier drafts made again with the text of the box, before it goes live: before and after, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.dossier import Dossier
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.errors import UnknownNameError, WorkbenchError
from workbench.services.live import Snapshot
from workbench.services.replaying import MOST_TOOLS, Outcome, Prepared
from workbench.ui import state
from workbench.ui.components.acts import nothing
from workbench.ui.components.authoring import Opened
from workbench.ui.components.differences import differences
from workbench.ui.components.message import message
from workbench.ui.components.picker import HELP, PLACEHOLDER, called, on_offer, picked_some
from workbench.ui.components.rendered import persona_of
from workbench.ui.components.words import count, money, plain, price
from workbench.ui.live_socket import SOCKET_PATH
from workbench.ui.scripts import based, element

PLACE = "replay"
_mount = element("replay", '<div class="replay" role="status"></div>')


def replay(bench: Workbench, one: Opened) -> None:
    """Choose what to replay, start it, and look at it."""
    if one.library is None:
        st.info("The text of this file cannot be used, so nothing can be replayed. Mend it under File.")
        return
    st.caption(
        "Drafts earlier reviews again, from the dossiers they were made from, with the text of the box. Nothing of it "
        "reaches the draft room; what it costs is charged to the day."
    )
    persona = persona_of(one)
    with st.container():
        _start(bench, one, persona)
    message(PLACE)
    pairs: Sequence[tuple[DraftId, DraftId]] = state.value(f"replayed-{one.place}", ())
    lens = _lens(bench, one, persona)
    for before, after in pairs:
        if lens is not None:
            _pair(bench, one, lens, before, after)


def _start(bench: Workbench, one: Opened, persona: str) -> None:
    picked = state.value("replay.tools")
    known = on_offer(bench, picked or [], begun=True)
    if not known:
        st.info("No tool has been drafted yet: there is nothing to replay.")
        return
    state.put("replay.tools", list(known)[:2] if picked is None else [each for each in picked if each in known])
    chosen, providers = _choice(bench, known)
    hidden = [
        each for each in chosen if bench.masking.masked(bench.deciding.cells(ToolId(each)).get(PersonaId(persona)))
    ]
    if hidden:
        listed = ", ".join(known[each] for each in hidden)
        st.caption(plain(f"Left out until they are decided, since a replay tells who drafted what: {listed}."))
    live = _live(bench, one)
    if live:
        with st.container(horizontal=True, key="replay-bar"):
            st.button(
                f"Stop {count(len(live), 'draft')}", key="replay-stop", on_click=bench.drafting.stop, args=(live,)
            )
        return
    assert one.library is not None
    wanted = [ToolId(each) for each in chosen if each not in hidden]
    _offer(bench, one, bench.replaying.prepare(one.library, persona, wanted, providers))


def _choice(bench: Workbench, known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The tools and the providers to replay with."""
    chosen = st.multiselect(
        f"Tools, up to {MOST_TOOLS}",
        list(known),
        key="replay.tools",
        max_selections=MOST_TOOLS,
        accept_new_options=True,
        format_func=called(known),
        placeholder=PLACEHOLDER,
        help=HELP,
        on_change=partial(picked_some, bench, "replay.tools", known, PLACE, begun=True),
        persist_state="session",
    )
    providers = st.pills(
        "Providers",
        [each.name for each in bench.planning.providers],
        selection_mode="multi",
        default=[each.name for each in bench.planning.providers],
        key="replay.providers",
        persist_state="session",
    )
    return chosen, providers


def _offer(bench: Workbench, one: Opened, prepared: Prepared) -> None:
    if prepared.lacking:
        st.caption(plain(f"No whole draft to compare with: {', '.join(prepared.lacking)}."))
    with st.container(horizontal=True, vertical_alignment="center", key="replay-bar"):
        st.button(
            f"Replay {count(len(prepared.run.jobs), 'draft')}",
            key="replay-start",
            type="primary",
            disabled=not prepared.run.jobs,
            on_click=_begin,
            args=(bench, one.place, prepared),
        )
        if prepared.run.jobs:
            st.caption(plain(f"about {price(prepared.run.bill)}"), width="content")


def _begin(bench: Workbench, place: str, prepared: Prepared) -> None:
    try:
        started = bench.replaying.start(prepared, editor=bench.settings.editor)
    except WorkbenchError as error:
        state.say("error", str(error), PLACE)
    else:
        if started:  # a click that comes twice finds every cell being replayed
            state.put(f"replayed-{place}", started)


def _live(bench: Workbench, one: Opened) -> list[DraftId]:
    found = (bench.drafting.feed.get(after) for _, after in state.value(f"replayed-{one.place}", ()))
    return [each.draft.id for each in found if each is not None and each.draft.live]


def _lens(bench: Workbench, one: Opened, persona: str) -> Persona | None:
    library = one.library or bench.library
    return next((each for each in library.personas() if each.id == persona), None)


def _pair(bench: Workbench, one: Opened, lens: Persona, before: DraftId, after: DraftId) -> None:
    try:
        old, new = bench.drafting.get(before), bench.drafting.get(after)
    except UnknownNameError:
        st.caption("A replay of an earlier start of the workbench is gone. Replay again to see it.")
        return
    if old.draft.origin.persona_id != lens.id:
        return
    dossier = bench.replaying.dossier(old.draft)
    with st.container(border=True, key=f"replay-{after}"):
        st.markdown(f"**{plain(dossier.tool.name)}** · {plain(old.draft.origin.provider)}")
        with st.container():
            if not new.draft.live:
                st.html(_figures(bench, lens, dossier, old, new))
        left, right = st.columns(2, gap="medium")
        with left:
            st.caption(f"Before: take {old.draft.origin.take}, version {old.draft.origin.persona_digest[:10]}")
            st.text(old.review.quote)
        with right:
            st.caption(f"After: {_made_with(one, new)}")
            _after(bench, new)
        if not new.draft.live and new.review.quote:
            changed = st.expander("Word by word", key=f"words-{after}", on_change="rerun")
            if changed.open:
                with changed:
                    differences(old.review.quote, new.review.quote, whole=True)


def _made_with(one: Opened, new: Snapshot) -> str:
    if one.file.kind == "prompt":
        return f"with {one.file.name}.md as it was in the box"
    version = new.draft.origin.persona_digest
    return f"version {version[:10]}{'' if version == one.file.digest else ', not saved'}"


def _after(bench: Workbench, new: Snapshot) -> None:
    draft = new.draft
    if draft.live:
        streaming(bench, draft.id)
        return
    if draft.failure is not None:
        st.warning(f"{plain(draft.failure.message)}  \n{plain(draft.failure.remedy)}")
    elif draft.state != "done":
        st.caption(f"It was {draft.state}; this is how far it came.")
    st.text(new.review.quote)


def streaming(bench: Workbench, draft_id: DraftId) -> None:
    """A stream that is no draft of a cell: its text as it comes, and a redraw at its end."""
    _mount(
        key=f"live-{draft_id}",
        data={"draft": draft_id, "token": state.token(bench.settings.editor), "socket": based(SOCKET_PATH)},
        on_ended_change=nothing,
    )


def _figures(bench: Workbench, lens: Persona, dossier: Dossier, old: Snapshot, new: Snapshot) -> str:
    """Both in figures, by the persona of the box: one measure for the two."""
    sides = [bench.replaying.outcome(each, lens, dossier) for each in (old, new)]
    low, high = lens.band.low, lens.band.high
    rows = "".join(
        f'<tr><th scope="row" title="{why}">{label}</th>{"".join(f"<td>{each}</td>" for each in shown)}</tr>'
        for label, why, shown in (
            ("Words", f"The persona asks for {low} to {high}.", [str(each.words) for each in sides]),
            ("Beats met", "Beats with a sentence that says so.", [f"{each.beats}/{each.of}" for each in sides]),
            (
                "Findings",
                "What the checks remark on, by the persona in the box.",
                [str(each.findings) for each in sides],
            ),
            ("Cost", "List price of the tokens reported.", [_cost(each) for each in sides]),
        )
    )
    head = (
        '<thead><tr><td></td><th scope="col" title="The draft as it was made then">before</th>'
        '<th scope="col" title="The same dossier and provider, with the text of the box">after</th></tr></thead>'
    )
    return f'<div class="bill"><table>{head}<tbody>{rows}</tbody></table></div>'


def _cost(one: Outcome) -> str:
    return money(one.cost)
