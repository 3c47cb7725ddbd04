"""One streamed attempt by one provider for one persona and tool. A draft is the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal, assert_never

from workbench.domain.bill import Charge
from workbench.domain.events import (
    Delta,
    DraftEvent,
    Failed,
    Finished,
    Started,
    Stop,
    Usage,
    Waiting,
)
from workbench.domain.forecast import Forecast
from workbench.domain.ids import Digest, DraftId, PersonaId, ProviderName, RunId, ToolId

State = Literal["queued", "streaming", "done", "truncated", "refused", "interrupted", "stopped", "failed"]
LIVE: frozenset[State] = frozenset({"queued", "streaming"})
ACCEPTABLE: frozenset[State] = frozenset({"done"})
"""States whose text may become a quote as it stands."""
USABLE: frozenset[State] = frozenset({"done", "truncated", "interrupted", "stopped"})
"""States whose text an editor may edit into a quote. A refused draft's partial text is not usable."""
BROKEN: frozenset[State] = frozenset({"truncated", "refused", "interrupted", "failed"})
"""States of a draft that ended short of its end, and nobody had asked it to."""

REPLAY = 0
"""The take of a draft that only tries a text out: it belongs to no cell, and of it only the price is stored."""

_BY_STOP: dict[Stop, State] = {
    "complete": "done",
    "truncated": "truncated",
    "refused": "refused",
    "stopped": "stopped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a draft comes from: everything that was decided before the first token.

    `editor` asked for it; `characters` is the prompt's length; `forecast` is what it should cost. A take that was asked
    for with a `note` answers it, and `follows` the draft the note is about.
    """

    id: DraftId
    run_id: RunId
    tool_id: ToolId
    persona_id: PersonaId
    provider: ProviderName
    model: str
    take: int
    dossier_digest: Digest
    persona_digest: Digest
    plan_digest: Digest
    rehearsal: bool
    created_at: datetime
    editor: str = ""
    characters: int = 0
    forecast: Forecast | None = None
    note: str = ""
    follows: DraftId | None = None

    @property
    def cell(self) -> tuple[str, str, str]:
        """Tool, persona, provider."""
        return (self.tool_id, self.persona_id, self.provider)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`text` is the answer's JSON text as it came; times are UTC.

    `cost` is in US dollars, None if unknown; `uncached` is what the same tokens cost without a cache. `miss` and
    `missed_tokens` are the vendor's explanation of a cache miss, if it gave one.
    """

    origin: Origin
    state: State = "queued"
    text: str = ""
    model_reported: str = ""
    request_id: str = ""
    message_id: str = ""
    miss: str = ""
    missed_tokens: int = 0
    usage: Usage | None = None
    cost: Decimal | None = None
    uncached: Decimal | None = None
    waiting: Waiting | None = None
    waiting_since: datetime | None = None
    failure: Failed | None = None
    detail: str = ""
    started_at: datetime | None = None
    first_text_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def id(self) -> DraftId:
        """The origin's id."""
        return self.origin.id

    @property
    def live(self) -> bool:
        """Whether more may come."""
        return self.state in LIVE

    @property
    def charge(self) -> Charge:
        """Its share of a bill."""
        origin = self.origin
        return Charge(
            at=origin.created_at,
            provider=origin.provider,
            model=origin.model,
            run_id=origin.run_id,
            editor=origin.editor,
            rehearsal=origin.rehearsal,
            live=self.live,
            usage=self.usage,
            cost=self.cost,
            uncached=self.uncached,
            predicted=None if origin.forecast is None else origin.forecast.cost,
        )


def advance(draft: Draft, event: DraftEvent, at: datetime) -> Draft:
    """The draft after `event`, which happened `at`. Whatever comes after the end changes nothing but usage."""
    if isinstance(event, Usage):
        return replace(draft, usage=event)
    if draft.state not in LIVE:
        return draft
    if isinstance(event, Delta):
        return _longer(draft, event.text, at)
    match event:
        case Started():
            return replace(
                draft,
                state="streaming",
                model_reported=event.model,
                request_id=event.request_id,
                message_id=event.message_id,
                miss=event.miss,
                missed_tokens=event.missed_tokens,
                started_at=at,
                waiting=None,
                waiting_since=None,
            )
        case Waiting():
            return replace(draft, waiting=event, waiting_since=at)
        case Finished():
            return _ended(replace(draft, state=_BY_STOP[event.stop], detail=event.detail), at)
        case Failed():
            return _ended(replace(draft, state=_state_after(draft, event), failure=event), at)
        case _ as never:
            assert_never(never)


def _longer(draft: Draft, piece: str, at: datetime) -> Draft:
    """What `replace` does, in a fifth of the time: most events of a stream come here."""
    longer = object.__new__(Draft)
    first = draft.first_text_at or at
    vars(longer).update(vars(draft), state="streaming", text=draft.text + piece, first_text_at=first)
    return longer


def _ended(draft: Draft, at: datetime) -> Draft:
    return replace(draft, ended_at=at, waiting=None, waiting_since=None)


def fold(origin: Origin, events: Iterable[tuple[datetime, DraftEvent]]) -> Draft:
    """The draft that these events, in this order, make."""
    draft = Draft(origin=origin)
    for at, event in events:
        draft = advance(draft, event, at)
    return draft


def _state_after(draft: Draft, failed: Failed) -> State:
    """Text that was cut off is `interrupted` and stays usable; a whole answer of the wrong shape is not."""
    if failed.failure == "process_ended":
        return "interrupted"
    if failed.failure == "wrong_shape" or not draft.text:
        return "failed"
    return "interrupted"
