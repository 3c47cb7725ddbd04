"""Tools and their dossiers in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from workbench.domain.dossier import Community, Dossier, Entry, Tool
from workbench.domain.draft import LIVE
from workbench.domain.ids import Digest, ToolId
from workbench.domain.text import digest, one_line
from workbench.errors import ConflictError
from workbench.ports import ToolSummary
from workbench.store import codec
from workbench.store.tables import CellRow, DossierRow, DraftRow, ToolRow


class SqlTools:
    """The `Tools` port within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, dossier: Dossier, at: datetime) -> None:
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
        connection.execute(insert(DossierRow), {**revision, "body": body, "body_sha256": digest(body)})

    def latest(self, tool_id: ToolId) -> Dossier | None:
        return self._newest(select(DossierRow).where(DossierRow.tool_id == tool_id))

    def by_digest(self, tool_id: ToolId, digest: Digest) -> Dossier | None:
        # Two revisions may tell the models the same (votes do not count): the newer one has the newer votes.
        return self._newest(select(DossierRow).where(DossierRow.tool_id == tool_id, DossierRow.digest == digest))

    def summaries(self, *, search: str = "", offset: int = 0, limit: int = 50) -> list[ToolSummary]:
        page = page_of_tools(search, offset, limit)
        rows = self._session.scalars(page.execution_options(populate_existing=True)).all()
        ids = page.with_only_columns(ToolRow.id).subquery()
        counts = {row.id: _Counts() for row in rows}
        drafts = select(DraftRow.tool_id, DraftRow.state)
        for tool_id, state in self._session.execute(drafts.where(DraftRow.tool_id.in_(select(ids.c.id)))):
            counts[tool_id].draft(state)
        cells = select(CellRow.tool_id, CellRow.approved, CellRow.verdict)
        for tool_id, approved, verdict in self._session.execute(cells.where(CellRow.tool_id.in_(select(ids.c.id)))):
            counts[tool_id].cell(approved=approved, decided=verdict is not None)
        return [counts[row.id].summary(row) for row in rows]

    def count(self, *, search: str = "") -> int:
        found = page_of_tools(search).with_only_columns(func.count(ToolRow.id)).order_by(None)
        return self._session.scalars(found).one()

    def _newest(self, revisions: Select[DossierRow]) -> Dossier | None:
        row = self._session.scalars(revisions.order_by(DossierRow.revision.desc()).limit(1)).first()
        if row is None:
            return None
        what = f"Revision {row.revision} of the dossier of {row.tool_id}"
        return codec.decode(codec.DOSSIER, codec.opened(row.body, row.body_sha256, what), what)


def page_of_tools(search: str = "", offset: int = 0, limit: int | None = None) -> Select[ToolRow]:
    """The tools that `search` finds, last changed first. The time's index gives the order: nothing is sorted."""
    page = select(ToolRow).order_by(ToolRow.changed_at.desc(), ToolRow.id.desc()).offset(offset).limit(limit)
    needle = _folded(search)
    return page.where(ToolRow.search.contains(needle, autoescape=True)) if needle else page


def touch_tool(session: Session, tool_id: ToolId, at: datetime) -> None:
    """Let the tool rise in the list; a clock that jumped back does not sink it."""
    session.execute(update(ToolRow).where(ToolRow.id == tool_id, ToolRow.changed_at < at).values(changed_at=at))


class _Counts:
    """What a tool's drafts and cells add up to."""

    def __init__(self) -> None:
        self._drafts = 0
        self._live = 0
        self._approved = 0
        self._verdicts = 0

    def draft(self, state: str) -> None:
        self._drafts += 1
        self._live += state in LIVE

    def cell(self, *, approved: bool, decided: bool) -> None:
        self._approved += approved
        self._verdicts += decided

    def summary(self, row: ToolRow) -> ToolSummary:
        return ToolSummary(
            tool=_tool(row),
            revision=row.revision,
            drafts=self._drafts,
            live=self._live,
            approved=self._approved,
            verdicts=self._verdicts,
            changed_at=row.changed_at,
        )


def _folded(text: str) -> str:
    return one_line(text).casefold()


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
        "search": "\n".join(_folded(part) for part in (tool.name, tool.vendor, tool.category)),
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
