"""`workbench draft` and `workbench again`: drafts what is missing, or one once more, and shows it while it streams."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.board import Board
from workbench.cli.failing import INTERRUPTED
from workbench.cli.opening import (
    EditorOption,
    JsonOption,
    WorkspaceOption,
    examples,
    find_tool,
    signer,
    workbench_at,
)
from workbench.cli.planning import (
    AgainOption,
    EverythingOption,
    PersonaOption,
    ProviderOption,
    ToolsArgument,
    introduce,
    planned,
)
from workbench.cli.printing import console, count, figure, line, money, price, put_json, share
from workbench.cli.shapes import bill_shape, draft_shape
from workbench.domain.bill import Bill, bill
from workbench.domain.ids import DraftId
from workbench.errors import ProviderError
from workbench.services.accounting import explain

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.services.live import Snapshot
    from workbench.services.planning import Job, RunPlan

EXAMPLES = examples(
    "workbench draft --all                          what is missing, for every tool",
    "workbench draft codestral-2-1                  one tool, all personas and providers",
    "workbench draft codestral-2-1 -p builder --provider claude --again",
    "workbench draft --all --yes --json > drafts.json",
)
AGAIN_EXAMPLES = examples(
    "workbench again DRAFT                                  another take; `workbench show TOOL` lists the ids",
    'workbench again DRAFT --note "more concrete on price"  the same model revises what it wrote',
)
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before spending.")]
LOOKS_A_SECOND = 10


def draft(
    tools: ToolsArgument = None,
    *,
    everything: EverythingOption = False,
    persona: PersonaOption = None,
    provider: ProviderOption = None,
    again: AgainOption = False,
    yes: YesOption = False,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Draft what is missing and watch it stream; Ctrl-C stops the drafts and keeps their text.

    Exit code 6 when a draft did not finish, 7 when a budget does not allow them, 130 when you stopped them.
    """
    # What the settings name is made as the app would make it; what is typed here may be mistyped.
    with workbench_at(workspace, create=workspace is None) as bench:
        talk = console(err=as_json)
        signed = signer(bench, editor)
        run = planned(bench, tools or [], persona, provider, everything=everything, again=again)
        code = _draft(bench, talk, run, signed, yes=yes, as_json=as_json)
    if code:
        raise typer.Exit(code)


def again(
    draft_id: Annotated[str, typer.Argument(metavar="DRAFT", help="A draft's id, as `workbench show` lists it.")],
    *,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What to change; the rest of the draft is kept.")] = "",
    yes: YesOption = False,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Take one draft again, by today's persona, prompts and dossier; with --note the model revises what it wrote.

    The draft stays as it is. Exit codes as for `workbench draft`.
    """
    with workbench_at(workspace) as bench:
        talk = console(err=as_json)
        signed = signer(bench, editor)
        earlier = bench.drafting.get(DraftId(draft_id)).draft
        job = bench.planning.again(find_tool(bench, earlier.origin.tool_id), earlier, note)
        code = _draft(bench, talk, bench.planning.plan([job], count=True), signed, yes=yes, as_json=as_json)
    if code:
        raise typer.Exit(code)


def _draft(bench: Workbench, talk: Console, run: RunPlan, editor: str, *, yes: bool, as_json: bool) -> int:
    """Say what the run will take, make it, say what it took; the exit code."""
    introduce(bench, talk, run, editor)
    if run.jobs and not (yes or as_json or bench.rehearsing) and sys.stdin.isatty():
        typer.confirm("Start?", default=True, abort=True)
    snapshots, stopped = _run(bench, talk, run.jobs, editor) if run.jobs else ([], False)
    if as_json:
        put_json(_shape(bench, snapshots))
    else:
        _totals(talk, snapshots)
    if stopped:
        return INTERRUPTED
    return ProviderError.exit_code if any(one.draft.state != "done" for one in snapshots) else 0


def _run(bench: Workbench, talk: Console, jobs: Sequence[Job], editor: str) -> tuple[list[Snapshot], bool]:
    """Start the drafts and watch them to their end; the flag says that somebody stopped them."""
    started = bench.drafting.start(jobs, editor=editor)
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
    """How many are done, and what was predicted against what it came to."""
    if not snapshots:
        return
    done = sum(one.draft.state == "done" for one in snapshots)
    spent = bill(one.draft.charge for one in snapshots)
    talk.print(f"{done} of {count(len(snapshots), 'draft')} done. {_account(spent)}".strip())
    for why, where in _grouped(snapshots, lambda one: explain(one.draft)).items():
        talk.print(f"{where}: {why}", style="yellow")
    for why, where in _grouped(snapshots, _failure).items():
        talk.print(f"{where}: {why}", style="red")


def _account(spent: Bill) -> str:
    if not spent.usage.prompt_tokens:
        return ""
    tokens = (
        f"{spent.usage.prompt_tokens:,} tokens in ({spent.usage.cache_read_tokens:,} from cache), "
        f"{spent.usage.output_tokens:,} out: {price(spent)}"
    )
    if spent.cost is None:
        return f"{tokens}."
    predicted = f"predicted {money(spent.predicted)}, " if spent.predicted is not None else ""
    saved = f", {share(spent.saved)} saved" if spent.saved is not None else ""
    return f"{tokens}; {predicted}without caching {money(spent.uncached)}{saved}."


def _grouped(snapshots: Sequence[Snapshot], why: Callable[[Snapshot], str]) -> dict[str, str]:
    """Which drafts share a reason: one refused key fails many drafts and is said once."""
    found: dict[str, list[str]] = {}
    for one in snapshots:
        origin = one.draft.origin
        if reason := why(one):
            found.setdefault(line(reason), []).append(f"{origin.tool_id} · {origin.persona_id} · {origin.provider}")
    return {
        reason: first + (f" and {count(len(others), 'more draft')}" if others else "")
        for reason, (first, *others) in found.items()
    }


def _failure(one: Snapshot) -> str:
    failure = one.draft.failure
    return f"{failure.message} {failure.remedy}" if failure is not None else ""


def _shape(bench: Workbench, snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    spent = bill(one.draft.charge for one in snapshots)
    return {
        "drafts": [draft_shape(one) for one in snapshots],
        "cost": figure(spent.cost),
        "bill": bill_shape(spent),
        "rehearsal": bench.rehearsing,
        "idle": dict(bench.idle),
    }
