"""Commands that only look: `tools`, `personas`, `show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.opening import (
    JsonOption,
    WorkspaceOption,
    examples,
    find_tool,
    library_of,
    settings_for,
    summaries,
    workbench_at,
)
from workbench.cli.printing import console, count, line, money, put_json, put_rows, safe, stamp, table, when
from workbench.cli.revealing import put_original, revealed_shape
from workbench.cli.shapes import (
    cell_shape,
    decision_shape,
    dossier_shape,
    draft_shape,
    persona_shape,
    progress,
    reopened_shape,
    stake_shape,
    tool_shape,
)
from workbench.cli.supplying import put_supplies, sufficiency_shape
from workbench.domain.bill import bill
from workbench.domain.comparison import verdict_label
from workbench.domain.decision import Cell, Decision
from workbench.domain.scorecard import panel_label
from workbench.domain.staleness import told

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.domain.dossier import Dossier, Tool
    from workbench.domain.interest import Makers
    from workbench.domain.scorecard import Scorecard
    from workbench.services.live import Snapshot

TOOLS_EXAMPLES = examples("workbench tools", "workbench tools --search mistral --json")
PERSONAS_EXAMPLES = examples("workbench personas", "workbench personas --json")
SHOW_EXAMPLES = examples(
    "workbench show codestral-2-1",
    'workbench show "Codestral 2.1" --text',
    "workbench show codestral-2-1 --json",
    "workbench show codestral-2-1 --original | sha256sum",
)
_FIGURES = frozenset({"quotes", "drafts", "verdicts", "take", "words", "beats"})


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


def personas(*, as_json: JsonOption = False) -> None:
    """List the personas: length band, beats, and what is wrong with files that were left out."""
    library = library_of(settings_for(None))
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


def show(
    tool: Annotated[str, typer.Argument(metavar="TOOL", help="A tool's id or name, as `workbench tools` lists it.")],
    *,
    text: Annotated[bool, typer.Option("--text", help="Also print what each draft says.")] = False,
    original: Annotated[
        bool,
        typer.Option(
            "--original",
            help="Print what the dossier was made from, byte for byte; on a terminal, what hides in it is named.",
        ),
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show one tool: the facts of its dossier, its drafts with their ids, and what was decided."""
    if original:
        put_original(tool, workspace)
        return
    with workbench_at(workspace) as bench:
        dossier = find_tool(bench, tool)
        drafts = bench.drafting.of_tool(dossier.tool.id)
        cells = bench.deciding.cells(dossier.tool.id)
        with bench.store.reading() as repositories:
            log = repositories.decisions.of_tool(dossier.tool.id)
            made = repositories.tools.revisions(dossier.tool.id)[-1]
        reopened = bench.reopening.of_tool(dossier.tool.id)
        card = bench.publishing.scorecard(dossier.tool.id)
        supplies = bench.supplying.of(dossier)
        revealed = bench.revealing.of(dossier.tool.id, dossier.revision)
    if as_json:
        put_json(
            {
                "tool": {**dossier_shape(dossier), "revised": {"editor": made.editor or None, "at": stamp(made.at)}},
                "panel": card.panel,
                "sufficiency": sufficiency_shape(supplies),
                "text": revealed_shape(revealed),
                "drafts": [
                    {**draft_shape(one), **stake_shape(bench.makers, one.draft.origin, dossier.tool)} for one in drafts
                ],
                "cells": [
                    {**cell_shape(one), "under_review": reopened_shape(reopened.get(one.persona_id))}
                    for one in cells.values()
                ],
                "decisions": [decision_shape(one) for one in log],
            }
        )
        return
    out = console()
    _dossier(out, dossier)
    if made.editor:
        out.print(line(f"Revision {made.number} of the dossier, by {made.editor} on {when(made.at)}."))
    for remark in revealed.told:
        out.print(line(remark), style="yellow", soft_wrap=True)
    put_supplies(out, supplies)
    _drafts(out, drafts, text=text)
    _stakes(out, bench.makers, drafts, dossier.tool)
    _decided(out, list(cells.values()), log)
    _waiting(out, card)
    out.print(f"Panel ship: {panel_label(card.panel)}  Split: {card.split}")


def _waiting(out: Console, card: Scorecard) -> None:
    """Quotes that somebody has to look at again."""
    for quote in card.quotes:
        if quote.reopened is not None:
            changes = "; ".join(told(one) for one in quote.reopened.changes)
            since = quote.reopened.since.date().isoformat()
            said = f"{quote.persona_label} is under review since {since}. {changes}"
            out.print(line(said), style="yellow", soft_wrap=True)
        if quote.provenance.needs_second:
            waits = f"{quote.persona_label} waits for a second editor: `workbench second {card.tool.id} "
            out.print(line(f"{waits}{quote.persona_id} --editor NAME`."), style="yellow", soft_wrap=True)


def _dossier(out: Console, dossier: Dossier) -> None:
    tool = dossier.tool
    out.print(line(tool.name), style="bold")
    about = (tool.vendor, tool.category, tool.entry.value if tool.entry is not None else "", tool.url)
    out.print(" · ".join(line(one) for one in about if one) or "No vendor or category yet")
    facts = table("fact", "text", "source", "checked")
    for fact in dossier.facts:
        facts.add_row(fact.ref, line(fact.text), line(fact.source), fact.checked_on)
    out.print(facts)


def _drafts(out: Console, drafts: list[Snapshot], *, text: bool) -> None:
    if not drafts:
        out.print("No drafts yet: `workbench draft`.")
        return
    columns = ("draft", "persona", "provider", "take", "state", "words", "suggests", "list price")
    listed = [
        (
            one.draft.id,
            one.draft.origin.persona_id,
            one.draft.origin.provider,
            str(one.draft.origin.take),
            one.draft.state,
            str(one.review.words),
            one.review.verdict or "",
            money(one.draft.cost) if one.draft.usage is not None else "",
        )
        for one in drafts
    ]
    put_rows(out, columns, listed, right=_FIGURES, giving=("list price", "words"))
    for origin in (one.draft.origin for one in drafts):
        if origin.note:
            out.print(f"{origin.id} answers a note on {origin.follows}: “{line(origin.note)}”", soft_wrap=True)
    for one in drafts if text else ():
        origin = one.draft.origin
        out.print(f"{origin.persona_id} · {origin.provider} · take {origin.take} · {one.draft.id}", style="bold")
        out.print(safe(one.review.quote) or "(no text)")
        if one.draft.failure is not None:
            out.print(line(f"{one.draft.failure.message} {one.draft.failure.remedy}"), style="red")
        out.print()


def _stakes(out: Console, makers: Makers, drafts: list[Snapshot], tool: Tool) -> None:
    """A line for each provider whose model's maker also makes the tool, or is not known."""
    for name, origin in {one.draft.origin.provider: one.draft.origin for one in drafts}.items():
        maker = makers.of(origin)
        if makers.interest(origin, tool) == "self":
            out.print(line(f"Interest: {name} drafts about its own maker’s tool ({maker})."), style="yellow")
        elif not maker:
            out.print(line(f"Interest: unknown for {name}; `vendor` in its settings says who makes the model."))


def _standing(cell: Cell) -> str:
    if not cell.approved:
        return "none"
    return line(f"approved, seconded by {cell.seconded_by}") if cell.seconded_by else "approved"


def _decided(out: Console, cells: list[Cell], log: list[Decision]) -> None:
    if not log:
        out.print("Nothing is decided yet: `workbench decide`.")
        return
    listed = table("persona", "quote", "verdict", "decisions", "last", "by")
    for cell in cells:
        own = [one for one in log if one.persona_id == cell.persona_id]
        listed.add_row(
            cell.persona_id,
            _standing(cell),
            verdict_label(cell.verdict).lower(),
            ", ".join(one.act.kind.replace("_", " ") for one in own),
            when(own[-1].at) if own else "",
            line(own[-1].editor) if own else "",
        )
    out.print(listed)
