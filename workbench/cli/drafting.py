"""`workbench draft`: drafts what is missing, live on a terminal, line by line elsewhere."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.board import Board
from workbench.cli.failing import INTERRUPTED
from workbench.cli.opening import JsonOption, WorkspaceOption, examples, find_tool, summaries, workbench_at
from workbench.cli.printing import console, count, figure, line, money, put_json
from workbench.cli.shapes import draft_shape
from workbench.domain.comparison import REHEARSAL_NOTICE
from workbench.domain.events import Usage
from workbench.errors import InputError, ProviderError

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.domain.dossier import Dossier
    from workbench.services.live import Snapshot
    from workbench.services.planning import Estimate, Job

EXAMPLES = examples(
    "workbench draft --all                          what is missing, for every tool",
    "workbench draft codestral-2-1                  one tool, all personas and providers",
    "workbench draft codestral-2-1 -p builder --provider claude --again",
    "workbench draft --all --yes --json > drafts.json",
)
LOOKS_A_SECOND = 10


def draft(
    tools: Annotated[list[str] | None, typer.Argument(metavar="TOOL", help="Ids or names of tools.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every tool of the workspace.")] = False,
    persona: Annotated[
        list[str] | None, typer.Option("--persona", "-p", metavar="ID", help="Only this persona; may be repeated.")
    ] = None,
    provider: Annotated[
        list[str] | None, typer.Option("--provider", metavar="NAME", help="Only this provider; may be repeated.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Another take, also where there is a draft.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before spending.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Draft what is missing and watch it stream; Ctrl-C stops the drafts and keeps their text.

    Exit code 6 when a draft did not finish, 130 when you stopped them.
    """
    with workbench_at(workspace, create=True) as bench:
        talk = console(err=as_json)
        jobs = _jobs(bench, _dossiers(bench, tools or [], everything=everything), persona, provider, again=again)
        _introduce(bench, talk, jobs)
        if jobs and not (yes or as_json or bench.rehearsing) and sys.stdin.isatty():
            typer.confirm("Start?", default=True, abort=True)
        snapshots, stopped = _run(bench, talk, jobs) if jobs else ([], False)
        if as_json:
            put_json(_shape(bench, snapshots))
        else:
            _totals(talk, snapshots)
    if stopped:
        raise typer.Exit(INTERRUPTED)
    if any(one.draft.state != "done" for one in snapshots):
        raise typer.Exit(ProviderError.exit_code)


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


def _jobs(
    bench: Workbench,
    dossiers: Sequence[Dossier],
    personas: Sequence[str] | None,
    providers: Sequence[str] | None,
    *,
    again: bool,
) -> list[Job]:
    jobs: list[Job] = []
    for dossier in dossiers:
        wanted = bench.planning.jobs(dossier, personas=personas or (), providers=providers or ())
        if not again:
            with bench.store.reading() as repositories:
                wanted = bench.planning.missing(wanted, repositories.drafts.of_tool(dossier.tool.id))
        jobs.extend(wanted)
    return jobs


def _introduce(bench: Workbench, talk: Console, jobs: Sequence[Job]) -> None:
    """What will be drafted by whom, and what it should cost, before anything starts."""
    if bench.rehearsing:
        talk.print(REHEARSAL_NOTICE, style="yellow")
    for name, why in bench.idle.items():
        talk.print(f"{name} does not draft: {why}.", style="yellow")
    if not jobs:
        talk.print("Nothing is missing: every persona has a whole draft from every provider. --again makes more.")
        return
    tools = len({job.dossier.tool.id for job in jobs})
    estimate: Estimate = bench.planning.estimate(jobs)
    price = money(estimate.cost, rehearsal=bench.rehearsing)
    talk.print(
        f"{count(estimate.drafts, 'draft')} of {count(tools, 'tool')}: about {estimate.prompt_tokens:,} tokens in and "
        f"{estimate.output_tokens:,} out; estimate {price}, without counting on the cache."
    )


def _run(bench: Workbench, talk: Console, jobs: Sequence[Job]) -> tuple[list[Snapshot], bool]:
    """Start the drafts and watch them to their end; the flag says that somebody stopped them."""
    started = bench.drafting.start(jobs)
    if len(started) < len(jobs):
        talk.print(f"{count(len(jobs) - len(started), 'draft')} of these stream elsewhere already.", style="yellow")
    ids = [one.id for one in started]
    board = Board(bench.drafting, ids, {job.persona.id: job.persona for job in jobs})
    stopped = False
    with _terminating():
        try:
            _watch(board, talk)
        except KeyboardInterrupt:
            stopped = True
            talk.print("Stopping; what has been written is kept.", style="yellow")
            bench.drafting.stop(ids)
        bench.drafting.wait(ids)
    board.look()
    if talk.is_terminal:
        talk.print(board.table(talk.width, None))
    return board.snapshots, stopped


def _watch(board: Board, talk: Console) -> None:
    if not talk.is_terminal:
        while not board.ended:
            for text in board.look(talk.width):
                talk.print(text, soft_wrap=True)
            time.sleep(1 / LOOKS_A_SECOND)
        for text in board.look(talk.width):
            talk.print(text, soft_wrap=True)
        return
    from rich.live import Live

    with Live(board.table(talk.width, talk.height), console=talk, auto_refresh=False, transient=True) as live:
        while not board.ended:
            board.look()
            live.update(board.table(talk.width, talk.height), refresh=True)
            time.sleep(1 / LOOKS_A_SECOND)


@contextmanager
def _terminating() -> Generator[None, None, None]:
    """SIGTERM means what Ctrl-C means: stop the drafts, keep their text."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _totals(talk: Console, snapshots: Sequence[Snapshot]) -> None:
    if not snapshots:
        return
    done = sum(one.draft.state == "done" for one in snapshots)
    usage, cost = _spent(snapshots)
    rehearsal = all(one.draft.origin.rehearsal for one in snapshots)
    spent = (
        f" {usage.prompt_tokens:,} tokens in ({usage.cache_read_tokens:,} from cache), "
        f"{usage.output_tokens:,} out: {money(cost, rehearsal=rehearsal)}."
        if usage.prompt_tokens
        else ""
    )
    talk.print(f"{done} of {count(len(snapshots), 'draft')} done.{spent}")
    for why, failed in _failures(snapshots).items():
        more = f" and {count(len(failed) - 1, 'more draft')}" if len(failed) > 1 else ""
        talk.print(f"{failed[0]}{more}: {why}", style="red")


def _failures(snapshots: Sequence[Snapshot]) -> dict[str, list[str]]:
    """Which drafts failed by why: one refused key fails many drafts and is said once."""
    found: dict[str, list[str]] = {}
    for one in snapshots:
        origin, failure = one.draft.origin, one.draft.failure
        if failure is not None:
            where = f"{origin.tool_id} · {origin.persona_id} · {origin.provider}"
            found.setdefault(line(f"{failure.message} {failure.remedy}"), []).append(where)
    return found


def _spent(snapshots: Sequence[Snapshot]) -> tuple[Usage, Decimal | None]:
    """Tokens of all drafts together, and their cost; None when one price is unknown."""
    used = [one.draft for one in snapshots if one.draft.usage is not None]
    parts = [one.usage for one in used if one.usage is not None]
    usage = Usage(
        input_tokens=sum(one.input_tokens for one in parts),
        cache_read_tokens=sum(one.cache_read_tokens for one in parts),
        cache_write_5m_tokens=sum(one.cache_write_5m_tokens for one in parts),
        cache_write_1h_tokens=sum(one.cache_write_1h_tokens for one in parts),
        output_tokens=sum(one.output_tokens for one in parts),
    )
    costs = [one.cost for one in used]
    return usage, None if None in costs else sum((one for one in costs if one is not None), Decimal(0))


def _shape(bench: Workbench, snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    return {
        "drafts": [draft_shape(one) for one in snapshots],
        "cost": figure(_spent(snapshots)[1]),
        "rehearsal": bench.rehearsing,
        "idle": dict(bench.idle),
    }
