"""Forecasts: what approved quotes foretell goes to a ledger, and comes back to an editor on its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workbench.domain.decision import Cell
from workbench.domain.ledger import OUTCOMES, Event, Foretold, Outcome, follow
from workbench.domain.text import clean, one_line
from workbench.errors import ConflictError, DecisionError, InputError, UnknownNameError
from workbench.ports import Clock, Repositories, Store
from workbench.services.reopening import approved_cells, weigh

NOTE_LIMIT = 500
"""Longest note on what became of a forecast, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How many forecasts wait to be judged, and those that are shown, longest due first."""

    count: int
    first: Sequence[Foretold]


class Foretelling:
    """Lists forecasts, and keeps what editors find of them. Days are UTC."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def all(self, *, due: bool = False) -> list[Foretold]:
        """Every forecast by its day, or only those to be judged."""
        with self._store.reading() as repositories:
            return repositories.ledger.all(due_before=self.today if due else None)

    @property
    def today(self) -> date:
        """The day by which a forecast is due or not."""
        return self._clock.now().date()

    def judge(
        self,
        number: int,
        outcome: Outcome,
        *,
        editor: str,
        note: str = "",
        due: date | None = None,
        seen: int | None = None,
    ) -> Foretold:
        """Keep an editor's finding; a later one corrects it. `due` is the new day of one that is too early; `seen` is
        how many events the editor has seen of it, None: whatever there are.

        Raises UnknownNameError, InputError naming the field, DecisionError for one that was withdrawn, ConflictError
        when somebody judged it meanwhile.
        """
        event = Event(kind=outcome, editor=editor.strip(), at=self._clock.now(), note=_note(note), due=due)
        if not event.editor:
            raise InputError("A finding needs a name.", "Set `editor` in the settings.", field="editor")
        with self._store.writing() as repositories:
            found = repositories.ledger.get(number)
            if found is None:
                raise UnknownNameError("forecast", str(number), remedy="`workbench forecasts` lists them.")
            if seen is not None and len(found.events) > seen:
                return _once_only(found, event)
            if found.state == "withdrawn":
                raise DecisionError("This forecast is withdrawn: its sentence is not in the quote any more.")
            _check_day(outcome, due, found, self.today)
            return repositories.ledger.record(number, event)


def foretell(repositories: Repositories, cell: Cell, *, editor: str, at: datetime) -> None:
    """Bring the ledger up to what the cell's quote foretells, after a decision of `editor`."""
    known = [one for one in repositories.ledger.of_tool(cell.tool_id) if one.persona_id == cell.persona_id]
    now = follow(known, cell)
    for number in now.withdrawn:
        repositories.ledger.record(number, Event(kind="withdrawn", editor=editor, at=at))
    for number in now.restored:
        repositories.ledger.record(number, Event(kind="restored", editor=editor, at=at))
    if now.made and cell.decided_at is not None:
        repositories.ledger.add(now.made, editor=cell.editor, decided_at=cell.decided_at)


def catch_up(store: Store, now: datetime) -> None:
    """Look at every quote that was approved, or whose dossier was revised, by a version that did not look."""
    with store.reading() as repositories:
        behind = repositories.reopenings.unweighed()
    for tool_id in behind:
        with store.writing() as repositories:
            for cell in approved_cells(repositories, tool_id):
                foretell(repositories, cell, editor=cell.editor, at=now)
            weigh(repositories, tool_id)


def due_now(repositories: Repositories, today: date, *, limit: int) -> Due:
    """The forecasts that wait to be judged."""
    count = repositories.ledger.count_due(today)
    return Due(count=count, first=repositories.ledger.all(due_before=today, limit=limit) if count else ())


def _note(text: str) -> str:
    note = one_line(clean(text).text)
    if len(note) > NOTE_LIMIT:
        raise InputError(
            f"The note has {len(note):,} characters; the limit is {NOTE_LIMIT}.", "Shorten it.", field="note"
        )
    return note


def _check_day(outcome: Outcome, due: date | None, found: Foretold, today: date) -> None:
    if outcome != "too_early" and due is not None:
        raise InputError("Only a forecast that is too early gets a new day.", "Leave the date out.", field="date")
    if outcome == "too_early" and (due is None or due < today):
        raise InputError(
            "A forecast that is too early needs a day to come back on, from today on.",
            f"Give one; it was due on {found.due_on.isoformat()}.",
            field="date",
        )


def _once_only(found: Foretold, event: Event) -> Foretold:
    """The forecast as it is, when this very finding is its last: a click can reach us more than once."""
    last = found.events[-1]
    if (last.kind, last.editor, last.note, last.due) == (event.kind, event.editor, event.note, event.due):
        return found
    what = OUTCOMES[last.kind].lower() if last.kind in OUTCOMES else last.kind
    raise ConflictError(
        f"{last.editor} found this forecast {what} meanwhile, on {last.at:%Y-%m-%d at %H:%M} UTC.",
        "Look at it, then judge again.",
    )
