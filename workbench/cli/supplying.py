"""`workbench opinion`, and what other commands say of what a dossier has for each lens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

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
from workbench.cli.printing import console, count, line, put_json
from workbench.domain.sufficiency import Sufficiency, Supply

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.domain.dossier import Dossier

EXAMPLES = examples(
    "workbench opinion codestral-2-1 skeptic rivals       no rival is needed",
    "workbench opinion codestral-2-1 skeptic rivals --undo",
)
_MOST = 8
"""Tools whose shortages a plan lists."""


def opinion(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="A tool's id or name.")],
    persona: Annotated[str, typer.Argument(metavar="PERSONA", help="A persona's id or label.")],
    beat: Annotated[str, typer.Argument(metavar="BEAT", help="A beat's id, as `workbench personas` lists it.")],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="The beat needs a fact after all.")] = False,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Let a beat be opinion: no fact is missed for it, and from the next draft on the model is told so."""
    with workbench_at(workspace) as bench:
        dossier = find_tool(bench, tool)
        lens = find_persona(bench, persona, dossier.tool.id)
        bench.supplying.mark(dossier.tool.id, lens, beat, opinion=not undo, editor=signer(bench, editor))
        found = bench.supplying.of(dossier)
    if as_json:
        put_json({"tool": dossier.tool.id, "sufficiency": sufficiency_shape(found)})
        return
    said = "needs a fact again" if undo else "may be opinion from the next draft on"
    console().print(f"{line(dossier.tool.name)}, {lens}: the beat {line(beat)} {said}.")


def sufficiency_shape(found: Iterable[Sufficiency]) -> list[dict[str, Any]]:
    """What `--json` says of it."""
    return [
        {
            "persona": one.persona_id,
            "answered": len(one.supplies) - len(one.missing),
            "of": len(one.supplies),
            "needs": [
                {
                    "beat": supply.beat.id,
                    "need": supply.need,
                    "fact": supply.fact.ref if supply.fact is not None else None,
                    "opinion": supply.opinion,
                    "add": supply.asks if not supply.answered else None,
                }
                for supply in one.supplies
            ],
        }
        for one in found
    ]


def put_shortages(talk: Console, bench: Workbench, dossiers: Sequence[Dossier]) -> None:
    """A line for each tool that lacks something; nothing when none does."""
    short = [(one, [lens for lens in bench.supplying.of(one) if lens.missing]) for one in dossiers]
    short = [(dossier, lenses) for dossier, lenses in short if lenses]
    for dossier, lenses in short[:_MOST]:
        told = "; ".join(f"{line(one.summary)}, add {_asked(one.missing)}" for one in lenses)
        talk.print(f"{dossier.tool.id}: {told}.", style="yellow", soft_wrap=True)
    if len(short) > _MOST:
        talk.print(f"{count(len(short) - _MOST, 'more tool')} lack facts: `workbench show TOOL` says which.")
    if short:
        talk.print("Add facts, or let a beat be opinion: `workbench opinion TOOL PERSONA BEAT`.", soft_wrap=True)


def put_supplies(out: Console, found: Sequence[Sufficiency]) -> None:
    """What one tool has for each lens, in a line, and what to add under it."""
    if not found:
        return
    out.print("Facts for the beats: " + " · ".join(line(one.summary) for one in found), soft_wrap=True)
    for lens in found:
        for one in lens.missing:
            out.print(f"  {lens.persona_id}/{one.beat.id}: add {one.asks}, or let it be opinion.", style="yellow")
        free = dict.fromkeys(one.beat.id for one in lens.supplies if one.opinion)
        if free:
            out.print(f"  {lens.persona_id}: {', '.join(free)} may be opinion.")


def _asked(missing: Iterable[Supply]) -> str:
    return " and ".join(f"{one.asks} ({one.beat.id})" for one in missing)
