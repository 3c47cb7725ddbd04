"""Tools and their dossiers in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, bindparam, case, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, mapped_column

from workbench.domain.dossier import Community, Dossier, Entry, Tool
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.tally import SHELVES, Shelf
from workbench.domain.text import digest
from workbench.errors import ConflictError
from workbench.ports import Revision, ToolSummary
from workbench.store import codec
from workbench.store.tables import Base, CellRow, DraftRow, ToolRow
from workbench.store.tallies import SETTLED, Tally, counts_of_shelves, folded, on_shelf, page_of_tools, undecided_tools


class DossierRow(Base):
    """One revision of a dossier, never changed. `editor` made it by hand; empty: it was imported."""

    __tablename__ = "dossier"
    __table_args__ = (Index(None, "tool_id", "digest"),)

    tool_id: Mapped[str] = mapped_column(ForeignKey("tool.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]
    at: Mapped[datetime]
    body: Mapped[str]
    body_sha256: Mapped[str]
    editor: Mapped[str] = mapped_column(server_default=sql("''"))


class SqlTools:
    """The `Tools` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, dossier: Dossier, at: datetime, *, editor: str = "") -> None:
        tool = dossier.tool
        # Plain statements rather than mapped objects: an import adds thousands of tools in one transaction.
        connection = self._session.connection()
        known = select(ToolRow.name, ToolRow.revision, ToolRow.changed_at).where(ToolRow.id == tool.id)
        row = connection.execute(known).one_or_none()
        if row is None:
            connection.execute(insert(ToolRow), {"id": tool.id, "changed_at": at, **_listing(dossier)})
        else:
            if dossier.revision <= row.revision:
                raise _already_here(dossier, row.name, row.revision, row.changed_at)
            shown = {"changed_at": max(row.changed_at, at), **_listing(dossier)}
            connection.execute(update(ToolRow).where(ToolRow.id == tool.id), shown)
        body = codec.encode(codec.DOSSIER, dossier, f"The dossier of {tool.name}")
        revision = {"tool_id": tool.id, "revision": dossier.revision, "digest": dossier.digest, "at": at}
        connection.execute(
            insert(DossierRow), {**revision, "body": body, "body_sha256": digest(body), "editor": editor}
        )

    def revisions(self, tool_id: ToolId) -> list[Revision]:
        made = select(DossierRow.revision, DossierRow.digest, DossierRow.at, DossierRow.editor)
        rows = self._session.execute(made.where(DossierRow.tool_id == tool_id).order_by(DossierRow.revision))
        return [Revision(number=number, digest=Digest(d), at=at, editor=by) for number, d, at, by in rows]

    def latest(self, tool_id: ToolId) -> Dossier | None:
        return self._newest(select(DossierRow).where(DossierRow.tool_id == tool_id))

    def by_digest(self, tool_id: ToolId, digest: Digest) -> Dossier | None:
        # Two revisions may tell the models the same (votes do not count): the newer one has the newer votes.
        return self._newest(select(DossierRow).where(DossierRow.tool_id == tool_id, DossierRow.digest == digest))

    def since(self, tool_id: ToolId, revision: int) -> list[tuple[Dossier, datetime]]:
        mine = select(DossierRow).where(DossierRow.tool_id == tool_id, DossierRow.revision >= revision)
        return [(_dossier(row), row.at) for row in self._session.scalars(mine.order_by(DossierRow.revision))]

    def described(self, descriptions: Collection[str]) -> dict[str, Tool]:
        says = func.json_extract(DossierRow.body, "$.description")
        newest = (ToolRow.id == DossierRow.tool_id) & (ToolRow.revision == DossierRow.revision)
        found = select(says, ToolRow).join(ToolRow, newest).where(says.in_(descriptions)).order_by(ToolRow.id.desc())
        return {description: _tool(row) for description, row in self._session.execute(found)}

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
        page = page_of_tools(search, offset, limit)
        if begun:
            page = page.where(ToolRow.begun)
        return self._summaries(page if shelf is None else page.where(on_shelf(len(personas))[shelf]))

    def some(self, tool_ids: Collection[ToolId]) -> dict[ToolId, ToolSummary]:
        found = self._summaries(select(ToolRow).where(ToolRow.id.in_(tool_ids)))
        return {one.tool.id: one for one in found}

    def count(self, *, search: str = "") -> int:
        found = page_of_tools(search).with_only_columns(func.count(ToolRow.id)).order_by(None)
        return self._session.scalars(found).one()

    def shelves(self, personas: Sequence[PersonaId], *, search: str = "") -> dict[Shelf, int]:
        return dict(zip(SHELVES, self._session.execute(counts_of_shelves(len(personas), search)).one(), strict=True))

    def undecided(self, personas: Sequence[PersonaId]) -> ToolId | None:
        found = self._session.scalars(undecided_tools(personas).limit(1)).first()
        return None if found is None else ToolId(found)

    def _summaries(self, page: Select[ToolRow]) -> list[ToolSummary]:
        rows = self._session.scalars(page.execution_options(populate_existing=True)).all()
        ids = select(page.with_only_columns(ToolRow.id).subquery().c.id)
        tallies = {row.id: Tally() for row in rows}
        drafts = select(DraftRow.tool_id, DraftRow.persona_id, DraftRow.id, DraftRow.state)
        for tool_id, *draft in self._session.execute(drafts.where(DraftRow.tool_id.in_(ids))):
            tallies[tool_id].draft(*draft)
        cells = self._session.scalars(select(CellRow).where(CellRow.tool_id.in_(ids)))
        for cell in cells:
            tallies[cell.tool_id].cell(cell)
        return [tallies[row.id].summary(row, _tool(row)) for row in rows]

    def _newest(self, revisions: Select[DossierRow]) -> Dossier | None:
        row = self._session.scalars(revisions.order_by(DossierRow.revision.desc()).limit(1)).first()
        return None if row is None else _dossier(row)


def touch_tool(session: Session, tool_id: ToolId, at: datetime) -> None:
    """Somebody drafted or decided: let the tool rise in the list; a clock that jumped back does not sink it."""
    session.flush()  # what decides whether it is settled may still be on its way
    session.connection().execute(_TOUCH, {"tool": tool_id, "at_least": at})


def settle_tool(session: Session, tool_id: ToolId) -> None:
    """Count anew how many of its quotes are settled; its place in the list stays."""
    session.flush()
    session.connection().execute(_SETTLE, {"tool": tool_id})


_COUNTED = select(func.count()).where(CellRow.tool_id == bindparam("tool"), *SETTLED).scalar_subquery()
_SETTLE = update(ToolRow).where(ToolRow.id == bindparam("tool")).values(settled=_COUNTED)
_AT_LEAST = bindparam("at_least", type_=ToolRow.changed_at.type)
# Made once: making it takes longer than running it.
_TOUCH = (
    update(ToolRow)
    .where(ToolRow.id == bindparam("tool"))
    .values(
        changed_at=case((ToolRow.changed_at < _AT_LEAST, _AT_LEAST), else_=ToolRow.changed_at),
        begun=True,
        settled=_COUNTED,
    )
)


def _dossier(row: DossierRow) -> Dossier:
    what = f"Revision {row.revision} of the dossier of {row.tool_id}"
    return codec.decode(codec.DOSSIER, codec.opened(row.body, row.body_sha256, what), what)


def _already_here(dossier: Dossier, name: str, newest: int, changed_at: datetime) -> ConflictError:
    return ConflictError(
        f"Revision {dossier.revision} of the dossier of {name} is already here; the newest is {newest}, "
        f"and the tool last changed on {changed_at:%Y-%m-%d at %H:%M} UTC.",
        "Look at the newest revision, then save yours as the next.",
    )


def _listing(dossier: Dossier) -> dict[str, str | int | None]:
    tool = dossier.tool
    return {
        "name": tool.name,
        "vendor": tool.vendor,
        "category": tool.category,
        "tagline": tool.tagline,
        "entry": None if tool.entry is None else tool.entry.value,
        "url": tool.url,
        "community_ships": None if tool.community is None else tool.community.ships,
        "community_votes": None if tool.community is None else tool.community.votes,
        # One per line: a search is one line, so it never matches across two of them.
        "search": "\n".join(folded(part) for part in (tool.name, tool.vendor, tool.category)),
        "revision": dossier.revision,
    }


def _tool(row: ToolRow) -> Tool:
    ships, votes = row.community_ships, row.community_votes
    return Tool(
        id=ToolId(row.id),
        name=row.name,
        vendor=row.vendor,
        category=row.category,
        tagline=row.tagline,
        entry=None if row.entry is None else Entry(row.entry),
        url=row.url,
        community=None if ships is None or votes is None else Community(ships=ships, votes=votes),
    )
