"""What is counted and measured, in base units: 500 ms and half a second are one amount, so are 12 months and a year."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from workbench.domain.grounding.words import listed, stem


class Unit(NamedTuple):
    """A base unit, and how many of it one of these is. A rate has its `per` in it: rps."""

    name: str
    factor: Decimal = Decimal(1)
    per: str = ""


MONEY = frozenset("$€£¥")
SECOND, MONTH, BYTE = "second", "month", "byte"
_COUNTED = listed(
    """language parameter model file page repo repository developer engineer customer company companies
    team employee people person member project product package agent plugin integration connector editor platform
    country region image document row record node core gpu star contributor commit percentage point word character
    message session device server endpoint tool step step function variant benchmark dataset partner organization
    business app application version release provider vendor bug issue step primitive feature"""
)
_MEASURED: dict[str, tuple[str, str]] = {
    "percent": ("%", "1"),
    "dollar usd": ("$", "1"),
    "cent": ("$", "0.01"),
    "euro eur": ("€", "1"),
    "pound gbp": ("£", "1"),
    "microsecond": (SECOND, "0.000001"),
    "ms msec millisecond": (SECOND, "0.001"),
    "s sec second": (SECOND, "1"),
    "min minute": (SECOND, "60"),
    "h hr hour hourly": (SECOND, "3600"),
    "day daily": (SECOND, "86400"),
    "wk week weekly": (SECOND, "604800"),
    "mo month monthly": (MONTH, "1"),
    "quarter quarterly": (MONTH, "3"),
    "yr year yearly annual annually annum": (MONTH, "12"),
    "decade": (MONTH, "120"),
    "byte": (BYTE, "1"),
    "kb kib kilobyte": (BYTE, "1e3"),
    "mb mib megabyte": (BYTE, "1e6"),
    "gb gib gigabyte": (BYTE, "1e9"),
    "tb tib terabyte": (BYTE, "1e12"),
    "times fold": ("times", "1"),
    "token tok": ("token", "1"),
    "user seat head": ("user", "1"),
    "request call query": ("request", "1"),
    "line loc": ("line", "1"),
}
UNITS: dict[str, Unit] = (
    {stem(word): Unit(stem(word)) for word in _COUNTED}
    | {
        stem(word): Unit(name, Decimal(factor))
        for spelled, (name, factor) in _MEASURED.items()
        for word in spelled.split()
    }
    | {stem(word): Unit("request", Decimal(1), SECOND) for word in ("rps", "qps")}
    | {stem("tps"): Unit("token", Decimal(1), SECOND)}
)
"""By the stem of the word."""
TELLING_UNITS = frozenset({*MONEY, "%", SECOND, MONTH, BYTE, "times"})
"""An amount without any of these is none of them: 2 is no price and no time."""
DAY = Decimal(86400)


def group(name: str, amount: Decimal) -> str:
    """Amounts of one group can contradict each other: how long an answer takes, and for how many days one is kept."""
    return f"{name}s of a day" if name == SECOND and amount < DAY else name
