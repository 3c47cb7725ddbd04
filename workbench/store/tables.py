"""The tables that several repositories read, as classes; one that a single repository keeps stands beside it.

Rows never leave the store; migrations make the tables, these describe them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, MetaData, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from workbench.store.columns import ExactDecimal, UtcTime

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy declares it so
        datetime: UtcTime(),
        Decimal: ExactDecimal(),
        str: Text(),
    }


class ToolRow(Base):
    """A tool as the list shows it: a copy of its newest dossier's head. `search` is folded to lower case.

    `begun`: somebody drafted or decided; `settled` counts its approved quotes with a verdict.
    """

    __tablename__ = "tool"
    __table_args__ = (Index(None, "changed_at", "id", "begun", "settled"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    vendor: Mapped[str]
    category: Mapped[str]
    tagline: Mapped[str]
    entry: Mapped[str | None]
    url: Mapped[str]
    community_ships: Mapped[int | None]
    community_votes: Mapped[int | None]
    search: Mapped[str]
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    begun: Mapped[bool] = mapped_column(server_default="0")
    settled: Mapped[int] = mapped_column(server_default="0")


class DraftRow(Base):
    """A draft. `seq` is the order of arrival, whatever the clock did; `owner` is the process that writes it."""

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("tool_id", "persona_id", "provider", "take"),
        Index(None, "state"),
        Index(None, "created_at"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str]
    run_id: Mapped[str]
    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"))
    persona_id: Mapped[str]
    provider: Mapped[str]
    model: Mapped[str]
    take: Mapped[int]
    dossier_digest: Mapped[str]
    persona_digest: Mapped[str]
    plan_digest: Mapped[str]
    rehearsal: Mapped[bool]
    created_at: Mapped[datetime]
    owner: Mapped[str]
    state: Mapped[str]
    input_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_5m_tokens: Mapped[int | None]
    cache_write_1h_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cost: Mapped[Decimal | None]
    model_reported: Mapped[str]
    request_id: Mapped[str]
    waiting: Mapped[str | None]
    waiting_since: Mapped[datetime | None]
    failure: Mapped[str | None]
    detail: Mapped[str]
    started_at: Mapped[datetime | None]
    first_text_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    text_sha256: Mapped[str]
    text: Mapped[str]
    editor: Mapped[str] = mapped_column(server_default=sql("''"))
    message_id: Mapped[str] = mapped_column(server_default=sql("''"))
    miss: Mapped[str] = mapped_column(server_default=sql("''"))
    characters: Mapped[int] = mapped_column(server_default="0")
    missed_tokens: Mapped[int] = mapped_column(server_default="0")
    uncached: Mapped[Decimal | None]
    forecast: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default=sql("''"))
    follows: Mapped[str | None]


class ChargeRow(Base):
    """A request that was paid for and is no draft: a prompt written to a cache beforehand, or a replay."""

    __tablename__ = "charge"
    __table_args__ = (Index(None, "at"),)

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    provider: Mapped[str]
    model: Mapped[str]
    editor: Mapped[str]
    rehearsal: Mapped[bool]
    input_tokens: Mapped[int]
    cache_read_tokens: Mapped[int]
    cache_write_5m_tokens: Mapped[int]
    cache_write_1h_tokens: Mapped[int]
    cost: Mapped[Decimal | None]
    uncached: Mapped[Decimal | None]
    output_tokens: Mapped[int] = mapped_column(server_default="0")


class CellRow(Base):
    """What a cell's decisions come to, so that no list need fold them.

    `second` says why it needs a second look; `rejected` are the drafts' ids, each between blanks; `quoted` is the
    number of the decision that its text is from. `reopened_at`: since when facts its quote rests on are no longer so;
    `weighed` is the dossier's revision this was last looked up against.
    """

    __tablename__ = "cell"
    __table_args__ = (
        Index("ix_cell_second", "tool_id", sqlite_where=sql("second != ''")),
        Index("ix_cell_quoted", "persona_id", "approved", "changed_at", "tool_id", "quoted"),
        Index("ix_cell_reopened", "tool_id", sqlite_where=sql("reopened_at IS NOT NULL")),
    )

    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    approved: Mapped[bool]
    verdict: Mapped[str | None]
    draft_id: Mapped[str | None]
    second: Mapped[str] = mapped_column(server_default=sql("''"))
    rejected: Mapped[str] = mapped_column(server_default=sql("''"))
    changed_at: Mapped[datetime | None]
    quoted: Mapped[int] = mapped_column(server_default="0")
    reopened_at: Mapped[datetime | None]
    weighed: Mapped[int] = mapped_column(server_default="0")


class ArchiveRow(Base):
    """A text by the digest it is asked for with; `text_sha256` is the text's own."""

    __tablename__ = "archive"

    digest: Mapped[str] = mapped_column(primary_key=True)
    text_sha256: Mapped[str]
    text: Mapped[str]
