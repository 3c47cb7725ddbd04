"""`workbench show`: everything there is about one tool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.opening import JsonOption, WorkspaceOption, examples, find_tool, workbench_at
from workbench.cli.printing import console, line, money, put_json, put_rows, safe, stamp, table, when
from workbench.cli.revealing import put_original, revealed_shape
from workbench.cli.shapes import cell_shape, decision_shape, dossier_shape, draft_shape, reopened_shape, stake_shape
from workbench.cli.supplying import put_supplies, sufficiency_shape
from workbench.domain.ageing import says
from workbench.domain.comparison import verdict_label
from workbench.domain.decision import Cell, Decision
from workbench.domain.scorecard import panel_label
from workbench.domain.staleness import told

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.domain.ageing import Aged
    from workbench.domain.dossier import Dossier, Tool
    from workbench.domain.ids import DraftId, PersonaId
    from workbench.domain.interest import Makers
    from workbench.domain.scorecard import Scorecard
    from workbench.domain.staleness import Reopened
    from workbench.domain.sufficiency import Sufficiency
    from workbench.ports import Revision
    from workbench.services.live import Snapshot
    from workbench.services.revealing import Revealed

EXAMPLES = examples(
    "workbench show codestral-2-1",
    'workbench show "Codestral 2.1" --text',
    "workbench show codestral-2-1 --json",
    "workbench show codestral-2-1 --original | sha256sum",
)
_FIGURES = frozenset({"take", "words"})


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
        seen = _seen(bench, find_tool(bench, tool))
    if as_json:
        put_json(_shape(seen))
    else:
        _print(console(), seen, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everything `show` says of a tool."""

    dossier: Dossier
    made: Revision
    drafts: list[Snapshot]
    ages: Mapping[DraftId, tuple[Aged, ...]]
    cells: Mapping[PersonaId, Cell]
    log: list[Decision]
    reopened: Mapping[PersonaId, Reopened]
    card: Scorecard
    supplies: tuple[Sufficiency, ...]
    revealed: Revealed
    makers: Makers


def _seen(bench: Workbench, dossier: Dossier) -> _Seen:
    tool_id = dossier.tool.id
    drafts = bench.drafting.of_tool(tool_id)
    with bench.store.reading() as repositories:
        log = repositories.decisions.of_tool(tool_id)
        made = repositories.tools.revisions(tool_id)[-1]
    return _Seen(
        dossier=dossier,
        made=made,
        drafts=drafts,
        ages=bench.ageing.of([one.draft for one in drafts]),
        cells=bench.deciding.cells(tool_id),
        log=log,
        reopened=bench.reopening.of_tool(tool_id),
        card=bench.publishing.scorecard(tool_id),
        supplies=bench.supplying.of(dossier),
        revealed=bench.revealing.of(tool_id, dossier.revision),
        makers=bench.makers,
    )


def _shape(seen: _Seen) -> dict[str, Any]:
    made = seen.made
    return {
        "tool": {**dossier_shape(seen.dossier), "revised": {"editor": made.editor or None, "at": stamp(made.at)}},
        "panel": seen.card.panel,
        "sufficiency": sufficiency_shape(seen.supplies),
        "text": revealed_shape(seen.revealed),
        "drafts": [
            {
                **draft_shape(one),
                **stake_shape(seen.makers, one.draft.origin, seen.dossier.tool),
                "changed_since": list(seen.ages.get(one.draft.id, ())),
            }
            for one in seen.drafts
        ],
        "cells": [
            {**cell_shape(one), "under_review": reopened_shape(seen.reopened.get(one.persona_id))}
            for one in seen.cells.values()
        ],
        "decisions": [decision_shape(one) for one in seen.log],
    }


def _print(out: Console, seen: _Seen, *, text: bool) -> None:
    made, card = seen.made, seen.card
    _dossier(out, seen.dossier)
    if made.editor:
        out.print(line(f"Revision {made.number} of the dossier, by {made.editor} on {when(made.at)}."))
    for remark in seen.revealed.told:
        out.print(line(remark), style="yellow", soft_wrap=True)
    put_supplies(out, seen.supplies)
    _drafts(out, seen.drafts, text=text)
    for draft_id, found in seen.ages.items():
        out.print(f"{draft_id}: {says(found)}.", style="yellow", soft_wrap=True)
    _stakes(out, seen.makers, seen.drafts, seen.dossier.tool)
    _decided(out, list(seen.cells.values()), seen.log)
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
