"""`workbench call`, `sign` and `export`: the editor's answer, the name under the page, and the page as a file."""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.opening import (
    EditorOption,
    JsonOption,
    WorkspaceOption,
    examples,
    find_tool,
    signer,
    workbench_at,
)
from workbench.cli.printing import console, count, line, put_json, stamp
from workbench.cli.reading import STDIN, read_text
from workbench.domain.comparison import under_review
from workbench.errors import ExportError, InputError, UnknownNameError

if TYPE_CHECKING:
    from workbench.bootstrap import Workbench
    from workbench.domain.comparison import Comparison, Page
    from workbench.services.exporting import Changed
    from workbench.services.publishing import File

CALL_EXAMPLES = examples(
    'workbench call claude-4-api codestral-2-1 --text "Ship the first, watch the second."',
    "workbench call claude-4-api codestral-2-1 --file call.txt",
)
SIGN_EXAMPLES = examples(
    "workbench sign claude-4-api codestral-2-1 --editor Ana",
    'workbench sign claude-4-api codestral-2-1 --statement "I have read every quote."',
)
EXPORT_EXAMPLES = examples(
    "workbench export claude-4-api codestral-2-1                      claude-4-api-vs-codestral-2-1.html, here",
    "workbench export claude-4-api codestral-2-1 --format markdown --output pages/",
    "workbench export claude-4-api codestral-2-1 --format json --output - | jq .",
    "workbench export claude-4-api codestral-2-1 --diff               what changed since the last export",
)
LeftArgument = Annotated[str, typer.Argument(metavar="LEFT", help="The id or name of the tool on the left.")]
RightArgument = Annotated[str, typer.Argument(metavar="RIGHT", help="The id or name of the tool on the right.")]


def call(
    left: LeftArgument,
    right: RightArgument,
    *,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="Your answer; empty text takes it back.")] = None,
    file: Annotated[str | None, typer.Option(metavar="FILE", help="The same from a file or - .")] = None,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Answer the page's question, which one to ship with, in the editor's own words."""
    if (text is None) == (file is None):
        raise InputError("The call needs a text.", "Give --text or --file, one of them.", field="call")
    words = text if text is not None else read_text(file or STDIN, field="call")
    with workbench_at(workspace) as bench:
        saved = bench.publishing.call(_comparison(bench, left, right), words, signer(bench, editor))
    if as_json:
        shape: dict[str, Any] = {
            "id": saved.id,
            "left": saved.left,
            "right": saved.right,
            "call": saved.call,
            "editor": saved.call_editor,
            "at": stamp(saved.call_at),
            "version": saved.version,
        }
        put_json({"comparison": shape})
        return
    console().print(f"Saved the call of {saved.id}, signed {line(saved.call_editor)}.", soft_wrap=True)


def sign(
    left: LeftArgument,
    right: RightArgument,
    *,
    statement: Annotated[str, typer.Option(metavar="TEXT", help="What you stand by, printed under the page.")] = "",
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Sign the page as it is now, once every quote is approved and decided; any later change lapses it."""
    with workbench_at(workspace) as bench:
        page = bench.publishing.page(_comparison(bench, left, right))
        signed = bench.signing.sign(page, statement, signer(bench, editor))
        advice = [one.text for one in bench.signing.points(page) if one.kind != "answered"]
    if as_json:
        shape = {"editor": signed.signed_by, "at": stamp(signed.signed_at), "statement": signed.statement}
        put_json({"sign_off": {"id": signed.id, **shape, "sha256": signed.signed_digest}, "worth_a_look": advice})
        return
    console().print(f"{line(signed.signed_by)} signed {signed.id}.", soft_wrap=True)
    for one in advice:
        console(err=True).print(f"Worth a look: {line(one)}", style="yellow", soft_wrap=True)


def export(
    left: LeftArgument,
    right: RightArgument,
    *,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="html, markdown, text, json or csv.")
    ] = "html",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE|DIR|-", help="Where to; the current folder if not given.")
    ] = ".",
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what changed since the pair was last exported, and write nothing.")
    ] = False,
    editor: EditorOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the comparison page as a file: approved quotes only, the whole file or none."""
    with workbench_at(workspace) as bench:
        known = [one.name for one in bench.publishing.exporters]
        if format_name not in known:
            raise UnknownNameError("export format", format_name, known)
        page = bench.publishing.page(_comparison(bench, left, right))
        if diff:
            _show_changes(bench.exporting.changed(page))
            return
        signed, file = signer(bench, editor), bench.publishing.export(page, format_name)
        _remarks(page)
        _put(file, output)
        bench.exporting.remember(page, format_name, file, editor=signed)  # only what has left was exported


def _put(file: File, output: str) -> None:
    if output == STDIN:
        sys.stdout.buffer.write(file.data)
        sys.stdout.buffer.flush()
        return
    written, replaced = _write(file, Path(output).expanduser())
    console().print(f"{'Replaced' if replaced else 'Wrote'} {written} ({len(file.data):,} bytes).", soft_wrap=True)


def _show_changes(changed: Changed | None) -> None:
    out = console()
    if changed is None:
        out.print("This pair has not been exported yet.")
        return
    last = changed.since
    when = f"{last.at:%Y-%m-%d %H:%M} UTC ({last.format}, {last.editor})"
    if not changed.changes:
        out.print(line(f"Nothing has changed since the export of {when}."), soft_wrap=True)
        return
    out.print(line(f"What changed since the export of {when}:"), soft_wrap=True)
    for one in changed.changes:
        for sign, text, style in (("-", one.before, "red"), ("+", one.after, "green")):
            if text:
                out.print(f"{sign} {line(text)}", style=style, soft_wrap=True)


def _comparison(bench: Workbench, left: str, right: str) -> Comparison:
    return bench.publishing.comparison(find_tool(bench, left).tool.id, find_tool(bench, right).tool.id)


def _remarks(page: Page) -> None:
    """What an editor would want to know about this page; on stderr, since the file may go to stdout."""
    out = console(err=True)
    if page.rehearsal:
        out.print("Rehearsal: some of this page was drafted without a model, and it says so.", style="yellow")
    for card in page.cards:
        if card.missing:
            missing = line(", ".join(card.missing))
            out.print(f"{line(card.tool.name)}: no approved quote from {missing}.", style="yellow", soft_wrap=True)
    undecided = sum(quote.verdict is None for _, quote in page.quotes)
    if undecided:
        out.print(f"{count(undecided, 'quote')} without a verdict: the panel figure leaves them out.", style="yellow")
    for card, quote in page.quotes:
        if quote.reopened is not None:
            out.print(line(f"{quote.persona_label} on {card.tool.name}: {under_review(quote)}"), style="yellow")
    for card, quote in page.unseconded:
        waits = f"{quote.persona_label} on {card.tool.name}: a model of the tool's own maker, unedited, not seconded."
        out.print(line(waits), style="yellow", soft_wrap=True)
    if not page.comparison.call:
        out.print("The page asks which one to ship with: `workbench call` answers it.", style="yellow")
    if page.changed:
        out.print(line(page.sign_off), style="yellow", soft_wrap=True)


def _write(file: File, target: Path) -> tuple[Path, bool]:
    """The file at `target`, or under its own name in that folder; whether one was there before.

    Raises ExportError; never leaves half a file.
    """
    part: Path | None = None
    try:
        if target.is_dir():
            target /= file.name
        if target.exists() and not target.is_file():  # a pipe or a device takes bytes, not a replacement
            target.write_bytes(file.data)
            return target, False
        target = target.resolve()  # a symbolic link stays one
        replaced = target.exists()
        part = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
        with part.open("xb") as opened:
            opened.write(file.data)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(target)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        why = getattr(error, "strerror", None) or str(error)
        raise ExportError(
            f"{target} could not be written: {why}.",
            "Choose a folder that exists and that you may write, with --output.",
        ) from None
    return target, replaced
