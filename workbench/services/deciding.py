"""An editor's acts on drafts, kept as events; what stands is their fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.decision import (
    REJECT_REASONS,
    Accepted,
    Act,
    Cell,
    Decision,
    Edited,
    Rejected,
    RejectReason,
    Seconded,
    Undone,
    VerdictSet,
    Withdrawn,
    cell_of,
    standing,
)
from workbench.domain.draft import ACCEPTABLE, USABLE, Draft
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.interest import Makers, needs_second
from workbench.domain.piece import Piece, Working, joined
from workbench.domain.review import Confidence, Verdict
from workbench.domain.text import clean
from workbench.errors import ConflictError, DecisionError, InputError, UnknownNameError
from workbench.ports import Clock, Repositories, Store
from workbench.services.reading import read_partial

QUOTE_LIMIT = 5_000
"""Longest quote in characters; the length band is about 1,100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who decides, and the cell's version the person was looking at; None: whatever it is now.

    `masked`: the person could not see which provider had written what.
    """

    editor: str
    version: int | None = None
    masked: bool = False


class Deciding:
    """Accept, edit, reject, set a verdict, second, withdraw, undo. Every method returns the cell as it stands then."""

    def __init__(self, *, store: Store, clock: Clock, makers: Makers | None = None) -> None:
        self._store = store
        self._clock = clock
        self._makers = makers or Makers()

    def cells(self, tool_id: ToolId) -> Mapping[PersonaId, Cell]:
        """The decided cells of a tool by persona; a persona without a decision has none."""
        with self._store.reading() as repositories:
            return cells_of(repositories, tool_id)

    def history(self, tool_id: ToolId, persona_id: PersonaId) -> list[Decision]:
        """A cell's decisions, oldest first."""
        with self._store.reading() as repositories:
            return _log(repositories, tool_id, persona_id)

    def keep(self, tool_id: ToolId, persona_id: PersonaId, text: str) -> None:
        """Keep text that is typed but not saved; empty text forgets it."""
        kept = text[: QUOTE_LIMIT * 4].replace("\0", "")
        with self._store.writing() as repositories:
            repositories.scratch.put(tool_id, persona_id, kept.encode("utf-8", "replace").decode("utf-8"))

    def kept(self, tool_id: ToolId, persona_id: PersonaId) -> str | None:
        """Text typed into this cell and not saved, or None."""
        with self._store.reading() as repositories:
            return repositories.scratch.get(tool_id, persona_id)

    def accept(self, draft_id: DraftId, verdict: Verdict | None, signature: Signature) -> Cell:
        """The draft's quote as it stands. Raises DecisionError unless the draft is done."""
        with self._store.writing() as repositories:
            draft = _draft(repositories, draft_id)
            if draft.state not in ACCEPTABLE:
                raise DecisionError(
                    f"This draft is {draft.state}: only a whole one can be accepted as it is.",
                    "Edit it into shape, or ask for another take.",
                )
            text = _drafted(draft)
            if not text:
                raise DecisionError("This draft holds no visible text.", "Reject it, or ask for another take.")
            act = Accepted(draft_id=draft_id, text=text, verdict=verdict)
            return self._approved(repositories, draft.origin.tool_id, draft.origin.persona_id, act, signature)

    def edit(
        self,
        tool_id: ToolId,
        persona_id: PersonaId,
        text: str,
        signature: Signature,
        *,
        draft_id: DraftId | None = None,
        verdict: Verdict | None = None,
    ) -> Cell:
        """The quote in the editor's words, from a draft or by hand. Raises InputError or DecisionError."""
        quote = _quote(text)
        with self._store.writing() as repositories:
            act = Edited(text=quote, draft_id=draft_id, verdict=verdict)
            if draft_id is None:
                if repositories.tools.latest(tool_id) is None:
                    raise UnknownNameError("tool", tool_id, remedy="`workbench tools` lists them.")
                return self._approved(repositories, tool_id, persona_id, act, signature)
            draft = _draft(repositories, draft_id)
            if (draft.origin.tool_id, draft.origin.persona_id) != (tool_id, persona_id):
                raise DecisionError("This draft belongs to another cell.", "Open its own cell.")
            if draft.state not in USABLE:
                raise DecisionError(f"This draft is {draft.state}: its text cannot be used.", "Ask for another take.")
            unchanged = draft.state in ACCEPTABLE and quote == _drafted(draft)
            kept = Accepted(draft_id=draft_id, text=quote, verdict=verdict)
            return self._approved(repositories, tool_id, persona_id, kept if unchanged else act, signature)

    def reject(self, draft_id: DraftId, reason: RejectReason, note: str, signature: Signature) -> Cell:
        """This draft will not do; a quote made from it is withdrawn."""
        if reason not in REJECT_REASONS:
            raise UnknownNameError("reject reason", reason, sorted(REJECT_REASONS))
        with self._store.writing() as repositories:
            draft = _draft(repositories, draft_id)
            if draft.live:
                raise DecisionError("This draft is still streaming.", "Stop it first, or wait for its end.")
            act = Rejected(draft_id=draft_id, reason=reason, note=clean(note[:QUOTE_LIMIT]).text)
            return self._decided(repositories, draft.origin.tool_id, draft.origin.persona_id, act, signature)

    def set_verdict(
        self, tool_id: ToolId, persona_id: PersonaId, verdict: Verdict | None, signature: Signature
    ) -> Cell:
        """The human's verdict, apart from the prose."""
        with self._store.writing() as repositories:
            return self._decided(repositories, tool_id, persona_id, act, signature)

    def second(self, tool_id: ToolId, persona_id: PersonaId, signature: Signature) -> Cell:
        """A second editor stands by the quote as it is.

        Raises DecisionError when there is no quote, when it needs nobody, or when it is the signer's own.
        """
        with self._store.writing() as repositories:
            log = _log(repositories, tool_id, persona_id)
            if not _delivered_twice(log, Seconded(), signature):
                cell = cell_of(tool_id, persona_id, log)
                _refuse_second(cell, self._reason_for_second(repositories, cell), signature.editor)
            return self._decided(repositories, tool_id, persona_id, Seconded(), signature)

    def withdraw(self, tool_id: ToolId, persona_id: PersonaId, signature: Signature) -> Cell:
        """Take the quote back; drafts and history stay."""
        with self._store.writing() as repositories:
            return self._decided(repositories, tool_id, persona_id, Withdrawn(), signature)

    def undo(self, tool_id: ToolId, persona_id: PersonaId, signature: Signature) -> Cell:
        """Bring the cell back to how it was before its last decision that is not undone yet; itself an event.

        Raises DecisionError when there is nothing to undo, ConflictError when somebody decided meanwhile.
        """
        with self._store.writing() as repositories:
            log = _log(repositories, tool_id, persona_id)
            last = standing(log, len(log))
            if last == 0:
                raise DecisionError("There is no decision to undo here.")
            if signature.version not in (None, len(log)):
                raise _conflict(log[-1])  # what the editor meant to undo is not the last decision any more
            act = Undone(to=standing(log, last - 1))
            return self._decided(repositories, tool_id, persona_id, act, Signature(editor=signature.editor))

    def undoable(self, tool_id: ToolId) -> Mapping[PersonaId, Decision]:
        """What an undo would take back, by persona."""
        with self._store.reading() as repositories:
            logs = _logs(repositories, tool_id)
        return {one: log[last - 1] for one, log in logs.items() if (last := standing(log, len(log)))}

    def _approved(
        self,
        repositories: Repositories,
        tool_id: ToolId,
        persona_id: PersonaId,
        act: Accepted | Edited,
        signature: Signature,
    ) -> Cell:
        cell = self._decided(repositories, tool_id, persona_id, act, signature)
        kept = repositories.scratch.get(tool_id, persona_id)
        if kept is not None and clean(kept).text == act.text:
            repositories.scratch.put(tool_id, persona_id, "")  # saved; anything else typed here stays
        return cell

    def _decided(
        self,
        repositories: Repositories,
        tool_id: ToolId,
        persona_id: PersonaId,
        act: Act,
        signature: Signature,
    ) -> Cell:
        if not signature.editor.strip():
            raise InputError("A decision needs a name.", "Set `editor` in the settings.", field="editor")
        if isinstance(act, Accepted | Edited | Rejected):
            act = replace(act, masked=signature.masked)
        log = _log(repositories, tool_id, persona_id)
        if _delivered_twice(log, act, signature):
            return cell_of(tool_id, persona_id, log)
        decision = Decision(
            tool_id=tool_id,
            persona_id=persona_id,
            number=len(log) + 1,
            editor=signature.editor.strip(),
            at=self._clock.now(),
            act=act,
        )
        cell = cell_of(tool_id, persona_id, [*log, decision])
        repositories.decisions.append(decision, second=self._reason_for_second(repositories, cell))
        return cell

    def _reason_for_second(self, repositories: Repositories, cell: Cell) -> str:
        """Why a second editor must look at the cell, in a word; empty when nobody must."""
        draft = repositories.drafts.get(cell.draft_id) if cell.draft_id is not None else None
        dossier = repositories.tools.latest(cell.tool_id)
        if draft is None or dossier is None:
            return ""
        interest = self._makers.interest(draft.origin, dossier.tool)
        return interest if needs_second(cell, interest) else ""


def _delivered_twice(log: Sequence[Decision], act: Act, signature: Signature) -> bool:
    """Whether this very act is already the cell's last: a click can reach us more than once.

    Raises ConflictError when the editor has not seen a decision that bears on this one: somebody else's, or
    one's own about the same thing from another tab. One's own verdict a moment ago does not stop an accept.
    """
    unseen = [] if signature.version is None else [one for one in log if one.number > signature.version]
    if unseen and unseen[-1].act == act and unseen[-1].editor == signature.editor.strip():
        return True
    for one in unseen:
        if one.editor != signature.editor.strip() or isinstance(one.act, VerdictSet) == isinstance(act, VerdictSet):
            raise _conflict(one)
    return False


def _refuse_second(cell: Cell, reason: str, editor: str) -> None:
    if not cell.approved:
        raise DecisionError("There is no quote here to stand by.", "Accept or edit a draft first.")
    if not reason:
        already = f"{cell.seconded_by} stands by it already" if cell.seconded_by else "nothing about it asks for one"
        raise DecisionError(f"This quote needs no second editor: {already}.")
    if editor.strip().casefold() == cell.editor.casefold():
        raise DecisionError(
            f"{cell.editor} approved this quote and cannot be its second editor too.",
            "Ask somebody else to look, or edit the quote.",
        )


def _conflict(unseen: Decision) -> ConflictError:
    return ConflictError(
        f"{unseen.editor} decided here while you were working, at {unseen.at:%H:%M} UTC.",
        "Your text is kept on the screen: compare, then decide again.",
    )


def cells_of(repositories: Repositories, tool_id: ToolId) -> dict[PersonaId, Cell]:
    """The fold of every cell of a tool."""
    return {one: cell_of(tool_id, one, log) for one, log in _logs(repositories, tool_id).items()}


def _logs(repositories: Repositories, tool_id: ToolId) -> dict[PersonaId, list[Decision]]:
    logs: dict[PersonaId, list[Decision]] = {}
    for decision in repositories.decisions.of_tool(tool_id):
        logs.setdefault(decision.persona_id, []).append(decision)
    return logs


def _log(repositories: Repositories, tool_id: ToolId, persona_id: PersonaId) -> list[Decision]:
    return _logs(repositories, tool_id).get(persona_id, [])


def _draft(repositories: Repositories, draft_id: DraftId) -> Draft:
    draft = repositories.drafts.get(draft_id)
    if draft is None:
        raise UnknownNameError("draft", draft_id, remedy="`workbench show TOOL` lists a tool's drafts.")
    return draft


def _drafted(draft: Draft) -> str:
    """The draft's quote as it would be published: a model's invisible characters never are."""
    return clean(read_partial(draft.text).quote).text


def _quote(text: str) -> str:
    if len(text) > QUOTE_LIMIT:
        raise InputError(
            f"The quote has {len(text):,} characters; the limit is {QUOTE_LIMIT:,}.", "Shorten it.", field="quote"
        )
    unusable = first_unusable(text)
    if unusable is not None:
        position, what = unusable
        raise InputError(f"The quote holds {what} at character {position + 1}.", "Remove it.", field="quote")
    quote = clean(text).text
    if not quote:
        raise InputError("The quote is empty.", "Write it, or reject the draft instead.", field="quote")
    return quote
