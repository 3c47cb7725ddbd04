"""What drafts cost together. Every total on a screen, in a terminal and in a budget is made here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from workbench.domain.events import Usage

_DIME = Decimal("0.10")


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One request's share: tokens as reported, US dollars as priced. `usage` None: none reported yet; `cost` and
    `uncached` None: price unknown; `predicted` None: nothing was forecast; `draft` False: it only filled a cache."""

    at: datetime
    provider: str
    model: str
    run_id: str
    editor: str
    rehearsal: bool
    live: bool
    usage: Usage | None
    cost: Decimal | None
    uncached: Decimal | None
    predicted: Decimal | None
    draft: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Several drafts together. `cost`, `uncached` and `predicted` are US dollars over the priced drafts that have
    reported usage, None when there is none; `unpriced` counts the drafts whose price nobody knows.

    `rehearsal`: the figures are list prices of a rehearsal, and nothing was spent.
    """

    drafts: int
    unpriced: int
    usage: Usage
    cost: Decimal | None
    uncached: Decimal | None
    predicted: Decimal | None
    rehearsal: bool

    @property
    def saved(self) -> float | None:
        """The share of the cost without caching that caching saved, 0 to 1; negative when it cost more."""
        if self.cost is None or not self.uncached:
            return None
        return float(1 - self.cost / self.uncached)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What many requests took, added up where they are kept. `cost` is US dollars over the priced ones, None when there
    is none; `unpriced` counts those whose price nobody knows; `drafts` leaves out what only filled a cache."""

    provider: str
    rehearsal: bool
    drafts: int
    unpriced: int
    prompt_tokens: int
    cost: Decimal | None


def together(spent: Iterable[Spent]) -> Spent:
    """All of it, under no provider's name: the real where there is any, else the rehearsed; the two are never added."""
    counted = real_or_rehearsed(spent)
    return Spent(
        provider="",
        rehearsal=bool(counted) and counted[0].rehearsal,
        drafts=sum(one.drafts for one in counted),
        unpriced=sum(one.unpriced for one in counted),
        prompt_tokens=sum(one.prompt_tokens for one in counted),
        cost=_sum(one.cost for one in counted),
    )


def real_or_rehearsed(spent: Iterable[Spent]) -> list[Spent]:
    """The real where there is any, else the rehearsed."""
    known = list(spent)
    return [one for one in known if not one.rehearsal] or known


def ceiling(each: Iterable[Bill | Spent]) -> Decimal | None:
    """US dollars, in whole dimes, that what providers took, `each` of them, stays under; None when no price is known.

    As if every draft were by the dearest: whose one more draft is does not show in it, only that there is one more.
    """
    known = list(each)
    known = [one for one in known if not one.rehearsal] or known
    drafts = sum(max(1, one.drafts) for one in known)
    costs = [_one_digit(one.cost / max(1, one.drafts)) for one in known if one.cost is not None]
    return (max(costs) * drafts // _DIME + 1) * _DIME if costs else None


def _one_digit(cost: Decimal) -> Decimal:
    """Rounded up to its first digit, so that what one draft takes more than the others does not show either."""
    return cost.quantize(Decimal(1).scaleb(cost.adjusted()), rounding=ROUND_CEILING) if cost else cost


def bill(charges: Iterable[Charge]) -> Bill:
    """The charges together: of real drafts where there are any, else of rehearsed ones; the two are never added."""
    used = [one for one in charges if one.usage is not None]
    real = [one for one in used if not one.rehearsal]
    counted = real or used
    priced = [one for one in counted if one.cost is not None]
    return Bill(
        drafts=sum(one.draft for one in counted),
        unpriced=len(counted) - len(priced),
        usage=total(one.usage for one in counted if one.usage is not None),
        cost=_sum(one.cost for one in priced),
        uncached=_sum(one.uncached for one in priced),
        predicted=_sum(one.predicted for one in priced),
        rehearsal=bool(used) and not real,
    )


def total(usages: Iterable[Usage]) -> Usage:
    """All tokens together."""
    known = list(usages)
    return Usage(
        input_tokens=sum(one.input_tokens for one in known),
        cache_read_tokens=sum(one.cache_read_tokens for one in known),
        cache_write_5m_tokens=sum(one.cache_write_5m_tokens for one in known),
        cache_write_1h_tokens=sum(one.cache_write_1h_tokens for one in known),
        output_tokens=sum(one.output_tokens for one in known),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal(0)) if known else None
