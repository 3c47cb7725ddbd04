"""An editor's answers to findings, kept as events: no answer changes a text."""

from __future__ import annotations

from workbench.domain.answer import Answer, AnswerKind, Mark, kept
from workbench.domain.dossier import AddedFact
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import clean, first_unusable, one_line
from workbench.errors import InputError, UnknownNameError
from workbench.ports import Clock, Repositories, Store
from workbench.services.sourcing import Added, Sourcing

REASON_LIMIT = 500
"""Longest reason in characters: it is printed beside the quote."""


class Answering:
    """Keep the words, add a source for them, or say that they were reworded; and take that back."""

    def __init__(self, *, store: Store, clock: Clock, sourcing: Sourcing) -> None:
        self._store = store
        self._clock = clock
        self._sourcing = sourcing

    def keep(self, tool_id: ToolId, persona_id: PersonaId, mark: Mark, reason: str, *, editor: str) -> Answer:
        """The words stay, for this reason; kept twice for the same reason, nothing is added.

        Raises InputError without a reason or a name, or for a reason that is too long or cannot be kept.
        """
        said = _reason(reason)
        with self._store.writing() as repositories:
            _known_tool(repositories, tool_id)
            before = _standing(repositories, tool_id, persona_id).get(mark)
            if before is not None and (before.reason, before.editor) == (said, editor.strip()):
                return before  # a click can be delivered more than once
            return self._answered(repositories, tool_id, persona_id, mark, "kept", editor, reason=said)

    def source(self, tool_id: ToolId, persona_id: PersonaId, mark: Mark, fact: AddedFact, *, editor: str) -> Added:
        """Add a fact the words can stand on, and say that it was added for them. Raises what adding a fact raises."""
        with self._store.writing() as repositories:
            added = self._sourcing.add_within(repositories, tool_id, fact, editor=editor)
            self._answered(repositories, tool_id, persona_id, mark, "sourced", editor, added=added)
        return added

    def reworded(self, tool_id: ToolId, persona_id: PersonaId, mark: Mark, *, editor: str) -> Answer:
        """The sentence was written otherwise for its words' sake. Raises InputError without a name."""
        with self._store.writing() as repositories:
            _known_tool(repositories, tool_id)
            return self._answered(repositories, tool_id, persona_id, mark, "reworded", editor)

    def take_back(self, tool_id: ToolId, persona_id: PersonaId, mark: Mark, *, editor: str) -> Answer | None:
        """The words are no longer kept: the finding is open again. None when they were not kept.

        Raises InputError without a name.
        """
        with self._store.writing() as repositories:
            if mark not in _standing(repositories, tool_id, persona_id):
                return None
            return self._answered(repositories, tool_id, persona_id, mark, "taken_back", editor)

    def history(self, tool_id: ToolId, persona_id: PersonaId) -> list[Answer]:
        """Every answer to findings on this persona's texts, oldest first."""
        with self._store.reading() as repositories:
            return [one for one in repositories.answers.of_tool(tool_id) if one.persona_id == persona_id]

    def _answered(
        self,
        repositories: Repositories,
        tool_id: ToolId,
        persona_id: PersonaId,
        mark: Mark,
        kind: AnswerKind,
        editor: str,
        *,
        reason: str = "",
        added: Added | None = None,
    ) -> Answer:
        if not editor.strip():
            raise InputError("An answer needs a name.", "Set `editor` in the settings.", field="editor")
        answer = Answer(
            tool_id=tool_id,
            persona_id=persona_id,
            kind=kind,
            mark=mark,
            editor=editor.strip(),
            at=self._clock.now(),
            reason=reason,
            fact=added.fact.ref if added is not None else "",
            dossier=added.dossier.digest if added is not None else None,
        )
        repositories.answers.append(answer)
        return answer


def _standing(repositories: Repositories, tool_id: ToolId, persona_id: PersonaId) -> dict[Mark, Answer]:
    return kept(one for one in repositories.answers.of_tool(tool_id) if one.persona_id == persona_id)


def _known_tool(repositories: Repositories, tool_id: ToolId) -> None:
    if repositories.tools.latest(tool_id) is None:
        raise UnknownNameError("tool", tool_id, remedy="`workbench tools` lists them.")


def _reason(reason: str) -> str:
    if len(reason) > REASON_LIMIT:
        raise InputError(
            f"The reason has {len(reason):,} characters; the limit is {REASON_LIMIT}.", "Shorten it.", field="reason"
        )
    unusable = first_unusable(reason)
    if unusable is not None:
        raise InputError(
            f"The reason holds {unusable[1]} at character {unusable[0] + 1}.", "Remove it.", field="reason"
        )
    said = one_line(clean(reason).text)
    if not said:
        raise InputError(
            "Words are kept for a reason, and there is none.",
            "Say why they may stay: it is exported with the quote.",
            field="reason",
        )
    return said
