"""`workbench fact` and `keep`: what an editor answers to what the checks found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.deciding import PersonaArgument, ToolArgument
from workbench.cli.opening import (
    EditorOption,
    JsonOption,
    WorkspaceOption,
    examples,
    find_persona,
    find_tool,
    signer,
    workbench_at,
)
from workbench.cli.printing import console, count, line, put_json, stamp
from workbench.cli.reading import read_text
from workbench.domain.answer import Answer, Mark, Remark
from workbench.domain.decision import Cell
from workbench.domain.dossier import AddedFact
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import clean, one_line
from workbench.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from workbench.bootstrap import Workbench

FACT_EXAMPLES = examples(
    'workbench fact codestral-2-1 --text "Input costs $0.30 per million tokens." --source "mistral.ai/pricing"',
    'workbench fact codestral-2-1 --text "It built our monorepo." --source "hands-on, Ada" --date 2026-11-23',
)
KEEP_EXAMPLES = examples(
    'workbench keep codestral-2-1 builder --rule claims --words "512K" --reason "the vendor wrote to us"',
    'workbench keep codestral-2-1 builder --rule claims --words "512K" --file quote.txt --reason "…"',
    'workbench keep codestral-2-1 builder --rule claims --words "512K" --take-back',
)


def fact(
    tool: ToolArgument,
    *,
    text: Annotated[str, typer.Option(metavar="TEXT", help="The fact, in a sentence.")],
    source: Annotated[str, typer.Option(metavar="TEXT", help="Where it comes from: a page, a document, a person.")],
    date: Annotated[str, typer.Option(metavar="DATE", help="The day somebody looked, such as 2026-11-23.")] = "",
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Add a fact to a tool: its dossier's next revision. Every number that a draft cites stays as it is."""
    with workbench_at(workspace) as bench:
        tool_id = find_tool(bench, tool).tool.id
        told = AddedFact(text=text, source=source, checked_on=date)
        added = bench.sourcing.add_fact(tool_id, told, editor=signer(bench, editor))
    made = added.fact
    if as_json:
        put_json(
            {
                "tool": tool_id,
                "revision": added.dossier.revision,
                "sha256": added.dossier.digest,
                "fact": {
                    "id": made.ref,
                    "text": made.text,
                    "source": made.source,
                    "checked_on": made.checked_on or None,
                },
                "notices": list(added.notices),
            }
        )
        return
    out = console()
    checked = f", checked on {made.checked_on}" if made.checked_on else ""
    out.print(line(f"{tool_id}, revision {added.dossier.revision}: {made.ref} from {made.source}{checked}."))
    for notice in added.notices:
        out.print(line(notice), style="yellow", soft_wrap=True)


def keep(
    tool: ToolArgument,
    persona: PersonaArgument,
    *,
    rule: Annotated[str, typer.Option(metavar="NAME", help="The rule that found the words, such as claims.")],
    words: Annotated[str, typer.Option(metavar="TEXT", help="The words, as they stand in the text.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why they may stay: it is exported with the quote.")] = "",
    take_back: Annotated[bool, typer.Option("--take-back", help="Keep them no longer.")] = False,
    file: Annotated[
        str, typer.Option(metavar="FILE", help="A text that is not here yet, from a file or - (standard input).")
    ] = "",
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Keep words that a check found in one of a cell's texts, and say why, for as long as their sentence stays."""
    if take_back and reason:
        raise InputError("--take-back needs no --reason.", "Leave one of them out.", field="reason")
    typed = read_text(file, field="file") if file else ""
    with workbench_at(workspace) as bench:
        tool_id = find_tool(bench, tool).tool.id
        persona_id, name = find_persona(bench, persona, tool_id), signer(bench, editor)
        marks = _found(_remarks(bench, tool_id, persona_id, typed), rule, words)
        answers: list[Answer] = []
        for mark in marks:
            if not take_back:
                answers.append(bench.answering.keep(tool_id, persona_id, mark, reason, editor=name))
            elif (back := bench.answering.take_back(tool_id, persona_id, mark, editor=name)) is not None:
                answers.append(back)
    if as_json:
        put_json({"answers": [_shape(one) for one in answers]})
        return
    what = f"{tool_id} · {persona_id}: “{one_line(words)}” {'is no longer kept' if take_back else 'is kept'}"
    if not answers:
        what = f"{tool_id} · {persona_id}: “{one_line(words)}” was not kept"
    console().print(line(f"{what} in {count(len(marks), 'sentence')}. Signed {name}."), soft_wrap=True)


def _remarks(bench: Workbench, tool_id: ToolId, persona_id: PersonaId, typed: str) -> list[Remark]:
    """What is found in the cell's texts: the quote that stands, its drafts, the unsaved text, and one from a file."""
    cell = bench.deciding.cells(tool_id).get(persona_id) or Cell(tool_id=tool_id, persona_id=persona_id)
    drafts = [one.draft for one in bench.drafting.of_tool(tool_id) if one.draft.origin.persona_id == persona_id]
    unsaved = bench.deciding.kept(tool_id, persona_id)
    with bench.store.reading() as repositories:
        texts = bench.remarking.on(repositories, tool_id, known=drafts)
        found = list(texts.on_cell(cell))
        for draft in drafts:
            found += texts.on_draft(draft, verdict=cell.verdict)
        if unsaved is not None:
            found += texts.on_pieces(persona_id, unsaved.pieces, verdict=cell.verdict)
        if typed:
            as_typed = Cell(tool_id=tool_id, persona_id=persona_id, text=clean(typed).text, edited=True)
            found += texts.on_cell(as_typed)
    return found


def _found(remarks: list[Remark], rule: str, words: str) -> list[Mark]:
    """The marks that are meant, each once. Raises UnknownNameError listing what is there."""
    marks = dict.fromkeys(one.mark for one in remarks)
    meant = [one for one in marks if one.rule == rule and one_line(one.words) == one_line(words)]
    if not meant:
        known = dict.fromkeys(f"{one.rule} “{one_line(one.words)}”" for one in marks)
        raise UnknownNameError("finding", f"{rule}: {one_line(words)}", list(known))
    return meant


def _shape(answer: Answer) -> dict[str, Any]:
    return {
        "tool": answer.tool_id,
        "persona": answer.persona_id,
        "answer": answer.kind,
        "rule": answer.mark.rule,
        "severity": answer.mark.severity,
        "words": answer.mark.words,
        "reason": answer.reason or None,
        "editor": answer.editor,
        "at": stamp(answer.at),
    }
