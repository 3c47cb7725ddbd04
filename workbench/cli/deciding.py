"""`workbench decide` and `second`: an editor's act on one persona's quote for one tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

import typer

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
from workbench.cli.printing import console, count, line, put_json
from workbench.cli.reading import read_text
from workbench.cli.shapes import cell_shape
from workbench.domain.comparison import verdict_label
from workbench.domain.decision import REJECT_REASONS, Cell, RejectReason
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.review import VERDICTS, Verdict
from workbench.domain.text import word_count
from workbench.errors import InputError, UnknownNameError
from workbench.services.deciding import Signature

if TYPE_CHECKING:
    from workbench.bootstrap import Workbench

EXAMPLES = examples(
    "workbench decide codestral-2-1 builder --accept claude --verdict ship",
    "workbench decide codestral-2-1 skeptic --accept 0mf3k2abc1234567",
    "workbench decide codestral-2-1 futurist --edit-file quote.txt --from codestral",
    'workbench decide codestral-2-1 business --reject claude --reason generic --note "says nothing"',
    "workbench decide codestral-2-1 builder --verdict none       take the verdict back",
    'workbench decide codestral-2-1 futurist --stands "the figure was never its point"   a fact has changed',
    "workbench decide codestral-2-1 builder --undo               or --withdraw",
)
SECOND_EXAMPLES = examples('workbench second codestral-2-1 builder --editor "Sam Second"')

ToolArgument = Annotated[str, typer.Argument(metavar="TOOL", help="A tool's id or name.")]
PersonaArgument = Annotated[str, typer.Argument(metavar="PERSONA", help="A persona's id or label.")]
AcceptOption = Annotated[
    str, typer.Option(metavar="DRAFT", help="Accept this draft as it stands: its id, or a provider's newest.")
]
EditFileOption = Annotated[
    str, typer.Option(metavar="FILE", help="The quote in your own words, from a file or - (standard input).")
]
StandsOption = Annotated[
    str, typer.Option(metavar="WHY", help="A fact has changed, and the quote stands all the same, for this reason.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The act asked for, as typed. `verdict` empty: not mentioned."""

    accept: str
    edit_file: str
    origin: str
    reject: str
    reason: str
    note: str
    stands: str
    withdraw: bool
    undo: bool
    verdict: str

    @property
    def acts(self) -> list[str]:
        """The options among which there may be one."""
        given = {
            "--accept": self.accept,
            "--edit-file": self.edit_file,
            "--reject": self.reject,
            "--stands": self.stands,
            "--withdraw": self.withdraw,
            "--undo": self.undo,
        }
        return [name for name, value in given.items() if value]


def decide(
    tool: ToolArgument,
    persona: PersonaArgument,
    *,
    accept: AcceptOption = "",
    edit_file: EditFileOption = "",
    origin: Annotated[str, typer.Option("--from", metavar="DRAFT", help="The draft that was edited.")] = "",
    reject: Annotated[str, typer.Option(metavar="DRAFT", help="This draft will not do.")] = "",
    reason: Annotated[str, typer.Option(metavar="CODE", help=f"Why: {', '.join(REJECT_REASONS)}.")] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="A word on the rejection.")] = "",
    stands: StandsOption = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the quote back; its history stays.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what stood before the last decision.")] = False,
    verdict: Annotated[str, typer.Option(metavar="ship|skip|none", help="Your verdict, alone or with the quote.")] = "",
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Decide on one persona's quote: accept, edit, reject, withdraw or undo, and give the verdict."""
    wish = Wish(
        accept=accept,
        edit_file=edit_file,
        origin=origin,
        reject=reject,
        reason=reason,
        note=note,
        stands=stands,
        withdraw=withdraw,
        undo=undo,
        verdict=verdict,
    )
    _refuse_nonsense(wish)
    with workbench_at(workspace) as bench:
        tool_id = find_tool(bench, tool).tool.id
        persona_id = find_persona(bench, persona, tool_id)
        signed = Signature(editor=signer(bench, editor))
        cell = _decided(bench, wish, tool_id, persona_id, signed)
    _put(cell, _sentence(cell, signed), as_json=as_json)


def second(
    tool: ToolArgument,
    persona: PersonaArgument,
    *,
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Stand by a colleague's quote that a model of the tool's own maker wrote and nobody edited."""
    with workbench_at(workspace) as bench:
        tool_id = find_tool(bench, tool).tool.id
        signed = Signature(editor=signer(bench, editor))
        cell = bench.deciding.second(tool_id, find_persona(bench, persona, tool_id), signed)
    said = f"{cell.tool_id} · {cell.persona_id}: approved by {cell.editor}, seconded by {cell.seconded_by}."
    _put(cell, line(said), as_json=as_json)


def _put(cell: Cell, said: str, *, as_json: bool) -> None:
    if as_json:
        put_json({"cell": cell_shape(cell)})
    else:
        console().print(said, soft_wrap=True)


def _refuse_nonsense(wish: Wish) -> None:
    acts = wish.acts
    if len(acts) > 1:
        raise InputError(f"{' and '.join(acts)} exclude each other.", "Give one of them.", field="act")
    if not acts and not wish.verdict:
        raise InputError(
            "Decide what?",
            "Give one of --accept, --edit-file, --reject, --stands, --withdraw, --undo, or a --verdict.",
            field="act",
        )
    if wish.verdict and wish.verdict not in {*VERDICTS, "none"}:
        raise UnknownNameError("verdict", wish.verdict, [*VERDICTS, "none"])
    if wish.verdict and wish.undo:
        raise InputError("--undo brings back the verdict too.", "Give the --verdict afterwards.", field="verdict")
    if wish.reject and not wish.reason:
        raise InputError(
            "A rejection needs a reason.", f"Give --reason with one of {', '.join(REJECT_REASONS)}.", field="reason"
        )
    if wish.reject and wish.reason not in REJECT_REASONS:
        raise UnknownNameError("reject reason", wish.reason, list(REJECT_REASONS))
    if (wish.reason or wish.note) and not wish.reject:
        raise InputError("--reason and --note belong to --reject.", "Leave them out.", field="reason")
    if wish.origin and not wish.edit_file:
        raise InputError("--from belongs to --edit-file.", "Use --accept to take the draft as it is.", field="from")


def _decided(bench: Workbench, wish: Wish, tool_id: ToolId, persona_id: PersonaId, signed: Signature) -> Cell:
    deciding = bench.deciding
    verdict: Verdict | None = next((one for one in VERDICTS if one == wish.verdict), None)

    def found(name: str) -> DraftId:
        return _draft(bench, tool_id, persona_id, name)

    if wish.accept:
        cell = deciding.accept(found(wish.accept), verdict, signed)
    elif wish.edit_file:
        origin = found(wish.origin) if wish.origin else None
        text = read_text(wish.edit_file, field="edit-file")
        cell = deciding.edit(tool_id, persona_id, text, signed, draft_id=origin, verdict=verdict)
    elif wish.reject:
        cell = deciding.reject(found(wish.reject), cast("RejectReason", wish.reason), wish.note, signed)
    elif wish.stands:
        cell = deciding.uphold(tool_id, persona_id, wish.stands, signed)
    elif wish.withdraw:
        cell = deciding.withdraw(tool_id, persona_id, signed)
    elif wish.undo:
        return deciding.undo(tool_id, persona_id, signed)
    else:
        return deciding.set_verdict(tool_id, persona_id, verdict, signed)
    if wish.verdict and cell.verdict != verdict:  # an accept or an edit carries ship and skip, but not “none”
        return deciding.set_verdict(tool_id, persona_id, verdict, signed)
    return cell


def _draft(bench: Workbench, tool_id: ToolId, persona_id: PersonaId, name: str) -> DraftId:
    """The cell's draft with this id, or the newest of this provider. Raises UnknownNameError listing the cell's."""
    own = [one.draft for one in bench.drafting.of_tool(tool_id) if one.draft.origin.persona_id == persona_id]
    for draft in reversed(own):
        if name in {draft.id, draft.origin.provider}:
            return draft.id
    known = [f"{draft.id} ({draft.origin.provider}, take {draft.origin.take}, {draft.state})" for draft in own]
    raise UnknownNameError("draft", name, known)


def _sentence(cell: Cell, signed: Signature) -> str:
    if cell.approved:
        how = "edited and approved" if cell.edited else "approved as drafted"
        quote = f"the quote of {count(word_count(cell.text), 'word')} is {how}"
    else:
        quote = "no approved quote"
    who = line(signed.editor)
    return f"{cell.tool_id} · {cell.persona_id}: {quote}; verdict: {verdict_label(cell.verdict).lower()}. Signed {who}."
