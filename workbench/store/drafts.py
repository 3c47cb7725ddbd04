"""Drafts in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session, defer

from workbench.domain.bill import Charge, Spent
from workbench.domain.draft import LIVE, Draft, Origin
from workbench.domain.events import Failed, Usage, Waiting
from workbench.domain.forecast import Forecast
from workbench.domain.ids import Digest, DraftId, PersonaId, ProviderName, RunId, ToolId
from workbench.domain.text import digest
from workbench.errors import StoreError
from workbench.ports import ProviderConfig
from workbench.store import codec
from workbench.store.owners import Owners
from workbench.store.spending import spent, taken, unapproved
from workbench.store.tables import ChargeRow, DraftRow
from workbench.store.tools import touch_tool

_TABLE = cast("Table", DraftRow.__table__)
_TOKENS = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens")
_ORIGIN = tuple(one.name for one in fields(Origin) if one.name != "forecast")
_STATE = (
    *("state", "text", "text_sha256", "model_reported", "request_id", "message_id", "miss", "missed_tokens", *_TOKENS),
    *("cost", "uncached", "waiting", "waiting_since", "failure", "detail", "started_at", "first_text_at", "ended_at"),
)
"""The columns that change while a draft streams."""
# Made once: making them takes longer than running them.
_ADD = insert(_TABLE)
_SAVE = update(_TABLE).where(_TABLE.c.id == bindparam("draft_id")).values({name: bindparam(name) for name in _STATE})


class SqlDrafts:
    """The `Drafts` port within one transaction."""

    def __init__(self, session: Session, owners: Owners) -> None:
        self._session = session
        self._owners = owners

    def add(self, *drafts: Draft) -> None:
        if not drafts:
            return
        # Plain statements rather than mapped objects, here and in `save`: a run adds hundreds of drafts at once, and
        # saves dozens of texts every half second.
        owner = self._owners.claim()
        rows = [{**_begun(draft.origin), "owner": owner, **_state(draft)} for draft in drafts]
        self._session.connection().execute(_ADD, rows)
        for tool_id, at in {one.origin.tool_id: one.origin.created_at for one in drafts}.items():
            touch_tool(self._session, tool_id, at)

    def save(self, drafts: Sequence[Draft]) -> None:
        changed = [{"draft_id": draft.id, **_state(draft)} for draft in drafts]
        if not changed:
            return
        if self._session.connection().execute(_SAVE, changed).rowcount != len(drafts):
            wanted = [draft.id for draft in drafts]
            known = set(self._session.scalars(select(DraftRow.id).where(DraftRow.id.in_(wanted))))
            unknown = next(one for one in wanted if one not in known)
            raise StoreError(
                f"Draft {unknown} is not in the workspace, so it cannot be brought up to date.",
                "Copy its text from the screen and draft it again.",
            )
        self._session.expire_all()

    def get(self, draft_id: DraftId) -> Draft | None:
        row = self._session.scalars(select(DraftRow).where(DraftRow.id == draft_id)).one_or_none()
        return None if row is None else _draft(row)

    def of_tool(self, tool_id: ToolId) -> list[Draft]:
        rows = self._session.scalars(select(DraftRow).where(DraftRow.tool_id == tool_id).order_by(DraftRow.seq))
        return [_draft(row) for row in rows]

    def next_take(self, tool_id: ToolId, persona_id: PersonaId, provider: str) -> int:
        last = self._session.scalar(
            select(func.max(DraftRow.take)).where(
                DraftRow.tool_id == tool_id, DraftRow.persona_id == persona_id, DraftRow.provider == provider
            )
        )
        return 1 if last is None else last + 1

    def orphans(self) -> list[Draft]:
        rows = self._session.scalars(select(DraftRow).where(DraftRow.state.in_(LIVE)).order_by(DraftRow.seq)).all()
        gone = {owner for owner in {row.owner for row in rows} if not self._owners.alive(owner)}
        return [_draft(row) for row in rows if row.owner in gone]

    def charges(self, *, since: datetime, until: datetime | None = None) -> list[Charge]:
        begun = select(DraftRow).options(defer(DraftRow.text)).where(DraftRow.created_at >= since)
        if until is not None:
            begun = begun.where(DraftRow.created_at < until)
        others = select(ChargeRow).where(ChargeRow.at >= since)
        if until is not None:
            others = others.where(ChargeRow.at < until)
        # Sorted here: asked for in order, SQLite would read every draft there is instead of the day's.
        rows = sorted(self._session.scalars(begun), key=lambda row: row.seq)
        found = [_charge(row) for row in rows]
        found += [_other_charge(row) for row in self._session.scalars(others.order_by(ChargeRow.seq))]
        return sorted(found, key=lambda one: one.at)

    def spent(self, *, since: datetime) -> list[Spent]:
        return spent(self._session, since)

    def taken(self, since: datetime, *, rehearsal: bool, apart: Collection[str] = ()) -> dict[str, Decimal]:
        return taken(self._session, since, rehearsal=rehearsal, apart=apart)

    def unapproved(self, *, since: datetime) -> bool:
        return unapproved(self._session, since)

    def charge(self, charge: Charge) -> None:
        usage = charge.usage or Usage()
        row = ChargeRow(
            at=charge.at,
            provider=charge.provider,
            model=charge.model,
            editor=charge.editor,
            rehearsal=charge.rehearsal,
            input_tokens=usage.input_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_write_5m_tokens=usage.cache_write_5m_tokens,
            cache_write_1h_tokens=usage.cache_write_1h_tokens,
            output_tokens=usage.output_tokens,
            cost=charge.cost,
            uncached=charge.uncached,
        )
        self._session.add(row)
        self._session.flush()

    def sizes(self, provider: ProviderConfig, *, limit: int = 50) -> list[tuple[int, int, int]]:
        written = func.coalesce(DraftRow.cache_write_5m_tokens, 0) + func.coalesce(DraftRow.cache_write_1h_tokens, 0)
        prompt = DraftRow.input_tokens + func.coalesce(DraftRow.cache_read_tokens, 0) + written
        counted = (
            select(DraftRow.characters, prompt, DraftRow.output_tokens)
            .where(DraftRow.provider == provider.name, DraftRow.model == provider.model, DraftRow.state == "done")
            .where(DraftRow.rehearsal == provider.rehearsal, DraftRow.characters > 0, prompt > 0)
            .order_by(DraftRow.seq.desc())
            .limit(limit)
        )
        return [(characters, tokens or 0, answer or 0) for characters, tokens, answer in self._session.execute(counted)]


def _begun(origin: Origin) -> dict[str, Any]:
    """The columns that never change."""
    forecast = origin.forecast
    kept = None if forecast is None else codec.encode(codec.FORECAST, forecast, _name(origin.id))
    return {**{name: getattr(origin, name) for name in _ORIGIN}, "forecast": kept}


def _state(draft: Draft) -> dict[str, Any]:
    """What stands in the columns of `_STATE`."""
    usage, what = draft.usage, _name(draft.id)
    text = codec.storable(draft.text)
    return {
        "state": draft.state,
        "text": text,
        "text_sha256": digest(text),
        "model_reported": codec.storable(draft.model_reported),
        "request_id": codec.storable(draft.request_id),
        "message_id": codec.storable(draft.message_id),
        "miss": codec.storable(draft.miss),
        "missed_tokens": draft.missed_tokens,
        **{name: None if usage is None else getattr(usage, name) for name in _TOKENS},
        "cost": draft.cost,
        "uncached": draft.uncached,
        "waiting": None if draft.waiting is None else codec.encode(codec.WAITING, _waiting(draft.waiting), what),
        "waiting_since": draft.waiting_since,
        "failure": None if draft.failure is None else codec.encode(codec.FAILURE, _failure(draft.failure), what),
        "detail": codec.storable(draft.detail),
        "started_at": draft.started_at,
        "first_text_at": draft.first_text_at,
        "ended_at": draft.ended_at,
    }


def _draft(row: DraftRow) -> Draft:
    what = _name(row.id)
    return Draft(
        origin=_origin(row),
        state=codec.known_state(row.state, what),
        text=codec.opened(row.text, row.text_sha256, f"The text of draft {row.id}"),
        model_reported=row.model_reported,
        request_id=row.request_id,
        message_id=row.message_id,
        miss=row.miss,
        missed_tokens=row.missed_tokens,
        usage=_usage(row),
        cost=row.cost,
        uncached=row.uncached,
        waiting=None if row.waiting is None else codec.decode(codec.WAITING, row.waiting, what),
        waiting_since=row.waiting_since,
        failure=None if row.failure is None else codec.decode(codec.FAILURE, row.failure, what),
        detail=row.detail,
        started_at=row.started_at,
        first_text_at=row.first_text_at,
        ended_at=row.ended_at,
    )


def _origin(row: DraftRow) -> Origin:
    return Origin(
        id=DraftId(row.id),
        run_id=RunId(row.run_id),
        tool_id=ToolId(row.tool_id),
        persona_id=PersonaId(row.persona_id),
        provider=ProviderName(row.provider),
        model=row.model,
        take=row.take,
        dossier_digest=Digest(row.dossier_digest),
        persona_digest=Digest(row.persona_digest),
        plan_digest=Digest(row.plan_digest),
        rehearsal=row.rehearsal,
        created_at=row.created_at,
        editor=row.editor,
        characters=row.characters,
        forecast=_forecast(row),
        note=row.note,
        follows=DraftId(row.follows) if row.follows else None,
    )


def _charge(row: DraftRow) -> Charge:
    forecast = _forecast(row)
    return Charge(
        at=row.created_at,
        provider=row.provider,
        model=row.model,
        run_id=row.run_id,
        editor=row.editor,
        rehearsal=row.rehearsal,
        live=row.state in LIVE,
        usage=_usage(row),
        cost=row.cost,
        uncached=row.uncached,
        predicted=None if forecast is None else forecast.cost,
    )


def _forecast(row: DraftRow) -> Forecast | None:
    return None if row.forecast is None else codec.decode(codec.FORECAST, row.forecast, _name(row.id))


def _other_charge(row: ChargeRow) -> Charge:
    return Charge(
        at=row.at,
        provider=row.provider,
        model=row.model,
        run_id="",
        editor=row.editor,
        rehearsal=row.rehearsal,
        live=False,
        usage=_usage(row),
        cost=row.cost,
        uncached=row.uncached,
        predicted=row.cost,
        draft=False,
    )


def _usage(row: DraftRow | ChargeRow) -> Usage | None:
    if row.input_tokens is None:
        return None
    return Usage(
        input_tokens=row.input_tokens,
        cache_read_tokens=row.cache_read_tokens or 0,
        cache_write_5m_tokens=row.cache_write_5m_tokens or 0,
        cache_write_1h_tokens=row.cache_write_1h_tokens or 0,
        output_tokens=row.output_tokens or 0,
    )


def _name(draft_id: str) -> str:
    return f"Draft {draft_id}"


# A provider's words may hold what no database takes; one draft's must not stop the others' from being saved.


def _waiting(waiting: Waiting) -> Waiting:
    return replace(waiting, reason=codec.storable(waiting.reason))


def _failure(failure: Failed) -> Failed:
    return replace(failure, message=codec.storable(failure.message), remedy=codec.storable(failure.remedy))
