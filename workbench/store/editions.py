"""Versions of personas' and prompts' files in the database, and how many quotes rest on each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Index, Select, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.edition import Edition, FileKind
from workbench.domain.ids import Digest, PersonaId
from workbench.store import codec
from workbench.store.tables import Base, CellRow, DraftRow


class EditionRow(Base):
    """A persona's or a prompt's file as it was saved, never changed."""

    __tablename__ = "edition"
    __table_args__ = (Index(None, "kind", "name"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]
    text: Mapped[str]
    editor: Mapped[str]
    note: Mapped[str]
    at: Mapped[datetime]


class PlanPromptRow(Base):
    """A version of a prompt that a plan was made of; the plan is known by the digest of what it says."""

    __tablename__ = "plan_prompt"

    plan_digest: Mapped[str] = mapped_column(primary_key=True)
    prompt_digest: Mapped[str] = mapped_column(primary_key=True)


class SqlEditions:
    """The `Editions` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._used: set[Digest] = set()

    def add(self, edition: Edition) -> None:
        self._session.add(
            EditionRow(
                kind=edition.kind,
                name=edition.name,
                digest=edition.digest,
                text=edition.text,
                editor=edition.editor,
                note=edition.note,
                at=edition.at,
            )
        )
        self._session.flush()

    def of(self, kind: FileKind, name: str) -> list[Edition]:
        mine = select(EditionRow).where(EditionRow.kind == kind, EditionRow.name == name)
        return [_edition(row, kind) for row in self._session.scalars(mine.order_by(EditionRow.seq.desc()))]

    def quotes(self, persona_id: PersonaId) -> dict[Digest, int]:
        approved = (
            select(DraftRow.persona_digest, func.count())
            .join(CellRow, CellRow.draft_id == DraftRow.id)
            .where(CellRow.persona_id == persona_id, CellRow.approved)
            .group_by(DraftRow.persona_digest)
        )
        return {Digest(version): quotes for version, quotes in self._session.execute(approved)}

    def used(self, plan: Digest, prompts: Collection[Digest]) -> None:
        rows = [{"plan_digest": plan, "prompt_digest": one} for one in dict.fromkeys(prompts)]
        if rows and plan not in self._used:
            self._used.add(plan)
            self._session.connection().execute(_USED, rows)

    def quotes_by_prompt(self, versions: Collection[Digest]) -> dict[Digest, int]:
        return {Digest(version): quotes for version, quotes in self._session.execute(quotes_of(versions))}


_USED = insert(PlanPromptRow).on_conflict_do_nothing()


def quotes_of(prompts: Collection[Digest]) -> Select[*tuple[str, int]]:
    """Approved quotes for each of these prompts' versions: the quotes, and what an index knows of each one's draft."""
    return (
        select(PlanPromptRow.prompt_digest, func.count())
        .select_from(CellRow)
        .join(DraftRow, DraftRow.id == CellRow.draft_id)
        .join(PlanPromptRow, PlanPromptRow.plan_digest == DraftRow.plan_digest)
        .where(CellRow.approved, PlanPromptRow.prompt_digest.in_(prompts))
        .group_by(PlanPromptRow.prompt_digest)
    )


def _edition(row: EditionRow, kind: FileKind) -> Edition:
    # A file's digest is of its text: it seals it, too.
    return Edition(
        kind=kind,
        name=row.name,
        digest=Digest(row.digest),
        text=codec.opened(row.text, row.digest, f"Version {row.digest[:12]} of {row.name}"),
        editor=row.editor,
        note=row.note,
        at=row.at,
    )
