"""`workbench check`: what the dossier does not hold, word by word, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from workbench.cli.opening import WorkspaceOption, examples, find_tool, settings_for, workbench_at
from workbench.cli.printing import console, count, line, put_json
from workbench.cli.reading import STDIN, read_bytes, read_text
from workbench.cli.sarif import log
from workbench.cli.supplying import put_supplies, sufficiency_shape
from workbench.domain.finding import Finding
from workbench.domain.text import sentence_spans
from workbench.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.domain.contradiction import Place
    from workbench.domain.located import Located
    from workbench.services.inspecting import Inspecting, Inspection, Noticed

EXAMPLES = examples(
    "workbench check quote.txt --against codestral-2-1 --persona skeptic",
    "workbench check review.json --dossier codestral.md       no workspace is needed",
    "pbpaste | workbench check - --against codestral-2-1",
    "workbench check --tool codestral-2-1 --strict       its quotes, drafts and dossier",
    "workbench check quote.md --dossier tool.md --format sarif > quote.sarif",
)
FORMATS = ("text", "json", "sarif")
DOSSIER_LIMIT = 5_000_001
_REMEDIES = {"add_source": "add a source", "reword": "reword", "keep": "keep with a reason"}
_STYLES = {"conflict": "bold red", "warning": "yellow", "note": ""}
_AROUND = 48
"""Columns shown before and after the words in question, where the sentence has more."""


def check(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="A quote as text or Markdown, or a review as JSON; - is standard input."),
    ] = None,
    *,
    tool: Annotated[
        str,
        typer.Option(
            metavar="TOOL",
            help="Check this tool instead: its quotes, drafts of cells without one, its dossier, and what disagrees.",
        ),
    ] = "",
    dossier: Annotated[
        str, typer.Option(metavar="FILE", help="Hold FILE against the one tool of this file, in any import format.")
    ] = "",
    against: Annotated[str, typer.Option(metavar="TOOL", help="Hold FILE against this tool of the workspace.")] = "",
    persona: Annotated[
        str, typer.Option("--persona", "-p", metavar="ID", help="Whose text it is; else only the dossier counts.")
    ] = "",
    form: Annotated[str, typer.Option("--format", metavar="text|json|sarif", help="How to say it.")] = "text",
    strict: Annotated[bool, typer.Option("--strict", help="Open warnings count as conflicts do.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Mark what a text says and its dossier does not hold: values, wording, citations, beats, first-hand claims.

    A mark says what the dossier holds, never what is true.

    Exit code 0: nothing is open, or only notes and warnings. 1: a conflict is open, with --strict also a warning.
    2: bad input.
    """
    if form not in FORMATS:
        raise InputError(f"There is no format “{form}”.", f"Use one of {', '.join(FORMATS)}.", field="format")
    found, rules = _inspected(_Wish(file or "", tool, dossier, against, persona), workspace)
    _put(form, found, rules)
    if found.open("conflict") or (strict and found.open("warning")):
        raise typer.Exit(1)


Rules = dict[str, tuple[str, str]]


def _put(form: str, found: Inspection, rules: Rules) -> None:
    if form == "json":
        put_json(shape(found))
    elif form == "sarif":
        put_json(log(found, rules))
    else:
        put_inspection(console(), found)


class _Wish(NamedTuple):
    """What is asked for, as typed; empty: not mentioned."""

    file: str
    tool: str
    dossier: str
    against: str
    persona: str


def _inspected(wish: _Wish, workspace: Path | None) -> tuple[Inspection, Rules]:
    if bool(wish.file) == bool(wish.tool):
        raise InputError("Check what?", "Give FILE (- is standard input), or --tool TOOL.", field="file")
    if wish.tool and (wish.dossier or wish.against):
        raise InputError("A tool is held against its own dossier.", "Give FILE, or only --tool TOOL.", field="tool")
    if wish.file and bool(wish.dossier) == bool(wish.against):
        raise InputError(
            "A text is held against one dossier.", "Give --dossier FILE or --against TOOL.", field="dossier"
        )
    if wish.dossier:
        from workbench.bootstrap import inspecting

        return _alone(inspecting(settings_for(workspace)), wish.file, wish.dossier, wish.persona)
    with workbench_at(workspace) as bench:
        held, looking = find_tool(bench, wish.tool or wish.against), bench.inspecting
        if wish.tool:
            return looking.tool(held, wish.persona), bench.inspecting.rules
        return looking.file(_named(wish.file), _text(wish.file), held, wish.persona), bench.inspecting.rules


def _alone(inspecting: Inspecting, file: str, dossier: str, persona: str) -> tuple[Inspection, Rules]:
    if STDIN == file == dossier:
        raise InputError("Only one of the two can come from standard input.", "Give a path.", field="dossier")
    held = inspecting.dossier(_named(dossier), read_bytes(dossier, DOSSIER_LIMIT, field="dossier"))
    return inspecting.file(_named(file), _text(file), held, persona), inspecting.rules


def _text(file: str) -> str:
    return read_text(file, field="file")


def _named(file: str) -> str:
    return "stdin" if file == STDIN else file


# --- for people


def put_inspection(out: Console, found: Inspection) -> None:
    """Each text with what was noticed in it, then the dossier, then the count."""
    for one in found.looked:
        lens = line(one.persona.label)
        out.print(f"{line(one.text.label)} · {lens} · against {line(found.dossier.tool.name)}", style="bold")
        for noticed in one.noticed:
            _noticed(out, one.text, noticed)
        if not one.noticed:
            out.print("  Nothing to say.")
    for pair in found.contradictions:
        out.print(f"  warning  contradiction: {line(pair.reason)}", style="yellow", soft_wrap=True)
        for place in (pair.one, pair.other):
            _place(out, found, place)
    for hint in found.suspicions:
        out.print(f"  warning  injection, {hint.field}: {line(hint.words)}", style="yellow", soft_wrap=True)
    put_supplies(out, found.sufficiency)
    for said in found.predictions:
        out.print(f"  prediction  due {said.due.isoformat()}, {said.persona_id}: {line(said.what)}", soft_wrap=True)
    counted = [count(found.open(one), one) for one in ("conflict", "warning", "note")]
    answered = sum(bool(one.kept) for text in found.looked for one in text.noticed)
    kept = f"; {count(answered, 'finding')} kept with a reason" if answered else ""
    out.print(f"{', '.join(counted)}{kept}.", style="bold")


def _noticed(out: Console, text: Located, noticed: Noticed) -> None:
    one = noticed.finding
    at = text.region(one.start, one.end)
    head = f"  {one.severity:8} {one.rule}, line {at.line}" if one.end else f"  {one.severity:8} {one.rule}, the whole"
    out.print(head, style=_STYLES[one.severity])
    for shown in excerpt(text.quote, one.start, one.end) if one.end else ():
        out.print(f"    {shown}", soft_wrap=True, highlight=False)
    out.print(f"    {line(one.reason)}", soft_wrap=True, highlight=False)
    if one.evidence and one.evidence not in one.reason:
        out.print(f"    {line(one.evidence)}", soft_wrap=True, highlight=False)
    if noticed.kept:
        out.print(f"    Kept: {line(noticed.kept)}", soft_wrap=True, highlight=False)
    else:
        out.print(f"    {', or '.join(_REMEDIES[remedy] for remedy in one.remedies).capitalize()}.", highlight=False)


def _place(out: Console, found: Inspection, place: Place) -> None:
    texts = [one.text for one in found.looked if one.persona.id == place.persona_id and "quote" in one.text.name]
    for shown in excerpt(texts[0].quote, place.start, place.end) if texts and place.end else ():
        out.print(f"    {shown}", soft_wrap=True, highlight=False)


def excerpt(quote: str, start: int, end: int) -> tuple[str, str]:
    """The sentence around the words, as far as a line has room, and a line that underscores them with ^."""
    from rich.cells import cell_len

    low, high = next(((a, b) for a, b in sentence_spans(quote) if a <= start < b), (start, end))
    first, last = max(low, start - _AROUND), min(max(high, end), end + _AROUND)
    while low < first < start and not quote[first - 1].isspace():  # no word is cut, if there is room to leave it out
        first += 1
    while end < last < high and not quote[last].isspace():
        last -= 1
    shown = "".join(one if one.isprintable() else " " if one.isspace() else "\ufffd" for one in quote[first:last])
    before, after = "… " if first > low else "", " …" if last < high else ""
    under = " " * cell_len(before + shown[: start - first])
    return before + shown + after, under + "^" * max(1, cell_len(shown[start - first : end - first]))


# --- for machines


def shape(found: Inspection) -> dict[str, Any]:
    """What `--format json` prints."""
    return {
        "tool": found.dossier.tool.id,
        "dossier": {"digest": found.dossier.digest, "revision": found.dossier.revision},
        "open": {one: found.open(one) for one in ("conflict", "warning", "note")},
        "texts": [
            {
                "name": one.text.name,
                "persona": one.persona.id or None,
                "quote": one.text.quote,
                "findings": list(_findings(one.text, one.noticed)),
            }
            for one in found.looked
        ],
        "contradictions": [
            {"matter": one.matter, "reason": one.reason, "places": [_place_shape(one.one), _place_shape(one.other)]}
            for one in found.contradictions
        ],
        "injection": [{"field": one.field, "kind": one.kind, "words": one.words} for one in found.suspicions],
        "sufficiency": sufficiency_shape(found.sufficiency),
        "predictions": [
            {"persona": one.persona_id, "what": one.what, "when": one.when, "due": one.due.isoformat()}
            for one in found.predictions
        ],
    }


def _findings(text: Located, noticed: tuple[Noticed, ...]) -> Iterator[dict[str, Any]]:
    for one, kept in ((each.finding, each.kept) for each in noticed):
        at = text.region(one.start, one.end)
        yield {
            "rule": one.rule,
            "severity": one.severity,
            "words": _words(text, one),
            "start": one.start,
            "end": one.end,
            "line": at.line,
            "column": at.column,
            "reason": one.reason,
            "evidence": one.evidence,
            "remedies": list(one.remedies),
            "kept": kept or None,
        }


def _words(text: Located, one: Finding) -> str:
    return text.quote[one.start : one.end]


def _place_shape(one: Place) -> dict[str, Any]:
    return {"label": one.label, "persona": one.persona_id, "words": one.words, "start": one.start, "end": one.end}
