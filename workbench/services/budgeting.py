"""What may be spent: an estimate is refused before the start, and a run is stopped when its money is gone.

A draft's share is its forecast until its price is known, and then that. Days are UTC. A draft whose price nobody
knows costs nothing here; the screen says so where it says what a run should cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from workbench.domain.bill import Charge
from workbench.domain.forecast import Forecast
from workbench.errors import BudgetError
from workbench.ports import Clock, Store


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


@dataclass(slots=True)
class Purse:
    """One run's money. Drafts reserve before they leave and settle at their end."""

    standings: tuple[Standing, ...]
    shares: dict[str, Decimal] = field(default_factory=dict[str, Decimal])

    def reserve(self, draft_id: str, share: Decimal) -> Standing | None:
        """Set `share` aside; the budget that does not allow it, if there is one."""
        wanted = sum(self.shares.values(), share)
        for one in self.standings:
            if wanted > one.left:
                return one
        self.shares[draft_id] = share
        return None

    def settle(self, draft_id: str, cost: Decimal | None) -> None:
        """The draft's price is known now; without one its share stands."""
        if cost is not None:
            self.shares[draft_id] = cost


class Budgeting:
    """Knows what has been spent, and opens purses. Raises StoreError where it reads the store."""

    def __init__(self, *, store: Store, clock: Clock, budgets: Budgets) -> None:
        self._store = store
        self._clock = clock
        self._budgets = budgets

    def standings(self, editor: str, *, rehearsal: bool = False) -> tuple[Standing, ...]:
        """Every budget that holds for a run that `editor` would start now."""
        limits = self._budgets
        if rehearsal and not limits.rehearsal:
            return ()
        today = [one for one in self._today() if one.rehearsal == rehearsal]
        own = [one for one in today if one.editor == editor]
        known = (
            ("this run", "budgets.run", limits.run, Decimal(0)),
            ("today", "budgets.day", limits.day, _spent(today)),
            (f"today, {editor}", "budgets.editor_day", limits.editor_day, _spent(own)),
        )
        return tuple(
            Standing(name=name, setting=setting, limit=limit, spent=spent)
            for name, setting, limit, spent in known
            if limit is not None
        )

    def admit(self, forecasts: Sequence[Forecast | None], editor: str, *, rehearsal: bool) -> Purse:
        """A purse for a run. Raises BudgetError when its forecasts add up to more than a budget leaves."""
        standings = self.standings(editor, rehearsal=rehearsal)
        expected = sum((share(one) for one in forecasts), Decimal(0))
        for one in standings:
            if expected > one.left:
                raise BudgetError(
                    f"These {len(forecasts)} drafts should cost ${expected:.2f}; the budget ({one.name}) leaves "
                    f"${one.left:.2f} of ${one.limit:.2f}.",
                    f"Draft fewer tools or personas, or raise {one.setting} in the settings.",
                )
        return Purse(standings)

    def _today(self) -> list[Charge]:
        with self._store.reading() as repositories:
            return repositories.drafts.charges(since=midnight(self._clock.now()))


def midnight(at: datetime) -> datetime:
    """The start of the UTC day."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def share(forecast: Forecast | None) -> Decimal:
    """What a draft should cost, 0 where nobody knows."""
    return Decimal(0) if forecast is None or forecast.cost is None else forecast.cost


def _spent(charges: Iterable[Charge]) -> Decimal:
    """What is spent and what live drafts have set aside."""
    return sum(((one.predicted if one.live else one.cost) or one.cost or Decimal(0) for one in charges), Decimal(0))
