"""`workbench app`: checks what can be checked in a terminal, then becomes the app's server."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.listening import address_of, refuse_strangers, refuse_taken
from workbench.cli.opening import WorkspaceOption, examples, settings_for
from workbench.cli.printing import console, line
from workbench.domain.comparison import REHEARSAL_NOTICE

if TYPE_CHECKING:
    from workbench.bootstrap import Workbench
    from workbench.settings import Settings

EXAMPLES = examples(
    "workbench                     the same as `workbench app`",
    "workbench --port 9000",
    'workbench app --workspace ./reviews.db --editor "Ada Lovelace"',
)
_PACKAGE = Path(__file__).resolve().parents[1]


def app(
    *,
    port: Annotated[int | None, typer.Option(min=1, max=65_535, help="Port to listen on; 8501 if not set.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 if not set.")] = None,
    i_know: Annotated[
        bool, typer.Option("--i-know", help="Listen where other machines can reach it: nobody is asked who they are.")
    ] = False,
    reached_as: Annotated[
        list[str] | None,
        typer.Option("--reached-as", metavar="NAME", help="A host name browsers use for it; may be repeated."),
    ] = None,
    editor: Annotated[str | None, typer.Option(metavar="NAME", help="Who signs the decisions.")] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Start the app: paste, draft, decide and publish in the browser. Ctrl-C ends it."""
    from workbench.settings import load

    settings = settings_for(workspace)
    if editor is not None:
        settings = load(workspace=settings.workspace, editor=editor)
    listen = settings.app.host if host is None else host
    at = settings.app.port if port is None else port
    refuse_strangers(listen, allowed=i_know, what="the app")
    refuse_taken(
        listen, at, remedy=f"Choose another one: --port {at % 65_535 + 1}, or WORKBENCH_APP__PORT in the environment."
    )
    _introduce(settings, address_of(listen, at))
    names = [*(reached_as or []), *([] if listen in {"127.0.0.1", "localhost"} else [listen])]
    _serve(settings, listen, at, names)


def _introduce(settings: Settings, address: str) -> None:
    """Open the workspace once, so that a damaged one is a sentence here, and say what will run where."""
    from workbench.bootstrap import build

    bench: Workbench = build(settings)
    try:
        rehearsing, idle, problems = bench.rehearsing, dict(bench.idle), bench.library.problems()
    finally:
        bench.close()
    out = console()
    out.print(f"The review workbench: {address}", style="bold", soft_wrap=True)
    out.print(f"Workspace: {settings.workspace.expanduser().absolute()}", soft_wrap=True)
    if rehearsing:
        out.print(f"{REHEARSAL_NOTICE}. Set ANTHROPIC_API_KEY or MISTRAL_API_KEY to draft with models.", style="yellow")
    for name, why in idle.items():
        out.print(f"{name} does not draft: {why}.", style="yellow")
    for problem in problems:
        out.print(f"Left out: {line(problem)}", style="yellow", soft_wrap=True)
    out.print("Ctrl-C ends it.")
    sys.stdout.flush()


def _serve(settings: Settings, host: str, port: int, names: list[str]) -> None:
    """Become the server, in this very process: what is imported stays imported, and signals need no relay.

    Raises SystemExit with the server's own code.
    """
    from workbench.settings import adopt

    adopt(settings)
    os.chdir(home())
    # The server puts its own handlers over these, shuts down in order, and then passes the signal on to them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    sys.argv = ["streamlit", "run", str(_PACKAGE / "ui" / "serve.py")]
    sys.argv += ["--server.port", str(port), "--server.address", host, "--logger.hideWelcomeMessage", "true"]
    for name in ["127.0.0.1", "localhost", *names] if names else []:
        sys.argv += ["--server.allowedHosts", name]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def home() -> Path:
    """The folder that holds `.streamlit/config.toml`: in a wheel beside the content, else the repository's top."""
    packed = _PACKAGE / "_content"
    return packed if (packed / ".streamlit" / "config.toml").is_file() else _PACKAGE.parent
