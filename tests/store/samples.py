"""Small domain values for the store's tests, and a store to put them in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from workbench.domain.decision import Accepted, Act, Decision
from workbench.domain.dossier import Community, Dossier, Entry, Tool, make_dossier
from workbench.domain.draft import Draft, Origin
from workbench.domain.ids import Digest, DraftId, PersonaId, ProviderName, RunId, ToolId
from workbench.store.workspace import SqlStore, open_store

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOOL = ToolId("a-tool")
BUILDER = PersonaId("builder")


def at_noon() -> datetime:
    return NOON


def new_store(folder: Path) -> SqlStore:
    return open_store(folder / "workbench.db", create=True, now=at_noon)


def a_dossier(
    tool_id: str = TOOL,
    *,
    name: str = "A Tool",
    vendor: str = "Acme",
    description: str = "It builds. It tests.",
    revision: int = 1,
) -> Dossier:
    tool = Tool(
        id=ToolId(tool_id),
        name=name,
        vendor=vendor,
        category="Builds",
        tagline="Builds things",
        entry=Entry.OPEN_SOURCE,
        url="https://tool.example",
        community=Community(ships=3, votes=4),
    )
    return make_dossier(tool, description, revision=revision)


def a_draft(draft_id: str = "draft-1", *, tool_id: str = TOOL, take: int = 1, provider: str = "claude") -> Draft:
    origin = Origin(
        id=DraftId(draft_id),
        run_id=RunId("run-1"),
        tool_id=ToolId(tool_id),
        persona_id=BUILDER,
        provider=ProviderName(provider),
        model="a-model",
        take=take,
        dossier_digest=Digest("d" * 64),
        persona_digest=Digest("e" * 64),
        plan_digest=Digest("f" * 64),
        rehearsal=True,
        created_at=NOON,
    )
    return Draft(origin=origin)


def a_decision(number: int = 1, *, editor: str = "Ann", act: Act | None = None, persona: str = BUILDER) -> Decision:
    return Decision(
        tool_id=TOOL,
        persona_id=PersonaId(persona),
        number=number,
        editor=editor,
        at=NOON,
        act=act or Accepted(draft_id=DraftId("draft-1"), text="A quote.", verdict="ship"),
    )
