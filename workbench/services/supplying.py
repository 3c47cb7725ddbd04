"""What a dossier has for each lens before anything is drafted, and the beats an editor lets be opinion."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.sufficiency import Sufficiency, sufficiency
from workbench.errors import InputError, UnknownNameError
from workbench.ports import Clock, Library, Store


class Supplying:
    """Says what is missing, and keeps what an editor lets be opinion. Reading may raise LibraryError and StoreError."""

    def __init__(self, *, store: Store, library: Library, clock: Clock) -> None:
        self._store = store
        self._library = library
        self._clock = clock

    def of(self, dossier: Dossier) -> tuple[Sufficiency, ...]:
        """What the dossier has for each lens that needs something, in the lenses' order."""
        opinions = self.opinions(dossier.tool.id)
        found = (sufficiency(one, dossier, opinions.get(one.id, ())) for one in self._library.personas())
        return tuple(one for one in found if one.supplies)

    def opinions(self, tool_id: ToolId) -> Mapping[PersonaId, tuple[str, ...]]:
        """The ids of beats that may be opinion, by persona."""
        with self._store.reading() as repositories:
            return repositories.opinions.of_tool(tool_id)

    def mark(self, tool_id: ToolId, persona_id: str, beat: str, *, opinion: bool, editor: str) -> None:
        """Let a beat be opinion from the next draft on, or no longer; saying it twice is fine.

        Raises UnknownNameError for a tool, a persona or a beat that is not there, InputError without a name.
        """
        if not editor.strip():
            raise InputError("An opinion needs a name.", "Set `editor` in the settings.", field="editor")
        personas = {str(one.id): one for one in self._library.personas()}
        if persona_id not in personas:
            raise UnknownNameError("persona", persona_id, sorted(personas))
        beats = [one.id for one in personas[persona_id].beats]
        if beat not in beats:
            raise UnknownNameError("beat", beat, beats)
        with self._store.writing() as repositories:
            if repositories.tools.latest(tool_id) is None:
                raise UnknownNameError("tool", tool_id, [])
            known = repositories.opinions.of_tool(tool_id).get(PersonaId(persona_id), ())
            if (beat in known) != opinion:
                repositories.opinions.mark(
                    tool_id, PersonaId(persona_id), beat, opinion=opinion, editor=editor.strip(), at=self._clock.now()
                )
