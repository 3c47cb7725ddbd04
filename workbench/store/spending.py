"""What requests cost together, added up in the database: a day may have more of them than a page has time to read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, select
from sqlalchemy.orm import Session

from workbench.domain.bill import Spent
from workbench.domain.draft import LIVE
from workbench.store import codec
from workbench.store.tables import CellRow, ChargeRow, DraftRow


def spent(session: Session, since: datetime) -> list[Spent]:
    """What `Drafts.spent` promises."""
    drafts = _sums(DraftRow, DraftRow.created_at >= since, drafts=func.count())
    others = _sums(ChargeRow, ChargeRow.at >= since, drafts=literal(0))
    found: dict[tuple[str, bool], Spent] = {}
    for sums in (drafts, others):
        for provider, rehearsal, count, unpriced, prompt, cost in session.execute(sums):
            one = Spent(
                provider=provider,
                rehearsal=rehearsal,
                drafts=count,
                unpriced=unpriced,
                prompt_tokens=prompt,
                cost=None if cost is None else Decimal(cost),
            )
            before = found.get((provider, rehearsal))
            found[provider, rehearsal] = one if before is None else _added(before, one)
    return [found[key] for key in sorted(found)]


def taken(session: Session, since: datetime, *, rehearsal: bool, apart: Collection[str]) -> dict[str, Decimal]:
    """What `Drafts.taken` promises."""
    begun = (DraftRow.created_at >= since, DraftRow.rehearsal == rehearsal, DraftRow.run_id.not_in(apart))
    live = DraftRow.state.in_(LIVE)
    ended = select(DraftRow.editor, func.exact_sum(DraftRow.cost)).where(*begun, not_(live)).group_by(DraftRow.editor)
    others = select(ChargeRow.editor, func.exact_sum(ChargeRow.cost)).group_by(ChargeRow.editor)
    others = others.where(ChargeRow.at >= since, ChargeRow.rehearsal == rehearsal)
    found: dict[str, Decimal] = {}
    for editor, cost in (*session.execute(ended), *session.execute(others)):
        found[editor] = found.get(editor, Decimal(0)) + Decimal(cost or 0)
    streaming = select(DraftRow.id, DraftRow.editor, DraftRow.forecast, DraftRow.cost).where(*begun, live)
    for draft_id, editor, forecast, cost in session.execute(streaming):
        foreseen = None if forecast is None else codec.decode(codec.FORECAST, forecast, f"Draft {draft_id}").cost
        found[editor] = found.get(editor, Decimal(0)) + (foreseen or cost or Decimal(0))
    return found


def unapproved(session: Session, since: datetime) -> bool:
    """What `Drafts.unapproved` promises."""
    own = and_(CellRow.tool_id == DraftRow.tool_id, CellRow.persona_id == DraftRow.persona_id, CellRow.approved)
    waiting = select(DraftRow.seq).outerjoin(CellRow, own).where(DraftRow.created_at >= since)
    return session.scalars(waiting.where(CellRow.tool_id.is_(None)).limit(1)).first() is not None


def _sums(
    table: type[DraftRow | ChargeRow], begun: ColumnElement[bool], *, drafts: ColumnElement[int]
) -> Select[*tuple[Any, ...]]:
    """A row for each provider, rehearsed or not: drafts, those without a price, prompt tokens, cost as text."""
    prompt = sum(
        (func.coalesce(one, 0) for one in (table.cache_write_5m_tokens, table.cache_write_1h_tokens)),
        start=table.input_tokens + func.coalesce(table.cache_read_tokens, 0),
    )
    own = (table.provider, table.rehearsal)
    figures = (drafts, func.count().filter(table.cost.is_(None)), func.sum(prompt), func.exact_sum(table.cost))
    return select(*own, *figures).where(begun, table.input_tokens.is_not(None)).group_by(*own)


def _added(one: Spent, other: Spent) -> Spent:
    costs = [each.cost for each in (one, other) if each.cost is not None]
    return replace(
        one,
        drafts=one.drafts + other.drafts,
        unpriced=one.unpriced + other.unpriced,
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        cost=sum(costs, Decimal(0)) if costs else None,
    )
