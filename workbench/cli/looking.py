"""`workbench tools` and `personas`: what there is, in lists."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.opening import (
    JsonOption,
    WorkspaceOption,
    examples,
    library_of,
    settings_for,
    summaries,
    workbench_at,
)
from workbench.cli.printing import console, count, line, money, put_json, put_rows, safe, table
from workbench.cli.shapes import persona_shape, progress, tool_shape
from workbench.domain.bill import bill

TOOLS_EXAMPLES = examples("workbench tools", "workbench tools --search mistral --json")
PERSONAS_EXAMPLES = examples("workbench personas", "workbench personas --workspace here/desk.db --json")
_FIGURES = frozenset({"quotes", "drafts", "verdicts"})


def tools(
    *,
    search: Annotated[str, typer.Option(metavar="TEXT", help="Only tools whose name, vendor or category has it.")] = "",
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the tools, and how far each has come."""
    with workbench_at(workspace) as bench:
        rows = summaries(bench, search)
        personas = len(bench.library.personas())
        with bench.store.reading() as repositories:
            spent = {row.tool.id: bill(one.charge for one in repositories.drafts.of_tool(row.tool.id)) for row in rows}
    if as_json:
        shapes = [tool_shape(row, personas, spent[row.tool.id]) for row in rows]
        put_json({"tools": shapes, "personas": personas})
        return
    out = console()
    if not rows:
        out.print(f"No tool matches “{line(search)}”." if search else "No tools yet: `workbench import FILE`.")
        return
    columns = ("tool", "name", "vendor", "state", "quotes", "verdicts", "drafts", "list price")
    listed = [
        (
            row.tool.id,
            line(row.tool.name),
            line(row.tool.vendor),
            progress(row, personas),
            f"{row.approved}/{personas}",
            str(row.verdicts),
            str(row.drafts),
            money(spent[row.tool.id].cost) if spent[row.tool.id].drafts else "",
        )
        for row in rows
    ]
    put_rows(out, columns, listed, right=_FIGURES, giving=("name", "vendor", "list price"))
    out.print(count(len(rows), "tool"))


def personas(*, as_json: JsonOption = False, workspace: WorkspaceOption = None) -> None:
    """List the personas used with a workspace: length band, beats, and what is wrong with files that were left out."""
    library = library_of(settings_for(workspace))
    problems = library.problems()
    found = library.personas()
    if as_json:
        put_json({"personas": [persona_shape(one) for one in found], "problems": list(problems)})
        return
    out = console()
    listed = table("persona", "label", "words", "beats")
    for one in found:
        beats = ", ".join(beat.id for beat in one.beats)
        listed.add_row(one.id, line(one.label), f"{one.band.low}–{one.band.high}", beats)
    out.print(listed)
    for problem in problems:
        out.print(f"Left out: {safe(problem)}", style="yellow", soft_wrap=True)
