"""The entry script: navigation, the rehearsal notice, and one place where errors become words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.comparison import REHEARSAL_NOTICE
from workbench.errors import WorkbenchError
from workbench.ui import runtime
from workbench.ui.components.message import message
from workbench.ui.components.typed import tell_replaced
from workbench.ui.components.words import plain
from workbench.ui.pages.comparison import comparison_page
from workbench.ui.pages.desk import desk_page
from workbench.ui.pages.personas import personas_page
from workbench.ui.pages.room import room_page
from workbench.ui.pages.tools import tools_page


def main() -> None:
    """Run the page the reader is on."""
    st.set_page_config(page_title="Review workbench", layout="wide")
    st.html(Path(__file__).parents[1] / "style.css")
    try:
        bench = runtime.workbench()
    except WorkbenchError as error:
        st.title("The workspace cannot be opened")
        show_error(error)
        st.stop()
    # No Material page icons: the browser would fetch them from another host.
    room = st.Page(_page(room_page, bench), title="Draft room", url_path="room")
    compare = st.Page(_page(partial(comparison_page, room=room), bench), title="Comparison", url_path="comparison")
    tools = st.Page(_page(partial(tools_page, room=room), bench), title="Tools", url_path="tools")
    personas = st.Page(_page(personas_page, bench), title="Personas", url_path="personas")
    ways = partial(desk_page, room=room, compare=compare, tools=tools)
    desk = st.Page(_page(ways, bench), title="Desk", url_path="desk", default=True)
    current = st.navigation([desk, tools, room, compare, personas], position="top")
    with st.container():  # a notice that comes or goes leaves the page in its place
        _notices(bench)
    current.run()
    tell_replaced()
    runtime.warm()


def show_error(error: WorkbenchError) -> None:
    """What happened, and what to do next."""
    st.error(f"{plain(error.message)}  \n{plain(error.remedy)}" if error.remedy else plain(error.message))


def _page(page: Callable[[Workbench], None], bench: Workbench) -> Callable[[], None]:
    def guarded() -> None:
        try:
            page(bench)
        except WorkbenchError as error:
            show_error(error)

    return guarded


def _notices(bench: Workbench) -> None:
    if bench.rehearsing:
        st.badge(
            REHEARSAL_NOTICE,
            icon=":material/theater_comedy:",
            color="orange",
            help="Drafts are composed by rule from the dossier. To draft with models, set a provider’s key "
            "(the README names them) and start again.",
        )
    for name, reason in bench.idle.items():
        st.caption(f"{plain(name)} does not draft: {plain(reason)}.")
    for problem in bench.library.problems():
        st.warning(plain(problem))
    message()


if __name__ == "__main__":
    main()
