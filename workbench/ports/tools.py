"""Tools: their dossiers, what those were made from, and how far each tool has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workbench.domain.dossier import Dossier, Tool
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.original import Original
from workbench.domain.tally import Mark, Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSummary:
    """A row of the tools list. `marks` has a persona once it was drafted or decided on; `second` says of a quote
    why a second editor has to look at it, `reopened` since when facts it rests on are no longer so."""

    tool: Tool
    revision: int
    drafts: int
    live: int
    approved: int
    verdicts: int
    changed_at: datetime
    marks: Mapping[PersonaId, Mark] = field(default_factory=dict[PersonaId, Mark])
    second: Mapping[PersonaId, str] = field(default_factory=dict[PersonaId, str])
    reopened: Mapping[PersonaId, datetime] = field(default_factory=dict[PersonaId, datetime])


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One revision of a dossier; `editor` is empty for an import."""

    number: int
    digest: Digest
    at: datetime
    editor: str = ""


class Tools(Protocol):
    """Tools and their dossiers; a dossier is never changed, only followed by the next revision."""

    def add(self, dossier: Dossier, at: datetime, *, editor: str = "") -> None:
        """Keep a tool's first dossier, or its next revision. Raises ConflictError if that revision exists.

        `editor` made it by hand; empty: it was imported.
        """
        ...

    def revisions(self, tool_id: ToolId) -> list[Revision]:
        """When and by whom each revision of a tool's dossier was made, oldest first."""
        ...

    def latest(self, tool_id: ToolId) -> Dossier | None:
        """The newest revision."""
        ...

    def by_digest(self, tool_id: ToolId, digest: Digest) -> Dossier | None:
        """The revision a draft was made from."""
        ...

    def since(self, tool_id: ToolId, revision: int) -> list[tuple[Dossier, datetime]]:
        """This revision and those after it, with their dates, oldest first."""
        ...

    def described(self, descriptions: Collection[str]) -> dict[str, Tool]:
        """For each of these texts that is word for word a tool's newest description, such a tool."""
        ...

    def summaries(
        self,
        *,
        search: str = "",
        shelf: Shelf | None = None,
        personas: Sequence[PersonaId] = (),
        begun: bool = False,
        offset: int = 0,
        limit: int = 50,
    ) -> list[ToolSummary]:
        """Tools whose name, vendor or category contains `search`, last changed first; of one shelf, if one is named,
        where `personas` are the panel; `begun`: only those somebody has drafted or decided on."""
        ...

    def some(self, tool_ids: Collection[ToolId]) -> dict[ToolId, ToolSummary]:
        """The summaries of these tools."""
        ...

    def count(self, *, search: str = "") -> int:
        """How many `summaries` would give without a limit."""
        ...

    def shelves(self, personas: Sequence[PersonaId], *, search: str = "") -> dict[Shelf, int]:
        """How many tools stand on each shelf; every tool stands on one of those that are apart."""
        ...

    def undecided(self, personas: Sequence[PersonaId]) -> ToolId | None:
        """The last changed tool with a draft to decide on, or a quote without a verdict."""
        ...


class Originals(Protocol):
    """What dossiers were made from, byte for byte."""

    def keep(self, original: Original, dossiers: Sequence[Dossier], at: datetime) -> None:
        """Keep it for these new revisions; the same bytes are kept once."""
        ...

    def of(self, tool_id: ToolId) -> Original | None:
        """What the newest imported revision was made from. Raises StoreError when it was damaged."""
        ...
