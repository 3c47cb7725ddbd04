"""What may be spent: an estimate is refused before the start, and a run is stopped when its money is gone.

A draft's share is its forecast until its price is known, and then that. Days are UTC. A draft whose price nobody
knows costs nothing here; the screen says so where it says what a run should cost. Runs of one process that are under
way together draw on the same day's money; what another process spends counts from the next run on.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from workbench.domain.forecast import Forecast
from workbench.errors import BudgetError
from workbench.ports import Clock, Store

_RUN, _DAY, _OWN = "budgets.run", "budgets.day", "budgets.editor_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """Limits in US dollars at list price; None: no limit. `rehearsal`: whether they hold for rehearsals too."""

    run: Decimal | None = None
    day: Decimal | None = None
    editor_day: Decimal | None = None
    rehearsal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One budget at this moment, in US dollars; `name` reads `this run`, `today` or `today, Ann`."""

    name: str
    setting: str
    limit: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What may still be spent; never below 0."""
        return max(Decimal(0), self.limit - self.spent)


class Ledger:
    """The purses of one process, so that each knows what the others of its day have taken."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self._purses: list[Purse] = []

    def add(self, purse: Purse) -> None:
        """Keep the purse, and forget those of days that are over."""
        with self.lock:
            self._purses = [one for one in self._purses if one.day >= purse.day]
            self._purses.append(purse)

    def runs(self) -> frozenset[str]:
        """The runs whose money is counted here."""
        with self.lock:
            return frozenset(one.run_id for one in self._purses)

    def spent(self, purse: Purse, setting: str) -> Decimal:
        """What the purses that draw on the same budget as this one have taken, itself among them."""
        kind = (purse.day, purse.rehearsal)
        same = (one for one in self._purses if (one.day, one.rehearsal) == kind)
        drawing = (one for one in same if setting == _DAY or one.editor == purse.editor)
        return sum((one.taken - one.unpriced for one in drawing), Decimal(0))


@dataclass(slots=True, kw_only=True, eq=False)
class Purse:
    """One run's money. Drafts reserve before they leave and settle at their end, from any thread.

    `standings` say what was spent beside the purses of `ledger`, which count for themselves.
    """

    standings: tuple[Standing, ...]
    ledger: Ledger
    run_id: str
    editor: str
    rehearsal: bool
    day: datetime
    taken: Decimal = Decimal(0)
    unpriced: Decimal = Decimal(0)
    shares: dict[str, Decimal] = field(default_factory=dict[str, Decimal])

    def reserve(self, draft_id: str, share: Decimal) -> Standing | None:
        """Set `share` aside; the budget that does not allow it, if there is one."""
        with self.ledger.lock:
            for one in self.standings:
                # A draft that ended without a price stays within its run's limit, but is no part of the day's bill.
                taken = self.taken if one.setting == _RUN else self.ledger.spent(self, one.setting)
                if taken + share > one.left:
                    return one
            self._take(draft_id, share)
        return None

    def settle(self, draft_id: str, cost: Decimal | None) -> None:
        """The draft has ended at this price; without one its share stands."""
        with self.ledger.lock:
            if cost is None:
                self.unpriced += self.shares.get(draft_id, Decimal(0))
            else:
                self._take(draft_id, cost)

    def _take(self, draft_id: str, amount: Decimal) -> None:
        self.taken += amount - self.shares.get(draft_id, Decimal(0))
        self.shares[draft_id] = amount


class Budgeting:
    """Knows what has been spent, and opens purses. Raises StoreError where it reads the store."""

    def __init__(self, *, store: Store, clock: Clock, budgets: Budgets) -> None:
        self._store = store
        self._clock = clock
        self._budgets = budgets
        self._ledger = Ledger()

    def standings(self, editor: str, *, rehearsal: bool = False) -> tuple[Standing, ...]:
        """Every budget that holds for a run that `editor` would start now."""
        return self._standings(editor, rehearsal=rehearsal)

    def _standings(self, editor: str, *, rehearsal: bool, apart: frozenset[str] = frozenset()) -> tuple[Standing, ...]:
        """As `standings`, of a day without the runs `apart`."""
        limits = self._budgets
        if rehearsal and not limits.rehearsal:
            return ()
        taken: Mapping[str, Decimal] = {}
        if limits.day is not None or limits.editor_day is not None:
            with self._store.reading() as repositories:
                taken = repositories.drafts.taken(midnight(self._clock.now()), rehearsal=rehearsal, apart=apart)
        nothing = Decimal(0)
        known = (
            ("this run", _RUN, limits.run, nothing),
            ("today", _DAY, limits.day, sum(taken.values(), nothing)),
            (f"today, {editor}", _OWN, limits.editor_day, taken.get(editor, nothing)),
        )
        return tuple(
            Standing(name=name, setting=setting, limit=limit, spent=spent)
            for name, setting, limit, spent in known
            if limit is not None
        )

    def check(self, forecasts: Sequence[Forecast | None], editor: str, *, rehearsal: bool) -> None:
        """Raises BudgetError when these forecasts add up to more than a budget leaves."""
        expected = sum((share(one) for one in forecasts), Decimal(0))
        for one in self.standings(editor, rehearsal=rehearsal):
            if expected > one.left:
                raise BudgetError(
                    f"These {len(forecasts)} drafts should cost ${expected:.2f}; the budget ({one.name}) leaves "
                    f"${one.left:.2f} of ${one.limit:.2f}.",
                    f"Draft fewer tools or personas, or raise {one.setting} in the settings.",
                )

    def admit(self, forecasts: Sequence[Forecast | None], editor: str, run_id: str, *, rehearsal: bool) -> Purse:
        """A purse for a run. Raises BudgetError when its forecasts add up to more than a budget leaves."""
        self.check(forecasts, editor, rehearsal=rehearsal)
        purse = Purse(
            standings=self._standings(editor, rehearsal=rehearsal, apart=self._ledger.runs()),
            ledger=self._ledger,
            run_id=run_id,
            editor=editor,
            rehearsal=rehearsal,
            day=midnight(self._clock.now()),
        )
        self._ledger.add(purse)
        return purse


def midnight(at: datetime) -> datetime:
    """The start of the UTC day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def share(forecast: Forecast | None) -> Decimal:
    """What a draft should cost, 0 where nobody knows."""
    return Decimal(0) if forecast is None or forecast.cost is None else forecast.cost
