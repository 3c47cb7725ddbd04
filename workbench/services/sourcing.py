"""A fact somebody adds to what is known of a tool → the next revision of its dossier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from workbench.domain.dossier import AddedFact, Dossier, Fact
from workbench.domain.ids import ToolId
from workbench.domain.submission import check_fact
from workbench.errors import InputError, UnknownNameError
from workbench.ports import Clock, Repositories, Store
from workbench.services.reopening import keep_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The fact as it was added, the revision that holds it, and what the editor should know about it."""

    fact: Fact
    dossier: Dossier
    notices: tuple[str, ...] = ()


class Sourcing:
    """Adds facts. A new fact comes last, so that every number a draft cites means the same as before."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def add_fact(self, tool_id: ToolId, fact: AddedFact, *, editor: str) -> Added:
        """Add a fact that an editor names a source for.

        Raises UnknownNameError for a tool that is not here, and InputError naming the field for a fact without a text
        or a source, too long, with a date that is none or is still to come, or that the dossier has already.
        """
        with self._store.writing() as repositories:
            return self.add_within(repositories, tool_id, fact, editor=editor)

    def add_within(self, repositories: Repositories, tool_id: ToolId, fact: AddedFact, *, editor: str) -> Added:
        """The same, in the caller's transaction."""
        if not editor.strip():
            raise InputError("A fact needs a name.", "Set `editor` in the settings.", field="editor")
        checked, notices = check_fact(fact)
        now = self._clock.now()
        # Somewhere it is tomorrow already.
        if checked.checked_on and date.fromisoformat(checked.checked_on) > now.date() + timedelta(days=1):
            raise InputError(
                f"The date {checked.checked_on} of the fact is still to come.",
                "Give the day on which somebody looked.",
                field="fact date",
            )
        dossier = repositories.tools.latest(tool_id)
        if dossier is None:
            raise UnknownNameError("tool", tool_id, remedy="`workbench tools` lists them.")
        _refuse_known(checked, dossier)
        made = Fact(
            number=len(dossier.facts) + 1, text=checked.text, source=checked.source, checked_on=checked.checked_on
        )
        following = replace(dossier, facts=(*dossier.facts, made), revision=dossier.revision + 1)
        keep_revision(repositories, following, now, editor=editor.strip())
        return Added(fact=made, dossier=following, notices=notices)


def _refuse_known(fact: AddedFact, dossier: Dossier) -> None:
    known = next((one for one in dossier.facts if _folded(one.text) == _folded(fact.text)), None)
    if known is not None:
        raise InputError(
            f"The dossier has this fact already: {known.ref}, from {known.source}.",
            "Say what is new about it, or reword the sentence that needs it.",
            field="fact",
        )


def _folded(text: str) -> str:
    return text.casefold().rstrip(".!… ")
