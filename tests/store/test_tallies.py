"""The desk's shelves and the next thing to decide, answered along an index however many tools there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from tests.store.samples import NOON, a_dossier, a_draft, at_noon
from workbench.domain.decision import Accepted, Act, Decision, Rejected, VerdictSet, Withdrawn
from workbench.domain.draft import Draft, State
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.tally import SHELVES, UNDECIDED, Shelf
from workbench.store.opening import prepare
from workbench.store.schema import OURS, Schema
from workbench.store.tables import CellRow
from workbench.store.tallies import counts_of_shelves, on_shelf, page_of_tools, undecided_tools
from workbench.store.workspace import SqlStore, open_store

PANEL = (PersonaId("builder"), PersonaId("skeptic"))
TOOLS = ("b-tool", "c-tool", "d-tool")


def fill(store: SqlStore, *tools: str) -> None:
    with store.writing() as repositories:
        for number, tool in enumerate(tools or TOOLS):
            repositories.tools.add(a_dossier(tool, name=tool), NOON + timedelta(minutes=number))


def draft(store: SqlStore, tool: str, persona: str = "builder", state: State = "done") -> Draft:
    with store.writing() as repositories:
        take = repositories.drafts.next_take(ToolId(tool), PersonaId(persona), "claude")
        made = a_draft(f"{tool}-{persona}-{take}", tool_id=tool, take=take)
        made = replace(made, origin=replace(made.origin, persona_id=PersonaId(persona)), state=state)
        repositories.drafts.add(made)
    return made


def decide(store: SqlStore, tool: str, act: Act, persona: str = "builder") -> None:
    with store.writing() as repositories:
        before = [one for one in repositories.decisions.of_tool(ToolId(tool)) if one.persona_id == persona]
        repositories.decisions.append(
            Decision(
                tool_id=ToolId(tool),
                persona_id=PersonaId(persona),
                number=len(before) + 1,
                editor="Ann",
                at=NOON,
                act=act,
            )
        )


def accepted(tool: str, persona: str = "builder", verdict: Any = "ship") -> Accepted:
    return Accepted(draft_id=DraftId(f"{tool}-{persona}-1"), text="A quote.", verdict=verdict)


def ask_for_a_second_look(store: SqlStore, tool: str) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE cell SET second = 'own vendor' WHERE tool_id = ?", [tool])
        connection.commit()


def on(store: SqlStore, shelf: Shelf, search: str = "") -> list[str]:
    with store.reading() as repositories:
        found = [one.tool.id for one in repositories.tools.summaries(shelf=shelf, personas=PANEL, search=search)]
        assert repositories.tools.shelves(PANEL, search=search)[shelf] == len(found)
    return [str(one) for one in found]


def undecided(store: SqlStore) -> ToolId | None:
    with store.reading() as repositories:
        return repositories.tools.undecided(PANEL)


def test_a_tool_moves_from_shelf_to_shelf_as_it_is_worked_on(store: SqlStore) -> None:
    assert on(store, "undrafted") == ["a-tool"]
    draft(store, "a-tool")
    assert (on(store, "undrafted"), on(store, "progress")) == ([], ["a-tool"])
    decide(store, "a-tool", accepted("a-tool"))
    decide(store, "a-tool", accepted("a-tool", "skeptic", None), "skeptic")
    assert on(store, "progress") == ["a-tool"]
    decide(store, "a-tool", VerdictSet(verdict="skip"), "skeptic")
    assert (on(store, "progress"), on(store, "ready")) == ([], ["a-tool"])
    ask_for_a_second_look(store, "a-tool")
    assert (on(store, "ready"), on(store, "second"), on(store, "progress")) == ([], ["a-tool"], ["a-tool"])
    decide(store, "a-tool", Withdrawn())
    assert (on(store, "second"), on(store, "progress")) == (["a-tool"], ["a-tool"])


def test_a_shelf_is_searched_and_paged(store: SqlStore) -> None:
    fill(store)
    assert on(store, "undrafted") == ["d-tool", "c-tool", "b-tool", "a-tool"]
    assert on(store, "undrafted", search="C-T") == ["c-tool"]
    with store.reading() as repositories:
        page = repositories.tools.summaries(shelf="undrafted", personas=PANEL, offset=1, limit=2)
    assert [one.tool.id for one in page] == ["c-tool", "b-tool"]


def test_a_cell_is_marked_by_what_an_editor_can_do_with_it(store: SqlStore) -> None:
    draft(store, "a-tool", state="failed")
    assert marks(store) == {"builder": "failed"}
    draft(store, "a-tool", state="streaming")
    assert marks(store) == {"builder": "streaming"}
    draft(store, "a-tool")
    assert marks(store) == {"builder": "drafted"}
    decide(store, "a-tool", accepted("a-tool", verdict=None))
    assert marks(store) == {"builder": "approved"}
    decide(store, "a-tool", VerdictSet(verdict="ship"))
    assert marks(store) == {"builder": "settled"}
    decide(store, "a-tool", Withdrawn())
    decide(store, "a-tool", Rejected(draft_id=DraftId("a-tool-builder-3"), reason="generic"))
    assert marks(store) == {"builder": "streaming"}
    fill(store, "b-tool")
    decide(store, "b-tool", Rejected(draft_id=DraftId("b-tool-skeptic-1"), reason="generic"), "skeptic")
    draft(store, "b-tool", "skeptic")
    assert marks(store, "b-tool") == {"skeptic": "rejected"}


def marks(store: SqlStore, tool: str = "a-tool") -> dict[str, str]:
    with store.reading() as repositories:
        (found,) = repositories.tools.some([ToolId(tool)]).values()
    return {str(persona): str(mark) for persona, mark in found.marks.items()}


def test_the_next_to_decide_is_the_last_changed_tool_that_waits_for_an_editor(store: SqlStore) -> None:
    fill(store)
    assert undecided(store) is None
    draft(store, "b-tool", state="failed")
    draft(store, "c-tool", state="streaming")
    assert undecided(store) is None
    draft(store, "a-tool")
    assert undecided(store) == "a-tool"
    draft(store, "d-tool")
    assert undecided(store) == "d-tool"
    decide(store, "d-tool", Rejected(draft_id=DraftId("d-tool-builder-1"), reason="generic"))
    assert undecided(store) == "a-tool"
    decide(store, "d-tool", accepted("d-tool", verdict=None))
    assert undecided(store) == "d-tool"
    decide(store, "d-tool", VerdictSet(verdict="ship"))
    decide(store, "a-tool", accepted("a-tool"))
    assert undecided(store) is None


def test_drafts_of_a_persona_that_is_gone_ask_for_nothing(store: SqlStore) -> None:
    draft(store, "a-tool", "retired")
    assert undecided(store) is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(TOOLS),
        st.sampled_from(PANEL),
        st.sampled_from(["done", "failed", "streaming", "accept", "verdict", "withdraw", "reject"]),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_tool_stands_on_one_shelf_and_it_is_the_one_its_marks_say(
    tmp_path: Path, steps: Sequence[tuple[str, PersonaId, str]]
) -> None:
    path = tmp_path / "law.db"
    path.unlink(missing_ok=True)
    store = open_store(path, create=True, now=at_noon)
    fill(store)
    begun: set[str] = set()
    for tool, persona, step in steps:
        begun.add(tool)
        act: dict[str, Act] = {
            "accept": accepted(tool, persona, None),
            "verdict": VerdictSet(verdict="ship"),
            "withdraw": Withdrawn(),
            "reject": Rejected(draft_id=DraftId(f"{tool}-{persona}-1"), reason="other"),
        }
        if step in act:
            decide(store, tool, act[step], persona)
        else:
            draft(store, tool, persona, step)  # type: ignore[arg-type]  # one of the three states
    shelves = {tool: [one for one in SHELVES if tool in on(store, one)] for tool in TOOLS}
    with store.reading() as repositories:
        found = repositories.tools.some([ToolId(one) for one in TOOLS])
    for tool in TOOLS:
        settled = list(found[ToolId(tool)].marks.values()).count("settled")
        meant = "ready" if settled == len(PANEL) else "progress" if tool in begun else "undrafted"
        assert shelves[tool] == [meant]
    waiting = [tool for tool in TOOLS if UNDECIDED & set(found[ToolId(tool)].marks.values())]
    assert (undecided(store) in waiting) if waiting else (undecided(store) is None)
    store.close()


def plan(store: SqlStore, statement: Any) -> str:
    text = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with closing(sqlite3.connect(store.path)) as connection:
        return "\n".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}"))


def test_shelves_are_counted_in_the_index_alone(store: SqlStore) -> None:
    told = plan(store, counts_of_shelves(4))
    assert "SCAN tool USING COVERING INDEX ix_tool_changed_at_id_begun_settled" in told
    assert "SEARCH draft" not in told
    assert "ix_cell_second" in told


def test_a_shelf_is_paged_along_the_index_and_nothing_is_sorted(store: SqlStore) -> None:
    shelves = on_shelf(4)
    for one in ("progress", "ready", "undrafted"):
        told = plan(store, page_of_tools("", 100, 20).where(shelves[one]))
        assert "SCAN tool USING INDEX ix_tool_changed_at_id_begun_settled" in told
        assert "TEMP B-TREE" not in told
    # The few that need a second look are found by an index of their own, and only they are sorted.
    told = plan(store, page_of_tools("", 0, 20).where(shelves["second"]))
    assert "SCAN cell USING INDEX ix_cell_second" in told
    assert "SCAN tool" not in told


def test_the_next_to_decide_is_found_along_the_index(store: SqlStore) -> None:
    told = plan(store, undecided_tools(PANEL).limit(1))
    assert "SCAN tool USING COVERING INDEX ix_tool_changed_at_id_begun_settled" in told
    assert "TEMP B-TREE" not in told
    assert "SCAN draft" not in told
    assert "SCAN cell" not in told


def test_a_workspace_of_the_second_schema_has_its_tools_on_the_right_shelves(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    prepare(path, create=True, now=at_noon, schema=Schema(migrations=OURS.migrations, head="0002"))
    when = "2026-11-22 12:00:00.000000"
    with closing(sqlite3.connect(path)) as connection:
        for tool in TOOLS:
            values = [tool, *["x"] * 4, "", "", 1, when]
            columns = "id, name, vendor, category, tagline, url, search, revision, changed_at"
            connection.execute(f"INSERT INTO tool ({columns}) VALUES ({', '.join('?' * 9)})", values)
        for persona in PANEL:
            decided = ["b-tool", persona, 1, "Ann", when, "{}", "x"]
            columns = "tool_id, persona_id, number, editor, at, act, act_sha256"
            connection.execute(f"INSERT INTO decision ({columns}) VALUES ({', '.join('?' * 7)})", decided)
            connection.execute("INSERT INTO cell VALUES ('b-tool', ?, 1, 1, 'ship')", [persona])
        connection.execute(
            "INSERT INTO decision (tool_id, persona_id, number, editor, at, act, act_sha256) "
            "VALUES ('c-tool', 'builder', 1, 'Ann', ?, '{}', 'x')",
            [when],
        )
        connection.commit()
    store = open_store(path, create=False, now=at_noon)
    assert (on(store, "ready"), on(store, "progress"), on(store, "undrafted")) == (["b-tool"], ["c-tool"], ["d-tool"])
    with store.reading() as repositories:
        row = repositories.tools._session.get(CellRow, ("b-tool", "builder"))
        assert row is not None
        assert row.changed_at == NOON
    store.close()
