"""A cell's log as it is read before an act is added to it: what stands, what its editor has seen, who may second it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.decision import Accepted, Act, Cell, Decision, VerdictSet, cell_of, logs_of
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.interest import Makers, needs_second
from workbench.errors import ConflictError, DecisionError
from workbench.ports import Repositories
from workbench.services.reopening import reopening_of

_ASKS_NOTHING = (
    "only an unedited draft by a model of the tool’s own maker asks for one, and in a rehearsal no model wrote"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who decides, and the cell's version the person was looking at; None: whatever it is now.

    `masked`: the person could not see which provider had written what.
    """

    editor: str
    version: int | None = None
    masked: bool = False


def cells_of(repositories: Repositories, tool_id: ToolId) -> dict[PersonaId, Cell]:
    """The fold of every cell of a tool."""
    return {one: cell_of(tool_id, one, log) for one, log in logs_in(repositories, tool_id).items()}


def logs_in(repositories: Repositories, tool_id: ToolId) -> dict[PersonaId, list[Decision]]:
    """A tool's decisions by cell, oldest first."""
    return logs_of(repositories.decisions.of_tool(tool_id))


def log_of(repositories: Repositories, tool_id: ToolId, persona_id: PersonaId) -> list[Decision]:
    """A cell's decisions, oldest first."""
    return logs_in(repositories, tool_id).get(persona_id, [])


def standing_text(repositories: Repositories, tool_id: ToolId, persona_id: PersonaId) -> str:
    """The quote that stands in a cell; empty for none."""
    return cell_of(tool_id, persona_id, log_of(repositories, tool_id, persona_id)).text


def delivered_twice(log: Sequence[Decision], act: Act, signature: Signature) -> bool:
    """Whether this very act is already the cell's last: a click can reach us more than once.

    Raises ConflictError when the editor has not seen a decision that bears on this one: somebody else's, or
    one's own about the same thing from another tab. One's own verdict a moment ago does not stop an accept.
    """
    unseen = [] if signature.version is None else [one for one in log if one.number > signature.version]
    if unseen and unseen[-1].act == act and unseen[-1].editor == signature.editor.strip():
        return True
    for one in unseen:
        if one.editor != signature.editor.strip() or isinstance(one.act, VerdictSet) == isinstance(act, VerdictSet):
            raise conflict(one)
    return False


def stands_already(repositories: Repositories, cell: Cell, act: Accepted) -> bool:
    """Whether this very draft is the cell's quote, with no word changed, and no fact under it has changed since."""
    as_drafted = cell.approved and not cell.edited and (cell.draft_id, cell.text) == (act.draft_id, act.text)
    return as_drafted and reopening_of(repositories, cell) is None


def conflict(unseen: Decision) -> ConflictError:
    """That somebody decided first."""
    return ConflictError(
        f"{unseen.editor} decided here while you were working, at {unseen.at:%H:%M} UTC.",
        "Your text is kept on the screen: compare, then decide again.",
    )


def refuse_second(cell: Cell, reason: str, editor: str) -> None:
    """Raises DecisionError unless `editor` may stand by the quote; `reason` says why somebody must, if anybody."""
    if not cell.approved:
        raise DecisionError("There is no quote here to stand by.", "Accept or edit a draft first.")
    if not reason:
        already = f"{cell.seconded_by} stands by it already" if cell.seconded_by else _ASKS_NOTHING
        raise DecisionError(f"This quote needs no second editor: {already}.")
    if editor.strip().casefold() == cell.editor.casefold():
        raise DecisionError(
            f"{cell.editor} approved this quote and cannot be its second editor too.",
            "Ask somebody else to look, or edit the quote.",
        )


def reason_for_second(repositories: Repositories, makers: Makers, cell: Cell) -> str:
    """Why a second editor must look at the cell, in a word; empty when nobody must."""
    draft = repositories.drafts.get(cell.draft_id) if cell.draft_id is not None else None
    dossier = repositories.tools.latest(cell.tool_id)
    if draft is None or dossier is None:
        return ""
    interest = makers.interest(draft.origin, dossier.tool)
    return interest if needs_second(cell, interest, rehearsal=draft.origin.rehearsal) else ""
