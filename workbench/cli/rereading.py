"""`workbench reread`: an approved quote, held against its dossier by the other provider's model."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workbench.cli.opening import (
    EditorOption,
    JsonOption,
    WorkspaceOption,
    examples,
    find_persona,
    find_tool,
    signer,
    workbench_at,
)
from workbench.cli.printing import console, count, line, money, put_json
from workbench.domain.second_reading import Reading
from workbench.errors import ProviderError

EXAMPLES = examples(
    "WORKBENCH_REVIEW__MODEL_PASS=true workbench reread codestral-2-1 builder",
    "workbench check --tool codestral-2-1       shows its marks with the others",
)


def reread(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="A tool's id or name.")],
    persona: Annotated[str, typer.Argument(metavar="PERSONA", help="A persona's id or label.")],
    *,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Have the other provider's model hold an approved quote against its dossier. It adds marks and clears none.

    Off unless review.model_pass is true: each reading is a request, charged to the day.
    """
    with workbench_at(workspace) as bench:
        dossier = find_tool(bench, tool)
        lens = find_persona(bench, persona, dossier.tool.id)
        prepared = bench.rereading.prepare(dossier.tool.id, lens)
        found = bench.rereading.start(prepared, editor=signer(bench, editor)).result()
        failed = bench.rereading.failed(dossier.tool.id, lens)
    if found is None:
        console(err=True).print(line(failed or "The second reading came to nothing. Try again."), soft_wrap=True)
        raise typer.Exit(ProviderError.exit_code)
    if as_json:
        put_json(shape(found))
        return
    out = console()
    cost = money(found.cost, rehearsal=found.rehearsal)
    out.print(line(f"{count(len(found.rows), 'mark')} by {found.model}, {cost}."))
    for row in found.rows:
        out.print(line(f"  “{row.words}” {row.kind} {' '.join(row.facts)}: {row.why}"), soft_wrap=True, highlight=False)
    if found.refused:
        out.print(line(f"{count(found.refused, 'row')} did not count: no such words in the quote, or no such fact."))


def shape(found: Reading) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "tool": found.tool_id,
        "persona": found.persona_id,
        "provider": found.provider,
        "model": found.model,
        "rehearsal": found.rehearsal,
        "cost": None if found.cost is None else str(found.cost),
        "refused": found.refused,
        "rows": [
            {"words": row.words, "kind": row.kind, "facts": list(row.facts), "why": row.why} for row in found.rows
        ],
    }
