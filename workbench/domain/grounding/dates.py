"""Years, months, days and quarters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name: at for at, full in enumerate(_MONTHS.split(), start=1) for name in (full, full[:3])} | {"sept": 9}
_MONTH_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DATE = re.compile(
    rf"(?<![\w$€£¥.,/-])(?:(?P<year0>\d{{4}})-(?P<month0>\d{{2}})(?:-(?P<day0>\d{{2}}))?"
    rf"|(?P<day0b>\d{{1,2}})(?P<mark>[/.])(?P<month0b>\d{{1,2}})(?P=mark)(?P<year0b>(?:19|20)\d\d)"
    rf"|(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month1>{_MONTH_NAMES})\.?(?:,?\s(?P<year1>(?:19|20)\d\d))?"
    rf"|(?P<month2>{_MONTH_NAMES})\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year2>(?:19|20)\d\d))?"
    rf"|(?P<month3>{_MONTH_NAMES})\.?,?\s(?P<year3>(?:19|20)\d\d)"
    rf"|Q(?P<quarter>[1-4])\s(?P<year4>(?:19|20)\d\d)"
    rf"|(?P<year5>(?:19|20)\d\d)s?)(?![\w%])(?![.,]\d)",
    re.IGNORECASE,
)

_LAST_MONTH = 12
_YEARS, _MONTHS_SAID, _DAYS = (
    [name for name in _DATE.groupindex if name.startswith(part)] for part in ("year", "month", "day")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A year, month, day or quarter, as much of them as is said."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    turned: bool = False
    """Whether day and month may be the other way round: 12/03/2026."""

    @property
    def handle(self) -> tuple[str, int | None]:
        """It is looked for by its year, by its month where no year is claimed."""
        return ("month", self.month) if self.year is None else ("year", self.year)

    @property
    def aliases(self) -> tuple[tuple[str, int | None], ...]:
        """Its month."""
        return (("month", self.month),)

    @property
    def kin(self) -> tuple[str, ...]:
        """Nothing: a tool has many dates, and only a reader can tell which contradict each other."""
        return ()

    def agrees(self, claimed: object) -> bool:
        """Whether everything that is claimed is said."""
        return isinstance(claimed, Day) and any(
            all(theirs is None or ours == theirs for ours, theirs in zip(one, other, strict=True))
            for one in self.readings
            for other in claimed.readings
        )

    @property
    def readings(self) -> list[tuple[int | None, ...]]:
        """Year, month, day and quarter, in every order they may be meant in."""
        told: list[tuple[int | None, ...]] = [(self.year, self.month, self.day, self.quarter)]
        return [*told, (self.year, self.day, self.month, self.quarter)] if self.turned else told


def dates(text: str) -> Iterator[tuple[int, int, Day]]:
    """Every date and year of the text: start, end, what it says."""
    for found in _DATE.finditer(text):
        # Only one way of writing it matched, so at most one group of each kind holds something.
        year, month, day = (
            next((found[name] for name in names if found[name] is not None), None)
            for names in (_YEARS, _MONTHS_SAID, _DAYS)
        )
        figures = [
            None if one is None else _MONTH.get(one.lower()) or int(one) for one in (year, month, day, found["quarter"])
        ]
        numeric, (said, month_said, day_said, quarter) = found["mark"] is not None, figures
        if numeric and month_said is not None and day_said is not None and month_said > _LAST_MONTH:
            month_said, day_said = day_said, month_said
        told = Day(year=said, month=month_said, day=day_said, quarter=quarter, turned=numeric)
        yield found.start(), found.end(), told
