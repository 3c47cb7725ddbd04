"""`workbench import`: tools from files or pasted text, with a preview of what happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.opening import JsonOption, WorkspaceOption, examples, workbench_at
from workbench.cli.printing import console, count, line, put_json, put_rows
from workbench.cli.reading import STDIN, as_text, read_bytes
from workbench.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.services.importing import Preview

EXAMPLES = examples(
    "workbench import tools.csv more.json one.md",
    "workbench import tools.csv --dry-run     only say what would happen",
    "workbench import - < notes.txt            pasted text: a name, then its description",
    "workbench import - --format json < tools.json",
)
READ_LIMIT = 5_000_001
"""Bytes read of a file: one more than intake allows, so that it can say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one source. `preview` is None when nothing of it could be read."""

    source: str
    preview: Preview | None
    problems: tuple[InputError, ...]
    imported: tuple[str, ...]


def import_(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Markdown, JSON, CSV or TSV files, or - .")],
    *,
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="What standard input holds: paste, markdown, json or csv.")
    ] = "paste",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, import nothing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Import the good tools of a file that also holds errors.")
    ] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Import tools from files or pasted text; a file with an error imports nothing, and the exit code is 2."""
    with workbench_at(workspace, create=True) as bench:
        outcomes = [_source(bench, one, format_name, dry_run=dry_run, partial=partial) for one in files]
    if as_json:
        put_json({"sources": [_shape(one) for one in outcomes], "dry_run": dry_run})
    else:
        for one in outcomes:
            _print(console(), one, dry_run=dry_run)
    if any(one.problems for one in outcomes):
        raise typer.Exit(InputError.exit_code)


def _source(bench: Workbench, source: str, format_name: str, *, dry_run: bool, partial: bool) -> Outcome:
    try:
        data = read_bytes(source, READ_LIMIT, field="file")
        if source == STDIN:
            text = as_text(data, "Standard input", field="file")
            preview = bench.importing.preview_text(text, format_name, data=data)
        else:
            preview = bench.importing.preview_file(source, data)
    except InputError as problem:
        return Outcome(source=source, preview=None, problems=(problem,), imported=())
    problems = preview.errors
    wanted = bool(preview.importable) and not dry_run and (partial or not problems)
    imported = bench.importing.commit(preview) if wanted else ()
    return Outcome(source=source, preview=preview, problems=problems, imported=imported)


def _print(out: Console, one: Outcome, *, dry_run: bool) -> None:
    out.print(line(one.source) if one.source != STDIN else "standard input", style="bold")
    if one.preview is not None and one.preview.candidates:
        listed = [
            (
                each.status,
                each.dossier.tool.id if each.dossier is not None else "",
                line(each.submission.name)[:80],
                line(each.submission.vendor)[:80],
                str(len(each.dossier.facts)) if each.dossier is not None else "",
            )
            for each in one.preview.candidates
        ]
        put_rows(out, ("state", "tool", "name", "vendor", "facts"), listed, giving=("name", "vendor"))
        notices = [*one.preview.notices, *(text for each in one.preview.candidates for text in each.notices)]
        for notice in notices:
            out.print(f"  {line(notice)}", style="dim", soft_wrap=True)
    errors = console(err=True)
    for problem in one.problems:
        errors.print(f"  {_where(problem)}{line(str(problem))}", style="red", soft_wrap=True)
    out.print(_summary(one, dry_run=dry_run))


def _summary(one: Outcome, *, dry_run: bool) -> str:
    ready = len(one.preview.importable) if one.preview is not None else 0
    if dry_run:
        return f"Would import {count(ready, 'tool')}; nothing was changed."
    if one.imported:
        return f"Imported {count(len(one.imported), 'tool')}: {', '.join(one.imported)}."
    if one.problems and ready:
        return f"Imported nothing: correct the file, or use --partial for the {count(ready, 'good tool')}."
    return "Imported nothing." if one.problems else "Nothing new: every tool is already here, word for word."


def _where(problem: InputError) -> str:
    return f"Line {problem.line}: " if problem.line is not None else ""


def _shape(one: Outcome) -> dict[str, Any]:
    candidates = one.preview.candidates if one.preview is not None else ()
    return {
        "source": one.source,
        "format": one.preview.format if one.preview is not None else None,
        "tools": [
            {
                "status": each.status,
                "id": each.dossier.tool.id if each.dossier is not None else None,
                "name": each.submission.name,
                "line": each.submission.line,
                "notices": list(each.notices),
            }
            for each in candidates
        ],
        "notices": list(one.preview.notices) if one.preview is not None else [],
        "errors": [
            {"message": problem.message, "remedy": problem.remedy, "field": problem.field, "line": problem.line}
            for problem in one.problems
        ],
        "imported": list(one.imported),
    }
