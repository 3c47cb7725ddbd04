"""Years, months, days and quarters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name: at for at, full in enumerate(_MONTHS.split(), start=1) for name in (full, full[:3])} | {"sept": 9}
_MONTH_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DATE = re.compile(
    rf"(?<![\w$€£¥.,/-])(?:(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)"
    rf"|(?P<before>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month>{_MONTH_NAMES})\.?(?:,?\s(?P<year>(?:19|20)\d\d))?"
    rf"|(?P<month2>{_MONTH_NAMES})\.?\s(?P<after>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year2>(?:19|20)\d\d))?"
    rf"|(?P<month3>{_MONTH_NAMES})\.?,?\s(?P<year3>(?:19|20)\d\d)"
    rf"|Q(?P<quarter>[1-4])\s(?P<year4>(?:19|20)\d\d)"
    rf"|(?P<year5>(?:19|20)\d\d)s?)(?![\w%])(?![.,]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A year, month, day or quarter, as much of them as is said."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None

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
        if not isinstance(claimed, Day):
            return False
        pairs = (
            (self.year, claimed.year),
            (self.month, claimed.month),
            (self.day, claimed.day),
            (self.quarter, claimed.quarter),
        )
        return all(theirs is None or ours == theirs for ours, theirs in pairs)


def dates(text: str) -> Iterator[tuple[int, int, Day]]:
    """Every date and year of the text: start, end, what it says."""
    for found in _DATE.finditer(text):
        part = found.groupdict()
        if (iso := part["iso"]) is not None:
            year, month, day = (*map(int, iso.split("-")), None)[:3]
            yield found.start(), found.end(), Day(year=year, month=month, day=day)
            continue
        year, month, day = (
            next((part[name] for name in names if part[name] is not None), None)
            for names in (
                ("year", "year2", "year3", "year4", "year5"),
                ("month", "month2", "month3"),
                ("before", "after"),
            )
        )
        yield (
            found.start(),
            found.end(),
            Day(
                year=int(year) if year else None,
                month=_MONTH[month.lower()] if month else None,
                day=int(day) if day else None,
                quarter=int(part["quarter"]) if part["quarter"] else None,
            ),
        )
