"""An editor's acts on drafts, kept as events; what stands is their fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
    Upheld,
    VerdictSet,
    Withdrawn,
    cell_of,
    standing,
)
from workbench.domain.draft import ACCEPTABLE, Draft
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.interest import Makers
from workbench.domain.piece import Piece, Working, joined
from workbench.domain.review import Confidence, Verdict
from workbench.domain.text import clean, one_line
from workbench.errors import DecisionError, InputError, UnknownNameError
from workbench.ports import Clock, Repositories, Store
from workbench.services.cell_log import (
    Signature,
    cells_of,
    conflict,
    delivered_twice,
    log_of,
    logs_in,
    reason_for_second,
    refuse_second,
    stands_already,
)
from workbench.services.foretelling import foretell
from workbench.services.guarding import ConflictGuard
from workbench.services.quoting import QUOTE_LIMIT, drafted_quote, known_draft, printable, taken_words, usable_draft
from workbench.services.reopening import reopening_of
from workbench.services.working import keep_working

__all__ = ["Deciding", "Signature", "cells_of"]


class Deciding:
    """Accept, edit, reject, set a verdict, second, withdraw, undo. Every method returns the cell as it stands then.

    With a `guard`, accepting and editing raise DecisionError for a text that contradicts its dossier; without, they
    do not look.
    """

    def __init__(
        self, *, store: Store, clock: Clock, makers: Makers | None = None, guard: ConflictGuard | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._makers = makers or Makers()
        self._guard = guard

    def cells(self, tool_id: ToolId) -> Mapping[PersonaId, Cell]:
        """The decided cells of a tool by persona; a persona without a decision has none."""
        with self._store.reading() as repositories:
            return cells_of(repositories, tool_id)

    def history(self, tool_id: ToolId, persona_id: PersonaId) -> list[Decision]:
        """A cell's decisions, oldest first."""
        with self._store.reading() as repositories:
            return log_of(repositories, tool_id, persona_id)

    def keep(
        self, tool_id: ToolId, persona_id: PersonaId, pieces: Sequence[Piece], *, editor: str, revision: int = 0
    ) -> Working:
        """Keep what is put together and not saved, as `keep_working` does."""
        with self._store.writing() as repositories:
            return keep_working(repositories, tool_id, persona_id, pieces, editor=editor, revision=revision)

    def kept(self, tool_id: ToolId, persona_id: PersonaId) -> Working | None:
        """What is put together for this cell and not saved, or None."""
        with self._store.reading() as repositories:
            return repositories.scratch.get(tool_id, persona_id)

    def accept(self, draft_id: DraftId, verdict: Verdict | None, signature: Signature) -> Cell:
        """The draft's quote as it stands; of one that stands already only another verdict is kept. Raises DecisionError
        unless the draft is done."""
        with self._store.writing() as repositories:
            draft = known_draft(repositories, draft_id)
            if draft.state not in ACCEPTABLE:
                raise DecisionError(
                    f"This draft is {draft.state}: only a whole one can be accepted as it is.",
                    "Edit it into shape, or ask for another take.",
                )
            text = drafted_quote(draft)
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
        quote = printable(text)
        with self._store.writing() as repositories:
            draft = usable_draft(repositories, tool_id, persona_id, draft_id) if draft_id is not None else None
            act = Edited(text=quote, draft_id=draft_id, verdict=verdict)
            return self._edited(repositories, tool_id, persona_id, act, draft, signature)

    def compose(
        self,
        tool_id: ToolId,
        persona_id: PersonaId,
        pieces: Sequence[Piece],
        signature: Signature,
        *,
        verdict: Verdict | None = None,
    ) -> Cell:
        """The quote the pieces make; it rests on the draft most of its words come from.

        Raises InputError or DecisionError.
        """
        printable(joined(pieces))
        cleaned = [replace(one, text=clean(one.text).text) for one in pieces]
        whole = tuple(one for one in cleaned if one.text)
        with self._store.writing() as repositories:
            named = dict.fromkeys(one.draft_id for one in whole if one.draft_id is not None)
            drafts = {one: usable_draft(repositories, tool_id, persona_id, one) for one in named}
            draft = max(drafts.values(), key=lambda one: taken_words(whole, one), default=None)
            if draft is not None and not taken_words(whole, draft):
                draft = None  # nothing of it is left
            act = Edited(text=joined(whole), draft_id=draft.origin.id if draft else None, verdict=verdict, pieces=whole)
            return self._edited(repositories, tool_id, persona_id, act, draft, signature)

    def reject(self, draft_id: DraftId, reason: RejectReason, note: str, signature: Signature) -> Cell:
        """This draft will not do; a quote made from it is withdrawn."""
        if reason not in REJECT_REASONS:
            raise UnknownNameError("reject reason", reason, sorted(REJECT_REASONS))
        if reason == "other" and not note.strip():
            raise InputError("“Other” says nothing by itself.", "Say in the note what it is.", field="note")
        with self._store.writing() as repositories:
            draft = known_draft(repositories, draft_id)
            if draft.live:
                raise DecisionError("This draft is still streaming.", "Stop it first, or wait for its end.")
            act = Rejected(draft_id=draft_id, reason=reason, note=clean(note[:QUOTE_LIMIT]).text)
            return self._decided(repositories, draft.origin.tool_id, draft.origin.persona_id, act, signature)

    def set_verdict(
        self,
        tool_id: ToolId,
        persona_id: PersonaId,
        verdict: Verdict | None,
        signature: Signature,
        *,
        confidence: Confidence | None = None,
        reason: str = "",
    ) -> Cell:
        """The human's verdict, apart from the prose; how sure they are and why go with it, and fall with it."""
        said = "" if verdict is None else one_line(clean(reason[:QUOTE_LIMIT]).text)
        act = VerdictSet(verdict=verdict, confidence=None if verdict is None else confidence, reason=said)
        with self._store.writing() as repositories:
            return self._decided(repositories, tool_id, persona_id, act, signature)

    def second(self, tool_id: ToolId, persona_id: PersonaId, signature: Signature) -> Cell:
        """A second editor stands by the quote as it is.

        Raises DecisionError when there is no quote, when it needs nobody, or when it is the signer's own.
        """
        with self._store.writing() as repositories:
            log = log_of(repositories, tool_id, persona_id)
            if not delivered_twice(log, Seconded(), signature):
                cell = cell_of(tool_id, persona_id, log)
                refuse_second(cell, reason_for_second(repositories, self._makers, cell), signature.editor)
            return self._decided(repositories, tool_id, persona_id, Seconded(), signature)

    def uphold(self, tool_id: ToolId, persona_id: PersonaId, reason: str, signature: Signature) -> Cell:
        """A fact has changed, and the quote stands all the same, for this reason.

        Raises InputError without a reason, DecisionError when no fact it rests on has changed.
        """
        act = Upheld(reason=one_line(clean(reason[:QUOTE_LIMIT]).text))
        if not act.reason:
            raise InputError("Why does the quote stand all the same?", "Say it in a line.", field="reason")
        with self._store.writing() as repositories:
            log = log_of(repositories, tool_id, persona_id)
            reopened = reopening_of(repositories, cell_of(tool_id, persona_id, log))
            if reopened is None and not delivered_twice(log, act, signature):
                raise DecisionError("No fact that this quote rests on has changed since it was decided.")
            return self._decided(repositories, tool_id, persona_id, act, signature)

    def withdraw(self, tool_id: ToolId, persona_id: PersonaId, signature: Signature) -> Cell:
        """Take the quote back; drafts and history stay."""
        with self._store.writing() as repositories:
            return self._decided(repositories, tool_id, persona_id, Withdrawn(), signature)

    def undo(self, tool_id: ToolId, persona_id: PersonaId, signature: Signature) -> Cell:
        """Bring the cell back to how it was before its last decision that is not undone yet; itself an event.

        Raises DecisionError when there is nothing to undo, ConflictError when somebody decided meanwhile.
        """
        with self._store.writing() as repositories:
            log = log_of(repositories, tool_id, persona_id)
            last = standing(log, len(log))
            if last == 0:
                raise DecisionError("There is no decision to undo here.")
            if signature.version not in (None, len(log)):
                raise conflict(log[-1])  # what the editor meant to undo is not the last decision any more
            act = Undone(to=standing(log, last - 1))
            return self._decided(repositories, tool_id, persona_id, act, Signature(editor=signature.editor))

    def undoable(self, tool_id: ToolId) -> Mapping[PersonaId, Decision]:
        """What an undo would take back, by persona."""
        with self._store.reading() as repositories:
            logs = logs_in(repositories, tool_id)
        return {one: log[last - 1] for one, log in logs.items() if (last := standing(log, len(log)))}

    def _edited(
        self,
        repositories: Repositories,
        tool_id: ToolId,
        persona_id: PersonaId,
        act: Edited,
        draft: Draft | None,
        signature: Signature,
    ) -> Cell:
        """A whole draft in which no word was changed counts as accepted."""
        if repositories.tools.latest(tool_id) is None:
            raise UnknownNameError("tool", tool_id, remedy="`workbench tools` lists them.")
        if draft is None or draft.state not in ACCEPTABLE or act.text != drafted_quote(draft):
            return self._approved(repositories, tool_id, persona_id, act, signature)
        as_drafted = Accepted(draft_id=draft.origin.id, text=act.text, verdict=act.verdict)
        return self._approved(repositories, tool_id, persona_id, as_drafted, signature)

    def _approved(
        self,
        repositories: Repositories,
        tool_id: ToolId,
        persona_id: PersonaId,
        act: Accepted | Edited,
        signature: Signature,
    ) -> Cell:
        log = log_of(repositories, tool_id, persona_id)
        cell = cell_of(tool_id, persona_id, log)
        twice = delivered_twice(log, replace(act, masked=signature.masked), signature)
        if isinstance(act, Accepted) and stands_already(repositories, cell, act):
            # Written once more, it would forget the second signature, and that it was first accepted masked.
            if not twice and act.verdict not in (None, cell.verdict):
                cell = self._decided(repositories, tool_id, persona_id, VerdictSet(verdict=act.verdict), signature)
        else:
            if self._guard is not None and not twice:
                self._guard.check(repositories, cell, act, masked=signature.masked)
            cell = self._decided(repositories, tool_id, persona_id, act, signature)
        kept = repositories.scratch.get(tool_id, persona_id)
        if kept is not None and clean(kept.text).text == act.text:
            repositories.scratch.put(tool_id, persona_id, None)  # saved; anything else typed here stays
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
        log = log_of(repositories, tool_id, persona_id)
        if delivered_twice(log, act, signature):
            return cell_of(tool_id, persona_id, log)
        dossier = repositories.tools.latest(tool_id)
        decision = Decision(
            tool_id=tool_id,
            persona_id=persona_id,
            number=len(log) + 1,
            editor=signature.editor.strip(),
            at=self._clock.now(),
            act=act,
            revision=dossier.revision if dossier is not None else 0,
        )
        cell = cell_of(tool_id, persona_id, [*log, decision])
        second, reopened = reason_for_second(repositories, self._makers, cell), reopening_of(repositories, cell)
        repositories.decisions.append(decision, second=second, reopened=reopened.since if reopened else None)
        foretell(repositories, cell, editor=decision.editor, at=decision.at)
        return cell
