"""`workbench plan`: what a run would draft and what it should cost, before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.opening import (
    EditorOption,
    JsonOption,
    WorkspaceOption,
    examples,
    find_tool,
    signer,
    summaries,
    workbench_at,
)
from workbench.cli.printing import console, count, figure, line, money, price, put_json, put_rows, share
from workbench.cli.shapes import bill_shape, tokens_shape
from workbench.cli.supplying import put_shortages, sufficiency_shape
from workbench.domain.comparison import REHEARSAL_NOTICE
from workbench.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.domain.dossier import Dossier
    from workbench.services.budgeting import Standing
    from workbench.services.planning import Job, RunPlan, Share

EXAMPLES = examples(
    "workbench plan --all                       what is missing, for every tool",
    "workbench plan codestral-2-1 --again --provider claude",
    "workbench plan --all --json | jq .bill.cost",
)
ToolsArgument = Annotated[list[str] | None, typer.Argument(metavar="TOOL", help="Ids or names of tools.")]
EverythingOption = Annotated[bool, typer.Option("--all", help="Every tool of the workspace.")]
PersonaOption = Annotated[
    list[str] | None, typer.Option("--persona", "-p", metavar="ID", help="Only this persona; may be repeated.")
]
ProviderOption = Annotated[
    list[str] | None, typer.Option("--provider", metavar="NAME", help="Only this provider; may be repeated.")
]
AgainOption = Annotated[bool, typer.Option("--again", help="Another take, also where there is a draft.")]
_COLUMNS = ("provider", "drafts", "written", "read", "plain", "out", "list price", "uncached", "layout")


def plan(
    tools: ToolsArgument = None,
    *,
    everything: EverythingOption = False,
    persona: PersonaOption = None,
    provider: ProviderOption = None,
    again: AgainOption = False,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Say what drafting would take: requests and their order, tokens, list price, budgets left. Nothing is drafted."""
    with workbench_at(workspace, create=workspace is None) as bench:
        signed = signer(bench, editor)
        run = planned(bench, tools or [], persona, provider, everything=everything, again=again)
        if as_json:
            put_json(_shape(bench, run, signed))
        else:
            introduce(bench, console(), run, signed)


def planned(
    bench: Workbench,
    tools: Sequence[str],
    personas: Sequence[str] | None,
    providers: Sequence[str] | None,
    *,
    everything: bool,
    again: bool,
) -> RunPlan:
    """The run that these words ask for, its tokens counted by the vendors where they count."""
    jobs: list[Job] = []
    for dossier in _dossiers(bench, tools, everything=everything):
        wanted = bench.planning.jobs(dossier, personas=personas or (), providers=providers or ())
        if not again:
            with bench.store.reading() as repositories:
                wanted = bench.planning.missing(wanted, repositories.drafts.of_tool(dossier.tool.id))
        jobs.extend(wanted)
    return bench.planning.plan(jobs, count=True)


def introduce(bench: Workbench, talk: Console, run: RunPlan, editor: str) -> None:
    """What will be drafted by whom, what it should cost, what the budgets leave, and what the dossiers lack."""
    if bench.rehearsing:
        talk.print(REHEARSAL_NOTICE, style="yellow")
    for name, why in bench.idle.items():
        talk.print(f"{name} does not draft: {why}.", style="yellow")
    if not run.jobs:
        talk.print("Nothing is missing: every persona has a whole draft from every provider. --again makes more.")
        return
    put_rows(talk, _COLUMNS, [_row(one) for one in run.shares], right=frozenset(_COLUMNS[1:8]), giving=("layout",))
    tools = len({job.dossier.tool.id for job in run.jobs})
    usage = run.bill.usage
    cached = f"; without caching {money(run.bill.uncached)}" if run.bill.cost is not None else ""
    saved = f", {share(run.bill.saved)} saved" if run.bill.saved else ""
    by = "counted by the vendor" if all(one.counted for one in run.shares) else "estimated"
    talk.print(
        f"{count(len(run.jobs), 'draft')} of {count(tools, 'tool')}: {usage.prompt_tokens:,} tokens in ({by}) "
        f"and about {usage.output_tokens:,} out; estimate {price(run.bill)}{cached}{saved}."
    )
    for note in (note for one in run.shares for note in one.notes):
        talk.print(line(note), style="yellow")
    for one in _standings(bench, editor):
        talk.print(f"Budget ({line(one.name)}): {money(one.left)} left of {money(one.limit)}.")
    put_shortages(talk, bench, _told(run))


def _dossiers(bench: Workbench, tools: Sequence[str], *, everything: bool) -> list[Dossier]:
    rows = [one.tool.id for one in summaries(bench)]
    if everything:
        if tools:
            raise InputError("--all and names of tools exclude each other.", "Give one of them.", field="tool")
        return [find_tool(bench, one) for one in rows]
    if not tools:
        known = ", ".join(rows[:20]) or "none yet; `workbench import FILE` adds some"
        raise InputError("Draft which tool?", f"Name one or more, or use --all. Known: {known}.", field="tool")
    found = [find_tool(bench, one) for one in tools]
    return list({one.tool.id: one for one in found}.values())


def _told(run: RunPlan) -> list[Dossier]:
    """The run's dossiers, each once."""
    return list({job.dossier.tool.id: job.dossier for job in run.jobs}.values())


def _standings(bench: Workbench, editor: str) -> tuple[Standing, ...]:
    return bench.budgeting.standings(editor, rehearsal=bench.rehearsing)


def _row(one: Share) -> tuple[str, ...]:
    usage = one.bill.usage
    written = usage.cache_write_5m_tokens + usage.cache_write_1h_tokens
    figures = (one.bill.drafts, written, usage.cache_read_tokens, usage.input_tokens, usage.output_tokens)
    return (
        one.provider.name,
        *(f"{each:,}" for each in figures),
        money(one.bill.cost),
        money(one.bill.uncached),
        one.layout,
    )


def _shape(bench: Workbench, run: RunPlan, editor: str) -> dict[str, Any]:
    return {
        "bill": bill_shape(run.bill),
        "providers": [
            {
                "name": one.provider.name,
                "model": one.provider.model,
                "layout": one.layout,
                "counted": one.counted,
                "cache_minimum": one.facts.minimum if one.facts is not None else None,
                "bill": bill_shape(one.bill),
                "notes": list(one.notes),
            }
            for one in run.shares
        ],
        "drafts": [
            {
                "tool": job.dossier.tool.id,
                "persona": job.persona.id,
                "provider": job.provider.name,
                "tokens": tokens_shape(job.forecast.usage),
                "cost": figure(job.forecast.cost),
                "uncached": figure(job.forecast.uncached),
            }
            for job in run.jobs
            if job.forecast is not None
        ],
        "sufficiency": {one.tool.id: sufficiency_shape(bench.supplying.of(one)) for one in _told(run)},
        "budgets": [
            {"name": one.name, "setting": one.setting, "limit": figure(one.limit), "left": figure(one.left)}
            for one in _standings(bench, editor)
        ],
        "rehearsal": bench.rehearsing,
        "idle": dict(bench.idle),
    }
