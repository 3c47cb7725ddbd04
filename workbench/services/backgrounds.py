"""What a text is held against: the one place that puts a check's background together."""

from __future__ import annotations

from workbench.domain.dossier import Dossier, extends
from workbench.domain.draft import Draft
from workbench.domain.finding import Background
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.persona import Persona
from workbench.ports import Library, Repositories

ARCHIVE_LIMIT = 60
"""Approved quotes of other tools a lens is held against, last decided first: what it said of late is what wears out.
However many tools there are, no more is read."""
_MOST_KEPT = 4_096
"""Quotes and dossiers remembered; neither ever changes."""


class Backgrounds:
    """Backgrounds for checks. What it reads is immutable, so that most of it is read once."""

    def __init__(self, *, library: Library) -> None:
        self._library = library
        self._texts: dict[tuple[ToolId, PersonaId, int], str] = {}
        self._dossiers: dict[tuple[ToolId, Digest], Dossier] = {}

    def of(self, repositories: Repositories, persona: Persona, dossier: Dossier) -> Background:
        """What this lens's text on this tool is held against. Raises LibraryError and StoreError.

        `persona` may be one that is not saved; the other lenses are the library's.
        """
        return Background(
            persona=persona,
            dossier=dossier,
            archive=self._archive(repositories, persona.id, dossier.tool.id),
            others=self._library.personas(),
            opinions=repositories.opinions.of_tool(dossier.tool.id).get(persona.id, ()),
        )

    def persona(self, persona_id: PersonaId) -> Persona | None:
        """The library's persona; None when its file is gone. Raises LibraryError."""
        return next((one for one in self._library.personas() if one.id == persona_id), None)

    def held(self, repositories: Repositories, latest: Dossier, draft: Draft | None) -> Dossier:
        """The revision a draft's text is held against; `draft` None: a text of nobody's but its editor's.

        The latest one where it only adds facts to the draft's own, so that a fact added for a draft's words counts;
        else the draft's own: its fact numbers are that one's.
        """
        if draft is None or draft.origin.dossier_digest == latest.digest:
            return latest
        own = self._dossier(repositories, latest.tool.id, draft.origin.dossier_digest)
        return latest if own is None or extends(latest, own) else own

    def numbers_alike(self, repositories: Repositories, digest: Digest, dossier: Dossier) -> bool:
        """Whether the fact numbers of the revision with this digest mean the same in `dossier`."""
        own = dossier if digest == dossier.digest else self._dossier(repositories, dossier.tool.id, digest)
        return own is not None and extends(dossier, own)

    def _archive(self, repositories: Repositories, persona_id: PersonaId, beside: ToolId) -> tuple[str, ...]:
        found = repositories.decisions.quoted(persona_id, limit=ARCHIVE_LIMIT + 1)
        others = [(tool_id, persona_id, number) for tool_id, number in found if tool_id != beside]
        return tuple(self._text(repositories, *one) for one in others[:ARCHIVE_LIMIT])

    def _text(self, repositories: Repositories, tool_id: ToolId, persona_id: PersonaId, number: int) -> str:
        key = (tool_id, persona_id, number)
        text = self._texts.get(key)
        if text is None:
            text = repositories.decisions.text(tool_id, persona_id, number)
            if len(self._texts) >= _MOST_KEPT:
                self._texts.clear()
            self._texts[key] = text
        return text

    def _dossier(self, repositories: Repositories, tool_id: ToolId, digest: Digest) -> Dossier | None:
        key = (tool_id, digest)
        found = self._dossiers.get(key) or repositories.tools.by_digest(tool_id, digest)
        if found is not None:
            if len(self._dossiers) >= _MOST_KEPT // 16:  # a dossier may be a hundred times as long as a quote
                self._dossiers.clear()
            self._dossiers[key] = found
        return found
