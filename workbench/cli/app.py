"""The `workbench` command: its subcommands, and the one way in and out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import (
    answering,
    calling,
    checking,
    costing,
    deciding,
    doctor,
    drafting,
    failing,
    forecasting,
    importing,
    looking,
    modelling,
    planning,
    rehearsing,
    rereading,
    serving,
    showing,
    supplying,
)
from workbench.cli.opening import examples
from workbench.domain.text import first_unusable
from workbench.errors import InputError

_COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "app": (serving.app, serving.EXAMPLES),
    "import": (importing.import_, importing.EXAMPLES),
    "tools": (looking.tools, looking.TOOLS_EXAMPLES),
    "personas": (looking.personas, looking.PERSONAS_EXAMPLES),
    "show": (showing.show, showing.EXAMPLES),
    "plan": (planning.plan, planning.EXAMPLES),
    "opinion": (supplying.opinion, supplying.EXAMPLES),
    "draft": (drafting.draft, drafting.EXAMPLES),
    "again": (drafting.again, drafting.AGAIN_EXAMPLES),
    "check": (checking.check, checking.EXAMPLES),
    "decide": (deciding.decide, deciding.EXAMPLES),
    "fact": (answering.fact, answering.FACT_EXAMPLES),
    "keep": (answering.keep, answering.KEEP_EXAMPLES),
    "reread": (rereading.reread, rereading.EXAMPLES),
    "second": (deciding.second, deciding.SECOND_EXAMPLES),
    "call": (calling.call, calling.CALL_EXAMPLES),
    "sign": (calling.sign, calling.SIGN_EXAMPLES),
    "export": (calling.export, calling.EXPORT_EXAMPLES),
    "forecasts": (forecasting.forecasts, forecasting.LIST_EXAMPLES),
    "forecast": (forecasting.forecast, forecasting.EXAMPLES),
    "costs": (costing.costs, costing.EXAMPLES),
    "models": (modelling.models, modelling.EXAMPLES),
    "rehearse": (rehearsing.rehearse, rehearsing.EXAMPLES),
    "doctor": (doctor.doctor, doctor.EXAMPLES),
}
_NO_WORKSPACE = frozenset({"rehearse"})
_FLOW = examples(
    "workbench                                  the app, in the browser",
    "workbench import tools.csv                 tools from a file, or pasted: workbench import -",
    "workbench draft --all                      every persona, every provider, all tools",
    "workbench show TOOL --text                 read the drafts",
    "workbench decide TOOL builder --accept claude --verdict ship",
    "workbench export LEFT RIGHT --format html  the page",
)

cli = typer.Typer(
    name="workbench",
    help="Drafts AI-tool reviews with several models side by side; editors decide, and publish the page.",
    epilog=_FLOW,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)
for _name, (_function, _examples) in _COMMANDS.items():
    cli.command(_name, epilog=_examples)(_function)


def main() -> None:
    """The console script: runs the command line and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a terminal that cannot show “ is no reason to fail
            reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors are printed, never raised."""
    args = _with_default_command(arguments)
    try:
        _refuse_other_encodings(args)
        cli(args=args, prog_name="workbench")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except KeyboardInterrupt:
        return failing.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a person must not meet a traceback
        return failing.report(error, as_json="--json" in args, debug="--debug" in args)
    return 0


def _with_default_command(arguments: Sequence[str]) -> list[str]:
    """`workbench --port 9000` means `workbench app --port 9000`."""
    at = 0
    while at < len(arguments):
        word = arguments[at]
        if word in {"--workspace", "-w"}:
            at += 2
        elif word == "--debug" or word.startswith("--workspace="):
            at += 1
        else:
            break
    if at > len(arguments):  # an option without its value, for the parser to name
        return list(arguments)
    following = list(arguments[at : at + 1])
    if following and (not following[0].startswith("-") or following[0] in {"-h", "--help", "--version"}):
        return list(arguments)
    return [*arguments[:at], "app", *arguments[at:]]


def _refuse_other_encodings(arguments: Sequence[str]) -> None:
    for number, one in enumerate(arguments, start=1):
        if first_unusable(one) is not None:
            raise InputError(f"Word {number} of the command is not UTF-8.", "Write it in UTF-8, or rename the file.")


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"workbench {version('review-workbench')}")
        raise typer.Exit


@cli.callback()
def _globals(
    context: typer.Context,
    *,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", metavar="PATH", help="The workspace file; before or after the command."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a fault of ours.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Drafts AI-tool reviews with several models side by side; editors decide, and publish the page."""
    del debug, version  # `run` and `_version` have looked at them
    if workspace is not None:
        context.default_map = {name: {"workspace": str(workspace)} for name in _COMMANDS if name not in _NO_WORKSPACE}
