"""Two scorecards side by side, the editor's call, and the page as it would be published."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.comparison import Comparison, Page, disclosure, is_against_older_dossier, verdict_label
from workbench.domain.ids import ToolId
from workbench.domain.scorecard import Quote, Scorecard, community_label, panel_label
from workbench.errors import ConflictError, ExportError, WorkbenchError
from workbench.ui import state
from workbench.ui.components.words import count, names, plain


def comparison_page(bench: Workbench) -> None:
    """Choose two tools, read, call, export."""
    st.title("Comparison")
    pair = _choose(bench)
    if pair is None:
        st.info("A comparison needs two tools. Add them under Tools.")
        return
    comparison = bench.publishing.comparison(*pair)
    page = bench.publishing.page(comparison)
    for column, card in zip(st.columns(2, gap="medium"), page.cards, strict=True):
        with column:
            _scorecard(card)
    _quotes(bench, page)
    _call(bench, comparison)
    _exports(bench, page)


def _choose(bench: Workbench) -> tuple[ToolId, ToolId] | None:
    with bench.store.reading() as repositories:
        tools = [one.tool for one in repositories.tools.summaries(limit=500)]
        listed = {one.id for one in tools}
        named = [repositories.tools.latest(ToolId(one)) for one in state.selected_tools() if ToolId(one) not in listed]
    known = names([*tools, *(one.tool for one in named if one is not None)])
    if len(known) < 2:
        return None
    on_desk = [one for one in state.selected_tools() if one in known]
    first = [*on_desk, *(one for one in known if one not in on_desk)]
    state.start_with("comparison.left", first[0])
    state.start_with("comparison.right", first[1])
    left_column, right_column = st.columns(2, gap="medium")
    left = left_column.selectbox("Left", list(known), key="comparison.left", format_func=lambda one: known[one])
    right = right_column.selectbox("Right", list(known), key="comparison.right", format_func=lambda one: known[one])
    if not left or not right:
        return None
    state.select_tools([left, right] if left != right else [left])
    return ToolId(left), ToolId(right)


def _scorecard(card: Scorecard) -> None:
    tool = card.tool
    with st.container(border=True, key=f"card-{tool.id}"):
        st.caption(plain(tool.category) or "No category")
        st.subheader(plain(tool.name), anchor=False)
        if tool.tagline:
            st.text(tool.tagline)
        with st.container(horizontal=True):
            st.metric(
                "Panel ship",
                panel_label(card.panel),
                help="Ships ÷ decided verdicts, halves rounded up. A dash means nothing is decided.",
            )
            st.metric("Split", card.split, help="Ships – skips among the decided verdicts.")
            st.metric("Community", community_label(tool.community), help="The readers' vote; a dash without votes.")
            st.metric("Entry", tool.entry.value if tool.entry is not None else "—")
        if card.panel is not None:
            decided, all_of_them = len(card.verdicts), len(card.quotes) + len(card.missing)
            st.progress(card.panel / 100, text=f"{decided} of {count(all_of_them, 'verdict')} decided")
        if card.missing:
            st.warning(f"No approved quote yet: {plain(', '.join(card.missing))}.")
        older = [one.persona_label for one in card.quotes if is_against_older_dossier(card, one)]
        if older:
            st.warning(f"Approved against an older dossier: {plain(', '.join(older))}.")


def _quotes(bench: Workbench, page: Page) -> None:
    known = [one.label for one in bench.library.personas()]
    for label in dict.fromkeys([*known, *(quote.persona_label for _, quote in page.quotes)]):
        st.markdown(f"##### {plain(label)}")
        for column, card in zip(st.columns(2, gap="medium"), page.cards, strict=True):
            quote = next((one for one in card.quotes if one.persona_label == label), None)
            with column:
                if quote is None:
                    st.caption("No approved quote yet.")
                else:
                    _quote(card, quote)


def _quote(card: Scorecard, quote: Quote) -> None:
    with st.container(border=True, key=f"published-{card.tool.id}-{quote.persona_id}"):
        color = {"ship": "green", "skip": "red"}.get(quote.verdict or "", "gray")
        st.badge(verdict_label(quote.verdict), color=color)  # type: ignore[arg-type]  # one of three colours
        st.text(quote.text)
        st.caption(plain(disclosure(quote)))


def _call(bench: Workbench, comparison: Comparison) -> None:
    st.markdown("##### Editor’s call")
    key = f"call-{comparison.id}"
    _follow(comparison, key)
    st.text_area(
        "Which one should you ship with?",
        key=key,
        height=110,
        placeholder="Answer the page's question in your own words.",
        persist_state="session",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save the call", key="save-call", on_click=_save_call, args=(bench, comparison, key))
        if str(state.value(key) or "").strip() != comparison.call:
            st.caption("Not saved yet: the exports below do not have it.", width="content")
        elif comparison.call and comparison.call_at is not None:
            when = comparison.call_at.strftime("%d %b %Y %H:%M UTC")
            st.caption(f"Saved by {plain(comparison.call_editor)}, {when}", width="content")


def _follow(comparison: Comparison, key: str) -> None:
    """The box shows what is stored until it is typed in; from then on it keeps the version it began with."""
    first = f"{key}-first"
    if state.value(key) in (None, state.value(first, "")):
        state.put(key, comparison.call)
        state.put(first, comparison.call)
        state.put(f"{key}-version", comparison.version)


def _save_call(bench: Workbench, comparison: Comparison, key: str) -> None:
    seen = replace(comparison, version=int(state.value(f"{key}-version", comparison.version)))
    try:
        saved = bench.publishing.call(seen, str(state.value(key) or ""), bench.settings.editor)
    except ConflictError as error:
        # The other call is in the message: a second save is meant.
        stored = bench.publishing.comparison(comparison.left, comparison.right)
        state.put(f"{key}-version", stored.version)
        state.say("error", str(error))
    except WorkbenchError as error:
        state.say("error", str(error))
    else:
        state.put(f"{key}-first", saved.call)
        state.put(f"{key}-version", saved.version)


def _file(bench: Workbench, page: Page, name: str) -> bytes:
    """The file's bytes; made when the button is pressed, not when it is drawn."""
    return bench.publishing.export(page, name).data


def _exports(bench: Workbench, page: Page) -> None:
    st.markdown("##### Publish")
    try:
        preview = bench.publishing.export(page, "html")
    except ExportError as error:
        st.info(f"{plain(error.message)}  \n{plain(error.remedy)}")
        return
    undecided = sum(quote.verdict is None for _, quote in page.quotes)
    if undecided:
        st.warning(f"{count(undecided, 'quote')} without a verdict: the panel figure leaves them out.")
    if not page.comparison.call:
        st.warning("The page asks which one to ship with, and there is no editor’s call yet.")
    with st.container(horizontal=True, key="exports"):
        for exporter in bench.publishing.exporters:
            st.download_button(
                exporter.label,
                data=partial(_file, bench, page, exporter.name),
                file_name=f"{page.slug}{exporter.suffix}",
                mime=exporter.media_type,
                key=f"export-{exporter.name}",
                on_click="ignore",
            )
    with st.expander("Preview", expanded=True, icon=":material/visibility:"):
        st.iframe(preview.data.decode("utf-8"), height=900)
