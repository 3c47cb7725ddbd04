"""The ledger of forecasts: dated predictions of approved quotes, and what became of them.

A forecast is known by its words: as long as its sentence stands in the quote it is the same forecast, due on the same
day, however often the rest is edited. One whose sentence goes is withdrawn, unless somebody has judged it already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from workbench.domain.decision import Cell
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.prediction import Prediction, predictions

Outcome = Literal["held", "failed", "too_early"]
OUTCOMES: dict[Outcome, str] = {"held": "Held", "failed": "Failed", "too_early": "Too early"}
"""What an editor may find of a forecast. `too_early` moves the day it is due."""
Turn = Literal["held", "failed", "too_early", "withdrawn", "restored"]
State = Literal["open", "held", "failed", "withdrawn"]
_AFTER: dict[Turn, State] = {
    "held": "held",
    "failed": "failed",
    "too_early": "open",
    "withdrawn": "withdrawn",
    "restored": "open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that became of a forecast: an editor's finding, or its sentence went or came back. `due` is the new day
    of one that is too early."""

    kind: Turn
    editor: str
    at: datetime
    note: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """A forecast in the ledger: `what` is the sentence, `when` its words for the time, `due` the last day they allow.

    `editor` approved the quote at `decided_at`; `events` are oldest first.
    """

    number: int
    tool_id: ToolId
    persona_id: PersonaId
    what: str
    when: str
    due: date
    editor: str
    decided_at: datetime
    events: tuple[Event, ...] = ()

    @property
    def state(self) -> State:
        """Where it stands: of several findings the last counts."""
        stands: State = "open"
        for one in self.events:
            stands = _AFTER[one.kind]
        return stands

    @property
    def due_on(self) -> date:
        """The day it is due, as last put off."""
        return next((one.due for one in reversed(self.events) if one.due is not None), self.due)

    @property
    def judgement(self) -> Event | None:
        """The finding that stands; None while it is open or withdrawn."""
        return self.events[-1] if self.state in {"held", "failed"} else None

    def stands_in(self, quote: str) -> bool:
        """Whether the quote says it."""
        return self.state != "withdrawn" and self.what in quote

    def is_due(self, today: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.state == "open" and self.due_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What a decision does to a cell's forecasts: new ones, and the numbers of those withdrawn and restored."""

    made: tuple[Prediction, ...] = ()
    withdrawn: tuple[int, ...] = ()
    restored: tuple[int, ...] = ()


def follow(known: Sequence[Foretold], cell: Cell) -> Following:
    """What becomes of the forecasts `known` of a cell, oldest first, now that its quote is what it is.

    An undo brings the very forecasts back that its decision had taken; the same words approved anew are a new forecast.
    """
    gone = tuple(one.number for one in known if one.state == "open" and one.what not in cell.text)
    back = tuple(
        one.number
        for one in known
        if one.state == "withdrawn" and one.what in cell.text and _stood_before(cell, one.events[-1].at)
    )
    standing = {
        (one.what, one.when)
        for one in known
        if one.number in back or (one.state != "withdrawn" and one.what in cell.text)
    }
    made = dict[tuple[str, str], Prediction]()
    if cell.decided_at is not None:
        for one in predictions(cell.text, cell.decided_at.date(), cell.tool_id, cell.persona_id):
            if (one.what, one.when) not in standing:
                made.setdefault((one.what, one.when), one)
    return Following(made=tuple(made.values()), withdrawn=gone, restored=back)


def _stood_before(cell: Cell, moment: datetime) -> bool:
    """Whether the quote that stands was approved before that: then it is back, and not new."""
    return cell.decided_at is not None and cell.decided_at <= moment
